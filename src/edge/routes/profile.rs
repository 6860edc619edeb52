//! The profile: shown, stated, rebuilt, exported, erased.

use nearside_engine::flows;
use nearside_engine::wire::PreferencesUpdate;

use super::Call;
use crate::error::Problem;
use crate::http::Reply;

/// Shows it.
pub(super) async fn show(call: &Call<'_>) -> Result<Reply, Problem> {
    Ok(Reply::json(200, &flows::view_profile(call.host, &call.asker_in_path()?).await?))
}

/// Takes stated facts and preferences.
pub(super) async fn set_preferences(call: &Call<'_>) -> Result<Reply, Problem> {
    let asker = call.asker_in_path()?;
    let update: PreferencesUpdate = call.read()?;
    Ok(Reply::json(200, &flows::set_preferences(call.host, &asker, update).await?))
}

/// Rebuilds it from the log.
pub(super) async fn refresh(call: &Call<'_>) -> Result<Reply, Problem> {
    Ok(Reply::json(200, &flows::refresh(call.host, &call.asker_in_path()?).await?))
}

/// Exports everything.
pub(super) async fn own_export(call: &Call<'_>) -> Result<Reply, Problem> {
    Ok(Reply::text(200, flows::own_export(call.host, &call.asker_in_path()?).await?))
}

/// Erases everything.
pub(super) async fn erase(call: &Call<'_>) -> Result<Reply, Problem> {
    Ok(Reply::json(200, &flows::erase(call.host, &call.asker_in_path()?).await?))
}
