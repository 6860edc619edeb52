//! Events without their file format. Names are kept once; everything else refers to them by number.

use nearside_engine::types::{EventKind, TimeMs};

/// People, items and what happened between them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Dataset {
    /// Names of people, ascending. Pseudonyms where the edge exported them.
    pub(crate) people: Vec<String>,
    /// Items, by id ascending.
    pub(crate) items: Vec<ItemInfo>,
    /// Countries that events name, ascending.
    pub(crate) regions: Vec<String>,
    /// Events by time, person, basket and item ascending.
    pub(crate) events: Vec<Event>,
}

/// What is known of an item besides its events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ItemInfo {
    /// The id.
    pub(crate) id: String,
    /// The pack's category; empty when nobody knows.
    pub(crate) category: String,
    /// Topics, ascending.
    pub(crate) tags: Vec<String>,
    /// The title, for reports.
    pub(crate) title: String,
}

/// One event of one person with one item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Event {
    /// When.
    pub(crate) at_ms: TimeMs,
    /// Index into `Dataset::people`.
    pub(crate) person: u32,
    /// Events that belong together, such as an invoice or a session: any number that no other group of the person has.
    pub(crate) basket: u32,
    /// Index into `Dataset::items`.
    pub(crate) item: u32,
    /// Index into `Dataset::regions`; None when the event names no country.
    pub(crate) region: Option<u16>,
    /// What happened.
    pub(crate) kind: EventKind,
    /// Money, seconds, count or rating, as the kind says.
    pub(crate) value: Option<f64>,
}
