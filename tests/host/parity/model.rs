//! A model that no training would make, but that every engine must read: steps of random heights over random features.

use nearside_engine::models::to_base64;
use serde_json::{Map, Value, json};

use crate::chance::Chance;

/// Features that need no matrix, with bounds that divide what they say.
const FEATURES: [(&str, [f64; 4]); 12] = [
    ("repeat_frequency", [0.1, 0.5, 1.0, 2.0]),
    ("days_since_taken", [1.0, 7.0, 30.0, 90.0]),
    ("days_taken", [0.5, 1.5, 2.5, 4.0]),
    ("popularity", [0.5, 1.0, 2.0, 4.0]),
    ("recent_popularity", [0.5, 1.0, 2.0, 4.0]),
    ("trend", [-0.5, 0.0, 0.5, 1.0]),
    ("item_age_days", [1.0, 10.0, 100.0, 300.0]),
    ("category_preference", [0.2, 0.4, 0.5, 0.7]),
    ("sophistication_match", [0.2, 0.4, 0.6, 0.8]),
    ("timing", [0.2, 0.5, 0.7, 0.9]),
    ("category_affinity", [0.1, 0.2, 0.4, 0.8]),
    ("priority", [20.0, 40.0, 60.0, 80.0]),
];
/// Lists that features of popularity read.
const LISTS: [&str; 5] = ["popularity", "latest_popularity", "recent_popularity", "long_popularity", "trend"];

/// Returns a model's body for the items, whose ids ascend.
pub(super) fn a_model(pack: &str, ids: &[String], now_ms: i64, chance: &mut Chance) -> String {
    let mut ids: Vec<&String> = ids.iter().collect();
    ids.sort();
    let list = |chance: &mut Chance| to_base64(ids.iter().map(|_| (chance.share() as f32 * 6.0).to_le_bytes()));
    let lists: Map<String, Value> = LISTS.iter().map(|name| ((*name).to_owned(), json!(list(chance)))).collect();
    let count = 2 + chance.below(5);
    let mut terms: Vec<Value> = Vec::new();
    let mut base = 0.0;
    for number in 0..count {
        let (feature, cuts) = chance.pick(&FEATURES);
        let values: Vec<f64> = (0..5).map(|_| chance.share() * 2.0 - 0.5).collect();
        let unknown = chance.share() - 0.5;
        base += 0.5;
        let among = chance.pick(&["all", "all", "new", "again"]);
        terms.push(json!({
            "name": format!("{feature}_{number}"), "feature": feature, "among": among, "cuts": cuts, "values": values,
            "unknown": unknown,
        }));
    }
    json!({
        "format": 1, "pack": pack, "engine": {"from": "0.1.0", "below": "0.2.0"}, "trained_at_ms": now_ms - 86_400_000,
        "window": {"from_ms": 0, "to_ms": now_ms - 86_400_000, "interactions": 0, "people": 0, "items": 0}, "seed": 1,
        "metrics": {}, "importance": {}, "items": ids, "lists": lists, "base": base, "terms": terms,
    })
    .to_string()
}
