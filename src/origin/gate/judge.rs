//! The rules of the gate. Each gives a verdict with what was found and what was allowed; a figure that is not finite meets
//! no rule.

use clap::Args;
use serde_json::{Value, json};

use super::evaluation::{Evaluation, Exposure, SegmentDifference};
use crate::evaluate::{TextTable, Verdict, decimals};

/// Below it a mean says nothing.
const FEWEST_PEOPLE: usize = 20;
/// A segment may lose a twentieth of what it had.
const SEGMENT_FALL_RATIO: f64 = 0.05;
/// An item may be shown three times as often …
const EXPOSURE_TIMES: f64 = 3.0;
/// … as before, as its traffic says, or as this: one place in twenty lists of ten is too little to be a jump from.
const EXPOSURE_FLOOR: f64 = 0.005;
/// The Worker takes 8 MB; the signature around a candidate needs less than a kilobyte.
const MOST_BYTES: u64 = 8 * 1024 * 1024 - 1024;

/// Characters of a figure that is a sentence of somebody else.
const LONGEST_FIGURE: usize = 200;

/// Budgets of the gate.
#[derive(Debug, Clone, Args)]
pub(crate) struct Limits {
    /// The gate: most bytes of a candidate, at most what the Worker takes.
    #[arg(long, value_name = "BYTES", default_value_t = MOST_BYTES, value_parser = clap::value_parser!(u64).range(1..=MOST_BYTES))]
    pub(crate) most_bytes: u64,
    /// The gate: most microseconds to rank 100 candidates natively.
    #[arg(long, value_name = "MICROSECONDS", default_value_t = 1_000.0)]
    pub(crate) most_us_per_100: f64,
}

/// Judges what was measured.
///
/// - *Not worse*: the lower bound of the paired difference in NDCG@10 is 0 or more. Without a live model the difference is
///   to the pack's own weights.
/// - *No segment falls*: of the segments of 20 people or more, one fails when its mean falls by more than 5 % of its base
///   **and** the upper bound of its difference is below 0. By the mean alone a candidate that is as good as the live model
///   would be refused by chance: the difference of 20 people has an error of a fifth of their NDCG, and there are many
///   segments. What that costs: a true loss in a small segment passes until there are people enough to see it.
/// - *Budgets*: size and latency.
/// - *Exposure*: `share after <= 3 x max(share before, share of traffic, 0.5 %)` for every item, where the share after counts
///   as far as it is sure: of a thousand items one always is beyond a bound by chance.
pub(crate) fn judge(evaluation: &Evaluation, limits: &Limits) -> Vec<Verdict> {
    vec![
        not_worse(evaluation),
        no_segment_falls(&evaluation.segments),
        size(evaluation, limits),
        latency(evaluation, limits),
        exposure(&evaluation.exposure),
    ]
}

/// Judges whether what was measured is this candidate of this pack, against what is live now.
pub(crate) fn judge_origin(evaluation: &Evaluation, pack: &str, sha256: &str, live: Option<&str>) -> Vec<Verdict> {
    let named =
        |version: Option<&str>| version.map_or("the pack's weights".to_owned(), |version| short(version).to_owned());
    let measured = format!("{} {}", evaluation.pack, short(&evaluation.candidate_sha256));
    vec![
        Verdict {
            rule: "this candidate was measured".to_owned(),
            has_passed: evaluation.pack == pack && evaluation.candidate_sha256 == sha256,
            figure: measured,
            limit: format!("{pack} {}", short(sha256)),
        },
        Verdict {
            rule: "it was compared with what is live".to_owned(),
            has_passed: evaluation.live_version.as_deref() == live,
            figure: named(evaluation.live_version.as_deref()),
            limit: named(live),
        },
    ]
}

/// The verdict on a candidate of which nothing was measured.
pub(crate) fn missing_evaluation() -> Vec<Verdict> {
    unmeasured("never".to_owned())
}

/// The verdict on a candidate whose evaluation does not read; why, as far as a record needs it.
pub(crate) fn unreadable_evaluation(why: &str) -> Vec<Verdict> {
    unmeasured(format!("does not read: {why}").chars().take(LONGEST_FIGURE).collect())
}

fn unmeasured(figure: String) -> Vec<Verdict> {
    vec![Verdict {
        rule: "this candidate was measured".to_owned(),
        figure,
        limit: "run nearside evaluate".to_owned(),
        has_passed: false,
    }]
}

/// True when every rule is met, and there is one.
pub(crate) fn has_passed(verdicts: &[Verdict]) -> bool {
    !verdicts.is_empty() && verdicts.iter().all(|verdict| verdict.has_passed)
}

/// What a promotion carries, and the Worker keeps: `{"passed", "verdicts": [{"rule", "figure", "limit", "passed"}]}`.
pub(crate) fn record(verdicts: &[Verdict]) -> Value {
    let line = |verdict: &Verdict| {
        let Verdict { rule, figure, limit, has_passed } = verdict;
        json!({ "rule": rule, "figure": figure, "limit": limit, "passed": has_passed })
    };
    json!({ "passed": has_passed(verdicts), "verdicts": verdicts.iter().map(line).collect::<Vec<_>>() })
}

/// The verdicts as a table.
pub(crate) fn verdict_table(verdicts: &[Verdict]) -> TextTable {
    let mut table = TextTable::new(["gate", "found", "allowed", "verdict"]);
    for verdict in verdicts {
        let word = if verdict.has_passed { "passed" } else { "FAILED" };
        table.row([&verdict.rule, &verdict.figure, &verdict.limit, word]);
    }
    table
}

fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

fn not_worse(evaluation: &Evaluation) -> Verdict {
    let found = evaluation.difference;
    let figures =
        [found.mean, found.standard_error, found.lower, found.upper, evaluation.base_ndcg, evaluation.candidate_ndcg];
    let four = |value: f64| decimals(value, 4);
    Verdict {
        rule: "NDCG@10 is not worse than what is live".to_owned(),
        figure: format!("{} ({} to {})", four(found.mean), four(found.lower), four(found.upper)),
        limit: "lower bound 0 or more".to_owned(),
        has_passed: evaluation.people > 0 && figures.iter().all(|figure| figure.is_finite()) && found.lower >= 0.0,
    }
}

fn no_segment_falls(segments: &[SegmentDifference]) -> Verdict {
    let judged: Vec<&SegmentDifference> = segments.iter().filter(|segment| segment.people >= FEWEST_PEOPLE).collect();
    let fallen: Vec<&SegmentDifference> = judged.iter().copied().filter(|segment| has_fallen(segment)).collect();
    let named = |segment: &SegmentDifference| {
        let (by, label, people) = (&segment.by, &segment.label, segment.people);
        let gain = -100.0 * fall(segment);
        format!("{by} {label} {}{} % ({people} people)", if gain > 0.0 { "+" } else { "" }, decimals(gain, 1))
    };
    let figure = match fallen.iter().chain(&judged).max_by(|a, b| fall(a).total_cmp(&fall(b))) {
        None => "no segment of 20 people".to_owned(),
        Some(worst) if fallen.is_empty() => format!("lowest: {}", named(worst)),
        Some(_) => {
            let rest = fallen.len().saturating_sub(3);
            let first: Vec<String> = fallen.iter().take(3).map(|segment| named(segment)).collect();
            first.join(", ") + &if rest > 0 { format!(" and {rest} more") } else { String::new() }
        }
    };
    Verdict {
        rule: "no segment falls".to_owned(),
        figure,
        limit: "5 % beyond its error".to_owned(),
        has_passed: fallen.is_empty(),
    }
}

/// The part of the base that is lost; 0 where there was nothing to lose.
fn fall(segment: &SegmentDifference) -> f64 {
    if segment.base == 0.0 { 0.0 } else { (segment.base - segment.candidate) / segment.base }
}

fn has_fallen(segment: &SegmentDifference) -> bool {
    let figures = [segment.base, segment.candidate, segment.difference_lower, segment.difference_upper];
    let is_known = figures.iter().all(|figure| figure.is_finite());
    !is_known || (fall(segment) > SEGMENT_FALL_RATIO && segment.difference_upper < 0.0)
}

fn size(evaluation: &Evaluation, limits: &Limits) -> Verdict {
    Verdict {
        rule: "size".to_owned(),
        figure: format!("{} bytes", evaluation.size_bytes),
        limit: format!("{} bytes", limits.most_bytes),
        has_passed: evaluation.size_bytes <= limits.most_bytes,
    }
}

fn latency(evaluation: &Evaluation, limits: &Limits) -> Verdict {
    let found = evaluation.latency_us_per_100;
    Verdict {
        rule: "time to rank 100 candidates".to_owned(),
        figure: format!("{} us", decimals(found, 0)),
        limit: format!("{} us", limits.most_us_per_100),
        has_passed: found.is_finite() && found >= 0.0 && found <= limits.most_us_per_100,
    }
}

fn exposure(items: &[Exposure]) -> Verdict {
    let percent = |share: f64| decimals(100.0 * share, 2);
    let jumped: Vec<&Exposure> = items.iter().filter(|item| !is_backed(item)).collect();
    let named =
        |item: &&Exposure| format!("{} {} -> {} %", item.item, percent(item.share_before), percent(item.share_after));
    let figure = match jumped.iter().max_by(|a, b| a.share_after.total_cmp(&b.share_after)) {
        None => format!("none of {} items", items.len()),
        Some(worst) => format!("{} of {} items: {}", jumped.len(), items.len(), named(worst)),
    };
    Verdict {
        rule: "no item is shown far more without traffic".to_owned(),
        figure,
        limit: "3 times before, traffic or 0.5 %, beyond its error".to_owned(),
        has_passed: jumped.is_empty() && !items.is_empty(),
    }
}

fn is_backed(item: &Exposure) -> bool {
    let shares = [item.share_before, item.share_after, item.share_after_lower, item.traffic_share];
    let most = EXPOSURE_TIMES * item.share_before.max(item.traffic_share).max(EXPOSURE_FLOOR);
    shares.iter().all(|share| (0.0..=1.0).contains(share)) && item.share_after_lower <= most
}

#[cfg(test)]
#[path = "judge_tests.rs"]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
