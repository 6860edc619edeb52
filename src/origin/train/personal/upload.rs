//! People's own models on their way to the Worker.

use anyhow::Result;
use serde_json::json;

use super::learn::PersonalModel;
use crate::api::{Put, Written, put_rows};

/// What the models correct.
const RANKING: &str = "RECOMMENDATION_RANKING";

/// Sends the models as corrections of a version, by `put` a call, and says how many the Worker wrote and withheld.
///
/// # Errors
/// What the Worker refuses; calls before it are done.
pub(crate) fn send_personal_models(models: &[PersonalModel], version: &str, put: &mut Put<'_>) -> Result<Written> {
    let row = |model: &PersonalModel| {
        json!({
            "user_id": model.user_id, "model_type": RANKING, "model_version": version, "weights": model.weights,
            "performance": model.performance,
        })
    };
    put_rows("/admin/user-models", r#"{"models":["#, models.iter().map(row), put)
}
