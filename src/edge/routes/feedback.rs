//! Feedback: given, and its history.

use nearside_engine::flows;
use nearside_engine::types::format_rfc3339;
use nearside_engine::wire::FeedbackRequest;
use serde::Serialize;

use super::Call;
use crate::error::Problem;
use crate::http::Reply;

/// Takes feedback; it holds before the answer.
pub(super) async fn give(call: &Call<'_>) -> Result<Reply, Problem> {
    let request: FeedbackRequest = call.read()?;
    let asker = call.asker_named(request.user_id)?;
    Ok(Reply::json(202, &flows::give_feedback(call.host, &asker, request).await?))
}

/// A person's feedback.
#[derive(Serialize)]
struct History<'a> {
    feedback: Vec<Shown<'a>>,
}

/// One piece of it, under the API's names.
#[derive(Serialize)]
struct Shown<'a> {
    id: &'a str,
    recommendation_id: Option<&'a str>,
    #[serde(rename = "type")]
    feedback_type: &'a str,
    rating: Option<u8>,
    feedback_text: Option<&'a str>,
    timestamp: String,
}

/// Answers with the person's feedback.
pub(super) async fn history(call: &Call<'_>) -> Result<Reply, Problem> {
    let rows = flows::feedback_history(call.host, &call.asker_in_path()?).await?;
    let feedback = rows.iter().map(|row| Shown {
        id: &row.id,
        recommendation_id: row.recommendation_id.as_deref(),
        feedback_type: &row.feedback_type,
        rating: row.rating,
        feedback_text: row.feedback_text.as_deref(),
        timestamp: format_rfc3339(row.timestamp),
    });
    Ok(Reply::json(200, &History { feedback: feedback.collect() }))
}
