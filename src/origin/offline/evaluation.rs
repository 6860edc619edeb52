//! What the gate reads of a comparison: differences to what is live, by part of the people, exposure, size and latency.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Context, Result};
use nearside_engine::scoring::ServedModel;
use nearside_engine::types::{DAY_MS, TimeMs};
use serde_json::{Map, Value, json};

use super::comparison::Compared;
use super::partings::partings;
use super::rankers::{EngineRanker, Ranker};
use super::split::Split;
use crate::evaluate::{Metric, Paired, compare, compare_by_segment};
use crate::gate::{Difference, Evaluation, Exposure, FORMAT, SegmentDifference};
use nearside_engine::math::{sha256_hex, wilson_lower_bound};

/// Traffic is what people took up in so many days before the test.
const TRAFFIC_DAYS: i64 = 28;
/// Places whose shares are looked at.
const PLACES: usize = 10;
/// The 95 % point of the standard normal distribution, one-sided.
const ONE_SIDED_95: f64 = 1.644_853_626_951_472_7;
/// People whose ranking is timed.
const TIMED: usize = 50;

/// The candidate that was measured.
pub(super) struct Candidate<'a> {
    /// The bytes of its file.
    pub(super) document: &'a [u8],
    /// What it was compared with; None: the pack's own weights.
    pub(super) live_version: Option<String>,
    /// When.
    pub(super) now_ms: TimeMs,
    /// The end of the test.
    pub(super) test_to_ms: TimeMs,
    /// The model that was measured.
    pub(super) model: &'a ServedModel,
}

/// Puts together what the gate reads.
///
/// # Errors
/// When the two cannot be compared.
pub(super) fn evaluation(
    split: &Split<'_>,
    base: &Compared,
    measured: &Compared,
    candidate: &Candidate<'_>,
    seed: u64,
) -> Result<Evaluation> {
    let paired = compare(&measured.repeats, &base.repeats, Metric::Ndcg10, seed).context("nothing to compare")?;
    let part = |by: &str, label: String, paired: &Paired| SegmentDifference {
        by: by.to_owned(),
        label,
        people: paired.difference.count,
        base: paired.base_mean,
        candidate: paired.base_mean + paired.difference.mean,
        difference_lower: paired.normal.lower.min(paired.bootstrap.lower),
        difference_upper: paired.normal.upper.max(paired.bootstrap.upper),
    };
    let mut segments: Vec<SegmentDifference> = Vec::new();
    for parting in partings(split, &split.repeats) {
        let parts = compare_by_segment(&measured.repeats, &base.repeats, Metric::Ndcg10, &parting.segments, seed)?;
        segments.extend(parts.into_iter().map(|one| part(parting.by, one.segment, &one.paired)));
    }
    Ok(Evaluation {
        format: FORMAT,
        pack: split.world.pack.id.clone(),
        candidate_sha256: sha256_hex(candidate.document),
        live_version: candidate.live_version.clone(),
        evaluated_at_ms: candidate.now_ms,
        test_from_ms: split.at_ms,
        test_to_ms: candidate.test_to_ms,
        people: paired.difference.count,
        difference: Difference {
            mean: paired.difference.mean,
            standard_error: paired.difference.standard_error,
            lower: paired.surest_gain(),
            upper: paired.normal.upper.max(paired.bootstrap.upper),
        },
        base_ndcg: paired.base_mean,
        candidate_ndcg: paired.base_mean + paired.difference.mean,
        segments,
        exposure: exposure(split, base, measured),
        latency_us_per_100: latency_us_per_100(split, candidate.model),
        size_bytes: candidate.document.len() as u64,
        figures: figures(measured),
    })
}

/// Every figure with its standard error, under the names of PUT /admin/evaluations.
pub(super) fn figures(measured: &Compared) -> Value {
    let mut figures = Map::new();
    for (kind, of) in [("new", &measured.new), ("repeats", &measured.repeats)] {
        for figure in &of.figures {
            let name = format!("{kind}_{}", figure.metric.title().to_lowercase().replace([' ', '@'], "_"));
            let error = figure.summary.standard_error;
            let error = if error.is_finite() { json!(error) } else { Value::Null };
            figures.insert(name, json!({ "value": figure.summary.mean, "standard_error": error }));
        }
    }
    Value::Object(figures)
}

/// The ten first places of everybody's lists.
struct Places {
    /// Lists that show the item, by item.
    lists: BTreeMap<u32, f64>,
    people: f64,
    places: f64,
}

impl Places {
    fn of(lists: &[Vec<u32>]) -> Self {
        let mut found = Self { lists: BTreeMap::new(), people: lists.len() as f64, places: 0.0 };
        for item in lists.iter().flat_map(|list| list.iter().take(PLACES)) {
            *found.lists.entry(*item).or_default() += 1.0;
            found.places += 1.0;
        }
        found
    }

    fn share(&self, item: u32) -> f64 {
        self.lists.get(&item).copied().unwrap_or_default() / self.places.max(1.0)
    }

    /// The lower bound of the share: an item is on a person's list or is not.
    fn lower_share(&self, item: u32) -> f64 {
        let lists = self.lists.get(&item).copied().unwrap_or_default();
        wilson_lower_bound(lists, self.people, ONE_SIDED_95) * self.people / self.places.max(1.0)
    }
}

fn exposure(split: &Split<'_>, base: &Compared, measured: &Compared) -> Vec<Exposure> {
    let (before, after) = (Places::of(&base.lists.repeats), Places::of(&measured.lists.repeats));
    let span = split.at_ms - TRAFFIC_DAYS * DAY_MS..split.at_ms;
    let recent = split.world.dataset.events.iter().filter(|event| span.contains(&event.at_ms));
    let recent: Vec<u32> = recent.filter_map(|event| split.world.shelved(event.item)).collect();
    let mut traffic: BTreeMap<u32, f64> = BTreeMap::new();
    for item in &recent {
        *traffic.entry(*item).or_default() += 1.0 / recent.len() as f64;
    }
    let shown = after.lists.keys().filter_map(|item| {
        Some(Exposure {
            item: split.world.shelf.items.get(*item as usize)?.item.id.clone(),
            share_before: before.share(*item),
            share_after: after.share(*item),
            share_after_lower: after.lower_share(*item),
            traffic_share: traffic.get(item).copied().unwrap_or_default(),
        })
    });
    shown.collect()
}

/// The median time to rank everything for a person, brought to 100 items.
fn latency_us_per_100(split: &Split<'_>, model: &ServedModel) -> f64 {
    let ranker = EngineRanker {
        name: String::new(),
        world: split.world,
        states: &split.states,
        now_ms: split.at_ms,
        model: Some(model),
    };
    let mut times: Vec<f64> = Vec::new();
    for one in split.repeats.iter().take(TIMED) {
        let begun = Instant::now();
        let scores = ranker.scores(one.person);
        times.push(begun.elapsed().as_secs_f64() * 1e6 / scores.len().max(1) as f64 * 100.0);
    }
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
