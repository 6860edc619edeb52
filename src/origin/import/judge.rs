//! From the cells of a row to an event, or to the reason why not. The reason never repeats the row.

use nearside_engine::types::{Context, EventKind, Interaction, ItemFacts, TimeMs, is_text_id};
use uuid::Uuid;

use super::columns::Field;
use crate::data::{TimeFault, millis, read_time, within};

/// The root of the ids of events that came without one: an arbitrary fixed UUID.
const EVENTS: Uuid = Uuid::from_u128(0x6e65_6172_7369_4e64_8000_6576_656e_7473);
/// From here on, integers that differ are read as the same number.
const EXACT_BELOW: f64 = 9_007_199_254_740_992.0;
/// The edge's own limits of texts, in bytes.
const LONG_TEXT: usize = 128;
const SHORT_TEXT: usize = 100;
const CONTEXT_BYTES: usize = 4_096;
const MOST_TAGS: usize = 64;
const OUT_OF_RANGE: &str = "occurred_at is not within 1990 to 2099";

/// The value of a field in a row, as its format gives it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Cell {
    /// Nothing was said.
    #[default]
    Missing,
    /// A text, also of a number or a time.
    Text(String),
    /// A number.
    Number(f64),
    /// A whole number.
    Integer(i64),
    /// A time.
    Millis(TimeMs),
    /// Several texts.
    List(Vec<String>),
    /// Something that cannot be what the field needs.
    Unfit,
}

/// One row: a cell for each field, at [`Field::place`].
pub(super) type Row = [Cell; Field::ALL.len()];

/// A person's event.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PersonEvent {
    /// Whose it is.
    pub(super) user: String,
    /// What happened.
    pub(super) event: Interaction,
}

/// Judges a row, and empties it. What happened after `latest_ms` did not happen yet.
///
/// # Errors
/// The first field that is missing or unfit.
pub(super) fn judge(row: &mut Row, latest_ms: TimeMs) -> Result<PersonEvent, String> {
    let user = needed(row, Field::User, LONG_TEXT)?;
    let name = needed(row, Field::Kind, SHORT_TEXT)?;
    let kind = EventKind::parse(&name.to_ascii_uppercase()).ok_or("type is not one of the engine's event types")?;
    let occurred_at_ms = time(take(row, Field::OccurredAt))?;
    check_time(occurred_at_ms, latest_ms)?;
    let pack = needed(row, Field::Pack, SHORT_TEXT)?;
    let target_id = text(row, Field::Target, LONG_TEXT)?;
    let needs_target = !matches!(kind, EventKind::SessionStarted | EventKind::TimeSpent | EventKind::SearchPerformed);
    if needs_target && target_id.is_none() {
        return Err("target_id is missing".to_owned());
    }
    let mut context = match text(row, Field::Context, CONTEXT_BYTES)? {
        None => Context::default(),
        Some(json) => serde_json::from_str(&json).map_err(|_| "context is not a JSON object of the known fields")?,
    };
    if let Some(country) = text(row, Field::Country, SHORT_TEXT)? {
        context.country = Some(country);
    }
    let facts = ItemFacts {
        pack,
        category: text(row, Field::Category, SHORT_TEXT)?,
        tags: tags(take(row, Field::Tags))?,
        ..ItemFacts::default()
    };
    let given_id = text(row, Field::Id, LONG_TEXT)?;
    let mut event = Interaction {
        id: String::new(),
        kind,
        target_type: text(row, Field::TargetType, SHORT_TEXT)?,
        target_id,
        action: text(row, Field::Action, SHORT_TEXT)?,
        reason: text(row, Field::Reason, SHORT_TEXT)?,
        value: number(take(row, Field::Value), "value")?,
        session_id: text(row, Field::Session, LONG_TEXT)?,
        device_id: text(row, Field::Device, LONG_TEXT)?,
        device_type: text(row, Field::DeviceType, SHORT_TEXT)?,
        decision_id: text(row, Field::Decision, LONG_TEXT)?,
        position: position(take(row, Field::Position))?,
        context,
        occurred_at_ms,
        facts,
        receipt: None,
        environment: None,
    };
    event.id = given_id.unwrap_or_else(|| derived_id(&user, &event));
    Ok(PersonEvent { user, event })
}

/// Insists on a time that can be one and has come. One event of the future moves the end of the span from which training
/// counts back, and everything else is too old to be learned from.
///
/// # Errors
/// The reason to put the row aside.
pub(super) fn check_time(at_ms: TimeMs, latest_ms: TimeMs) -> Result<(), &'static str> {
    match within(at_ms) {
        Err(_) => Err(OUT_OF_RANGE),
        Ok(at_ms) if at_ms > latest_ms => Err("occurred_at lies in the future"),
        Ok(_) => Ok(()),
    }
}

/// UUID v5 of everything that the row says: the same row is the same event, however often it is read.
fn derived_id(user: &str, event: &Interaction) -> String {
    // The event's JSON cannot fail: its keys are texts and its numbers finite.
    let said = serde_json::to_vec(&(user, event)).unwrap_or_default();
    Uuid::new_v5(&EVENTS, &said).hyphenated().to_string()
}

fn take(row: &mut Row, field: Field) -> Cell {
    row.get_mut(field.place()).map(std::mem::take).unwrap_or_default()
}

fn needed(row: &mut Row, field: Field, limit: usize) -> Result<String, String> {
    text(row, field, limit)?.ok_or_else(|| format!("{} is missing", field.name()))
}

fn text(row: &mut Row, field: Field, limit: usize) -> Result<Option<String>, String> {
    let unfit = |what: &str| Err(format!("{} {what}", field.name()));
    let text = match take(row, field) {
        Cell::Missing => return Ok(None),
        Cell::Text(text) => text,
        Cell::Integer(number) | Cell::Millis(number) => number.to_string(),
        // Spreadsheets turn whole numbers into decimals.
        Cell::Number(number) if number.fract() == 0.0 && number.abs() < EXACT_BELOW => format!("{number:.0}"),
        Cell::Number(_) => return unfit("is a fraction where an id or a word belongs"),
        Cell::List(_) | Cell::Unfit => return unfit("is not a text"),
    };
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok(None);
    }
    let is_fit = trimmed.len() <= limit && (limit > LONG_TEXT || is_text_id(trimmed));
    if is_fit {
        Ok(Some(trimmed.to_owned()))
    } else {
        unfit(&format!("is longer than {limit} bytes or holds control characters"))
    }
}

fn time(cell: Cell) -> Result<TimeMs, String> {
    let read = match cell {
        Cell::Missing => return Err("occurred_at is missing".to_owned()),
        Cell::Text(text) if text.trim().is_empty() => return Err("occurred_at is missing".to_owned()),
        Cell::Text(text) => read_time(text.trim()),
        Cell::Integer(number) => millis(number),
        // `as` saturates, and then lies out of range.
        Cell::Number(number) if number.is_finite() => millis(number.trunc() as i64),
        Cell::Millis(at_ms) => read_time(&at_ms.to_string()),
        Cell::Number(_) | Cell::List(_) | Cell::Unfit => Err(TimeFault::Unreadable),
    };
    read.map_err(|fault| match fault {
        TimeFault::Unreadable => "occurred_at is not a time".to_owned(),
        TimeFault::OutOfRange => OUT_OF_RANGE.to_owned(),
    })
}

fn number(cell: Cell, name: &str) -> Result<Option<f64>, String> {
    let number = match cell {
        Cell::Missing => return Ok(None),
        Cell::Text(text) if text.trim().is_empty() => return Ok(None),
        Cell::Text(text) => text.trim().parse().map_err(|_| format!("{name} is not a number"))?,
        Cell::Number(number) => number,
        Cell::Integer(number) | Cell::Millis(number) => number as f64,
        Cell::List(_) | Cell::Unfit => return Err(format!("{name} is not a number")),
    };
    // NaN is not below anything.
    if number.abs() < EXACT_BELOW {
        Ok(Some(number))
    } else {
        Err(format!("{name} is not a finite number within 2^53"))
    }
}

fn position(cell: Cell) -> Result<Option<u32>, String> {
    let Some(number) = number(cell, "position")? else { return Ok(None) };
    let is_rank = number.fract() == 0.0 && (0.0..=10_000.0).contains(&number);
    if is_rank { Ok(Some(number as u32)) } else { Err("position is not a whole number of 0 to 10000".to_owned()) }
}

/// Tags: a list, a JSON array, or texts between `|`, `;` or `,`. Ascending, each once.
fn tags(cell: Cell) -> Result<Vec<String>, String> {
    let mut tags: Vec<String> = match cell {
        Cell::Missing => return Ok(Vec::new()),
        Cell::List(list) => list,
        Cell::Text(text) if text.trim_start().starts_with('[') => {
            serde_json::from_str(&text).map_err(|_| "tags are not a list of texts")?
        }
        Cell::Text(text) => text.split(['|', ';', ',']).map(|tag| tag.trim().to_owned()).collect(),
        _ => return Err("tags are not a list of texts".to_owned()),
    };
    tags.retain(|tag| !tag.is_empty());
    tags.sort_unstable();
    tags.dedup();
    let is_fit = tags.len() <= MOST_TAGS && tags.iter().all(|tag| tag.len() <= SHORT_TEXT && is_text_id(tag));
    if is_fit {
        Ok(tags)
    } else {
        Err(format!("tags are more than {MOST_TAGS} or one is longer than {SHORT_TEXT} bytes"))
    }
}

#[cfg(test)]
#[path = "judge_tests.rs"]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
