//! Erasure: nothing of the person stays but the tombstone and the bare fact, and nothing of others goes.

use nearside_engine::ports::{
    ExperimentWrite, ExposureSource, FeedbackRow, InteractionLog, ModelAsk, ModelFacts, Models, People, PersonWrite,
    Saved, Snapshot, Upkeep,
};
use nearside_engine::types::Stated;
use pollster::block_on;
use serde_json::json;

use super::build::{NOW, acceptance, admin, event, event_id, save, scope, scope_of_admin, sharing, user, write};
use super::experiment_records::create;
use super::experiments::{change, device, exposed, outcome, person};
use super::sqlite::{Sqlite, store};
use crate::adapters::database::Cell;
use crate::adapters::{D1Store, DeadLetter};

fn letter(user: Option<u32>, payload: &str) -> DeadLetter {
    DeadLetter {
        user: user.map(super::build::user),
        payload: payload.to_owned(),
        reason: "poison".to_owned(),
        attempts: 11,
        at_ms: NOW,
    }
}

/// Leaves a trace of a person in every table that can hold one.
fn live(store: &D1Store<Sqlite>, number: u32) {
    save(store, number, sharing());
    let snapshot = Snapshot { has_significant_feedback: true, ..Snapshot::default() };
    let events = vec![event(1, NOW - 5), acceptance(2, "pension", NOW - 4)];
    let feedback = FeedbackRow {
        id: event_id(1),
        recommendation_id: None,
        feedback_type: "GENERAL_FEEDBACK".to_owned(),
        rating: None,
        feedback_text: Some("fine".to_owned()),
        timestamp: NOW,
    };
    let phone = device(number);
    let experiments = ExperimentWrite {
        outcomes: vec![outcome(&person(number), 2)],
        totals: [person(number), phone.clone()].map(|unit| change(&unit, "accepted", true, 1.0)).into(),
        ..exposed(&[(person(number), "LOUD"), (phone, "LOUD")])
    };
    block_on(store.apply(&[PersonWrite {
        snapshot,
        feedback: vec![feedback],
        experiments,
        ..write(number, 1, events)
    }]))
    .unwrap();
    let stated = Stated { age: Some(44), ..Stated::default() };
    assert_eq!(block_on(store.save_stated(scope_of_admin(number), &stated, NOW, 2)).unwrap(), Saved::Yes(3));
    block_on(store.write_features(&[scope(number)], false, NOW)).unwrap();
    learn(store, number);
    block_on(store.bury_letters(&[letter(Some(number), &format!("{{\"only\":\"{}\"}}", user(number)))])).unwrap();
}

/// Leaves what the origin job learned of a person: a neighbour in each direction, and a model of their own.
fn learn(store: &D1Store<Sqlite>, person: u32) {
    save(store, 7, sharing());
    let pair =
        |person: u32, other: u32| json!({"user_id": user(person), "similar": [{"user_id": user(other), "score": 0.5}]});
    let neighbours = json!({"calculated_at": "2026-11-20T00:00:00Z", "people": [pair(person, 7)]});
    let back = json!({"calculated_at": "2026-11-20T00:00:00Z", "people": [pair(7, person)]});
    let kind = "RECOMMENDATION_RANKING";
    let models = json!({"models": [
        {"user_id": user(person), "model_type": kind, "model_version": "v", "weights": {}, "performance": {}},
    ]});
    let asks = [(ModelAsk::SimilarUsers, neighbours), (ModelAsk::SimilarUsers, back), (ModelAsk::UserModels, models)];
    for (ask, body) in asks {
        let facts = ModelFacts::of("").json("body", &body.to_string());
        block_on(store.model_records(admin(), ask, &facts, NOW)).unwrap();
    }
}

fn text_of(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        other => panic!("not a text: {other:?}"),
    }
}

/// Tables that mention this person in any column.
fn mentions(store: &D1Store<Sqlite>, person: u32) -> Vec<String> {
    let tables = store.database.query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    let names = tables.into_iter().map(|row| text_of(&row[0]));
    let id = user(person).to_string();
    let has = |name: &String| {
        store
            .database
            .query(&format!("SELECT * FROM {name}"))
            .iter()
            .flatten()
            .any(|cell| matches!(cell, Cell::Text(text) if text.contains(&id)))
    };
    names.filter(has).collect()
}

#[test]
fn only_the_tombstone_and_the_bare_fact_stay() {
    let store = store();
    create(&store);
    live(&store, 1);
    live(&store, 2);
    let everywhere = mentions(&store, 2);
    assert_eq!(everywhere.len(), 14, "the test leaves a trace in every table with a person: {everywhere:?}");
    let receipt = block_on(store.erase(scope_of_admin(1), "receipt-1", NOW)).unwrap();
    assert_eq!(mentions(&store, 1), ["audit_log", "erasure_tombstones"]);
    assert_eq!(mentions(&store, 2), everywhere);
    let removed = |table: &str| receipt.removed.get(table).copied().unwrap_or_default();
    assert_eq!(
        (removed("user_interactions"), removed("recommendation_outcomes"), removed("user_personalization_profiles")),
        (2, 1, 1)
    );
    let of_tests = ["ab_test_assignments", "ab_test_unit_totals", "ab_test_outcomes"].map(removed);
    assert_eq!(of_tests, [2, 2, 1]);
    let of_device = "SELECT COUNT(*) FROM ab_test_unit_totals WHERE unit_id = 'phone-1'";
    assert_eq!(store.database.number(of_device), 0.0);
    let units = "SELECT units FROM ab_test_statistics WHERE metric = 'accepted' AND segment = ''";
    assert_eq!(store.database.number(units), 4.0, "sums name nobody, and stay");
    assert_eq!((removed("personalization_settings"), removed("dead_letters"), removed("audit_log")), (1, 1, 2));
    assert_eq!(
        (receipt.erased_at.as_str(), receipt.restorable_until.as_str()),
        ("2026-11-20T00:00:00Z", "2026-12-20T00:00:00Z")
    );
    let fact = store.database.text(&format!(
        "SELECT action || actor_kind || new_value FROM audit_log WHERE subject_user_id = '{}'",
        user(1)
    ));
    assert_eq!(fact, "person.erasedadmin{\"receipt_id\":\"receipt-1\"}");
}

#[test]
fn who_goes_on_an_erased_persons_unit_does_not_name_them() {
    let store = store();
    create(&store);
    live(&store, 1);
    save(&store, 2, sharing());
    let mut merged = exposed(&[(person(2), "LOUD")]);
    (merged.exposures[0].source, merged.exposures[0].counts_as) = (ExposureSource::Merged, Some(person(1).id));
    let experiments = ExperimentWrite { outcomes: vec![outcome(&person(2), 5)], ..merged };
    block_on(store.apply(&[PersonWrite { experiments, ..write(2, 1, Vec::new()) }])).unwrap();
    block_on(store.erase(scope(1), "receipt", NOW)).unwrap();
    assert_eq!(mentions(&store, 1), ["audit_log", "erasure_tombstones"]);
    assert_eq!(store.database.number("SELECT COUNT(*) FROM ab_test_outcomes"), 1.0);
}

#[test]
fn erasing_twice_gives_two_receipts_the_second_of_nothing() {
    let store = store();
    create(&store);
    live(&store, 1);
    block_on(store.erase(scope(1), "first", NOW)).unwrap();
    let second = block_on(store.erase(scope(1), "second", NOW + 1)).unwrap();
    assert_eq!(second.removed.len(), 0, "{second:?}");
    let record = block_on(store.load(scope(1), &[])).unwrap();
    assert_eq!((record.is_known, record.erased_at_ms), (false, Some(NOW + 1)));
    assert_eq!(store.database.number("SELECT COUNT(*) FROM audit_log WHERE action = 'person.erased'"), 2.0);
}

#[test]
fn a_clock_that_jumped_back_does_not_open_the_door_again() {
    let store = store();
    block_on(store.erase(scope(1), "first", NOW)).unwrap();
    block_on(store.erase(scope(1), "second", NOW - 1_000)).unwrap();
    assert_eq!(block_on(store.load(scope(1), &[])).unwrap().erased_at_ms, Some(NOW));
}

#[test]
fn a_message_of_several_people_loses_only_the_erased_ones_events() {
    let store = store();
    let message = format!(
        r#"{{"v":1,"received_at_ms":5,"events":[{{"user":"{}","event":{{"id":"a"}}}},{{"user":"{}","event":{{"id":"b"}}}}]}}"#,
        user(1),
        user(2)
    );
    let broken = format!("not json, but {}", user(1).to_string().to_uppercase());
    let odd = format!(r#"{{"events":["{}"]}}"#, user(1));
    let others = format!("not json, but {}", user(2));
    block_on(store.bury_letters(&[
        letter(None, &message),
        letter(None, &broken),
        letter(None, &odd),
        letter(None, &others),
    ]))
    .unwrap();
    let receipt = block_on(store.erase(scope(1), "receipt", NOW)).unwrap();
    assert_eq!(receipt.removed.get("dead_letters").copied(), Some(2));
    let payloads = store.database.query("SELECT payload FROM dead_letters");
    let left: Vec<String> = payloads.into_iter().map(|row| text_of(&row[0])).collect();
    let cut = format!(r#"{{"v":1,"received_at_ms":5,"events":[{{"user":"{}","event":{{"id":"b"}}}}]}}"#, user(2));
    assert_eq!(left.len(), 2);
    assert!(left.contains(&cut) && left.contains(&others), "{left:?}");
}

#[test]
fn a_letter_that_is_delivered_again_is_one_row() {
    let store = store();
    assert_eq!(block_on(store.bury_letters(&[letter(None, "x"), letter(Some(1), "y")])).unwrap(), 2);
    assert_eq!(block_on(store.bury_letters(&[letter(None, "x"), letter(None, "z")])).unwrap(), 1);
    assert_eq!(store.database.number("SELECT COUNT(*) FROM dead_letters"), 3.0);
    assert_eq!(block_on(store.bury_letters(&[])).unwrap(), 0);
}

#[test]
fn the_own_export_holds_every_table_and_only_the_person() {
    let store = store();
    create(&store);
    live(&store, 1);
    live(&store, 2);
    let text = block_on(People::export(&store, scope(1))).unwrap();
    let export: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(!text.contains(&user(2).to_string()));
    for table in mentions(&store, 1).iter().filter(|table| *table != "dead_letters") {
        assert!(!export[table].as_array().unwrap().is_empty(), "{table}");
    }
    assert_eq!(export["user_interactions"][0]["id"], event_id(2));
    assert_eq!(export["user_interactions"][0]["timestamp"], "2026-11-19T23:59:59.996Z");
    assert_eq!(export["user_interactions"][0]["facts"]["category"], "TAX");
    assert_eq!(export["user_personalization_profiles"][0]["stated"]["age"], 44);
    assert_eq!(export["personalization_settings"][0]["personalization_enabled"], 1);
}

#[test]
fn the_own_export_of_somebody_unknown_is_empty_tables() {
    let export = block_on(People::export(&store(), scope(1))).unwrap();
    let export: serde_json::Value = serde_json::from_str(&export).unwrap();
    assert!(export.as_object().unwrap().values().all(|table| table.as_array().unwrap().is_empty()));
}

#[test]
fn an_erased_person_appears_in_the_export_once_as_a_tombstone() {
    let store = store();
    create(&store);
    live(&store, 1);
    block_on(store.erase(scope(1), "receipt", NOW)).unwrap();
    let page = block_on(InteractionLog::export(&store, admin(), 0, 100)).unwrap();
    assert_eq!(page.rows.len(), 1);
}
