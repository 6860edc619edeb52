//! What leaves for the origin.

use nearside_engine::flows;

use super::Call;
use crate::error::Problem;
use crate::http::Reply;

/// Interactions and tombstones.
pub(super) async fn interactions(call: &Call<'_>) -> Result<Reply, Problem> {
    Ok(Reply::lines(flows::export_interactions(call.host, call.admin()?, call.query.get("after")).await?))
}

/// Profiles.
pub(super) async fn profiles(call: &Call<'_>) -> Result<Reply, Problem> {
    Ok(Reply::lines(flows::export_profile_lines(call.host, call.admin()?, call.query.get("after")).await?))
}
