//! `POST /recommend`.

use nearside_engine::flows::{self, HELD_BACK};
use nearside_engine::types::Personalization;
use nearside_engine::wire::RecommendRequest;

use super::Call;
use crate::answered;
use crate::error::Problem;
use crate::http::Reply;

/// Answers with a decision.
pub(super) async fn recommend(call: &Call<'_>) -> Result<Reply, Problem> {
    let request: RecommendRequest = call.read()?;
    let asker = call.asker_named(request.user_id)?;
    let decision = flows::recommend(call.host, &asker, request).await?;
    let is_general = decision.personalization == Personalization::None;
    // A wish that is followed is no failure.
    let is_degraded = decision.degraded.iter().any(|name| name != HELD_BACK);
    answered::count(call.host, asker.scope.user(), is_general, is_degraded);
    Ok(Reply::json(200, &decision))
}
