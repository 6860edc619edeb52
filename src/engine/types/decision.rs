//! The answer: an order, its words and its reasons.

use nearside_json::Read;
use serde::Serialize;

use super::experiment::DecidedTest;
use super::trace::{Factor, Term};

/// How much of the reasoning an answer carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum Explain {
    /// No terms, no reasons.
    None,
    /// The reasons in words.
    Summary,
    /// Every term and factor, and no words: for whoever shows the items in their own.
    Terms,
    /// The reasons, and every term and factor.
    #[default]
    Full,
}

/// How far an answer is personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum Personalization {
    /// The general order.
    None,
    /// Less than 30 days since the first interaction: priors lead.
    Building,
    /// Evidence leads.
    Full,
}

/// One answer of `/recommend`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the API's")]
pub struct Decision {
    pub decision_id: String,
    pub scope: String,
    pub personalization: Personalization,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    pub model_version: Option<String>,
    pub pack_version: Option<String>,
    pub catalog_version: Option<String>,
    pub cached: bool,
    pub degraded: Vec<String>,
    /// Always `ordering_only`: nothing here approves, declines, prices or decides eligibility.
    #[serde(rename = "use")]
    pub permitted_use: &'static str,
    pub items: Vec<DecidedItem>,
    /// The tests that the answer applied, and what they showed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub experiments: Vec<DecidedTest>,
    /// The assignments under seal, to send with the next request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub experiments_token: Option<String>,
    /// What was decided under seal, to send with the interactions that follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
}

/// One item of an answer. What the reasoning's visibility or the general order withholds is absent.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[expect(missing_docs, reason = "the names are the API's")]
pub struct DecidedItem {
    pub id: String,
    pub rank: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adjusted_priority: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description_full: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub personalized_reasoning: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub benefit_presentation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub examples: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms: Option<Vec<Term>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factors: Option<Vec<Factor>>,
    /// The variants that changed its words, as `FRAMING:VARIANT`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub framing: Vec<String>,
}
