//! A model that ranks, and one person's own weights in it: every score still is exactly the sum of its terms.

use nearside_engine::flows::{learned, move_model, upload_model};
use nearside_engine::models::{Envelope, signed_message};
use nearside_engine::ports::ModelAsk;
use nearside_engine::ports::memory::memory_signature;
use nearside_engine::privacy::for_jobs;
use nearside_engine::types::{Decision, Personalization};
use nearside_engine::wire::{MoveRequest, RawInteraction};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::config;
use super::generate::a_log;
use super::world::{World, now};

/// The model's terms, each for all items.
const TERMS: [&str; 4] = ["repeat_frequency", "days_taken", "category_preference", "priority"];

/// Makes a model live and returns its version.
fn publish(world: &World, seed: u64) -> String {
    let term = |(feature, place): (&str, usize)| {
        let (cuts, values) = (json!([0.4, 0.5, 1.0, 50.0]), json!([-0.1, 0.3, 0.7, 1.1 / 3.0, place]));
        json!({"name": feature, "feature": feature, "among": "all", "cuts": cuts, "values": values, "unknown": -0.2})
    };
    let facts = [
        "popularity",
        "latest_popularity",
        "recent_popularity",
        "long_popularity",
        "trend",
        "first_day",
        "days_since_sold",
    ];
    let facts: serde_json::Map<String, Value> = facts.iter().map(|name| ((*name).to_owned(), json!(""))).collect();
    let terms: Vec<Value> = TERMS.into_iter().zip(0..).map(term).collect();
    let body = json!({
        "format": 1, "pack": "tiny", "engine": {"from": "0.1.0", "below": "0.2.0"}, "trained_at_ms": 1, "seed": seed,
        "window": {"from_ms": 0, "to_ms": 1, "interactions": 0, "people": 0, "items": 0}, "metrics": {}, "importance": {},
        "items": [], "facts": facts, "base": 2.0, "terms": terms,
    });
    let body = body.to_string();
    world.memory.trust("job");
    let signature = memory_signature("job", &signed_message(body.as_bytes()));
    let document = Envelope { key: "job", signature, body: body.as_bytes() }.write().unwrap();
    let version = now(upload_model(&world.memory, for_jobs(), "tiny", &document)).unwrap();
    let gate = nearside_json::read_json(br#"{"passed":true}"#).ok();
    let request = MoveRequest { version: Some(version.clone()), gate, ..MoveRequest::default() };
    now(move_model(&world.memory, for_jobs(), "tiny", true, request)).unwrap();
    version
}

fn correct(world: &World, version: &str, weights: &[f64]) {
    let weights: serde_json::Map<String, Value> =
        TERMS.iter().zip(weights).map(|(term, weight)| ((*term).to_owned(), json!(weight))).collect();
    let user = world.asker.scope.user();
    let model = json!({"user_id": user, "model_type": "RECOMMENDATION_RANKING", "model_version": version, "weights": weights, "performance": {}});
    let body = json!({"models": [model]}).to_string();
    let written = now(learned(&world.memory, for_jobs(), ModelAsk::UserModels, &body)).unwrap();
    assert_eq!(written, r#"{"withheld":0,"written":1}"#);
}

/// The weights of the terms, which are the same for all items; and every score is its terms.
fn weights_of(decision: &Decision) -> Vec<f64> {
    let mut weights = Vec::new();
    for item in &decision.items {
        let terms: Vec<_> = item.terms.iter().flatten().collect();
        let sum: f64 = terms.iter().map(|term| term.contribution).sum();
        let product: f64 = item.factors.iter().flatten().map(|factor| factor.multiplier).product();
        assert!((sum * product - item.score.unwrap()).abs() < 1e-9, "{item:?}");
        assert!(terms.iter().all(|term| term.value * term.weight == term.contribution), "{item:?}");
        weights = TERMS.iter().map(|name| terms.iter().find(|term| term.name == *name).unwrap().weight).collect();
    }
    weights
}

/// So that the profile is full, and nobody's volume is beyond belief.
fn long_known() -> RawInteraction {
    let click = json!({"type": "CLICKED", "id": "ffffffff-0000-7000-8000-000000000000", "target_id": "word-quiz", "occurred_at": "2026-07-01T08:00:00Z"});
    serde_json::from_value(click).unwrap()
}

proptest! {
    #![proptest_config(config(30))]

    #[test]
    fn own_weights_change_the_scores_and_the_terms_still_sum_to_them(
        log in a_log(20), eighths in prop::collection::vec(0_u8..24, TERMS.len()),
    ) {
        let wanted: Vec<f64> = eighths.into_iter().map(|eighths| f64::from(eighths) / 8.0).collect();
        let world = World::with(&Value::Null);
        world.sets(&json!({ "data_sharing_consent": true }));
        world.lives(&[vec![long_known()], log].concat());
        let first = publish(&world, 1);
        correct(&world, &first, &wanted);
        let decision = world.recommends(&Value::Null, 50);
        prop_assert_eq!(decision.model_version.as_ref(), Some(&first));
        prop_assert_eq!(decision.personalization, Personalization::Full);
        let is_believed = !decision.degraded.contains(&"outlier".to_owned());
        let limited: Vec<f64> = wanted.iter().map(|weight| weight.clamp(0.5, 1.5)).collect();
        let ones = vec![1.0; TERMS.len()];
        prop_assert_eq!(weights_of(&decision), if is_believed { limited } else { ones.clone() });
        publish(&world, 2);
        prop_assert_eq!(weights_of(&world.recommends(&Value::Null, 50)), ones.clone(), "they are of another version");
        let second = publish(&world, 2);
        correct(&world, &second, &wanted);
        world.sets(&json!({ "data_sharing_consent": false }));
        prop_assert_eq!(weights_of(&world.recommends(&Value::Null, 50)), ones, "they went with the consent");
    }
}
