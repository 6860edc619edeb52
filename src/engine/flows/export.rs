//! What leaves for the origin: interactions of people who share them, tombstones, and profiles.

use serde_json::json;

use super::Host;
use super::refusal::Refusal;
use crate::ports::{ExportedRow, InteractionLog};
use crate::types::{AdminScope, UserId, format_rfc3339};
use nearside_json::write_json;

/// Lines of a page.
const PAGE: u32 = 1_000;

/// Returns a page of interactions and tombstones as NDJSON, after a server sequence number.
///
/// # Errors
/// A malformed sequence; a store that is down.
pub async fn export_interactions<H: Host>(host: &H, scope: AdminScope, after: Option<&str>) -> Result<String, Refusal> {
    let page = InteractionLog::export(host, scope, sequence(after)?, PAGE).await?;
    let mut lines = String::new();
    for row in page.rows {
        let line = match row {
            ExportedRow::Interaction { sequence, user, hash_user_id, event } => {
                json!({"sequence": sequence, "user_id": name_for_export(host, user, hash_user_id), "interaction": public_interaction(&event)})
            }
            ExportedRow::Erased { sequence, user, hash_user_id, at_ms } => {
                json!({"sequence": sequence, "user_id": name_for_export(host, user, hash_user_id), "erased_at": format_rfc3339(at_ms)})
            }
        };
        lines.push_str(&write_json(&line));
        lines.push('\n');
    }
    Ok(lines)
}

/// The id itself, or the keyed hash that the person's settings ask for.
fn name_for_export<H: Host>(host: &H, user: UserId, hash_user_id: bool) -> String {
    if hash_user_id { host.pseudonym(user) } else { user.to_string() }
}

/// Returns a page of shared profiles as NDJSON, after a server sequence number.
///
/// # Errors
/// A malformed sequence; a store that is down.
pub async fn export_profile_lines<H: Host>(
    host: &H,
    scope: AdminScope,
    after: Option<&str>,
) -> Result<String, Refusal> {
    let rows = InteractionLog::export_profiles(host, scope, sequence(after)?, PAGE).await?;
    Ok(rows.into_iter().map(|row| write_json(&named_for_export(host, row)) + "\n").collect())
}

/// A row with its person named as the person's settings ask; that choice itself stays here.
fn named_for_export<H: Host>(host: &H, row: serde_json::Value) -> serde_json::Value {
    let serde_json::Value::Object(mut fields) = row else { return row };
    // A row that does not say is hashed: the id must not leave by mistake.
    let hash_user_id = fields.remove("hash_user_id").and_then(|flag| flag.as_bool()).unwrap_or(true);
    let user = fields.get("user_id").and_then(|id| id.as_str()).and_then(UserId::parse);
    let name = user.map(|user| name_for_export(host, user, hash_user_id)).unwrap_or_default();
    fields.insert("user_id".to_owned(), name.into());
    fields.into()
}

/// An interaction under the API's names.
pub fn public_interaction(event: &crate::types::Interaction) -> serde_json::Value {
    json!({
        "id": event.id, "type": event.kind, "target_type": event.target_type, "target_id": event.target_id,
        "category": event.facts.category, "tags": event.facts.tags, "pack": event.facts.pack,
        "action": event.action, "reason": event.reason, "value": event.value, "session_id": event.session_id,
        "device_id": event.device_id, "device_type": event.device_type, "decision_id": event.decision_id,
        "position": event.position, "context": event.context, "occurred_at": format_rfc3339(event.occurred_at_ms),
    })
}

fn sequence(after: Option<&str>) -> Result<i64, Refusal> {
    match after {
        None => Ok(0),
        Some(text) => {
            let is_number = !text.is_empty() && text.len() <= 15 && text.bytes().all(|byte| byte.is_ascii_digit());
            let number = if is_number { text.parse().ok() } else { None };
            number.ok_or_else(|| Refusal::invalid("invalid-request", "after is a sequence number"))
        }
    }
}
