//! The wire shape of an event, as `/track-interaction` takes it. Unknown fields are refused.

use nearside_json::Read;

use crate::types::{Context, UserId};

/// An event as a client sends it.
#[derive(Debug, Clone, PartialEq, Default, Read)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the names are the API's")]
pub struct RawInteraction {
    pub id: Option<String>,
    /// Admins only: whose event it is.
    pub user_id: Option<UserId>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub target_type: Option<String>,
    pub target_id: Option<String>,
    pub category: Option<String>,
    pub action: Option<String>,
    pub reason: Option<String>,
    pub value: Option<f64>,
    pub session_id: Option<String>,
    pub device_id: Option<String>,
    pub device_type: Option<String>,
    pub decision_id: Option<String>,
    pub position: Option<u32>,
    pub context: Option<Context>,
    pub occurred_at: Option<String>,
    /// What the decision that showed the item said under seal.
    pub receipt: Option<String>,
    /// What an earlier answer said under seal of the assignments, where there is no receipt.
    pub experiments_token: Option<String>,
}
