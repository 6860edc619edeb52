//! Results against a known truth.

use pollster::block_on;

use super::place::{HERE, NOW, Place, TEST, definition, event, shown, user};
use crate::flows::experiments::analysed::results;
use crate::flows::experiments::definition::{Definition, Guardrail, Metric, MetricKind, Segment, TestVariant, Worse};
use crate::flows::experiments::definitions::TestMove;
use crate::flows::experiments::planned::plan_test;
use crate::flows::experiments::shown::{Method, ResultsAsk, TestResults};
use crate::flows::{Kind, PersonEvents, apply_events};
use crate::privacy::{for_jobs, for_system};
use crate::types::EventKind::{
    Purchased, RecommendationAccepted as Accepted, RecommendationDismissed as Dismissed, RecommendationViewed as Viewed,
};
use crate::types::{Context, DAY_MS, Interaction};
use crate::wire::PlanRequest;

fn read(place: &Place, ask: ResultsAsk) -> TestResults {
    block_on(results(&place.host, for_jobs(), HERE, TEST, ask)).unwrap()
}

/// So many people of each arm see the test, and so many of them accept.
fn crowd(place: &Place, from: u32, [control, loud]: [(u32, u32); 2]) {
    crowd_of(place, from, &[("CONTROL", control.0, control.1), ("LOUD", loud.0, loud.1)]);
}

fn crowd_of(place: &Place, from: u32, arms: &[(&str, u32, u32)]) {
    let (mut number, mut batch) = (from, Vec::new());
    for (variant, people, accepts) in arms.iter().copied() {
        for person in 0..people {
            let mut events = vec![shown(1, Viewed, variant, NOW)];
            if person < accepts {
                events.push(event(2, Accepted, NOW + 1));
            } else if person % 10 == 0 {
                events.push(event(3, Dismissed, NOW + 1));
            }
            batch.push(PersonEvents::of(for_system(user(number)), events, NOW));
            number += 1;
        }
    }
    block_on(apply_events(&place.host, batch)).unwrap();
}

#[test]
fn a_clear_winner_is_named_with_the_seeds_fields() {
    let place = Place::testing(|test| test.minimum_sample_size = 200);
    crowd(&place, 0, [(400, 20), (400, 80)]);
    let found = read(&place, ResultsAsk::default());
    let [control, loud] = [0, 1].map(|at| &found.variant_performance[at]);
    assert_eq!((control.sample_size, control.acceptance_rate, loud.acceptance_rate), (400, Some(5.0), Some(20.0)));
    assert_eq!((control.engagement_rate, control.statistical_significance), (Some(100.0), None));
    assert_eq!((loud.per_outcome.sample_size, loud.per_outcome.acceptance_rate), (512, Some(100.0 * 80.0 / 512.0)));
    assert!(loud.statistical_significance.is_some_and(|sure| sure > 0.99 && sure <= 1.0));
    assert_eq!((found.winner.as_deref(), found.lift_over_control), (Some("LOUD"), Some(300.0)));
    assert_eq!(found.recommendation, "Roll out winning variant to all users");
    assert_eq!(found.verdict.code, "variant_wins");
    assert_eq!(found.verdict.text, "LOUD beats the control: accepted is about 300 % higher.");
    let lift = loud.metrics.iter().find(|row| row.metric == "accepted").unwrap().lift.clone().unwrap();
    assert!(lift.interval[0].unwrap() < 0.15 && lift.interval[1].unwrap() > 0.15, "{lift:?}");
    assert!(lift.interval[0].unwrap() > 0.0 && lift.relative_interval[0].unwrap() > 0.0);
    assert!((found.health.sample_ratio.is_broken, found.health.minimum_reached) == (false, true));
    assert_eq!((found.progress.exposed, found.progress.target, found.progress.days_left), (800, 400, Some(0.0)));
    assert_eq!((found.series.len(), found.series[0].day.as_str()), (1, "2026-11-20"));
    let of_day = found.series[0].lift.get("LOUD").unwrap();
    assert!((of_day.mean.unwrap() - 0.15).abs() < 1e-12 && of_day.interval[0].unwrap() > 0.0);
    let fixed = read(&place, ResultsAsk { method: Method::Fixed, ..ResultsAsk::default() });
    assert!(fixed.variant_performance[1].statistical_significance > loud.statistical_significance);
}

#[test]
fn a_day_has_an_interval_where_the_headline_has_one() {
    let ends = |arms: [(u32, u32); 2]| {
        let place = Place::testing(|test| test.minimum_sample_size = 100);
        crowd(&place, 0, arms);
        let found = read(&place, ResultsAsk::default());
        let lift = found.variant_performance[1].metrics.iter().find(|row| row.metric == "accepted").unwrap();
        let of_day = found.series[0].lift.get("LOUD").unwrap().clone();
        assert!(of_day.mean.is_some());
        (of_day.interval, lift.lift.clone().unwrap().interval, found.health.sample_ratio.is_broken)
    };
    let (of_day, of_headline, _) = ends([(400, 40), (400, 60)]);
    assert!(of_day == of_headline && of_day[0].is_some());
    // Enough of them, and too few who accepted; and groups that cannot be halves of one crowd.
    let (of_day, of_headline, _) = ends([(400, 4), (400, 60)]);
    assert_eq!((of_day, of_headline), ([None, None], [None, None]));
    let (of_day, _, is_broken) = ends([(150, 40), (400, 60)]);
    assert_eq!((of_day, is_broken), ([None, None], true));
}

#[test]
fn where_enough_came_and_hardly_anybody_bought_that_is_said() {
    let place = Place::testing(|test: &mut Definition| {
        test.minimum_sample_size = 100;
        test.metrics =
            vec![Metric { name: "revenue".to_owned(), kind: MetricKind::Value, events: vec![Purchased], cap: None }];
        test.success_metric = "revenue".to_owned();
    });
    crowd(&place, 0, [(150, 10), (150, 10)]);
    let found = read(&place, ResultsAsk::default());
    assert_eq!((found.verdict.code, found.health.minimum_reached), ("too_early", true));
    assert!(found.verdict.text.contains("too few values of revenue"), "{}", found.verdict.text);
}

#[test]
fn a_control_that_wins_is_said_to_have_won_and_nothing_is_rolled_out() {
    let place = Place::testing(|test| test.minimum_sample_size = 200);
    crowd(&place, 0, [(400, 100), (400, 20)]);
    let found = read(&place, ResultsAsk::default());
    assert_eq!((found.winner.as_deref(), found.lift_over_control), (Some("CONTROL"), Some(0.0)));
    assert_eq!(found.verdict.code, "control_wins");
    assert_eq!(found.recommendation, "Continue testing or refine hypothesis");
}

#[test]
fn a_verdict_is_withheld_before_the_minimum_and_when_the_sample_ratio_is_broken() {
    let place = Place::testing(|test| test.minimum_sample_size = 500);
    let nobody = read(&place, ResultsAsk::default());
    assert_eq!(nobody.verdict.code, "too_early");
    let control = &nobody.variant_performance[0];
    assert_eq!(
        (control.acceptance_rate, control.per_outcome.engagement_rate, nobody.lift_over_control),
        (None, None, None)
    );
    assert_eq!((nobody.winner.as_deref(), nobody.progress.per_day, nobody.progress.days_left), (None, None, None));
    crowd(&place, 0, [(100, 5), (100, 60)]);
    let small = read(&place, ResultsAsk::default());
    assert_eq!((small.verdict.code, small.health.minimum_reached), ("too_early", false));
    assert_eq!(small.recommendation, "Continue testing or refine hypothesis");
    let early = small.variant_performance[1].metrics[1].lift.as_ref().unwrap();
    assert_eq!((early.p, early.interval), (None, [None, None]));
    crowd(&place, 1_000, [(400, 20), (800, 480)]);
    let broken = read(&place, ResultsAsk::default());
    assert_eq!((broken.verdict.code, broken.health.sample_ratio.is_broken), ("sample_ratio", true));
    assert_eq!(broken.recommendation, "Continue testing or refine hypothesis");
    let draft = Place::new();
    draft.put(TEST, definition()).unwrap();
    assert_eq!(read(&draft, ResultsAsk::default()).verdict.code, "inactive");
    let unknown = block_on(results(&draft.host, for_jobs(), HERE, "OTHER", ResultsAsk::default()));
    assert_eq!(unknown.unwrap_err().kind, Kind::NotFound);
}

#[test]
fn shares_that_changed_are_compared_stratum_by_stratum() {
    let place = Place::testing(|test| test.minimum_sample_size = 50);
    // As many convert in both arms; but the share of the arm moved while the rate did.
    crowd(&place, 0, [(400, 40), (400, 40)]);
    let mut uneven = definition();
    uneven.minimum_sample_size = 50;
    (uneven.variants[0].traffic_percentage, uneven.variants[1].traffic_percentage) = (20.0, 80.0);
    place.put(TEST, uneven).unwrap();
    place.host.set_now(NOW + DAY_MS);
    let mut batch = Vec::new();
    for number in 10_000..10_500 {
        let variant = if number % 5 == 0 { "CONTROL" } else { "LOUD" };
        let mut seen = shown(1, Viewed, variant, NOW + 2);
        seen.receipt.as_mut().unwrap().tests[0].epoch = 3;
        let mut events = vec![seen];
        if number % 2 == (number / 10) % 2 {
            events.push(event(2, Accepted, NOW + 3));
        }
        batch.push(PersonEvents::of(for_system(user(number)), events, NOW));
    }
    block_on(apply_events(&place.host, batch)).unwrap();
    let found = read(&place, ResultsAsk::default());
    let lift =
        found.variant_performance[1].metrics.iter().find(|row| row.metric == "accepted").unwrap().lift.clone().unwrap();
    assert!(lift.absolute.unwrap().abs() < 1e-12, "no stratum has a lift: {lift:?}");
    assert!(found.lift_over_control.unwrap().abs() < 1e-9, "and no answer has: {:?}", found.lift_over_control);
    let rates: Vec<f64> = found.variant_performance.iter().map(|one| one.acceptance_rate.unwrap()).collect();
    assert!(rates[1] > 1.2 * rates[0], "the plain rates do, which is why they do not decide: {rates:?}");
    assert_eq!((found.verdict.code, found.health.sample_ratio.is_broken), ("running", false));
}

#[test]
fn values_guardrails_segments_and_what_came_before_are_shown() {
    let revenue = Metric { name: "revenue".to_owned(), kind: MetricKind::Value, events: vec![Purchased], cap: None };
    let place = Place::testing(|test: &mut Definition| {
        test.minimum_sample_size = 100;
        test.metrics = vec![revenue];
        test.success_metric = "revenue".to_owned();
        test.segments = vec![Segment::Country];
        test.covariate = Some("accepted_before".to_owned());
        test.guardrails = vec![Guardrail { metric: "dismissed".to_owned(), worse: Worse::Up, margin: None }];
    });
    let (mut earlier, mut batch) = (Vec::new(), Vec::new());
    for number in 0..600 {
        let (variant, worth) = if number % 2 == 0 { ("CONTROL", 10.0) } else { ("LOUD", 14.0) };
        let before = number % 7;
        let accepted = (0..before).map(|id| event(100 + id, Accepted, NOW - 5)).collect();
        earlier.push(PersonEvents::of(for_system(user(number)), accepted, NOW));
        let context = Context { country: Some("GB".to_owned()), ..Context::default() };
        let seen = Interaction { context, ..shown(1, Viewed, variant, NOW) };
        let value = Some(worth + f64::from(before) + f64::from(number % 3));
        let mut events = vec![seen, Interaction { value, ..event(2, Purchased, NOW + 1) }];
        if number % 4 != 0 {
            events.push(event(3, Dismissed, NOW + 1));
        }
        batch.push(PersonEvents::of(for_system(user(number)), events, NOW));
    }
    block_on(apply_events(&place.host, earlier)).unwrap();
    block_on(apply_events(&place.host, batch)).unwrap();
    let found = read(&place, ResultsAsk::default());
    let loud = &found.variant_performance[1];
    let row = |metric: &str| loud.metrics.iter().find(|row| row.metric == metric).unwrap();
    let (money, dismissed) = (row("revenue"), row("dismissed"));
    assert_eq!((money.kind, dismissed.kind), (MetricKind::Value, MetricKind::Conversion));
    assert_eq!((money.units, dismissed.lift.as_ref().unwrap().guardrail), (300, Some("breached")));
    assert!((money.lift.as_ref().unwrap().absolute.unwrap() - 4.0).abs() < 0.5);
    assert!(money.cuped.as_ref().unwrap().variance_reduction.unwrap() > 0.4, "{:?}", money.cuped);
    assert_eq!(found.verdict.code, "guardrail");
    assert_eq!(
        (loud.segments.len(), loud.segments[0].segment.as_str(), loud.segments[0].sample_size),
        (1, "country=GB", 300)
    );
    let of_segment = read(&place, ResultsAsk { segment: Some("country=GB".to_owned()), ..ResultsAsk::default() });
    assert_eq!(of_segment.variant_performance[1].sample_size, 300);
}

#[test]
fn a_test_that_is_over_keeps_its_results() {
    let place = Place::testing(|test| test.minimum_sample_size = 10);
    crowd(&place, 0, [(20, 5), (20, 5)]);
    place.go(TEST, TestMove::Stop).unwrap();
    place.go(TEST, TestMove::Archive).unwrap();
    let found = read(&place, ResultsAsk::default());
    assert_eq!((found.status, found.verdict.code, found.progress.exposed), ("ARCHIVED", "no_difference", 40));
    assert_eq!(found.epochs.len(), 4);
}

#[test]
fn a_plan_says_how_many_units_and_how_long() {
    let ask = PlanRequest {
        baseline: Some(0.05),
        relative_lift: Some(0.2),
        units_per_day: Some(1_000.0),
        ..PlanRequest::default()
    };
    let plan = plan_test(&ask).unwrap();
    let size = plan.sample_size_per_variant.unwrap();
    assert!((8_100..8_250).contains(&size), "{size}");
    assert!((plan.minimum_detectable_lift.unwrap() - 0.2).abs() < 1e-3);
    assert!((plan.days.unwrap() - 2.0 * size as f64 / 1_000.0).abs() < 1e-9);
    let value = PlanRequest {
        kind: Some("value".to_owned()),
        standard_deviation: Some(10.0),
        baseline: Some(20.0),
        ..ask.clone()
    };
    assert_eq!(plan_test(&value).unwrap().sample_size_per_variant, Some(99));
    // A fall of so much is planned as a fall.
    for ask in [&ask, &value] {
        let fall = plan_test(&PlanRequest { relative_lift: Some(-0.2), ..ask.clone() }).unwrap();
        assert!((fall.minimum_detectable_lift.unwrap() + 0.2).abs() < 2e-3, "{fall:?}");
    }
}

#[test]
fn a_plan_names_the_number_that_it_cannot_take_and_its_range() {
    let ask = PlanRequest { baseline: Some(0.05), relative_lift: Some(0.2), ..PlanRequest::default() };
    let value = PlanRequest {
        kind: Some("value".to_owned()),
        baseline: Some(20.0),
        standard_deviation: Some(10.0),
        ..ask.clone()
    };
    let rows: [(&str, PlanRequest); 19] = [
        ("alpha must be 0.000001 to 0.5, not 0.9", PlanRequest { alpha: Some(0.9), ..ask.clone() }),
        ("alpha must be 0.000001 to 0.5, not ", PlanRequest { alpha: Some(1e-320), ..ask.clone() }),
        ("alpha must be 0.000001 to 0.5, not ", PlanRequest { alpha: Some(f64::NAN), ..ask.clone() }),
        ("power must be 0.1 to 0.9999, not 1", PlanRequest { power: Some(1.0), ..ask.clone() }),
        ("power must be above alpha", PlanRequest { alpha: Some(0.3), power: Some(0.2), ..ask.clone() }),
        (
            "units_per_day must be 0.001 to 1000000000000, not -5",
            PlanRequest { units_per_day: Some(-5.0), ..ask.clone() },
        ),
        ("units_per_day must be ", PlanRequest { units_per_day: Some(0.0), ..ask.clone() }),
        ("units_per_day must be ", PlanRequest { units_per_day: Some(1e-310), ..ask.clone() }),
        ("baseline must be stated", PlanRequest { baseline: None, ..ask.clone() }),
        ("baseline must be 0.000001 to 0.999999, not 0", PlanRequest { baseline: Some(0.0), ..ask.clone() }),
        ("baseline must be 0.000001 to 1000000000000, not -20", PlanRequest { baseline: Some(-20.0), ..value.clone() }),
        ("relative_lift must be stated", PlanRequest { relative_lift: None, ..ask.clone() }),
        (
            "relative_lift must be 0.000001 to 1000 or its negative, not 0",
            PlanRequest { relative_lift: Some(0.0), ..ask.clone() },
        ),
        (
            "relative_lift must leave a rate of 0 to 1",
            PlanRequest { baseline: Some(0.9), relative_lift: Some(0.5), ..ask.clone() },
        ),
        ("relative_lift must leave a rate of 0 to 1", PlanRequest { relative_lift: Some(-1.5), ..ask.clone() }),
        ("standard_deviation must be stated", PlanRequest { standard_deviation: None, ..value.clone() }),
        ("standard_deviation must be ", PlanRequest { standard_deviation: Some(-1.0), ..value }),
        ("kind must be conversion or value", PlanRequest { kind: Some("magic".to_owned()), ..ask.clone() }),
        ("variants must be 2 to 10, not 1", PlanRequest { variants: Some(1), ..ask }),
    ];
    for (expected, broken) in rows {
        let refused = plan_test(&broken).unwrap_err();
        assert_eq!(refused.code, "invalid-request", "{broken:?}");
        assert!(refused.detail.starts_with(expected), "{:?} for {expected:?}", refused.detail);
    }
}

#[test]
fn the_slowest_arm_decides_and_a_dropped_one_neither_blocks_nor_wins() {
    let third = |test: &mut Definition, shares: [f64; 3]| {
        test.framing = None;
        test.count_without_receipt = Some(true);
        let loudest = TestVariant { name: "LOUDEST".to_owned(), ..TestVariant::default() };
        test.variants = vec![test.variants[0].clone(), test.variants[1].clone(), loudest];
        for (variant, share) in test.variants.iter_mut().zip(shares) {
            variant.traffic_percentage = share;
        }
        test.minimum_sample_size = 300;
    };
    let place = Place::testing(|test| third(test, [40.0, 40.0, 20.0]));
    crowd_of(&place, 0, &[("CONTROL", 400, 20), ("LOUD", 400, 80), ("LOUDEST", 200, 120)]);
    let early = read(&place, ResultsAsk::default());
    assert_eq!((early.verdict.code, early.health.minimum_reached), ("too_early", false));
    assert_eq!((early.progress.target, early.progress.per_day), (900, Some(1_000.0)));
    assert!((early.progress.days_left.unwrap() - 0.5).abs() < 1e-9, "a hundred more of a fifth of 1,000 a day");
    let mut dropped = definition();
    third(&mut dropped, [50.0, 50.0, 0.0]);
    place.put(TEST, dropped).unwrap();
    let found = read(&place, ResultsAsk::default());
    assert_eq!((found.verdict.code, found.winner.as_deref()), ("variant_wins", Some("LOUD")));
    assert_eq!((found.health.minimum_reached, found.progress.target), (true, 600));
    assert_eq!(found.recommendation, "Roll out winning variant to all users");
}

#[test]
fn a_loss_has_no_lift_and_a_larger_one_does_not_win() {
    let money = Metric { name: "money".to_owned(), kind: MetricKind::Value, events: vec![Purchased], cap: None };
    let found_of = |loud: f64| {
        let place = Place::testing(|test: &mut Definition| {
            test.metrics = vec![money.clone()];
            test.success_metric = "money".to_owned();
            test.guardrails = vec![Guardrail { metric: "money".to_owned(), worse: Worse::Down, margin: None }];
        });
        let mut batch = Vec::new();
        for number in 0..400 {
            let (variant, worth) = if number % 2 == 0 { ("CONTROL", -10.0) } else { ("LOUD", loud) };
            let seen = shown(1, Viewed, variant, NOW);
            let value = Some(worth + f64::from(number % 3));
            let events = vec![seen, Interaction { value, ..event(2, Purchased, NOW + 1) }];
            batch.push(PersonEvents::of(for_system(user(number)), events, NOW));
        }
        block_on(apply_events(&place.host, batch)).unwrap();
        read(&place, ResultsAsk::default())
    };
    let worse = found_of(-14.0);
    assert_eq!((worse.verdict.code, worse.winner.as_deref()), ("guardrail", Some("CONTROL")));
    assert_eq!(worse.recommendation, "Continue testing or refine hypothesis");
    let row = worse.variant_performance[1].metrics.iter().find(|row| row.metric == "money").unwrap();
    let lift = row.lift.as_ref().unwrap();
    assert!((lift.absolute.unwrap() + 4.0).abs() < 0.1, "{lift:?}");
    assert_eq!((lift.relative, lift.relative_interval, lift.guardrail), (None, [None, None], Some("breached")));
    assert_eq!(row.fixed.as_ref().unwrap().relative_interval, [None, None]);
    let better = found_of(-6.0);
    assert_eq!((better.verdict.code, better.winner.as_deref()), ("variant_wins", Some("LOUD")));
    assert_eq!((better.lift_over_control, better.recommendation), (None, "Continue testing or refine hypothesis"));
    assert_eq!(better.verdict.text, "LOUD beats the control on money.");
}

#[test]
fn days_without_anybody_are_shown_and_slow_the_rate() {
    let place = Place::testing(|test| test.minimum_sample_size = 500);
    crowd(&place, 0, [(100, 5), (100, 6)]);
    place.host.set_now(NOW + 4 * DAY_MS);
    let found = read(&place, ResultsAsk::default());
    assert_eq!((found.progress.per_day, found.progress.days_left), (Some(50.0), Some(16.0)));
    let mut batch = Vec::new();
    for number in 5_000..5_010 {
        let variant = if number % 2 == 0 { "CONTROL" } else { "LOUD" };
        let seen = shown(1, Viewed, variant, NOW + 4 * DAY_MS);
        batch.push(PersonEvents::of(for_system(user(number)), vec![seen], NOW + 4 * DAY_MS));
    }
    block_on(apply_events(&place.host, batch)).unwrap();
    let days: Vec<(String, u64)> = read(&place, ResultsAsk::default())
        .series
        .into_iter()
        .map(|day| (day.day, day.exposures.values().sum()))
        .collect();
    assert_eq!(days.iter().map(|(_, units)| *units).collect::<Vec<_>>(), [200, 0, 0, 0, 10], "{days:?}");
    place.go(TEST, TestMove::Stop).unwrap();
    assert_eq!(read(&place, ResultsAsk::default()).progress.days_left, None);
}
