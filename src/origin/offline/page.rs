//! The report of a comparison as a page: figures, differences to the pack's own weights, segments, terms.

use anyhow::{Context, Result};
use nearside_engine::models::{Among, ModelFile};
use nearside_engine::types::format_rfc3339;

use super::comparison::Compared;
use super::split::Split;
use crate::evaluate::{Bar, Fact, Metric, Report, SegmentChart, Segments, StepTerm, by_segment, compare, html};

/// Histories of about the same length rank alike.
fn history_label(items: usize) -> String {
    match items {
        0..10 => "under 10 items",
        10..50 => "10 to 49 items",
        _ => "50 items and more",
    }
    .to_owned()
}

/// People by how much they had taken before.
pub(crate) fn segments(split: &Split<'_>) -> Segments {
    Segments::of(&split.repeats, |person| history_label(split.taken.get(&person).map_or(0, Vec::len)))
}

/// Writes the page. The last of `compared` is the candidate, the one before it what it is compared with.
///
/// # Errors
/// Without these two.
pub(super) fn page(split: &Split<'_>, compared: &[Compared], file: &ModelFile, seed: u64) -> Result<String> {
    let [.., base, candidate] = compared else { anyhow::bail!("a report compares two models") };
    let fact = |name: &str, value: String| Fact { name: name.to_owned(), value };
    let window = &file.window;
    let models = compared.iter().map(|one| one.repeats.clone()).collect();
    let differences = [Metric::Ndcg10, Metric::Map10, Metric::Recall20]
        .into_iter()
        .map(|metric| compare(&candidate.repeats, &base.repeats, metric, seed))
        .collect::<Result<Vec<_>>>()
        .context("the candidate cannot be compared")?;
    let rows = by_segment(&candidate.repeats, Metric::Ndcg10, &segments(split))?;
    let name = |name: &str, among: Among| match among {
        Among::All => name.to_owned(),
        Among::New => format!("{name} (new items)"),
        Among::Again => format!("{name} (taken before)"),
    };
    let terms = file.terms.iter().map(|term| StepTerm {
        feature: name(&term.name, term.among),
        cuts: term.cuts.clone(),
        values: term.values.clone(),
    });
    Ok(html(&Report {
        title: format!("Evaluation of pack {}", file.pack),
        facts: vec![
            fact("Trained on", format!("{} to {}", format_rfc3339(window.from_ms), format_rfc3339(window.to_ms))),
            fact("Events, people, items", format!("{}, {}, {}", window.interactions, window.people, window.items)),
            fact("Tested from", format_rfc3339(split.at_ms)),
            fact("People of the test", split.repeats.len().to_string()),
            fact("Seed", seed.to_string()),
        ],
        models,
        differences,
        segments: vec![SegmentChart {
            model: candidate.name.clone(),
            metric: Metric::Ndcg10,
            parted_by: "length of the history".to_owned(),
            rows,
        }],
        importance: importance(file),
        terms: terms.collect(),
        ..Report::default()
    }))
}

/// What moves most stands first.
fn importance(file: &ModelFile) -> Vec<Bar> {
    let mut bars: Vec<Bar> =
        file.importance.iter().map(|(name, value)| Bar { name: name.clone(), value: *value }).collect();
    bars.sort_by(|left, right| right.value.total_cmp(&left.value));
    bars
}
