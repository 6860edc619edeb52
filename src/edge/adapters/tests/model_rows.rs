//! What the origin job sends goes into D1 as it came: the tables check it, and names are found in it.

use nearside_engine::ports::{ModelAsk, Models};
use pollster::block_on;
use serde_json::{Value, json};

use super::build::{NOW, admin, save, sharing, user};
use super::models::{ask, finance, publish, similarity};

#[test]
fn what_the_tables_do_not_take_is_a_broken_constraint_and_leaves_no_trace() {
    let store = super::sqlite::store();
    publish(&store);
    save(&store, 1, sharing());
    save(&store, 2, sharing());
    let row = |kind: Value, at: Value, metrics: Value| json!({"pack": "finance", "version": "a", "kind": kind, "evaluated_at": at, "window": {}, "metrics": metrics});
    let good = row(json!("weekly"), json!("2026-11-19T00:00:00Z"), json!({}));
    let pair = |score: Value| {
        let similar = json!([{"user_id": user(2), "score": score}]);
        json!({"calculated_at": "2026-11-20T00:00:00Z", "people": [{"user_id": user(1), "similar": similar}]})
    };
    let cases = [
        (
            ModelAsk::AddEvaluations,
            json!({"evaluations": [good, row(json!("hourly"), json!("2026-11-19"), json!({}))]}),
        ),
        (ModelAsk::AddEvaluations, json!({"evaluations": [good, row(json!("weekly"), json!("soon"), json!({}))]})),
        (
            ModelAsk::AddEvaluations,
            json!({"evaluations": [good, row(json!("weekly"), json!("2026-11-19"), json!([]))]}),
        ),
        (ModelAsk::AddEvaluations, json!({"evaluations": [good, 7]})),
        (ModelAsk::SimilarUsers, pair(json!(1.5))),
        (ModelAsk::SimilarUsers, pair(json!("much"))),
        (ModelAsk::SimilarUsers, pair(json!(null))),
    ];
    for (what, body) in cases {
        let facts = finance().json("body", &body.to_string());
        let refused = block_on(store.model_records(admin(), what, &facts, NOW)).unwrap_err();
        assert!(refused.reason.contains("constraint") || refused.reason.contains("cannot store"), "{refused:?}");
    }
    assert_eq!(store.database.number("SELECT COUNT(*) FROM personalization_eval"), 0.0);
    assert_eq!(store.database.number("SELECT COUNT(*) FROM similar_user_mappings"), 0.0);
}

#[test]
fn hashed_names_are_found_in_a_body_and_stand_for_their_people() {
    let store = super::sqlite::store();
    publish(&store);
    save(&store, 1, sharing());
    save(&store, 2, sharing());
    let (one, two) = ("a".repeat(64), "b".repeat(64));
    let body = json!({"calculated_at": "2026-11-20T00:00:00Z", "people": [
        {"user_id": two, "similar": [{"user_id": one, "score": 0.5}, {"user_id": "c".repeat(64), "score": 0.5}]},
    ]});
    let body = body.to_string();
    let facts = finance().json("body", &body);
    assert_eq!(ask(&store, ModelAsk::HashedNames, facts.clone()), json!([one, two, "c".repeat(64)]));
    let found = [(one, user(1).to_string()), (two, user(2).to_string())];
    let report = ask(&store, ModelAsk::SimilarUsers, facts.json("found", &json!(found).to_string()));
    assert_eq!(report, json!({"written": 1, "withheld": 1}));
    assert_eq!(similarity(&store, 2), 0.5);
}
