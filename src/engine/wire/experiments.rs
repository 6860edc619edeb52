//! Bodies of the routes of tests. A definition itself is read where it is kept.

use nearside_json::Read;

use crate::types::{Context, OutcomeKind, UserId};

/// POST /ab-test/decide.
#[derive(Debug, Clone, Default, Read)]
#[serde(deny_unknown_fields, default)]
pub struct DecideRequest {
    /// The situation.
    pub context: Context,
    /// The session, for tests that assign sessions.
    pub session_id: Option<String>,
    /// The device, for tests that assign devices.
    pub device_id: Option<String>,
    /// What an earlier answer said under seal of the assignments.
    pub experiments_token: Option<String>,
    /// Admins only.
    pub user_id: Option<UserId>,
}

/// POST /ab-test/{test_name}/outcome.
#[derive(Debug, Clone, Read)]
#[serde(deny_unknown_fields)]
pub struct OutcomeRequest {
    /// Unique for the person; made by the host when absent, and then a second try counts twice.
    #[serde(default)]
    pub id: Option<String>,
    /// Of which item.
    #[serde(default)]
    pub recommendation_id: Option<String>,
    /// What became of it.
    pub outcome: OutcomeKind,
    /// A metric of the test's own that it adds to.
    #[serde(default)]
    pub metric: Option<String>,
    /// What it adds.
    #[serde(default)]
    pub value: Option<f64>,
    /// RFC 3339; now when absent.
    #[serde(default)]
    pub occurred_at: Option<String>,
    /// The session, for tests that assign sessions.
    #[serde(default)]
    pub session_id: Option<String>,
    /// The device, for tests that assign devices.
    #[serde(default)]
    pub device_id: Option<String>,
    /// What the decision said under seal.
    #[serde(default)]
    pub receipt: Option<String>,
    /// What an earlier answer said under seal of the assignments, for a view without a receipt.
    #[serde(default)]
    pub experiments_token: Option<String>,
    /// Admins only.
    #[serde(default)]
    pub user_id: Option<UserId>,
}

/// POST /ab-test/plan: how many units a test needs, or how much it can see.
#[derive(Debug, Clone, Default, Read)]
#[serde(deny_unknown_fields, default)]
pub struct PlanRequest {
    /// `conversion` or `value`.
    pub kind: Option<String>,
    /// The control's rate, 0 to 1, or mean.
    pub baseline: Option<f64>,
    /// Of a value, between units.
    pub standard_deviation: Option<f64>,
    /// The least lift that is to be seen, 0.2 for 20 %.
    pub relative_lift: Option<f64>,
    /// The rate of false alarms; 0.05 without it.
    pub alpha: Option<f64>,
    /// The chance to see the lift; 0.8 without it.
    pub power: Option<f64>,
    /// With the control; 2 without it.
    pub variants: Option<u32>,
    /// Exposed units of all variants, for the days.
    pub units_per_day: Option<f64>,
}

/// The body of what needs a reason and nothing else.
#[derive(Debug, Clone, Default, Read)]
#[serde(deny_unknown_fields, default)]
pub struct Reasoned {
    /// Why.
    pub reason: String,
}

/// PUT /ab-test/{test_name}/testers.
#[derive(Debug, Clone, Default, Read)]
#[serde(deny_unknown_fields, default)]
pub struct TestersUpdate {
    /// Who sees what from now on.
    pub testers: Vec<TesterUpdate>,
    /// Why.
    pub reason: String,
}

/// One tester.
#[derive(Debug, Clone, Read)]
#[serde(deny_unknown_fields)]
pub struct TesterUpdate {
    /// Who.
    pub user_id: UserId,
    /// What; null takes it back.
    #[serde(default)]
    pub variant: Option<String>,
}

/// PUT /ab-test-holdout.
#[derive(Debug, Clone, Read)]
#[serde(deny_unknown_fields)]
pub struct HoldoutUpdate {
    /// 0 to 100.
    pub holdout_percentage: f64,
    /// Why.
    #[serde(default)]
    pub reason: String,
}
