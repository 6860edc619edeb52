//! One person in a world: what they said and did, and what is asked.

use nearside_engine::types::{DAY_MS, format_rfc3339};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::world::{NOW_MS, World, text};
use crate::chance::Chance;

/// Kinds of events; those of items are drawn most.
const KINDS: [&str; 12] = [
    "RECOMMENDATION_VIEWED",
    "RECOMMENDATION_VIEWED",
    "RECOMMENDATION_ACCEPTED",
    "RECOMMENDATION_ACCEPTED",
    "RECOMMENDATION_DISMISSED",
    "RECOMMENDATION_DISMISSED",
    "CLICKED",
    "SAVED",
    "CONTENT_READ",
    "CONTENT_COMPLETED",
    "SHARED",
    "TIME_SPENT",
];

/// What hosts are handed, every document as the text that it is.
#[derive(Debug, Clone, Serialize)]
pub struct Case {
    /// The moment of the request.
    pub now_ms: i64,
    /// The decision's id.
    pub id: String,
    /// The switches, as POST /settings takes them.
    pub settings: String,
    /// The statements, as PUT …/preferences takes them.
    pub preferences: String,
    /// What happened: the moment, and the interaction.
    pub events: Vec<(i64, String)>,
    /// The body of POST /recommend.
    pub request: String,
    /// The item that is explained.
    pub explained: String,
}

impl Case {
    /// Draws a case.
    pub(super) fn drawn(world: &World, seed: u64) -> Self {
        let mut chance = Chance::of(seed);
        let ids: Vec<String> = world.items.iter().map(|item| text(&item["id"])).collect();
        Self {
            now_ms: NOW_MS,
            id: format!("00000000-0000-7000-8000-{seed:012x}"),
            settings: settings(&mut chance).to_string(),
            preferences: preferences(&world.pack, &mut chance).to_string(),
            events: history(&ids, &mut chance),
            request: request(world, &mut chance).to_string(),
            explained: chance.pick(&ids).clone(),
        }
    }
}

fn settings(chance: &mut Chance) -> Value {
    let mut settings = Map::new();
    settings.insert("personalization_enabled".to_owned(), json!(chance.holds(92)));
    for switch in ["behavioral", "demographics", "location", "experiments"] {
        if chance.holds(25) {
            settings.insert(switch.to_owned(), json!(chance.holds(50)));
        }
    }
    if chance.holds(5) {
        settings.insert("privacy_mode".to_owned(), json!(true));
    }
    Value::Object(settings)
}

fn preferences(pack: &Value, chance: &mut Chance) -> Value {
    let mut demographics = Map::new();
    let countries: Vec<&str> = pack["countries"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if chance.holds(70) {
        demographics.insert("age".to_owned(), json!(18 + chance.below(70)));
    }
    if chance.holds(50) && !countries.is_empty() {
        demographics.insert("country".to_owned(), json!(chance.pick(&countries)));
    }
    if chance.holds(40) {
        demographics.insert("income_level".to_owned(), json!(chance.pick(&["LOW", "MEDIUM", "HIGH"])));
    }
    let mut preferences = Map::new();
    if chance.holds(40) {
        let detail = chance.pick(&["CONCISE", "MODERATE", "DETAILED"]);
        preferences.insert("detail_level_preference".to_owned(), json!(detail));
    }
    if chance.holds(30) {
        preferences.insert("risk_tolerance".to_owned(), json!(chance.pick(&["LOW", "MEDIUM", "HIGH"])));
    }
    json!({ "demographics": demographics, "preferences": preferences })
}

/// What happened, oldest first. A third of the people came within the last month.
fn history(ids: &[String], chance: &mut Chance) -> Vec<(i64, String)> {
    let days = if chance.holds(33) { 20 } else { 31 + chance.below(170) };
    let count = chance.below(50);
    let mut at: Vec<i64> =
        (0..count).map(|_| NOW_MS - 60_000 - (chance.share() * (days as i64 * DAY_MS) as f64) as i64).collect();
    at.sort_unstable();
    let event = |(number, at_ms): (usize, i64)| {
        let mut event = json!({
            "id": format!("00000000-0000-7000-8000-{number:012x}"), "type": chance.pick(&KINDS), "target_type": "recommendation",
            "target_id": chance.pick(ids), "occurred_at": format_rfc3339(at_ms),
            "session_id": format!("s-{}", number / 7), "context": {"utc_offset_minutes": 60},
        });
        if event["type"] == "TIME_SPENT" {
            event["value"] = json!(1 + chance.below(600));
        }
        (at_ms, event.to_string())
    };
    at.into_iter().enumerate().map(event).collect()
}

fn request(world: &World, chance: &mut Chance) -> Value {
    let mut context = Map::new();
    if chance.holds(70) {
        context.insert("utc_offset_minutes".to_owned(), json!(chance.below(25) as i64 * 60 - 720));
    }
    if let (true, Some(countries)) = (chance.holds(60), world.pack["countries"].as_array()) {
        context.insert("country".to_owned(), chance.pick(countries).clone());
    }
    if chance.holds(50) {
        context.insert("device_type".to_owned(), json!(chance.pick(&["mobile", "desktop", "tablet"])));
    }
    let mut request = json!({
        "limit": 1 + chance.below(50), "explain": chance.pick(&["none", "summary", "full", "full", "terms"]),
        "show_hidden": chance.holds(20), "context": context,
    });
    match chance.below(4) {
        0 => request["candidates"] = world.items.iter().filter(|_| chance.holds(60)).cloned().collect(),
        1 => {
            request["candidates"] =
                world.items.iter().filter(|_| chance.holds(60)).map(|item| item["id"].clone()).collect()
        }
        _ => {
            if let Some(scopes) = world.pack["scopes"].as_array() {
                request["scope"] = chance.pick(scopes)["id"].clone();
            }
        }
    }
    if chance.holds(3) {
        request["mode"] = json!("general");
    }
    request
}
