//! `GET /recommendations/collaborative`.

use nearside_engine::flows;

use super::Call;
use crate::error::Problem;
use crate::http::Reply;

/// Answers with what people like this person took up.
pub(super) async fn recommend(call: &Call<'_>) -> Result<Reply, Problem> {
    let asker = call.asker_in_query()?;
    Ok(Reply::json(200, &flows::collaborative(call.host, &asker, call.query.get("scope")).await?))
}
