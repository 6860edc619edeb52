//! What travels through the queue: texts of JSON (version 1), since structured sends lose maps on the way.

use nearside_json::{Read, write_json};
use serde::Serialize;

use crate::types::{Interaction, TimeMs, UserId};

/// The most bytes of a message; the queue takes 128 KB.
const MESSAGE_BYTES: usize = 100_000;

/// A message: events of one or many people, authorised when they were taken.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct QueueMessage {
    /// The format's version: 1.
    pub v: u16,
    /// When the host took them.
    pub received_at_ms: TimeMs,
    /// The events.
    pub events: Vec<QueuedEvent>,
}

/// One event with its person.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
pub struct QueuedEvent {
    /// Whose.
    pub user: UserId,
    /// What.
    pub event: Interaction,
}

/// Packs events into messages of at most 100 KB. Each comes with the number of events in it.
pub fn chunk_messages(events: &[QueuedEvent], received_at_ms: TimeMs) -> Vec<(String, usize)> {
    let mut chunks = Vec::new();
    let mut body = String::new();
    let mut inside = 0;
    for event in events {
        let json = write_json(event);
        if inside > 0 && body.len() + json.len() > MESSAGE_BYTES {
            chunks.push((envelope(&body, received_at_ms), inside));
            body.clear();
            inside = 0;
        }
        if inside > 0 {
            body.push(',');
        }
        body.push_str(&json);
        inside += 1;
    }
    if inside > 0 {
        chunks.push((envelope(&body, received_at_ms), inside));
    }
    chunks
}

fn envelope(events: &str, received_at_ms: TimeMs) -> String {
    format!(r#"{{"v":1,"received_at_ms":{received_at_ms},"events":[{events}]}}"#)
}
