//! `POST /recommend`.

use nearside_engine::flows;
use nearside_engine::wire::RecommendRequest;

use super::Call;
use crate::error::Problem;
use crate::http::Reply;

/// Answers with a decision.
pub(super) async fn recommend(call: &Call<'_>) -> Result<Reply, Problem> {
    let request: RecommendRequest = call.read()?;
    let asker = call.asker_named(request.user_id)?;
    Ok(Reply::json(200, &flows::recommend(call.host, &asker, request).await?))
}
