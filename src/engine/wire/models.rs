//! Bodies of the routes for models, retraining, evaluation and what is learned of single people.

use nearside_json::{RawJson, Read};

/// POST /models/{pack}/promote.
#[derive(Debug, Clone, Read)]
#[serde(deny_unknown_fields)]
pub struct PromoteRequest {
    /// The version.
    pub version: String,
    /// Per cent of people, 1 to 100; 100 makes it the live one, less a canary beside it.
    #[serde(default = "whole")]
    pub share: u8,
    /// The gate's verdicts, an object with `passed`.
    #[serde(default)]
    pub gate: Option<RawJson>,
    /// Why it is promoted though the gate does not say that it passed.
    #[serde(default)]
    pub forced_reason: Option<String>,
}

fn whole() -> u8 {
    100
}

/// POST /models/{pack}/rollback.
#[derive(Debug, Clone, Default, Read)]
#[serde(deny_unknown_fields, default)]
pub struct RollbackRequest {
    /// A kept version that was live; None for the one before.
    pub to: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// POST /models/{pack}/log.
#[derive(Debug, Clone, Read)]
#[serde(deny_unknown_fields)]
pub struct LogRequest {
    /// `retrained`.
    pub action: String,
    /// The version that came of it.
    #[serde(default)]
    pub version: Option<String>,
    /// RFC 3339: up to when data was read; now, where it is absent.
    #[serde(default)]
    pub data_until: Option<String>,
    /// Whatever the job wants to keep.
    #[serde(default)]
    pub details: Option<RawJson>,
}

/// POST /retrain-models and /admin/evaluate.
#[derive(Debug, Clone, Read)]
#[serde(deny_unknown_fields)]
pub struct JobRequest {
    /// The pack.
    pub pack: String,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

/// POST /retrain-models/{id}.
#[derive(Debug, Clone, Read)]
#[serde(deny_unknown_fields)]
pub struct JobUpdate {
    /// `RUNNING`, `DONE` or `FAILED`.
    pub status: String,
    /// What came of it.
    #[serde(default)]
    pub result: Option<RawJson>,
}

/// PUT /admin/evaluations.
#[derive(Debug, Clone, Read)]
#[serde(deny_unknown_fields)]
pub struct EvaluationsUpload {
    /// Written, or put in the place of one of the same pack, version, kind and time.
    pub evaluations: Vec<Evaluation>,
}

/// How a model or a baseline did.
#[derive(Debug, Clone, Read)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    /// The pack.
    pub pack: String,
    /// The model's version, or the baseline's name.
    pub version: String,
    /// `nightly`, `weekly`, `gate` or `manual`.
    pub kind: String,
    /// RFC 3339.
    pub evaluated_at: String,
    /// The test data.
    pub window: RawJson,
    /// Values and standard errors by name.
    pub metrics: RawJson,
    /// The same by segment.
    #[serde(default)]
    pub segments: Option<RawJson>,
}

/// PUT /admin/similar-users.
#[derive(Debug, Clone, Read)]
#[serde(deny_unknown_fields)]
pub struct SimilarUsersUpload {
    /// The pack whose data said so.
    pub pack: String,
    /// RFC 3339.
    pub calculated_at: String,
    /// Whose neighbours are replaced.
    pub people: Vec<SimilarPerson>,
}

/// A person and their neighbours. Ids are those of the export: a UUID, or the keyed hash of one.
#[derive(Debug, Clone, Read)]
#[serde(deny_unknown_fields)]
pub struct SimilarPerson {
    /// Whose neighbours they are.
    pub user_id: String,
    /// The neighbours; none takes those away that there were.
    pub similar: Vec<SimilarUser>,
}

/// A neighbour.
#[derive(Debug, Clone, Read)]
#[serde(deny_unknown_fields)]
pub struct SimilarUser {
    /// Who.
    pub user_id: String,
    /// 0 to 1.
    pub score: f64,
    /// What they have in common, by names of ours.
    #[serde(default)]
    pub common_attributes: Vec<String>,
}

/// PUT /admin/user-models.
#[derive(Debug, Clone, Read)]
#[serde(deny_unknown_fields)]
pub struct UserModelsUpload {
    /// Each becomes its person's active one.
    pub models: Vec<UserModel>,
}

/// A person's own correction of a model.
#[derive(Debug, Clone, Read)]
#[serde(deny_unknown_fields)]
pub struct UserModel {
    /// Whose, as the export names them.
    pub user_id: String,
    /// `RECOMMENDATION_RANKING`.
    pub model_type: String,
    /// The model that it corrects.
    pub model_version: String,
    /// Weight by term.
    pub weights: RawJson,
    /// On held-out data.
    pub performance: RawJson,
    /// Importance by term.
    #[serde(default)]
    pub feature_importance: Option<RawJson>,
}
