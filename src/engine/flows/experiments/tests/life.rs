//! The life of a test, and what may change of it.

use pollster::block_on;

use super::place::{HERE, NOW, Place, TEST, definition};
use crate::experiments::{Algorithm, Hashing, MOST_TESTS};
use crate::flows::Kind;
use crate::flows::experiments::definition::{Definition, Guardrail, LayerRange, Metric, MetricKind, Segment, Worse};
use crate::flows::experiments::definitions::{TestMove, set_holdout, show_tests, validate_test};
use crate::flows::experiments::live::live_experiments;
use crate::ports::{Blobs, Experiments, Library};
use crate::privacy::for_jobs;
use crate::types::{EventKind, UnitKind};

fn check(change: impl FnOnce(&mut Definition), expected: &[(&str, &str)]) {
    let place = Place::new();
    let mut made = definition();
    change(&mut made);
    let found = block_on(validate_test(&place.host, for_jobs(), HERE, TEST, made.clone())).unwrap();
    let places: Vec<(&str, &str)> = found.findings.iter().map(|fault| (&*fault.path, fault.rule)).collect();
    assert_eq!((places.as_slice(), found.valid), (expected, expected.is_empty()));
    assert_eq!(place.put(TEST, made).map_err(|refusal| refusal.code).is_ok(), expected.is_empty());
}

#[test]
fn a_definition_is_judged_by_place_and_rule() {
    check(|_| {}, &[]);
    check(|test| test.variants[1].traffic_percentage = 40.0, &[("variants", "traffic-sum")]);
    check(|test| test.variants.swap(0, 1), &[("variants[0].name", "control")]);
    check(
        |test| test.variants[1].name = "loud".to_owned(),
        &[("variants[1].name", "text-id"), ("variants[1].name", "known-variant")],
    );
    check(|test| test.framing = Some("NONE".to_owned()), &[("framing", "known-framing")]);
    check(|test| (test.pack, test.eligibility) = (None, None), &[("pack", "needed-by-framing")]);
    check(|test| test.traffic_percentage = 120.0, &[("traffic_percentage", "range")]);
    check(|test| test.start_date = Some("tomorrow".to_owned()), &[("start_date", "date")]);
    check(|test| test.success_metric = "money".to_owned(), &[("success_metric", "known-metric")]);
    check(|test| test.segments = vec![Segment::Country, Segment::Country], &[("segments", "duplicate-name")]);
    check(|test| test.window_days = 0, &[("window_days", "range")]);
    check(|test| test.alpha = f64::NAN, &[("alpha", "range")]);
    check(|test| test.hash = Hashing { algorithm: Algorithm::PostHog, ..Hashing::default() }, &[("hash.seed", "seed")]);
    let metric = |name: &str| Metric {
        name: name.to_owned(),
        kind: MetricKind::Value,
        events: vec![EventKind::Purchased],
        cap: None,
    };
    check(|test| test.metrics = vec![metric("exposure")], &[("metrics[0].name", "duplicate-name")]);
    let boundless = Metric { cap: Some(1e308), ..metric("revenue") };
    check(|test| test.metrics = vec![boundless.clone()], &[("metrics[0].cap", "range")]);
    check(|test| (test.success_metric, test.metrics) = ("revenue".to_owned(), vec![metric("revenue")]), &[]);
}

#[test]
fn a_test_is_written_started_changed_stopped_and_archived_with_who_and_why() {
    let place = Place::new();
    assert_eq!(place.put(TEST, definition()).unwrap()["status"], "DRAFT");
    assert_eq!(place.go(TEST, TestMove::Stop).unwrap_err().code, "test-status");
    assert_eq!(place.go(TEST, TestMove::Start).unwrap()["active"], true);
    assert_eq!(place.go(TEST, TestMove::Start).unwrap_err().code, "test-status");
    let mut ramped = definition();
    ramped.traffic_percentage = 50.0;
    place.put(TEST, ramped.clone()).unwrap();
    (ramped.variants[0].traffic_percentage, ramped.variants[1].traffic_percentage) = (90.0, 10.0);
    place.put(TEST, ramped.clone()).unwrap();
    place.go(TEST, TestMove::Stop).unwrap();
    let report = place.go(TEST, TestMove::Archive).unwrap();
    let epochs: Vec<(u64, u64, &str, &str)> = report["epochs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|epoch| {
            let number = |name: &str| epoch[name].as_u64().unwrap();
            (number("epoch"), number("stratum"), epoch["action"].as_str().unwrap(), epoch["reason"].as_str().unwrap())
        })
        .collect();
    let expected = [
        (1, 1, "created", "because"),
        (2, 1, "started", "because"),
        (3, 1, "changed", "because"),
        (4, 4, "changed", "because"),
        (5, 4, "stopped", "because"),
        (6, 4, "archived", "because"),
    ];
    assert_eq!(epochs, expected, "only a change of shares opens a stratum");
    for refused in [place.put(TEST, definition()), place.go(TEST, TestMove::Start)] {
        assert_eq!(refused.unwrap_err().code, "test-status", "an archived test is final");
    }
    assert_eq!(block_on(show_tests(&place.host, for_jobs(), HERE, Some("OTHER"))).unwrap_err().kind, Kind::NotFound);
    assert_eq!(place.go("OTHER", TestMove::Start).unwrap_err().kind, Kind::NotFound);
    let silent = Definition { reason: " ".to_owned(), ..definition() };
    assert_eq!(place.put("OTHER", silent).unwrap_err().code, "invalid-test");
}

#[test]
fn what_would_assign_anew_or_mean_something_else_stays_once_started() {
    let changes: [fn(&mut Definition); 5] = [
        |test| test.unit = UnitKind::Device,
        |test| test.hash = Hashing { algorithm: Algorithm::PostHog, seed: Some("s".to_owned()), ..Hashing::default() },
        |test| test.segments = vec![Segment::Country],
        |test| test.variants.reverse(),
        |test| test.covariate = Some("accepted_before".to_owned()),
    ];
    for change in changes {
        let mut changed = definition();
        change(&mut changed);
        let place = Place::testing(|_| {});
        let code = place.put(TEST, changed.clone()).unwrap_err().code;
        assert!(code == "test-fixed" || code == "invalid-test", "{changed:?}");
        let place = Place::new();
        place.put(TEST, definition()).unwrap();
        if code == "test-fixed" {
            place.put(TEST, changed).unwrap();
        }
    }
}

#[test]
fn tests_of_a_layer_do_not_overlap_while_they_run() {
    let place = Place::new();
    let in_layer = |from: f64, to: f64| Definition {
        layer: Some(LayerRange { name: "words".to_owned(), from, to }),
        ..definition()
    };
    place.put("ONE", in_layer(0.0, 50.0)).unwrap();
    place.put("TWO", in_layer(40.0, 100.0)).unwrap();
    place.go("ONE", TestMove::Start).unwrap();
    let refused = place.go("TWO", TestMove::Start).unwrap_err();
    assert_eq!((refused.code, refused.detail.as_str()), ("invalid-test", "layer [layer-overlap]"));
    place.put("TWO", in_layer(50.0, 100.0)).unwrap();
    place.go("TWO", TestMove::Start).unwrap();
}

#[test]
fn the_blob_the_tables_and_the_pointer_are_one_set() {
    let place = Place::testing(|_| {});
    block_on(set_holdout(&place.host, for_jobs(), HERE, 5.0, "because")).unwrap();
    let pointers = block_on(place.host.pointers()).unwrap();
    let version = pointers.get("experiments/production").unwrap();
    let blob = block_on(Blobs::get(&place.host, &format!("experiments/{version}"))).unwrap().unwrap();
    let set = block_on(place.host.definition_set(HERE)).unwrap();
    assert_eq!(String::from_utf8(blob).unwrap(), set);
    block_on(Blobs::remove(&place.host, &format!("experiments/{version}"))).unwrap();
    let live = block_on(live_experiments(&place.host, HERE, &pointers)).unwrap();
    assert_eq!((live.set.holdout_percentage, live.set.tests.len(), live.set.tests[0].opened_at_ms), (5.0, 1, NOW));
    assert_eq!(&live.version, version, "the tables stand in for a blob that has not arrived");
}

#[test]
fn no_more_tests_run_than_a_receipt_holds() {
    let place = Place::new();
    for number in 0..=MOST_TESTS {
        place.put(&format!("TEST_{number}"), definition()).unwrap();
    }
    for number in 0..MOST_TESTS {
        place.go(&format!("TEST_{number}"), TestMove::Start).unwrap();
    }
    let last = format!("TEST_{MOST_TESTS}");
    let refused = place.go(&last, TestMove::Start).unwrap_err();
    assert_eq!((refused.code, refused.detail.as_str()), ("invalid-test", "status [count]"));
    place.go("TEST_0", TestMove::Stop).unwrap();
    place.go(&last, TestMove::Start).unwrap();
}

#[test]
fn a_metric_has_one_guardrail() {
    let guardrail = |worse| Guardrail { metric: "dismissed".to_owned(), worse, margin: None };
    let twice = Definition { guardrails: vec![guardrail(Worse::Up), guardrail(Worse::Down)], ..definition() };
    let refused = Place::new().put(TEST, twice).unwrap_err();
    assert_eq!((refused.code, refused.detail.as_str()), ("invalid-test", "guardrails[1].metric [duplicate-name]"));
}
