//! What the origin job is asked to do, what it says it did, and the reports over it.

use nearside_json::{RawJson, write_json};

use super::Host;
use super::models::records;
use super::refusal::Refusal;
use crate::ports::{ModelAsk, ModelFacts};
use crate::types::{AdminScope, TimeMs, is_text_id, parse_rfc3339};
use crate::wire::{EvaluationsUpload, JobRequest, JobUpdate, LogRequest};

/// Leaves a request for the job (`TRAIN` or `EVALUATE`) and answers with it; one that is open already is answered with.
///
/// # Errors
/// `NotFound` for a pack that is not live; a store that is down.
pub async fn ask_for_job<H: Host>(
    host: &H,
    scope: AdminScope,
    kind: &'static str,
    request: &JobRequest,
) -> Result<String, Refusal> {
    let id = host.fresh_id();
    let reason = request.reason.as_deref();
    let facts = ModelFacts { pack: &request.pack, action: kind, id: &id, reason, ..ModelFacts::default() };
    told(host, scope, ModelAsk::Request, &facts).await
}

/// Notes how far a request is, and answers with it.
///
/// # Errors
/// A status that a job does not set; `NotFound`; a store that is down.
pub async fn finish_job<H: Host>(host: &H, scope: AdminScope, id: &str, update: &JobUpdate) -> Result<String, Refusal> {
    if !matches!(&*update.status, "RUNNING" | "DONE" | "FAILED") {
        return Err(Refusal::invalid("invalid-request", "status is RUNNING, DONE or FAILED"));
    }
    let details = update.result.as_ref().map(RawJson::get);
    let facts = ModelFacts { action: &update.status, id, details, ..ModelFacts::default() };
    told(host, scope, ModelAsk::Finish, &facts).await
}

/// Notes a retraining in the log; feedback that asked for one until then is answered.
///
/// # Errors
/// Another action; a time that does not read; `NotFound` for a pack that is not live; a store that is down.
pub async fn log_retraining<H: Host>(
    host: &H,
    scope: AdminScope,
    pack: &str,
    request: &LogRequest,
) -> Result<String, Refusal> {
    if request.action != "retrained" {
        return Err(Refusal::invalid("invalid-request", "action is retrained"));
    }
    let made_at_ms = request.data_until.as_deref().map_or(Ok(host.now_ms()), time)?;
    let facts = ModelFacts {
        pack,
        action: "retrained",
        version: request.version.as_deref(),
        details: request.details.as_ref().map(RawJson::get),
        made_at_ms,
        ..ModelFacts::default()
    };
    told(host, scope, ModelAsk::Log, &facts).await?;
    report_on_pack(host, scope, pack).await
}

/// Writes evaluations, each once for its pack, version, kind and time. Returns how many.
///
/// # Errors
/// An id, kind or time that does not read; a store that is down.
pub async fn add_evaluations<H: Host>(host: &H, scope: AdminScope, upload: &EvaluationsUpload) -> Result<u64, Refusal> {
    let mut rows = Vec::with_capacity(upload.evaluations.len());
    for one in &upload.evaluations {
        let is_kind = matches!(&*one.kind, "nightly" | "weekly" | "gate" | "manual");
        let segments = one.segments.as_ref().map(RawJson::get);
        if !is_kind || !is_text_id(&one.pack) || !is_text_id(&one.version) || !is_object(&one.metrics) {
            let detail = "an evaluation has a pack, a version, metrics and a kind of nightly, weekly, gate, manual";
            return Err(Refusal::invalid("invalid-request", detail));
        }
        let at_ms = time(&one.evaluated_at)?;
        rows.push((&one.pack, &one.version, &one.kind, at_ms, one.window.get(), one.metrics.get(), segments));
    }
    let facts = ModelFacts { rows: &write_json(&rows), ..ModelFacts::default() };
    Ok(records(host, scope, ModelAsk::AddEvaluations, &facts).await?.rows)
}

/// Returns a report as JSON: `Models`, `Performance` or `Evaluations` of a pack or of all (the empty name), `Requests`.
///
/// # Errors
/// A store that is down.
pub async fn report_models<H: Host>(host: &H, scope: AdminScope, ask: ModelAsk, pack: &str) -> Result<String, Refusal> {
    told(host, scope, ask, &ModelFacts { pack, ..ModelFacts::default() }).await
}

/// Returns the models of one pack as JSON.
///
/// # Errors
/// `NotFound` for a pack that is not live; a store that is down.
pub async fn report_on_pack<H: Host>(host: &H, scope: AdminScope, pack: &str) -> Result<String, Refusal> {
    let list = report_models(host, scope, ModelAsk::Models, pack).await?;
    // A list of one pack, or of none.
    let one = list.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).filter(|one| !one.is_empty());
    one.map(str::to_owned).ok_or_else(Refusal::not_found)
}

/// Asks for what must have an answer.
async fn told<H: Host>(host: &H, scope: AdminScope, ask: ModelAsk, facts: &ModelFacts<'_>) -> Result<String, Refusal> {
    let answer = records(host, scope, ask, facts).await?;
    if answer.json.is_empty() { Err(Refusal::not_found()) } else { Ok(answer.json) }
}

pub(super) fn time(text: &str) -> Result<TimeMs, Refusal> {
    parse_rfc3339(text).ok_or_else(|| Refusal::invalid("invalid-request", "a time is RFC 3339"))
}

pub(super) fn is_object(json: &RawJson) -> bool {
    json.get().starts_with('{')
}
