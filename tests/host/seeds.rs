//! From the short form of events to what a client sends.

use nearside_engine::tracking::InvalidInteraction;
use nearside_engine::types::{DAY_MS, TimeMs, format_rfc3339};
use nearside_engine::wire::RawInteraction;
use serde_json::Value;

use crate::case::EventSeed;

/// Returns the interactions that a seed stands for, in order of time.
pub(crate) fn grown(seed: &EventSeed, now_ms: TimeMs) -> Vec<Result<RawInteraction, InvalidInteraction>> {
    let every_ms = seed.every_days.map_or(60_000, milliseconds);
    let times = i64::from(seed.times.unwrap_or(1));
    (0..times)
        .map(|index| interaction(seed, seed.ago_days.map(|ago| now_ms - milliseconds(ago) + index * every_ms)))
        .collect()
}

/// Days as whole milliseconds.
pub(crate) fn milliseconds(days: f64) -> i64 {
    (days * DAY_MS as f64).round() as i64
}

fn interaction(seed: &EventSeed, at_ms: Option<TimeMs>) -> Result<RawInteraction, InvalidInteraction> {
    let mut fields = seed.fields.clone();
    if let Some(at_ms) = at_ms {
        fields.insert("occurred_at".to_owned(), Value::String(format_rfc3339(at_ms)));
    }
    let shape = |_| InvalidInteraction { code: "invalid_shape", detail: "the entry is no interaction".to_owned() };
    serde_json::from_value(Value::Object(fields)).map_err(shape)
}
