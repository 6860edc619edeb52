//! Models: in, promoted, back; what the origin job is asked to do and what it found. What the store says of them is passed
//! on as it is.

use nearside_engine::flows::{self, Refusal};
use nearside_engine::ports::{Blobs, Library, ModelAsk, ModelFacts, Models, Surroundings};
use nearside_engine::wire::{MoveRequest, check_members};
use nearside_json::write_json;

use super::{Action, Call};
use crate::error::Problem;
use crate::http::Reply;

/// Takes a model in.
pub(super) async fn upload(call: &Call<'_>) -> Result<Reply, Problem> {
    let pack = call.path_text()?;
    let version = flows::upload_model(call.host, call.admin()?, pack, &call.body).await?;
    let size_bytes = call.body.len();
    Ok(Reply::text(200, format!(r#"{{"pack":{},"version":"{version}","size_bytes":{size_bytes}}}"#, write_json(pack))))
}

/// Promotes a version, or goes back.
pub(super) async fn go(action: Action, call: &Call<'_>) -> Result<Reply, Problem> {
    let is_promotion = action == Action::PromoteModel;
    let names: &[&str] = if is_promotion { &["version", "share", "gate", "forced_reason"] } else { &["to", "reason"] };
    check_members(&call.body, call.limits, names).map_err(Refusal::from)?;
    let request: MoveRequest = call.read()?;
    Ok(Reply::text(200, flows::move_model(call.host, call.admin()?, call.path_text()?, is_promotion, request).await?))
}

/// Everything that is one ask of the records.
pub(super) async fn records(action: Action, call: &Call<'_>) -> Result<Reply, Problem> {
    let (ask, names): (ModelAsk, &[&str]) = match action {
        Action::ShowModels => (ModelAsk::Models, &[]),
        Action::ShowPackModels => (ModelAsk::ModelsOfPack, &[]),
        Action::ModelPerformance => (ModelAsk::Performance, &[]),
        Action::ShowJobs => (ModelAsk::Requests, &[]),
        Action::ShowEvaluations => (ModelAsk::Evaluations, &[]),
        Action::LogRetraining => (ModelAsk::Retrained, &["action", "version", "data_until", "details"]),
        Action::AskTraining | Action::AskEvaluation => (ModelAsk::Request, &["pack", "reason"]),
        Action::FinishJob => (ModelAsk::Finish, &["status", "result"]),
        Action::PutEvaluations => (ModelAsk::AddEvaluations, &["evaluations"]),
        Action::PutSimilarUsers => (ModelAsk::SimilarUsers, &["pack", "calculated_at", "people"]),
        Action::PutUserModels => (ModelAsk::UserModels, &["models"]),
        _ => return Err(Problem::no_route()),
    };
    let scope = if names.is_empty() { call.monitor()? } else { call.admin()? };
    let mut body = "{}";
    if !names.is_empty() {
        check_members(&call.body, call.limits, names).map_err(Refusal::from)?;
        // It has just been read as text.
        body = std::str::from_utf8(&call.body).unwrap_or_default();
    }
    let path = call.path_text.as_deref().unwrap_or_default();
    let said = if matches!(ask, ModelAsk::SimilarUsers | ModelAsk::UserModels) {
        flows::learned(call.host, scope, ask, body).await?
    } else {
        let id = if ask == ModelAsk::Request { &call.host.fresh_id() } else { path };
        let kind = if action == Action::AskEvaluation { "EVALUATE" } else { "TRAIN" };
        let facts = ModelFacts::of(call.query.get("pack").unwrap_or(path)).text("id", id).text("action", kind);
        let facts = facts.json("body", body);
        call.host.model_records(scope, ask, &facts, call.host.now_ms()).await.map_err(Refusal::from)?
    };
    if said.is_empty() {
        return Err(Problem::no_route());
    }
    Ok(Reply::text(if ask == ModelAsk::Request { 202 } else { 200 }, said))
}

/// A signed document, as it was taken.
pub(super) async fn show_blob(call: &Call<'_>) -> Result<Reply, Problem> {
    call.admin()?;
    let version = call.path_text()?;
    if let Some(bytes) = call.host.get(&format!("model/{version}")).await.map_err(Refusal::from)? {
        return Ok(Reply::of(200, "application/json", bytes));
    }
    let pointers = call.host.pointers().await.map_err(Refusal::from)?;
    let is_pointed_at = pointers.iter().any(|(_, value)| value.split(':').next() == Some(version));
    Err(if is_pointed_at {
        Problem::bad_request(503, "the blob has not arrived here yet; try again")
    } else {
        Problem::no_route()
    })
}
