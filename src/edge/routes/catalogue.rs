//! Packs and catalogues: in by admins, checked on the way.

use nearside_engine::flows;
use nearside_engine::flows::{Refusal, Taking};
use nearside_engine::ports::{Blobs, Library};
use nearside_engine::wire::CatalogUpload;

use super::Call;
use crate::error::Problem;
use crate::http::Reply;

/// Checks a pack and makes it live.
pub(super) async fn put_pack(call: &Call<'_>) -> Result<Reply, Problem> {
    let scope = call.admin()?;
    Ok(Reply::json(200, &flows::publish_pack(call.host, scope, call.path_text()?, &call.body, taking(call)?).await?))
}

/// Answers with the live pack's bytes.
pub(super) async fn show_pack(call: &Call<'_>) -> Result<Reply, Problem> {
    live_blob(call, "pack").await
}

/// Changes a draft.
pub(super) async fn change(call: &Call<'_>) -> Result<Reply, Problem> {
    let scope = call.admin()?;
    let upload: CatalogUpload = call.read()?;
    Ok(Reply::json(200, &flows::change_catalogue(call.host, scope, call.path_text()?, upload, taking(call)?).await?))
}

/// Answers with the live catalogue's bytes.
pub(super) async fn show(call: &Call<'_>) -> Result<Reply, Problem> {
    live_blob(call, "catalog").await
}

/// Makes the draft live.
pub(super) async fn commit(call: &Call<'_>) -> Result<Reply, Problem> {
    let scope = call.admin()?;
    Ok(Reply::json(200, &flows::commit_catalogue(call.host, scope, call.path_text()?, taking(call)?).await?))
}

fn taking(call: &Call<'_>) -> Result<Taking, Problem> {
    match call.query.get("check") {
        None => Ok(Taking::Write),
        Some("true") => Ok(Taking::Check),
        Some(_) => Err(Problem::bad_request(422, "check is true or absent")),
    }
}

async fn live_blob(call: &Call<'_>, kind: &str) -> Result<Reply, Problem> {
    call.admin()?;
    let pointers = call.host.pointers().await.map_err(Refusal::from)?;
    let hash = pointers.get(&format!("{kind}/{}", call.path_text()?)).ok_or_else(Problem::no_route)?;
    let bytes = call.host.get(&format!("{kind}/{hash}")).await.map_err(Refusal::from)?;
    let bytes = bytes.ok_or_else(|| Problem::bad_request(503, "the blob has not arrived here yet; try again"))?;
    Ok(Reply::of(200, "application/json", bytes))
}
