//! What leaves for the origin: interactions of people who share them, tombstones, and profiles.

use serde::Serialize;

use super::Host;
use super::refusal::Refusal;
use crate::ports::{ExportedRow, InteractionLog};
use crate::types::{AdminScope, Context, EventKind, Interaction, UserId, format_rfc3339};
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
        let line = match &row {
            ExportedRow::Interaction { sequence, user, hash_user_id, event } => ExportLine {
                sequence: *sequence,
                user_id: name_for_export(host, *user, *hash_user_id),
                interaction: Some(public_interaction(event)),
                erased_at: None,
            },
            ExportedRow::Erased { sequence, user, hash_user_id, at_ms } => ExportLine {
                sequence: *sequence,
                user_id: name_for_export(host, *user, *hash_user_id),
                interaction: None,
                erased_at: Some(format_rfc3339(*at_ms)),
            },
        };
        lines.push_str(&write_json(&line));
        lines.push('\n');
    }
    Ok(lines)
}

/// A line of the export: an interaction, or that a person was erased.
#[derive(Serialize)]
struct ExportLine<'a> {
    sequence: i64,
    user_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    interaction: Option<PublicInteraction<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    erased_at: Option<String>,
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
    let mut lines = String::new();
    for row in rows {
        let name = name_for_export(host, row.user, row.hash_user_id);
        let rest = row.json.strip_prefix('{').unwrap_or("}");
        lines.push_str(&format!("{{\"sequence\":{},\"user_id\":\"{name}\",{rest}\n", row.sequence));
    }
    Ok(lines)
}

/// An interaction under the API's names.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the API's")]
pub struct PublicInteraction<'a> {
    pub id: &'a str,
    #[serde(rename = "type")]
    pub kind: EventKind,
    pub target_type: Option<&'a str>,
    pub target_id: Option<&'a str>,
    pub category: Option<&'a str>,
    pub tags: &'a [String],
    pub pack: &'a str,
    pub action: Option<&'a str>,
    pub reason: Option<&'a str>,
    pub value: Option<f64>,
    pub session_id: Option<&'a str>,
    pub device_id: Option<&'a str>,
    pub device_type: Option<&'a str>,
    pub decision_id: Option<&'a str>,
    pub position: Option<u32>,
    pub context: &'a Context,
    pub occurred_at: String,
}

/// Returns an interaction as the API shows it.
pub fn public_interaction(event: &Interaction) -> PublicInteraction<'_> {
    PublicInteraction {
        id: &event.id,
        kind: event.kind,
        target_type: event.target_type.as_deref(),
        target_id: event.target_id.as_deref(),
        category: event.facts.category.as_deref(),
        tags: &event.facts.tags,
        pack: &event.facts.pack,
        action: event.action.as_deref(),
        reason: event.reason.as_deref(),
        value: event.value,
        session_id: event.session_id.as_deref(),
        device_id: event.device_id.as_deref(),
        device_type: event.device_type.as_deref(),
        decision_id: event.decision_id.as_deref(),
        position: event.position,
        context: &event.context,
        occurred_at: format_rfc3339(event.occurred_at_ms),
    }
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
