//! Models: in, promoted, back, and what the origin job is asked to do. What the store says of them is passed on as it is.

use nearside_engine::flows::{self, Refusal};
use nearside_engine::ports::{Blobs, Library, ModelAsk};
use nearside_engine::wire::{JobRequest, JobUpdate, LogRequest, PromoteRequest, RollbackRequest};

use super::{Action, Call};
use crate::error::Problem;
use crate::http::Reply;

/// Does what changes something, and hands out a model.
pub(super) async fn change(action: Action, call: &Call<'_>) -> Result<Reply, Problem> {
    let (host, scope) = (call.host, call.admin()?);
    let said = match action {
        Action::PutModel => {
            let report = flows::upload_model(host, scope, call.path_text()?, &call.body).await?;
            return Ok(Reply::json(200, &report));
        }
        Action::ModelBlob => return blob(call).await,
        Action::PromoteModel => {
            flows::promote_model(host, scope, call.path_text()?, call.read::<PromoteRequest>()?).await?
        }
        Action::RollBackModel => {
            flows::roll_back_model(host, scope, call.path_text()?, call.read::<RollbackRequest>()?).await?
        }
        Action::LogRetraining => {
            flows::log_retraining(host, scope, call.path_text()?, &call.read::<LogRequest>()?).await?
        }
        Action::FinishJob => flows::finish_job(host, scope, call.path_text()?, &call.read::<JobUpdate>()?).await?,
        _ => {
            let kind = if action == Action::AskTraining { "TRAIN" } else { "EVALUATE" };
            let request = flows::ask_for_job(host, scope, kind, &call.read::<JobRequest>()?).await?;
            return Ok(Reply::text(202, request));
        }
    };
    Ok(Reply::text(200, said))
}

/// Reports.
pub(super) async fn report(action: Action, call: &Call<'_>) -> Result<Reply, Problem> {
    let scope = call.monitor()?;
    let pack = call.query.get("pack").unwrap_or_default();
    let ask = match action {
        Action::ShowPackModels => {
            return Ok(Reply::text(200, flows::report_on_pack(call.host, scope, call.path_text()?).await?));
        }
        Action::ModelPerformance => ModelAsk::Performance,
        Action::ShowJobs => ModelAsk::Requests,
        Action::ShowEvaluations => ModelAsk::Evaluations,
        _ => ModelAsk::Models,
    };
    let said = flows::report_models(call.host, scope, ask, pack).await?;
    let is_list = matches!(ask, ModelAsk::Models | ModelAsk::Performance);
    Ok(Reply::text(200, if is_list { format!(r#"{{"packs":{said}}}"#) } else { said }))
}

/// A signed document, as it was taken.
async fn blob(call: &Call<'_>) -> Result<Reply, Problem> {
    let version = call.path_text()?;
    if let Some(bytes) = call.host.get(&format!("model/{version}")).await.map_err(Refusal::from)? {
        return Ok(Reply { status: 200, media: "application/json", bytes, is_public: false });
    }
    let pointers = call.host.pointers().await.map_err(Refusal::from)?;
    let is_pointed_at = pointers.iter().any(|(_, value)| value.split(':').next() == Some(version));
    Err(if is_pointed_at {
        Problem::bad_request(503, "the blob has not arrived here yet; try again")
    } else {
        Problem::no_route()
    })
}
