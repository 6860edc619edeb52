//! The records of models, asked of D1's statements and of the engine's memory: what one promises, the other keeps.

use nearside_engine::ports::memory::Memory;
use nearside_engine::ports::{
    InteractionLog, Library, ModelAsk, ModelFacts, Models, Neighbours, People, Pointers, PurgeLimits, TakenItem, Upkeep,
};
use nearside_engine::types::Settings;
use pollster::block_on;
use serde_json::{Value, json};

use super::build::{NOW, acceptance, admin, event, log, save, scope, sharing, user};

pub(super) trait Store: People + InteractionLog + Library + Upkeep + Models + Neighbours {}
impl<S: People + InteractionLog + Library + Upkeep + Models + Neighbours> Store for S {}

macro_rules! on_every_store {
    ($($promise:ident),* $(,)?) => {
        mod sqlite { $(#[test] fn $promise() { super::$promise(&super::super::sqlite::store()); })* }
        mod memory { $(#[test] fn $promise() { super::$promise(&super::Memory::<()>::default()); })* }
    };
}

on_every_store!(
    a_version_is_added_once,
    pointers_and_statuses_move_together_or_not_at_all,
    an_empty_name_is_no_pointer,
    a_move_is_decided_on_what_was_live_before_and_on_the_moves_so_far,
    old_versions_go_with_the_move_or_not_at_all,
    old_versions_go_for_a_new_one_unless_a_pointer_names_them,
    a_second_request_is_answered_with_the_first,
    what_is_finished_stays_as_it_is,
    a_pack_that_is_not_live_is_asked_for_nothing,
    evaluations_are_written_once_and_go_in_time,
    neighbours_are_stored_where_both_share,
    a_withdrawal_takes_neighbours_in_both_directions,
    an_erasure_takes_what_was_learned,
    corrections_of_the_ranking_come_with_their_person_as_long_as_they_may,
    people_under_a_hashed_name_are_listed_in_order,
    choices_are_those_of_the_neighbours_who_share_now,
);

pub(super) fn publish(store: &impl Store) {
    block_on(store.point(admin(), &Pointers::from([("pack/finance".to_owned(), "p".to_owned())]), NOW)).unwrap();
}

/// Facts about the pack of the tests.
pub(super) fn finance() -> ModelFacts {
    ModelFacts::of("finance")
}

/// The same with texts.
fn with(texts: &[(&str, &str)]) -> ModelFacts {
    texts.iter().fold(finance(), |facts, (name, text)| facts.text(name, text))
}

pub(super) fn ask(store: &impl Store, ask: ModelAsk, facts: ModelFacts) -> Value {
    let answer = block_on(store.model_records(admin(), ask, &facts, NOW)).unwrap();
    if answer.is_empty() { Value::Null } else { serde_json::from_str(&answer).unwrap() }
}

/// Asks with a body, and gives the number of rows that were written.
fn written(store: &impl Store, what: ModelAsk, body: &Value) -> u64 {
    ask(store, what, finance().json("body", &body.to_string()))["written"].as_u64().unwrap()
}

fn add(store: &impl Store, version: &str) {
    let body = r#"{"trained_at_ms":7,"window":{},"metrics":{},"importance":{}}"#;
    let facts = with(&[("version", version), ("action", "uploaded")]).json("size_bytes", "9").json("body", body);
    ask(store, ModelAsk::Add, facts);
}

fn promotion(version: &str, was_live: &str) -> ModelFacts {
    let texts =
        [("version", version), ("action", "promoted"), ("live", version), ("canary", ""), ("was_live", was_live)];
    with(&texts).text("was_canary", "").json("details", r#"{"passed":true}"#)
}

fn promote(store: &impl Store, version: &str, was_live: &str) -> Value {
    ask(store, ModelAsk::Move, promotion(version, was_live))
}

fn report(store: &impl Store) -> Value {
    ask(store, ModelAsk::Performance, finance())["packs"][0].clone()
}

/// Versions and their statuses, by version.
fn statuses(store: &impl Store) -> Vec<(String, String)> {
    let report = report(store);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let versions = report["versions"].as_array().unwrap().iter();
    let mut found: Vec<_> = versions.map(|one| (text(&one["version"]), text(&one["status"]))).collect();
    found.sort();
    found
}

fn a_version_is_added_once(store: &impl Store) {
    publish(store);
    add(store, "a");
    add(store, "a");
    assert_eq!(statuses(store), [("a".to_owned(), "CANDIDATE".to_owned())]);
    assert_eq!(report(store)["log"].as_array().unwrap().len(), 1);
}

fn pointers_and_statuses_move_together_or_not_at_all(store: &impl Store) {
    publish(store);
    for version in ["a", "b"] {
        add(store, version);
    }
    assert_ne!(promote(store, "a", ""), Value::Null);
    assert_eq!(promote(store, "b", ""), Value::Null, "it was decided on what is no longer so");
    assert_eq!(block_on(store.pointers()).unwrap().get("model/finance").map(String::as_str), Some("a"));
    assert_ne!(promote(store, "b", "a"), Value::Null);
    let status = |version: &str, status: &str| (version.to_owned(), status.to_owned());
    assert_eq!(statuses(store), [status("a", "RETIRED"), status("b", "LIVE")]);
    let canary = [("action", "canary"), ("live", "b"), ("canary", "a:5"), ("was_live", "b"), ("was_canary", "")];
    assert_ne!(ask(store, ModelAsk::Move, with(&canary)), Value::Null);
    assert_eq!(statuses(store), [status("a", "CANARY"), status("b", "LIVE")]);
    let state = ask(store, ModelAsk::State, finance());
    assert_eq!((&state["live"], &state["canary"]), (&json!("b"), &json!("a:5")));
    let promoted = |name: &str| {
        let found = state["versions"].as_array().unwrap().iter().find(|one| one["version"] == name).unwrap();
        found["promoted_at_ms"].as_i64().unwrap()
    };
    assert!(promoted("a") < promoted("b"), "two promotions at one moment keep their order");
    let actions: Vec<Value> =
        report(store)["log"].as_array().unwrap().iter().map(|row| row["action"].clone()).collect();
    assert_eq!(actions, ["canary", "promoted", "promoted", "uploaded", "uploaded"]);
}

fn an_empty_name_is_no_pointer(store: &impl Store) {
    publish(store);
    add(store, "a");
    promote(store, "a", "");
    let back = [("action", "rolled_back"), ("live", ""), ("canary", ""), ("was_live", "a"), ("was_canary", "")];
    assert_ne!(ask(store, ModelAsk::Move, with(&back)), Value::Null);
    let pointers = block_on(store.pointers()).unwrap();
    assert_eq!(pointers.keys().map(String::as_str).collect::<Vec<_>>(), ["pack/finance"]);
    assert_eq!((&report(store)["live"], &report(store)["canary"]), (&Value::Null, &Value::Null));
}

fn a_move_is_decided_on_what_was_live_before_and_on_the_moves_so_far(store: &impl Store) {
    publish(store);
    ["a", "b"].iter().for_each(|version| add(store, version));
    let previous = || {
        let state = ask(store, ModelAsk::State, finance());
        let pointer = block_on(store.pointers()).unwrap().get("previous/finance").cloned();
        assert_eq!(state["previous"], pointer.clone().unwrap_or_default());
        assert_eq!(report(store)["previous"], json!(pointer));
        pointer
    };
    let back = |was_live: &str| {
        let facts = with(&[("action", "rolled_back"), ("live", ""), ("canary", ""), ("was_canary", "")]);
        ask(store, ModelAsk::Move, facts.text("was_live", was_live))
    };
    let row = |is_promotion: bool, version: &str, from: &str| json!({"is_promotion": is_promotion, "version": version, "from": from});
    promote(store, "a", "");
    assert_eq!(previous(), None);
    ask(store, ModelAsk::Move, promotion("b", "a").text("previous", "a"));
    assert_eq!(previous().as_deref(), Some("a"));
    back("b");
    assert_eq!(previous(), None);
    promote(store, "b", "a");
    let moves = || ask(store, ModelAsk::State, finance())["moves"].as_array().unwrap().clone();
    assert_eq!(moves(), [row(true, "a", ""), row(true, "b", "a"), row(false, "", "b")], "what was refused is no move");
    for _ in 0..60 {
        promote(store, "a", "");
        back("a");
    }
    assert_eq!((moves().len(), moves().pop()), (100, Some(row(false, "", "a"))));
}

fn old_versions_go_with_the_move_or_not_at_all(store: &impl Store) {
    publish(store);
    for version in ["a", "b"] {
        add(store, version);
    }
    let facts = |was_live: &str| promotion("a", was_live).json("names", r#"["b"]"#);
    assert_eq!(ask(store, ModelAsk::Move, facts("b")), Value::Null);
    assert_eq!(statuses(store).len(), 2);
    ask(store, ModelAsk::Move, facts(""));
    assert_eq!(statuses(store), [("a".to_owned(), "LIVE".to_owned())]);
}

fn old_versions_go_for_a_new_one_unless_a_pointer_names_them(store: &impl Store) {
    publish(store);
    ["a", "b", "c", "d"].iter().for_each(|version| add(store, version));
    promote(store, "a", "");
    ask(store, ModelAsk::Move, promotion("b", "a").text("previous", "a"));
    let canary = [("version", "c"), ("action", "canary"), ("live", "b"), ("canary", "c:5"), ("previous", "a")];
    ask(store, ModelAsk::Move, with(&canary).text("was_live", "b").text("was_canary", ""));
    let facts = with(&[("version", "e"), ("action", "uploaded")]).json("size_bytes", "9");
    let body = r#"{"trained_at_ms":7,"window":{},"metrics":{},"importance":{}}"#;
    let facts = facts.json("body", body).json("names", r#"["a","b","c","d","x"]"#);
    assert_eq!(ask(store, ModelAsk::Add, facts), json!(["d", "x"]));
    let kept: Vec<String> = statuses(store).into_iter().map(|(version, _)| version).collect();
    assert_eq!(kept, ["a", "b", "c", "e"]);
    let late = [("version", "d"), ("action", "promoted"), ("live", "d"), ("canary", ""), ("previous", "b")];
    let late = with(&late).text("was_live", "b").text("was_canary", "c:5");
    assert_eq!(ask(store, ModelAsk::Move, late), Value::Null, "what was let go meanwhile does not serve");
    assert_eq!(report(store)["live"], "b");
}

/// Asks for a job; gives the id of the open request.
fn request(store: &impl Store, id: &str, kind: &str) -> Value {
    let facts = with(&[("action", kind), ("id", id)]).json("body", r#"{"pack":"finance"}"#);
    ask(store, ModelAsk::Request, facts)["id"].clone()
}

/// Marks a request; gives its status.
fn finish(store: &impl Store, id: &str, status: &str) -> Value {
    let body = json!({"status": status}).to_string();
    ask(store, ModelAsk::Finish, with(&[("id", id)]).json("body", &body))["status"].clone()
}

fn a_second_request_is_answered_with_the_first(store: &impl Store) {
    publish(store);
    let ids = [request(store, "1", "TRAIN"), request(store, "2", "TRAIN"), request(store, "3", "EVALUATE")];
    assert_eq!(ids, ["1", "1", "3"]);
    finish(store, "1", "RUNNING");
    assert_eq!(request(store, "4", "TRAIN"), "4", "one that has begun may miss what is new");
    let open = ask(store, ModelAsk::Requests, finance());
    assert_eq!(open["requests"].as_array().unwrap().len(), 3);
}

fn what_is_finished_stays_as_it_is(store: &impl Store) {
    publish(store);
    request(store, "1", "TRAIN");
    let statuses = [finish(store, "1", "DONE"), finish(store, "1", "FAILED"), finish(store, "2", "DONE")];
    assert_eq!(statuses, [json!("DONE"), json!("DONE"), json!(null)]);
}

fn a_pack_that_is_not_live_is_asked_for_nothing(store: &impl Store) {
    assert_eq!(request(store, "1", "TRAIN"), Value::Null);
    for what in [ModelAsk::Retrained, ModelAsk::ModelsOfPack, ModelAsk::State] {
        assert_eq!(ask(store, what, finance().json("body", r#"{"action":"retrained"}"#)), Value::Null);
    }
}

fn evaluations_are_written_once_and_go_in_time(store: &impl Store) {
    let row = |at: &str| json!({"pack": "finance", "version": "a", "kind": "weekly", "evaluated_at": at, "window": {}, "metrics": {}});
    let body = json!({"evaluations": [row("2026-11-19T00:00:00Z"), row("2025-11-19T00:00:00Z")]});
    assert_eq!(
        [written(store, ModelAsk::AddEvaluations, &body), written(store, ModelAsk::AddEvaluations, &body)],
        [2, 2]
    );
    let stored = || ask(store, ModelAsk::Evaluations, finance())["evaluations"].as_array().unwrap().len();
    assert_eq!(stored(), 2);
    let days = 365;
    let limits = PurgeLimits {
        now_ms: NOW,
        feature_vectors_days: days,
        dead_letters_days: days,
        tombstones_days: days,
        audit_days: days,
        evaluations_days: days,
    };
    block_on(store.purge(&limits)).unwrap();
    assert_eq!(stored(), 1);
}

/// Stores neighbours `(person, neighbour, score)`; gives the number that is stored.
fn link(store: &impl Store, pairs: &[(u32, u32, f64)]) -> u64 {
    let mut people = std::collections::BTreeMap::<u32, Vec<Value>>::new();
    for (person, other, score) in pairs {
        people.entry(*person).or_default().push(json!({"user_id": user(*other), "score": score}));
    }
    let people: Vec<Value> =
        people.into_iter().map(|(person, similar)| json!({"user_id": user(person), "similar": similar})).collect();
    written(store, ModelAsk::SimilarUsers, &json!({"calculated_at": "2026-11-20T00:00:00Z", "people": people}))
}

/// How many neighbours a person has, as far as choices tell: the similarities added up.
pub(super) fn similarity(store: &impl Store, person: u32) -> f64 {
    block_on(store.neighbours_choices(scope(person))).unwrap().similarity
}

fn neighbours_are_stored_where_both_share(store: &impl Store) {
    save(store, 1, sharing());
    save(store, 2, sharing());
    save(store, 3, Settings { data_sharing_consent: false, ..sharing() });
    save(store, 4, Settings { privacy_mode: true, ..sharing() });
    assert_eq!(link(store, &[(1, 2, 0.5), (1, 3, 0.5), (1, 4, 0.5), (1, 9, 0.5), (3, 1, 0.5)]), 1);
    assert_eq!([similarity(store, 1), similarity(store, 3)], [0.5, 0.0]);
    assert_eq!(link(store, &[(1, 2, 0.25)]), 1);
    assert_eq!(similarity(store, 1), 0.25, "new ones replace the old ones");
}

fn a_withdrawal_takes_neighbours_in_both_directions(store: &impl Store) {
    for person in 1..=3 {
        save(store, person, sharing());
    }
    link(store, &[(1, 2, 0.5), (2, 1, 0.5), (3, 1, 0.25), (3, 2, 0.5)]);
    save(store, 1, Settings { location: false, ..sharing() });
    assert_eq!(similarity(store, 3), 0.75, "another switch takes nothing");
    save(store, 1, Settings { data_sharing_consent: false, ..sharing() });
    save(store, 1, sharing());
    assert_eq!([similarity(store, 1), similarity(store, 2), similarity(store, 3)], [0.0, 0.0, 0.5]);
}

fn an_erasure_takes_what_was_learned(store: &impl Store) {
    for person in 1..=2 {
        save(store, person, sharing());
    }
    link(store, &[(1, 2, 0.5), (2, 1, 0.5)]);
    let model = |person: u32| {
        let kind = "RECOMMENDATION_RANKING";
        json!({"user_id": user(person), "model_type": kind, "model_version": "v", "weights": {}, "performance": {}})
    };
    assert_eq!(written(store, ModelAsk::UserModels, &json!({"models": [model(1), model(2), model(3)]})), 2);
    block_on(store.erase(scope(1), "r", NOW)).unwrap();
    save(store, 1, sharing());
    assert_eq!([similarity(store, 1), similarity(store, 2)], [0.0, 0.0]);
}

fn corrections_of_the_ranking_come_with_their_person_as_long_as_they_may(store: &impl Store) {
    for person in 1..=2 {
        save(store, person, sharing());
    }
    let model = |kind: &str, version: &str, weight: f64| {
        let weights = json!({"popularity": weight});
        json!({"models": [{"user_id": user(1), "model_type": kind, "model_version": version, "weights": weights, "performance": {}}]})
    };
    let read = |person: u32, ids: &[String]| {
        let record = block_on(store.load(scope(person), ids)).unwrap();
        record.weights_json.map(|json| serde_json::from_str::<Value>(&json).unwrap())
    };
    assert_eq!(read(1, &[]), None);
    written(store, ModelAsk::UserModels, &model("CONTENT_PREFERENCE", "z", 0.6));
    assert_eq!(read(1, &[]), None, "these correct something else");
    written(store, ModelAsk::UserModels, &model("RECOMMENDATION_RANKING", "b", 0.7));
    let second = json!({"version": "b", "weights": {"popularity": 0.7}});
    assert_eq!([read(1, &[]), read(1, &["x".to_owned()])], [Some(second.clone()), Some(second)]);
    assert_eq!(read(2, &[]), None);
    save(store, 1, Settings { behavioral: false, ..sharing() });
    assert_eq!(read(1, &[]), None);
    save(store, 1, sharing());
    assert_eq!(read(1, &[]), None, "what was let go is gone");
}

fn people_under_a_hashed_name_are_listed_in_order(store: &impl Store) {
    for (person, hash_user_id) in [(3, true), (1, true), (2, false)] {
        save(store, person, Settings { hash_user_id, ..sharing() });
    }
    save(store, 4, Settings { data_sharing_consent: false, ..sharing() });
    let page = |after: &str| ask(store, ModelAsk::HashedPeople, with(&[("id", after)]));
    assert_eq!(page(""), json!([user(1), user(3)]));
    assert_eq!(page(&user(1).to_string()), json!([user(3)]));
}

fn choices_are_those_of_the_neighbours_who_share_now(store: &impl Store) {
    for person in 1..=4 {
        save(store, person, sharing());
    }
    log(store, 1, vec![event(1, NOW)]);
    log(store, 2, vec![acceptance(1, "pension", NOW), acceptance(2, "pension", NOW), acceptance(3, "will", NOW)]);
    log(store, 3, vec![acceptance(1, "pension", NOW)]);
    log(store, 4, vec![acceptance(1, "will", NOW)]);
    link(store, &[(1, 2, 0.5), (1, 3, 0.25), (1, 4, 0.125)]);
    save(store, 4, Settings { personalization_enabled: Some(false), ..sharing() });
    let choices = block_on(store.neighbours_choices(scope(1))).unwrap();
    let taken = |item: &str, similarity: f64, people: u32| TakenItem { item: item.to_owned(), similarity, people };
    assert_eq!(choices.taken, [taken("pension", 0.75, 2), taken("will", 0.5, 1)]);
    assert_eq!((choices.similarity, choices.seen), (0.75, vec!["isa-allowance".to_owned()]));
}
