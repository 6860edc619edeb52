//! Definitions that cannot run are named by path and rule.

use nearside_json::{read_json, read_json_within, write_json};
use serde_json::{Value, json};

use super::super::{Algorithm, Experiment, Hashing, Status, check_beside, check_change, check_experiment};
use super::build::{slot, test};
use crate::pack::Finding;

fn found(findings: &[Finding]) -> Vec<(&str, &'static str)> {
    findings.iter().map(|finding| (finding.path.as_str(), finding.rule)).collect()
}

/// A good definition with one field replaced gives exactly one finding.
fn check(pointer: &str, value: Value, path: &str, rule: &str) {
    let findings = check_experiment(&changed(pointer, value), None);
    assert_eq!(found(&findings), [(path, rule)], "{findings:?}");
}

fn changed(pointer: &str, value: Value) -> Experiment {
    let mut json = serde_json::to_value(test("a")).unwrap();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match json.pointer_mut(parent).unwrap() {
        Value::Array(list) => list[name.parse::<usize>().unwrap()] = value,
        object => object[name] = value,
    }
    read_json(json.to_string().as_bytes()).unwrap()
}

#[test]
fn a_good_definition_has_no_finding_and_comes_back_as_it_was_written() {
    let mut full = test("a");
    full.layer = slot("page", 0.0, 0.5);
    full.eligibility = super::build::condition(
        r#"{"all":[{"fact":"context.country","in":["GB"]},{"fact":"unit.share.x","below":0.5}]}"#,
    );
    full.reweight(&[40.0, 60.0]);
    assert_eq!(check_experiment(&full, None), []);
    let read: Experiment = read_json(write_json(&full).as_bytes()).unwrap();
    assert_eq!(read, full);
}

#[test]
fn shares_that_do_not_sum_to_100_are_refused_with_the_sum() {
    check("/variants/1/traffic_percentage", json!(49.5), "variants", "traffic-sum");
    let findings = check_experiment(&changed("/variants/1/traffic_percentage", json!(49.5)), None);
    assert!(findings[0].detail.contains("99.5"), "{}", findings[0]);
    let mut bad = test("a");
    bad.variants[0].traffic_percentage = f64::NAN;
    let findings = check_experiment(&bad, None);
    assert_eq!(found(&findings), [("variants[0].traffic_percentage", "range")]);
    bad.variants[0].traffic_percentage = -10.0;
    bad.variants[1].traffic_percentage = 110.0;
    let paths: Vec<(&str, &str)> =
        vec![("variants[0].traffic_percentage", "range"), ("variants[1].traffic_percentage", "range")];
    assert_eq!(found(&check_experiment(&bad, None)), paths);
    let thirds = json!([
        {"name": "CONTROL", "traffic_percentage": 33.3},
        {"name": "B", "traffic_percentage": 33.3},
        {"name": "C", "traffic_percentage": 33.4}
    ]);
    assert_eq!(check_experiment(&changed("/variants", thirds), None), []);
}

#[test]
fn names_are_known_unique_and_of_a_length() {
    check("/variants/1/name", json!("CONTROL"), "variants[1].name", "duplicate-name");
    check("/variants/1/name", json!(""), "variants[1].name", "text-id");
    check("/variants/0/name", json!("BASE"), "variants", "control");
    check("/variants/1/name", json!("x".repeat(51)), "variants[1].name", "text-id");
    check("/test_name", json!(" a"), "test_name", "text-id");
    check("/environment", json!("Production"), "environment", "environment");
    check("/salt", json!(""), "salt", "text-id");
    assert_eq!(
        found(&check_experiment(&changed("/variants", json!([])), None)),
        [("variants", "count"), ("variants", "control")]
    );
}

#[test]
fn numbers_stay_in_their_ranges() {
    check("/coverage", json!(1.01), "coverage", "range");
    check("/coverage", json!(-0.01), "coverage", "range");
    check("/epoch", json!(0), "epoch", "range");
    let mut backwards = test("a");
    (backwards.start_at_ms, backwards.end_at_ms) = (Some(5), Some(5));
    assert_eq!(found(&check_experiment(&backwards, None)), [("end_at_ms", "end-before-start")]);
    check("/layer", json!({"name": "l", "from": 0.5, "to": 0.5}), "layer", "layer-empty");
    check("/layer", json!({"name": "l", "from": 0.5, "to": 1.5}), "layer.to", "range");
}

#[test]
fn an_algorithm_gets_what_it_needs_and_nothing_else() {
    check("/hashing", json!({"algorithm": "growthbook-v2"}), "hashing.seed", "seed");
    check("/hashing", json!({"seed": "x"}), "hashing.seed", "foreign-only");
    check("/hashing", json!({"algorithm": "posthog", "seed": "x", "shards": 3}), "hashing.shards", "eppo-only");
    let gate = json!({"algorithm": "optimizely", "seed": "x", "gates": [{"seed": "g", "ranges": []}]});
    check("/hashing", gate, "hashing.gates[0]", "count");
    let range = json!({"algorithm": "optimizely", "seed": "x", "ranges": [{"variant": 2, "from": 0, "to": 5000}]});
    check("/hashing", range, "hashing.ranges[0]", "known-variant");
    let range = json!({"algorithm": "optimizely", "seed": "x", "ranges": [{"variant": 1, "from": 9, "to": 5}]});
    check("/hashing", range, "hashing.ranges[0]", "range");
    let mut thirds = Experiment {
        hashing: Hashing { algorithm: Algorithm::Unleash, seed: Some("g".to_owned()), ..Hashing::default() },
        ..test("a")
    };
    thirds.variants[0].traffic_percentage = 33.33;
    thirds.variants[1].traffic_percentage = 66.67;
    let paths = ["variants[0].traffic_percentage", "variants[1].traffic_percentage"];
    assert_eq!(found(&check_experiment(&thirds, None)), paths.map(|path| (path, "unleash-thousandths")));
    (thirds.variants[0].traffic_percentage, thirds.variants[1].traffic_percentage) = (33.3, 66.7);
    assert_eq!(check_experiment(&thirds, None), []);
    assert!(read_json::<Experiment>(br#"{"test_name":"a","variants":[],"hashing":{"algorithm":"md4"}}"#).is_err());
}

#[test]
fn an_allocation_gives_the_stated_shares() {
    let allocation = json!([["0000000000000000", 1], ["4000000000000000", 0]]);
    let mut definition = changed("/allocation", allocation);
    let expected = [
        ("variants[0].traffic_percentage", "allocation-share"),
        ("variants[1].traffic_percentage", "allocation-share"),
    ];
    assert_eq!(found(&check_experiment(&definition, None)), expected);
    definition.variants[0].traffic_percentage = 75.0;
    definition.variants[1].traffic_percentage = 25.0;
    assert_eq!(check_experiment(&definition, None), []);
    check(
        "/allocation",
        json!([["0000000000000000", 0], ["8000000000000000", 1], ["ffffffffffffffff", 2]]),
        "allocation",
        "known-variant",
    );
}

#[test]
fn conditions_are_small_and_about_people() {
    let fact = json!({"fact": "item.kind", "in": ["x"]});
    check("/eligibility", fact, "eligibility", "person-fact");
    let country = json!({"fact": "context.country", "in": ["GB"]});
    check("/eligibility", json!({"any": vec![country.clone(); 65]}), "eligibility", "condition-size");
    let deep = (0..8).fold(country, |inner, _| json!({"not": inner}));
    check("/eligibility", deep.clone(), "eligibility", "condition-size");
    let deeper = (0..60).fold(deep, |inner, _| json!({"not": inner}));
    let json = json!({"test_name": "a", "variants": [], "eligibility": deeper}).to_string();
    assert!(read_json_within::<Experiment>(16, json.as_bytes()).is_err());
}

#[test]
fn tests_of_a_layer_do_not_overlap_while_both_run() {
    let layered = |name: &str, from: f64, to: f64| Experiment { layer: slot("page", from, to), ..test(name) };
    let other = [layered("b", 0.5, 1.0)];
    assert_eq!(check_beside(&layered("a", 0.0, 0.5), &other), []);
    assert_eq!(found(&check_beside(&layered("a", 0.0, 0.6), &other)), [("layer", "layer-overlap")]);
    assert_eq!(check_beside(&layered("b", 0.0, 1.0), &other), []);
    let draft = Experiment { status: Status::Draft, ..layered("a", 0.0, 0.6) };
    assert_eq!(check_beside(&draft, &other), []);
    let earlier = Experiment { end_at_ms: Some(10), ..layered("a", 0.0, 0.6) };
    let later = [Experiment { start_at_ms: Some(10), ..layered("b", 0.5, 1.0) }];
    assert_eq!(check_beside(&earlier, &later), []);
    let device = Experiment { unit: super::super::UnitKind::Device, ..layered("a", 0.0, 0.5) };
    assert_eq!(found(&check_beside(&device, &other)), [("layer", "layer-unit")]);
}

#[test]
fn a_running_test_changes_without_assigning_anew() {
    let old = test("a");
    let next = |change: fn(&mut Experiment)| {
        let mut new = Experiment { epoch: 2, ..old.clone() };
        change(&mut new);
        check_change(&old, &new).into_iter().map(|finding| (finding.path, finding.rule)).collect::<Vec<_>>()
    };
    assert_eq!(next(|new| new.reweight(&[10.0, 90.0])), []);
    assert_eq!(next(|new| new.variants.swap(0, 1)).len(), 2);
    assert_eq!(next(|new| new.salt = Some("b".to_owned())), [("salt".to_owned(), "assigns-anew")]);
    assert_eq!(next(|new| new.test_name = "b".to_owned())[0].1, "other-test");
    let same_epoch = |change: fn(&mut Experiment)| {
        let mut new = old.clone();
        change(&mut new);
        check_change(&old, &new).len()
    };
    assert_eq!([same_epoch(|new| new.coverage = 0.5), same_epoch(|new| new.description.push('x'))], [1, 0]);
    let draft = Experiment { status: Status::Draft, ..test("a") };
    assert_eq!(check_change(&draft, &Experiment { salt: Some("b".to_owned()), ..test("a") }), []);
}
