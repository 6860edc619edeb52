//! Each rule on both sides of its limit.

use super::*;

const LIMITS: Limits = Limits { most_bytes: 1_000_000, most_us_per_100: 1_000.0 };

/// Judges a passing evaluation after a change, and says which rule (by its place) must fail.
fn check(failing: Option<usize>, change: impl FnOnce(&mut Evaluation)) {
    let mut evaluation = Evaluation::passing("shop", "ab", None);
    change(&mut evaluation);
    let verdicts = judge(&evaluation, &LIMITS);
    let failed: Vec<usize> = (0..verdicts.len()).filter(|at| !verdicts[*at].has_passed).collect();
    assert_eq!(failed, failing.into_iter().collect::<Vec<_>>(), "{verdicts:?}");
    assert_eq!(has_passed(&verdicts), failing.is_none());
}

#[test]
fn the_lower_bound_may_be_zero_and_not_less() {
    check(None, |evaluation| evaluation.difference.lower = 0.0);
    check(Some(0), |evaluation| evaluation.difference.lower = -1e-9);
    check(Some(0), |evaluation| evaluation.difference.lower = f64::NAN);
    check(Some(0), |evaluation| evaluation.difference.upper = f64::INFINITY);
    check(Some(0), |evaluation| evaluation.candidate_ndcg = f64::NAN);
    check(Some(0), |evaluation| evaluation.people = 0);
}

#[test]
fn a_segment_fails_when_it_falls_by_more_than_a_twentieth_and_beyond_its_error() {
    let segment = |people: usize, candidate: f64, upper: f64| {
        move |evaluation: &mut Evaluation| {
            let segment = &mut evaluation.segments[0];
            (segment.people, segment.base, segment.candidate) = (people, 0.2, candidate);
            (segment.difference_lower, segment.difference_upper) = (-0.1, upper);
        }
    };
    check(Some(1), segment(20, 0.189, -0.001));
    check(None, segment(19, 0.189, -0.001));
    check(None, segment(20, 0.191, -0.001));
    check(None, segment(20, 0.189, 0.0));
    check(None, segment(20, 0.189, 0.001));
    check(Some(1), segment(20, f64::NAN, 0.001));
    check(Some(1), segment(20, 0.21, f64::INFINITY));
    check(None, segment(1, f64::NAN, f64::NAN));
    check(None, |evaluation| evaluation.segments.clear());
    check(None, |evaluation| evaluation.segments[0].base = 0.0);
}

#[test]
fn the_worst_segments_are_named() {
    let mut evaluation = Evaluation::passing("shop", "ab", None);
    let fallen = SegmentDifference {
        candidate: 0.1,
        difference_lower: -0.12,
        difference_upper: -0.08,
        ..evaluation.segments[0].clone()
    };
    evaluation.segments = vec![fallen; 5];
    let verdict = &judge(&evaluation, &LIMITS)[1];
    assert!(verdict.figure.starts_with("country GB -50.0 % (900 people)") && verdict.figure.ends_with("and 2 more"));
}

#[test]
fn budgets_hold_to_the_last_byte_and_microsecond() {
    check(None, |evaluation| evaluation.size_bytes = 1_000_000);
    check(Some(2), |evaluation| evaluation.size_bytes = 1_000_001);
    check(None, |evaluation| evaluation.latency_us_per_100 = 1_000.0);
    check(Some(3), |evaluation| evaluation.latency_us_per_100 = 1_000.1);
    check(Some(3), |evaluation| evaluation.latency_us_per_100 = f64::NAN);
    check(Some(3), |evaluation| evaluation.latency_us_per_100 = -1.0);
}

#[test]
fn an_item_may_be_shown_three_times_as_often_or_what_its_traffic_says() {
    let shares = |before: f64, after: f64, traffic: f64| {
        move |evaluation: &mut Evaluation| {
            let item = &mut evaluation.exposure[0];
            (item.share_before, item.share_after_lower, item.traffic_share) = (before, after, traffic);
            item.share_after = (after + 0.1).min(1.0);
        }
    };
    check(None, shares(0.25, 0.75, 0.0));
    check(Some(4), shares(0.25, 0.76, 0.0));
    check(None, shares(0.0, 0.75, 0.25));
    check(Some(4), shares(0.0, 0.76, 0.25));
    check(None, shares(0.0, 0.015, 0.0));
    check(Some(4), shares(0.0, 0.0151, 0.0));
    check(Some(4), shares(0.01, f64::NAN, 0.01));
    check(Some(4), shares(f64::NAN, 0.01, 0.01));
    check(Some(4), shares(0.5, 1.01, 0.5));
    check(Some(4), |evaluation| evaluation.exposure[0].share_after = f64::NAN);
    check(Some(4), |evaluation| evaluation.exposure.clear());
}

#[test]
fn another_candidate_pack_or_live_model_is_another_matter() {
    let evaluation = Evaluation::passing("shop", "ab", Some("cd"));
    let passed = |pack: &str, sha256: &str, live: Option<&str>| {
        let verdicts = judge_origin(&evaluation, pack, sha256, live);
        verdicts.iter().map(|verdict| verdict.has_passed).collect::<Vec<_>>()
    };
    assert_eq!(passed("shop", "ab", Some("cd")), [true, true]);
    assert_eq!(passed("shop", "ac", Some("cd")), [false, true]);
    assert_eq!(passed("bank", "ab", Some("cd")), [false, true]);
    assert_eq!(passed("shop", "ab", None), [true, false]);
    assert_eq!(passed("shop", "ab", Some("ce")), [true, false]);
}

#[test]
fn the_record_says_what_the_worker_asks_for() {
    let verdicts = judge(&Evaluation::passing("shop", "ab", None), &LIMITS);
    let record = record(&verdicts);
    assert_eq!(record["passed"], true);
    assert_eq!(record["verdicts"][0]["passed"], true);
    assert_eq!(super::record(&[])["passed"], false);
    assert_eq!(super::record(&missing_evaluation())["passed"], false);
    // The route takes 16 KB and texts of 2,000 bytes.
    assert!(record.to_string().len() < 2_000);
    assert!(verdict_table(&missing_evaluation()).plain().contains("FAILED"));
}
