//! Feedback: given, and its history.

use nearside_engine::flows;
use nearside_engine::types::format_rfc3339;
use nearside_engine::wire::FeedbackRequest;
use serde_json::json;

use super::Call;
use crate::error::Problem;
use crate::http::Reply;

/// Takes feedback; it holds before the answer.
pub(super) async fn give(call: &Call<'_>) -> Result<Reply, Problem> {
    let request: FeedbackRequest = call.read()?;
    let asker = call.asker_named(request.user_id)?;
    Ok(Reply::json(202, &flows::give_feedback(call.host, &asker, request).await?))
}

/// Answers with the person's feedback.
pub(super) async fn history(call: &Call<'_>) -> Result<Reply, Problem> {
    let rows = flows::feedback_history(call.host, &call.asker_in_path()?).await?;
    let shown: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({
                "id": row.id, "recommendation_id": row.recommendation_id, "type": row.feedback_type,
                "rating": row.rating, "feedback_text": row.feedback_text, "timestamp": format_rfc3339(row.timestamp),
            })
        })
        .collect();
    Ok(Reply::json(200, &json!({"feedback": shown})))
}
