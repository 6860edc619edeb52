//! Ranges of another engine's buckets beside the shares that the definition declares: the analysis expects the shares, and people
//! get the ranges.

use nearside_json::PlainNumber;

use super::algorithm::Algorithm;
use super::check::Report;
use super::definition::Experiment;
use super::foreign::ForeignRule;
use crate::math::{rounded, sort_list};

/// What ranges may miss a share by, in per cent of those who take part: the coarsest engine has 1,000 buckets. A difference
/// of so little is not seen as a mismatch before some millions of people.
const SHARE_TOLERANCE: f64 = 0.1;

/// Says where stated ranges give a variant another share than it declares, or cover another part than the coverage says. A
/// coverage of 1 says nothing: the ranges are the coverage.
pub(super) fn check_ranges(experiment: &Experiment, rule: &ForeignRule, report: &mut Report) {
    if rule.has_gate_of_its_split() {
        report.add(
            "hashing.gates",
            "gate-seed",
            "hashes what the split hashes, so that it keeps some variants from all",
        );
    }
    if experiment.hashing.ranges.is_empty() {
        return;
    }
    let lengths = lengths_of(rule, experiment.variants.len());
    let covered: f64 = lengths.iter().sum();
    if covered <= 0.0 {
        report.add("hashing.ranges", "count", "cover no bucket, so nobody would take part");
        return;
    }
    for (index, (variant, length)) in experiment.variants.iter().zip(&lengths).enumerate() {
        let share = 100.0 * length / covered;
        if (share - variant.traffic_percentage).abs() > SHARE_TOLERANCE {
            let [share, stated] = [rounded(share, 3), variant.traffic_percentage].map(PlainNumber);
            let path = format!("variants[{index}].traffic_percentage");
            report.add(&path, "range-share", format!("is {stated}, and hashing.ranges give {share}"));
        }
    }
    // These two ask another hash for the coverage.
    let has_gate = matches!(experiment.hashing.algorithm, Algorithm::Unleash | Algorithm::PostHog);
    let part = covered / rule.numbers();
    if experiment.coverage < 1.0 && !has_gate && 100.0 * (part - experiment.coverage).abs() > SHARE_TOLERANCE {
        let [part, stated] = [rounded(part, 5), experiment.coverage].map(PlainNumber);
        report.add("coverage", "range-coverage", format!("is {stated}, and hashing.ranges cover {part}"));
    }
}

/// How many of the engine's numbers each variant has, in its own units: the first range that holds a number counts.
fn lengths_of(rule: &ForeignRule, variants: usize) -> Vec<f64> {
    let numbers = rule.numbers();
    let mut bounds = Vec::new();
    for (from, to, _) in rule.ranges() {
        bounds.extend([from.clamp(0.0, numbers), to.clamp(0.0, numbers)]);
    }
    sort_list(&mut bounds, f64::total_cmp);
    let mut lengths = vec![0.0; variants];
    let mut from = 0.0;
    for to in bounds {
        let owner = rule.variant_at(from).and_then(|variant| lengths.get_mut(usize::from(variant)));
        if let Some(length) = owner {
            *length += to - from;
        }
        from = to;
    }
    lengths
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use nearside_json::read_json;

    use super::super::check::check_experiment;
    use super::*;

    /// The rules that are broken, by path.
    fn found(algorithm: &str, ranges: &str, shares: [u32; 2], more: &str) -> Vec<(String, &'static str)> {
        let [control, treated] = shares;
        let json = format!(
            r#"{{"test_name":"T","status":"running",{more}
                "hashing":{{"algorithm":"{algorithm}","seed":"s","ranges":{ranges}}},
                "variants":[{{"name":"CONTROL","traffic_percentage":{control}}},{{"name":"B","traffic_percentage":{treated}}}]}}"#
        );
        let experiment: Experiment = read_json(json.as_bytes()).unwrap();
        check_experiment(&experiment, None).into_iter().map(|one| (one.path, one.rule)).collect()
    }

    fn two(from: f64, middle: f64, to: f64) -> String {
        format!(r#"[{{"variant":0,"from":{from},"to":{middle}}},{{"variant":1,"from":{middle},"to":{to}}}]"#)
    }

    #[test]
    fn ranges_must_give_the_shares_that_are_declared() {
        let wrong = ["variants[0].traffic_percentage", "variants[1].traffic_percentage"];
        for (algorithm, numbers) in [
            ("growthbook-v1", 1.0),
            ("growthbook-v2", 1.0),
            ("unleash", 1_000.0),
            ("optimizely", 10_000.0),
            ("launchdarkly", 1.0),
            ("posthog", 1.0),
            ("eppo", 10_000.0),
        ] {
            let ranges = two(0.0, 0.9 * numbers, numbers);
            assert_eq!(found(algorithm, &ranges, [90, 10], ""), [], "{algorithm}");
            let refused = found(algorithm, &ranges, [50, 50], "");
            assert_eq!(refused, wrong.map(|path| (path.to_owned(), "range-share")), "{algorithm}");
        }
        // Half of everybody, halved; and ranges that overlap, of which the first counts, or end beyond all buckets.
        assert_eq!(found("growthbook-v2", &two(0.0, 0.25, 0.5), [50, 50], ""), []);
        let overlapping = r#"[{"variant":0,"from":0,"to":0.8},{"variant":1,"from":0.2,"to":1}]"#;
        assert_eq!(found("growthbook-v2", overlapping, [80, 20], ""), []);
        assert_eq!(found("growthbook-v2", &two(0.0, 0.5, 7.0), [50, 50], ""), []);
        assert_eq!(found("growthbook-v2", overlapping, [50, 50], "").len(), 2);
        let none = found("growthbook-v2", &two(2.0, 3.0, 4.0), [50, 50], "");
        assert_eq!(none, [("hashing.ranges".to_owned(), "count")]);
    }

    #[test]
    fn a_coverage_that_is_stated_is_that_of_the_ranges() {
        let halves = two(0.0, 0.25, 0.5);
        assert_eq!(found("growthbook-v2", &halves, [50, 50], r#""coverage":0.5,"#), []);
        let refused = found("growthbook-v2", &halves, [50, 50], r#""coverage":0.4,"#);
        assert_eq!(refused, [("coverage".to_owned(), "range-coverage")]);
        assert_eq!(found("posthog", &two(0.0, 0.5, 1.0), [50, 50], r#""coverage":0.4,"#), []);
    }

    #[test]
    fn a_gate_asks_another_hash_than_the_split() {
        let gated = |seed: &str| {
            let json = format!(
                r#"{{"test_name":"T","status":"running","hashing":{{"algorithm":"growthbook-v2","seed":"s",
                    "gates":[{{"seed":"{seed}","ranges":[[0,0.5]]}}]}},
                    "variants":[{{"name":"CONTROL","traffic_percentage":50}},{{"name":"B","traffic_percentage":50}}]}}"#
            );
            let experiment: Experiment = read_json(json.as_bytes()).unwrap();
            check_experiment(&experiment, None)
        };
        assert_eq!(gated("other"), []);
        assert!(gated("s").iter().any(|one| one.rule == "gate-seed"));
    }
}
