//! The records of models, asked of D1's statements and of the engine's memory: what one promises, the other keeps.

use nearside_engine::ports::memory::Memory;
use nearside_engine::ports::{
    InteractionLog, Library, ModelAsk, ModelFacts, Models, Neighbours, People, Pointers, PurgeLimits, TakenItem, Upkeep,
};
use nearside_engine::types::{DAY_MS, Settings};
use pollster::block_on;
use serde_json::{Value, json};

use super::build::{NOW, acceptance, admin, event, log, save, scope, sharing, user};

trait Store: People + InteractionLog + Library + Upkeep + Models + Neighbours {}
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
    what_serves_is_never_forgotten,
    a_second_request_is_answered_with_the_first,
    what_is_finished_stays_as_it_is,
    a_pack_that_is_not_live_is_asked_for_nothing,
    evaluations_are_written_once_and_go_in_time,
    neighbours_are_stored_where_both_share,
    a_withdrawal_takes_neighbours_in_both_directions,
    an_erasure_takes_what_was_learned,
    people_under_a_hashed_name_are_listed_in_order,
    choices_are_those_of_the_neighbours_who_share_now,
);

fn publish(store: &impl Store) {
    block_on(store.point(admin(), &Pointers::from([("pack/finance".to_owned(), "p".to_owned())]), NOW)).unwrap();
}

fn ask(store: &impl Store, ask: ModelAsk, facts: ModelFacts<'_>) -> Value {
    let answer = block_on(store.model_records(admin(), ask, &ModelFacts { pack: "finance", ..facts }, NOW)).unwrap();
    if answer.json.is_empty() { Value::Null } else { serde_json::from_str(&answer.json).unwrap_or(json!("said")) }
}

fn rows(store: &impl Store, ask: ModelAsk, facts: ModelFacts<'_>) -> u64 {
    block_on(store.model_records(admin(), ask, &facts, NOW)).unwrap().rows
}

fn add(store: &impl Store, version: &str) -> Value {
    let json = "{}";
    let facts = ModelFacts { version: Some(version), action: "uploaded", ..ModelFacts::default() };
    ask(store, ModelAsk::Add, ModelFacts { data_window: json, metrics: json, importance: json, ..facts })
}

fn promote(store: &impl Store, version: &str, was_live: &str) -> Value {
    let facts = ModelFacts { version: Some(version), action: "promoted", live: version, ..ModelFacts::default() };
    ask(store, ModelAsk::Move, ModelFacts { was_live, gate: Some(r#"{"passed":true}"#), ..facts })
}

fn report(store: &impl Store) -> Value {
    ask(store, ModelAsk::Performance, ModelFacts::default())[0].clone()
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
    assert_ne!(add(store, "a"), Value::Null);
    assert_eq!(add(store, "a"), Value::Null);
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
    let canary =
        ModelFacts { action: "canary", live: "b", canary: "a:5", canary_version: "a", ..ModelFacts::default() };
    assert_ne!(ask(store, ModelAsk::Move, ModelFacts { was_live: "b", ..canary }), Value::Null);
    assert_eq!(statuses(store), [status("a", "CANARY"), status("b", "LIVE")]);
    let versions = ask(store, ModelAsk::Versions, ModelFacts::default());
    let promoted = |name: &str| {
        let found = versions.as_array().unwrap().iter().find(|one| one["version"] == name).unwrap();
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
    let back = ModelFacts { action: "rolled_back", was_live: "a", ..ModelFacts::default() };
    assert_ne!(ask(store, ModelAsk::Move, back), Value::Null);
    let pointers = block_on(store.pointers()).unwrap();
    assert_eq!(pointers.keys().map(String::as_str).collect::<Vec<_>>(), ["pack/finance"]);
    assert_eq!((&report(store)["live"], &report(store)["canary"]), (&Value::Null, &Value::Null));
}

fn what_serves_is_never_forgotten(store: &impl Store) {
    publish(store);
    for version in ["a", "b"] {
        add(store, version);
    }
    promote(store, "a", "");
    let names = ["a".to_owned(), "b".to_owned()];
    assert_eq!(ask(store, ModelAsk::Forget, ModelFacts { names: &names, ..ModelFacts::default() }), json!(["b"]));
    assert_eq!(statuses(store), [("a".to_owned(), "LIVE".to_owned())]);
}

fn a_second_request_is_answered_with_the_first(store: &impl Store) {
    publish(store);
    let request = |id: &str, kind: &str| {
        let facts = ModelFacts { action: kind, id, ..ModelFacts::default() };
        ask(store, ModelAsk::Request, facts)["id"].as_str().unwrap().to_owned()
    };
    assert_eq!([request("1", "TRAIN"), request("2", "TRAIN"), request("3", "EVALUATE")], ["1", "1", "3"]);
    ask(store, ModelAsk::Finish, ModelFacts { action: "RUNNING", id: "1", ..ModelFacts::default() });
    assert_eq!(request("4", "TRAIN"), "4", "one that has begun may miss what is new");
    let open = ask(store, ModelAsk::Requests, ModelFacts::default());
    assert_eq!(open["requests"].as_array().unwrap().len(), 3);
}

fn what_is_finished_stays_as_it_is(store: &impl Store) {
    publish(store);
    ask(store, ModelAsk::Request, ModelFacts { action: "TRAIN", id: "1", ..ModelFacts::default() });
    let finish = |status: &str, id: &str| {
        ask(store, ModelAsk::Finish, ModelFacts { action: status, id, ..ModelFacts::default() })["status"].clone()
    };
    assert_eq!(
        [finish("DONE", "1"), finish("FAILED", "1"), finish("DONE", "2")],
        [json!("DONE"), json!("DONE"), json!(null)]
    );
}

fn a_pack_that_is_not_live_is_asked_for_nothing(store: &impl Store) {
    let facts = ModelFacts { action: "TRAIN", id: "1", ..ModelFacts::default() };
    assert_eq!(ask(store, ModelAsk::Request, facts), Value::Null);
    assert_eq!(ask(store, ModelAsk::Log, ModelFacts { action: "retrained", ..facts }), Value::Null);
    assert_eq!(ask(store, ModelAsk::Models, facts), json!([]));
}

fn evaluations_are_written_once_and_go_in_time(store: &impl Store) {
    let old = NOW - 366 * DAY_MS;
    let rows_json = format!(
        r#"[["finance","a","weekly",{NOW},"{{}}","{{\"ndcg\":0.5}}",null],["finance","a","weekly",{old},"{{}}","{{}}",null]]"#
    );
    for _ in 0..2 {
        rows(store, ModelAsk::AddEvaluations, ModelFacts { rows: &rows_json, ..ModelFacts::default() });
    }
    let stored = || ask(store, ModelAsk::Evaluations, ModelFacts::default())["evaluations"].as_array().unwrap().len();
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
    let names: Vec<String> = pairs.iter().map(|pair| user(pair.0).to_string()).collect();
    let list = pairs.iter().map(|(person, other, score)| json!([user(*person), user(*other), score, ["age"]]));
    let rows_json = Value::from(list.collect::<Vec<_>>()).to_string();
    let facts = ModelFacts { names: &names, rows: &rows_json, made_at_ms: NOW, ..ModelFacts::default() };
    rows(store, ModelAsk::SimilarUsers, facts)
}

/// How many neighbours a person has, as far as choices tell: the similarities added up.
fn similarity(store: &impl Store, person: u32) -> f64 {
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
    let model = |person: u32| json!([user(person), "RECOMMENDATION_RANKING", "v", "{}", "{}", null]);
    let rows_json = json!([model(1), model(2), model(3)]).to_string();
    assert_eq!(rows(store, ModelAsk::UserModels, ModelFacts { rows: &rows_json, ..ModelFacts::default() }), 2);
    block_on(store.erase(scope(1), "r", NOW)).unwrap();
    save(store, 1, sharing());
    assert_eq!([similarity(store, 1), similarity(store, 2)], [0.0, 0.0]);
}

fn people_under_a_hashed_name_are_listed_in_order(store: &impl Store) {
    for (person, hash_user_id) in [(3, true), (1, true), (2, false)] {
        save(store, person, Settings { hash_user_id, ..sharing() });
    }
    save(store, 4, Settings { data_sharing_consent: false, ..sharing() });
    let page = |after: &str| ask(store, ModelAsk::HashedPeople, ModelFacts { id: after, ..ModelFacts::default() });
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
