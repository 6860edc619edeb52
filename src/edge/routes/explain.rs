//! Why a person sees an item.

use nearside_engine::flows;
use nearside_engine::wire::ExplainRequest;

use super::Call;
use crate::error::Problem;
use crate::http::Reply;

/// `GET /explain/{recommendation_id}`.
pub(super) async fn in_path(call: &Call<'_>) -> Result<Reply, Problem> {
    of_catalogue(call, call.path_text()?.to_owned()).await
}

/// `GET /why-seeing-this?recommendation_id=`.
pub(super) async fn in_query(call: &Call<'_>) -> Result<Reply, Problem> {
    let id =
        call.query.get("recommendation_id").ok_or_else(|| Problem::bad_request(422, "recommendation_id is missing"))?;
    of_catalogue(call, id.to_owned()).await
}

/// `POST /explain`.
pub(super) async fn posted(call: &Call<'_>) -> Result<Reply, Problem> {
    let request: ExplainRequest = call.read()?;
    let asker = call.asker_named(request.user_id)?;
    Ok(Reply::json(200, &flows::explain(call.host, &asker, request).await?))
}

async fn of_catalogue(call: &Call<'_>, recommendation_id: String) -> Result<Reply, Problem> {
    let asker = call.asker_in_query()?;
    let scope = call.query.get("scope").map(str::to_owned);
    let request = ExplainRequest { recommendation_id, scope, ..ExplainRequest::default() };
    Ok(Reply::json(200, &flows::explain(call.host, &asker, request).await?))
}
