//! Between a person's row and the engine's nouns. The order of the columns is that of `sql::people`.

use nearside_engine::ports::{PersonRecord, Pointers, Unavailable};
use nearside_engine::types::{Interaction, Settings, TimeMs, UserId};
use nearside_json::read_json;
use serde::Serialize;

use super::database::{Row, unreadable};
use nearside_engine::math::sort_list;

/// Columns of the switches.
const SETTINGS_COLUMNS: usize = 14;

/// Reads the columns of a person; pointers, corrections of the model and known ids follow in the row.
pub(super) fn person(row: &mut Row) -> Result<PersonRecord, Unavailable> {
    let revision = row.count()?;
    let has_profile = row.flag()?;
    // Facts of a shape that this version does not know are left out rather than guessed: a person must always be able
    // to say no, and to say it this row has to read.
    let stated = row.optional_text()?.and_then(|json| read_json(json.as_bytes()).ok()).unwrap_or_default();
    let state_json = row.optional_text()?;
    let erased_at_ms = row.optional_integer()?;
    let assignments_json = row.optional_text()?.filter(|json| json != "[]");
    let settings = settings(row)?;
    Ok(PersonRecord {
        is_known: has_profile || settings.is_some(),
        settings: settings.unwrap_or_default(),
        stated,
        state_json,
        weights_json: None,
        assignments_json,
        revision,
        erased_at_ms,
        pointers: Pointers::new(),
        applied_ids: Vec::new(),
    })
}

/// Reads the switches; None when there is no row.
pub(super) fn settings(row: &mut Row) -> Result<Option<Settings>, Unavailable> {
    let Some(tracking_since_ms) = row.optional_integer()? else {
        row.skip(SETTINGS_COLUMNS - 1);
        return Ok(None);
    };
    let days = |days: Option<i64>| days.and_then(|days| u16::try_from(days).ok());
    Ok(Some(Settings {
        tracking_since_ms,
        personalization_enabled: row.optional_flag()?,
        behavioral: row.flag()?,
        demographics: row.flag()?,
        location: row.flag()?,
        experiments: row.flag()?,
        third_party: row.flag()?,
        data_sharing_consent: row.flag()?,
        privacy_mode: row.flag()?,
        retention_days: days(row.optional_integer()?),
        aggregate_retention_days: days(row.optional_integer()?),
        hash_user_id: row.flag()?,
        aggregate_small_groups: row.flag()?,
        consented_under_signal: row.flag()?,
    }))
}

/// The switches under the names of their columns, flags as 0 and 1.
#[derive(Serialize)]
pub(super) struct SettingsColumns {
    personalization_enabled: Option<u8>,
    behavioral: u8,
    demographics: u8,
    location: u8,
    experiments: u8,
    third_party: u8,
    data_sharing_consent: u8,
    privacy_mode: u8,
    retention_days: Option<u16>,
    aggregate_retention_days: Option<u16>,
    hash_user_id: u8,
    aggregate_small_groups: u8,
    consented_under_signal: u8,
    tracking_since_ms: TimeMs,
}

impl From<&Settings> for SettingsColumns {
    fn from(settings: &Settings) -> Self {
        Self {
            personalization_enabled: settings.personalization_enabled.map(u8::from),
            behavioral: u8::from(settings.behavioral),
            demographics: u8::from(settings.demographics),
            location: u8::from(settings.location),
            experiments: u8::from(settings.experiments),
            third_party: u8::from(settings.third_party),
            data_sharing_consent: u8::from(settings.data_sharing_consent),
            privacy_mode: u8::from(settings.privacy_mode),
            retention_days: settings.retention_days,
            aggregate_retention_days: settings.aggregate_retention_days,
            hash_user_id: u8::from(settings.hash_user_id),
            aggregate_small_groups: u8::from(settings.aggregate_small_groups),
            consented_under_signal: u8::from(settings.consented_under_signal),
            tracking_since_ms: settings.tracking_since_ms,
        }
    }
}

/// Reads the pointers; NULL when they came with another row.
pub(super) fn pointers(row: &mut Row) -> Result<Option<Pointers>, Unavailable> {
    row.optional_text()?.map(|json| read_json(json.as_bytes()).map_err(|_| unreadable())).transpose()
}

/// Reads a user id.
pub(super) fn user(row: &mut Row) -> Result<UserId, Unavailable> {
    UserId::parse(&row.text()?).ok_or_else(unreadable)
}

/// Reads an interaction: its value, then the rest as JSON.
pub(super) fn interaction(row: &mut Row) -> Result<Interaction, Unavailable> {
    let value = row.optional_number()?;
    let event: Interaction = row.json()?;
    Ok(Interaction { value, ..event })
}

/// Sorts rows into the places that their first column names. Each place has exactly one row.
pub(super) fn in_places(rows: Vec<Row>) -> Result<Vec<Row>, Unavailable> {
    let mut placed = Vec::with_capacity(rows.len());
    for mut row in rows {
        placed.push((row.integer()?, row));
    }
    sort_list(&mut placed, |a, b| a.0.cmp(&b.0));
    Ok(placed.into_iter().map(|(_, row)| row).collect())
}
