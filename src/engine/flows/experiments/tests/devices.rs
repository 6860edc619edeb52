//! What devices read of the tests: they assign as before, and learn nothing that they do not need.

use pollster::block_on;

use super::place::{HERE, NOW, Place, TEST, definition, user};
use crate::experiments::{Algorithm, Assignments, Hashing};
use crate::flows::experiments::definition::{Definition, DefinitionSet, LayerRange, TestVariant};
use crate::flows::experiments::definitions::{TestMove, set_holdout};
use crate::flows::experiments::live::{Ids, LiveExperiments, live_experiments};
use crate::flows::experiments::parsed_set;
use crate::privacy::for_jobs;
use crate::types::{Fact, FactValue, Facts};
use nearside_json::{RawJson, write_json};

/// Nobody of whom anything is known.
struct Nobody;

impl Facts for Nobody {
    fn value(&self, _fact: &Fact) -> FactValue<'_> {
        FactValue::Unknown
    }
}

/// A definition with a word in everything that a device does not need.
fn talkative(change: impl FnOnce(&mut Definition)) -> Definition {
    let mut made = Definition {
        description: "a secret plan".to_owned(),
        hypothesis: "a secret hope".to_owned(),
        framing: None,
        pack: None,
        traffic_percentage: 70.0,
        minimum_sample_size: 4_711,
        ..definition()
    };
    let told = |variant: TestVariant| TestVariant {
        description: "a secret look".to_owned(),
        value: Some(RawJson::of_text("a secret value")),
        ..variant
    };
    made.variants = made.variants.into_iter().map(told).collect();
    change(&mut made);
    made
}

/// A shop with tests of every kind, and their set.
fn a_set() -> DefinitionSet {
    let place = Place::new();
    place.open_a_club();
    let run = |name: &str, made: Definition| {
        place.put(name, made).unwrap();
        place.go(name, TestMove::Start).unwrap();
    };
    run(TEST, talkative(|made| made.pack = Some("shop".to_owned())));
    run("EVERYWHERE", talkative(|_| {}));
    run("CLUB", talkative(|made| made.pack = Some("club".to_owned())));
    run("EARLY", talkative(|made| made.start_date = Some("2027-01-01T00:00:00Z".to_owned())));
    let slot = |from: f64, to: f64| Some(LayerRange { name: "page".to_owned(), from, to });
    run("LEFT", talkative(|made| made.layer = slot(0.0, 50.0)));
    run("RIGHT", talkative(|made| made.layer = slot(50.0, 100.0)));
    let hash = Hashing { algorithm: Algorithm::GrowthBookV2, seed: Some("theirs".to_owned()), ..Hashing::default() };
    run("THEIRS", talkative(|made| (made.hash, made.traffic_percentage) = (hash, 100.0)));
    run("OPEN", talkative(|made| made.in_holdout = false));
    run("OVER", talkative(|_| {}));
    place.go("OVER", TestMove::Stop).unwrap();
    place.put("DRAFT", talkative(|_| {})).unwrap();
    block_on(set_holdout(&place.host, for_jobs(), HERE, 10.0, "a secret reason")).unwrap();
    let pointers = block_on(crate::ports::Library::pointers(&place.host)).unwrap();
    block_on(live_experiments(&place.host, HERE, &pointers)).unwrap().set.clone()
}

/// What a set decides of a test for many people: variants, epochs and reasons.
fn decided(set: &DefinitionSet, name: &str) -> Vec<String> {
    let live = LiveExperiments::new(String::new(), set.clone());
    let of = |number: u32| {
        let id = user(number).to_string();
        let ids = Ids { user: Some(&id), session: Some(&id), device: Some(&id) };
        let decided = live.decide_one(name, ids, &Nobody, &Assignments::new(), NOW);
        format!("{:?}", decided.map(|decided| decided.named()))
    };
    (0..400).map(of).collect()
}

#[test]
fn devices_assign_by_what_they_read_as_the_whole_set_does() {
    let whole = a_set();
    let offered = parsed_set(write_json(&whole.for_devices("shop").unwrap()).as_bytes(), HERE).unwrap();
    let names: Vec<&str> = offered.tests.iter().map(|test| test.test_name.as_str()).collect();
    assert_eq!(names, ["EARLY", "EVERYWHERE", "LEFT", "OPEN", "OVER", "RIGHT", "THEIRS", TEST]);
    for name in names {
        let expected = decided(&whole, name);
        assert_eq!(decided(&offered, name), expected, "{name}");
        let loud = expected.iter().filter(|said| said.contains("LOUD")).count();
        assert_eq!(loud > 0, !["EARLY", "OVER"].contains(&name), "{name}: {loud}");
    }
}

#[test]
fn what_devices_do_not_need_is_not_offered() {
    let whole = a_set();
    let offered = write_json(&whole.for_devices("shop").unwrap());
    for secret in ["secret", "because", "4711", "CLUB", "DRAFT"] {
        assert!(write_json(&whole).contains(secret) || secret == "because", "{secret} is in the whole set");
        assert!(!offered.contains(secret), "{secret}: {offered}");
    }
    let salt = |name: &str| whole.test(name).unwrap().salt.clone();
    assert!(offered.contains(&salt(TEST)) && offered.contains(&whole.salt));
    assert!(!offered.contains(&salt("OVER")), "what does not run is not hashed");
    let mut plain = whole.clone();
    plain.holdout_percentage = 0.0;
    plain.tests.retain(|test| test.definition.layer.is_none());
    assert_eq!(plain.for_devices("shop").unwrap().salt, "", "nothing is hashed with it");
    plain.tests.retain(|test| test.test_name == "CLUB" || test.test_name == "DRAFT");
    assert_eq!(plain.for_devices("shop"), None);
}
