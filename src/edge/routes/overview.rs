//! `GET /admin/overview`.

use nearside_engine::flows;
use nearside_engine::ports::FiguresAsk;

use super::Call;
use crate::error::Problem;
use crate::http::Reply;

/// Answers with the figures of the last days.
pub(super) async fn show(call: &Call<'_>) -> Result<Reply, Problem> {
    let (pack, days) = (call.query.get("pack"), call.query.get("days"));
    Ok(Reply::text(200, flows::overview(call.host, call.monitor()?, FiguresAsk::Show, pack, days).await?))
}
