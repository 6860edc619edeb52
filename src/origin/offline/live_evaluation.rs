//! What is live on recent events, without a candidate: what `POST /admin/evaluate` asks for. Whether a candidate is better
//! is the business of `trial`.

use std::path::Path;

use anyhow::{Context, Result};
use nearside_engine::types::{TimeMs, format_rfc3339};
use serde_json::{Value, json};

use super::comparison::{Compared, Judge};
use super::evaluation::figures;
use super::partings::partings;
use super::source::world_of;
use super::split::Split;
use super::trial::{beginning_of_test, live};
use crate::evaluate::{Metric, SegmentFigure, Summary, by_segment};
use crate::models::Registry;

/// The name of the pack's own weights among versions.
const PACK_WEIGHTS: &str = "pack-weights";
/// The seed of the figures' intervals.
const SEED: u64 = 1;

/// What was measured of what is live.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LiveFigures {
    /// The live version, or `pack-weights` where no model is live.
    pub(crate) version: String,
    /// The mean NDCG@10 of its lists, repeats allowed, 0 to 1.
    pub(crate) ndcg: f64,
    /// People of the test.
    pub(crate) people: usize,
    /// What `PUT /admin/evaluations` takes: a row of what is live, and one of the pack's own weights beside it.
    pub(crate) rows: Vec<Value>,
}

/// Measures the live model and the pack's own weights on the latest events of the store. The test begins as that of a
/// candidate does; how far the live model has seen it stands in the window of its row.
///
/// # Errors
/// Nobody with a history took a known item in the test; a live model that does not read.
pub(crate) fn evaluate_live(
    registry: &dyn Registry,
    store: &Path,
    pack: &str,
    kind: &str,
    now_ms: TimeMs,
) -> Result<LiveFigures> {
    let world = world_of(registry, store, pack)?;
    let (_, last_ms) = world.span_ms().with_context(|| format!("the store holds no events of pack {pack}"))?;
    let live = live(registry, &world)?;
    let split = Split::new(&world, beginning_of_test(&world, live.as_ref())?, last_ms + 1)?;
    let judge = Judge::new(&split, SEED);
    let mut measured = vec![(judge.engine(PACK_WEIGHTS, None, 0.0)?, None)];
    if let Some(live) = &live {
        measured.push((judge.engine(&live.version, Some(&live.served), 0.0)?, Some(live.until_ms)));
    }
    let row = |(compared, learned_until_ms): &(Compared, Option<TimeMs>)| -> Result<Value> {
        Ok(json!({
            "pack": pack,
            "version": compared.name,
            "kind": kind,
            "evaluated_at": format_rfc3339(now_ms),
            "window": { "from_ms": split.at_ms, "to_ms": last_ms + 1, "learned_until_ms": learned_until_ms },
            "metrics": figures(compared),
            "segments": segment_rows(&split, compared)?,
        }))
    };
    let rows = measured.iter().rev().map(row).collect::<Result<Vec<_>>>()?;
    let (serving, _) = measured.pop().context("nothing was measured")?;
    let ndcg = serving.repeats.figure(Metric::Ndcg10).context("nothing was measured")?.summary.mean;
    Ok(LiveFigures { version: serving.name, ndcg, people: split.repeats.len(), rows })
}

/// NDCG@10 of each part of the people, repeats allowed: `{"by", "segment", "count", "mean", "standard_error"}`.
fn segment_rows(split: &Split<'_>, compared: &Compared) -> Result<Vec<Value>> {
    let mut rows = Vec::new();
    for parting in partings(split, &split.repeats) {
        for SegmentFigure { segment, summary } in by_segment(&compared.repeats, Metric::Ndcg10, &parting.segments)? {
            let Summary { count, mean, standard_error } = summary;
            rows.push(json!({
                "by": parting.by, "segment": segment, "count": count, "mean": mean, "standard_error": standard_error,
            }));
        }
    }
    Ok(rows)
}
