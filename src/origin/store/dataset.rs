//! The events of a pack as numbers, in one order whatever the order of importing was.

use anyhow::{Context, Result};
use nearside_engine::types::{EventKind, TimeMs};
use rusqlite::Row;

use super::baskets::{Group, Names, baskets};
use super::items::read_items;
use super::open::Store;
use crate::data::{Dataset, Event};

/// Targets that are no items of a catalogue.
const OTHER_TARGETS: [&str; 8] = ["category", "feature", "goal", "notification", "page", "search", "tag", "topic"];
/// From this rating on, of 1 to 5, a rating speaks for its item.
const GOOD_RATING: f64 = 4.0;
/// The weakest type that is a choice: a click. Seeing an item, or time on a page, is not.
const WEAKEST_CHOICE: EventKind = EventKind::Clicked;

const EVENTS: &str = "SELECT user_id, target_id, target_type, interaction_type, action, timestamp, value, session_id,
    context ->> '$.country' FROM interactions WHERE pack = ?1 AND target_id IS NOT NULL";

/// Which events a dataset holds. All of them name an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kinds {
    /// Choices: types at least as strong as a click, and feedback that speaks for the item.
    Positive,
    /// Every type: what came in, as tests of imports count it.
    #[cfg(test)]
    All,
}

/// An event with its names numbered as they came.
struct Raw {
    event: Event,
    session: Option<u32>,
}

impl Store {
    /// Returns the events of a pack, and everything that is known of its items, whether an event names them or not.
    ///
    /// People, items and countries are numbered in the order of their names. A basket is a person's session; events
    /// without one share the basket of their UTC day. Events stand by time, person, basket, item, type and value.
    /// It takes about a second for 230,000 events and 100 bytes of memory each; the names come on top.
    ///
    /// # Errors
    /// A store that cannot be read or holds a type that this program does not know.
    pub(crate) fn dataset(&self, pack: &str, kinds: Kinds) -> Result<Dataset> {
        let (mut people, mut items, mut regions, mut sessions) =
            (Names::default(), Names::default(), Names::default(), Names::default());
        let known_items = read_items(&self.connection, pack)?;
        for id in known_items.ids() {
            items.number(id);
        }
        let mut raw: Vec<Raw> = Vec::new();
        let mut select = self.connection.prepare(EVENTS)?;
        let mut rows = select.query([pack])?;
        while let Some(row) = rows.next()? {
            let kind = kind_of(row)?;
            if !is_item(row)? || (kinds == Kinds::Positive && !is_choice(kind, row)?) {
                continue;
            }
            let at_ms: TimeMs = row.get(5)?;
            let region = text(row, 8)?.map(|country| regions.number(country));
            let event = Event {
                at_ms,
                person: people.number(text(row, 0)?.unwrap_or_default()),
                basket: 0,
                item: items.number(text(row, 1)?.unwrap_or_default()),
                region: region.and_then(|region| u16::try_from(region).ok()),
                kind,
                value: row.get(6)?,
            };
            let session = text(row, 7)?.map(|session| sessions.number(session));
            raw.push(Raw { event, session });
        }
        let (people, people_places) = people.in_order();
        let (ids, item_places) = items.in_order();
        let (regions, region_places) = regions.in_order();
        let (_, session_places) = sessions.in_order();
        for Raw { event, session } in &mut raw {
            event.person = place(&people_places, event.person);
            event.item = place(&item_places, event.item);
            event.region = event.region.and_then(|region| u16::try_from(place(&region_places, region.into())).ok());
            *session = session.map(|session| place(&session_places, session));
        }
        let items = ids.into_iter().map(|id| known_items.info(id)).collect();
        Ok(Dataset { people, items, regions, events: in_order(raw) })
    }
}

/// Numbers the baskets and puts the events in their order.
fn in_order(raw: Vec<Raw>) -> Vec<Event> {
    let group = |raw: &Raw| (raw.event.person, Group::of(raw.session, raw.event.at_ms));
    let baskets = baskets(raw.iter().map(group).collect());
    let number = |raw: &Raw| u32::try_from(baskets.binary_search(&group(raw)).unwrap_or_default()).unwrap_or(u32::MAX);
    let mut events: Vec<Event> = raw.iter().map(|raw| Event { basket: number(raw), ..raw.event }).collect();
    events.sort_unstable_by(|left, right| {
        let key = |event: &Event| (event.at_ms, event.person, event.basket, event.item, event.kind, event.region);
        let value = |event: &Event| event.value.unwrap_or(f64::NEG_INFINITY);
        key(left).cmp(&key(right)).then(value(left).total_cmp(&value(right)))
    });
    events
}

fn place(places: &[u32], number: u32) -> u32 {
    places.get(number as usize).copied().unwrap_or_default()
}

fn text<'r>(row: &'r Row<'_>, column: usize) -> Result<Option<&'r str>> {
    Ok(row.get_ref(column)?.as_str_or_null()?)
}

fn kind_of(row: &Row<'_>) -> Result<EventKind> {
    let name = text(row, 3)?.unwrap_or_default();
    EventKind::parse(name).with_context(|| format!("the store holds events of the unknown type {name:?}"))
}

fn is_item(row: &Row<'_>) -> Result<bool> {
    Ok(text(row, 2)?.is_none_or(|target_type| !OTHER_TARGETS.contains(&target_type)))
}

fn is_choice(kind: EventKind, row: &Row<'_>) -> Result<bool> {
    if kind == EventKind::Feedback {
        let rating: Option<f64> = row.get(6)?;
        return Ok(match text(row, 4)? {
            Some("positive" | "helpful") => true,
            Some("rating") => rating.is_some_and(|rating| rating >= GOOD_RATING),
            _ => false,
        });
    }
    Ok(kind.default_strength() >= WEAKEST_CHOICE.default_strength())
}

#[cfg(test)]
#[path = "dataset_tests.rs"]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
