//! The lines of the edge's exports: an interaction, a profile, or that a person was erased.

use anyhow::Result;
use nearside_engine::types::{Context, EventKind, Interaction, ItemFacts, TimeMs};
use serde::Deserialize;
use serde_json::Value;

use super::intake::Intake;
use super::judge::check_time;
use crate::data::read_time;
use crate::store::Taken;

/// An interaction under the API's names; unknown names are a newer server's.
#[derive(Debug, Deserialize)]
struct Exported {
    id: String,
    #[serde(rename = "type")]
    kind: EventKind,
    target_type: Option<String>,
    target_id: Option<String>,
    category: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    pack: String,
    action: Option<String>,
    reason: Option<String>,
    value: Option<f64>,
    session_id: Option<String>,
    device_id: Option<String>,
    device_type: Option<String>,
    decision_id: Option<String>,
    position: Option<u32>,
    context: Context,
    occurred_at: String,
}

/// A line that was read as JSON.
#[derive(Debug)]
pub(super) struct ExportedLine {
    /// Its number in the server's order, when it has one.
    pub(super) sequence: Option<i64>,
    /// Whose it is, or whose erasure it tells.
    pub(super) user: Option<String>,
    /// True when it tells an erasure.
    pub(super) is_erasure: bool,
    value: Value,
}

/// Reads a line as far as every line is alike.
pub(super) fn open(line: &[u8]) -> Result<ExportedLine, &'static str> {
    let value: Value = serde_json::from_slice(line).map_err(|_| "the line is not JSON")?;
    let sequence = value.get("sequence").and_then(Value::as_i64);
    let user = value.get("user_id").and_then(Value::as_str).filter(|user| !user.is_empty()).map(str::to_owned);
    let is_erasure = value.get("erased_at").is_some();
    Ok(ExportedLine { sequence, user, is_erasure, value })
}

/// Takes a line of an export that stands in a file.
pub(super) fn take(bytes: &[u8], number: i64, is_from_file: bool, intake: &mut Intake<'_>) -> Result<()> {
    match open(bytes) {
        Ok(line) => take_line(line, bytes, number, is_from_file, intake),
        Err(reason) => intake.put_aside(number, reason, bytes, is_from_file),
    }
}

/// Takes an interaction, a profile or an erasure.
pub(super) fn take_line(
    line: ExportedLine,
    bytes: &[u8],
    number: i64,
    is_from_file: bool,
    intake: &mut Intake<'_>,
) -> Result<()> {
    match act(line, intake)? {
        Ok(()) => Ok(()),
        Err(reason) => intake.put_aside(number, reason, bytes, is_from_file),
    }
}

fn act(mut line: ExportedLine, intake: &mut Intake<'_>) -> Result<Result<(), &'static str>> {
    let Some(user) = line.user else { return Ok(Err("user_id is missing")) };
    if line.is_erasure {
        let Some(erased_at_ms) = time(&line.value, "erased_at") else { return Ok(Err("erased_at is not a time")) };
        return intake.erase(&user, erased_at_ms).map(Ok);
    }
    if let Some(interaction) = line.value.get_mut("interaction").map(Value::take) {
        let exported: Result<Exported, _> = serde_json::from_value(interaction);
        let Ok(exported) = exported else { return Ok(Err("the interaction does not have the documented shape")) };
        return match interaction_of(exported, intake.latest_ms) {
            Ok(event) => intake.take_now(&user, &event).map(Ok),
            Err(reason) => Ok(Err(reason)),
        };
    }
    let Some(updated_at_ms) = time(&line.value, "last_updated") else { return Ok(Err("the line is of no known kind")) };
    if let Some(fields) = line.value.as_object_mut() {
        fields.remove("sequence");
    }
    match intake.writer.profile(&user, updated_at_ms, &line.value)? {
        Taken::New => intake.tally.profiles += 1,
        Taken::Known => intake.tally.known += 1,
        Taken::Erased => intake.tally.erased += 1,
    }
    Ok(Ok(()))
}

fn time(line: &Value, name: &str) -> Option<TimeMs> {
    read_time(line.get(name)?.as_str()?).ok()
}

fn interaction_of(exported: Exported, latest_ms: TimeMs) -> Result<Interaction, &'static str> {
    let occurred_at_ms =
        read_time(&exported.occurred_at).map_err(|_| "occurred_at is not a time within 1990 to 2099")?;
    check_time(occurred_at_ms, latest_ms)?;
    Ok(Interaction {
        id: exported.id,
        kind: exported.kind,
        target_type: exported.target_type,
        target_id: exported.target_id,
        action: exported.action,
        reason: exported.reason,
        value: exported.value,
        session_id: exported.session_id,
        device_id: exported.device_id,
        device_type: exported.device_type,
        decision_id: exported.decision_id,
        position: exported.position,
        context: exported.context,
        occurred_at_ms,
        facts: ItemFacts {
            pack: exported.pack,
            category: exported.category,
            tags: exported.tags,
            ..ItemFacts::default()
        },
        receipt: None,
        environment: None,
    })
}
