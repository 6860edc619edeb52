//! Taking interactions, and their history.

use nearside_engine::flows::{self, Intake, PublicInteraction, Refusal, Taken, public_interaction};
use nearside_engine::privacy::for_person;
use nearside_engine::tracking::InvalidInteraction;
use nearside_engine::wire::{BULK_ENTRIES, BodyLimits, RawInteraction, TrackBatch, read_body};
use serde::Serialize;

use super::Call;
use crate::error::Problem;
use crate::http::Reply;

/// Takes one. What is wrong with it is a problem document, not a verdict in a list.
pub(super) async fn one(call: &Call<'_>) -> Result<Reply, Problem> {
    let raw: RawInteraction = call.read()?;
    let asker = call.asker_named(raw.user_id)?;
    let intake = Intake { scope: asker.scope, raw: Ok(raw) };
    let report = flows::track(call.host, vec![intake], taken(call)?).await?;
    match report.rejected.first() {
        Some(rejected) => Err(Refusal::invalid("invalid-interaction", rejected.detail.clone()).into()),
        None => Ok(Reply::json(202, &report)),
    }
}

/// Takes up to 1,000, each with a verdict of its own.
pub(super) async fn many(call: &Call<'_>) -> Result<Reply, Problem> {
    let batch: TrackBatch = call.read()?;
    if batch.interactions.len() > BULK_ENTRIES {
        return Err(Refusal::invalid("invalid-request", "interactions holds more than 1000 entries").into());
    }
    let own = call.asker_named(None)?.scope;
    let intake = batch.interactions.iter().map(|raw| match entry(raw.get(), call) {
        Ok((scope, raw)) => Intake { scope, raw: Ok(raw) },
        Err(invalid) => Intake { scope: own, raw: Err(invalid) },
    });
    let report = flows::track(call.host, intake.collect(), taken(call)?).await?;
    Ok(Reply::json(202, &report))
}

/// A page of history.
#[derive(Serialize)]
struct History<'a> {
    interactions: Vec<PublicInteraction<'a>>,
    next: Option<String>,
}

/// Answers with a page of history.
pub(super) async fn history(call: &Call<'_>) -> Result<Reply, Problem> {
    let asker = call.asker_in_path()?;
    let page = flows::history(call.host, &asker, call.query.get("after")).await?;
    let interactions = page.interactions.iter().map(public_interaction).collect();
    Ok(Reply::json(200, &History { interactions, next: page.next.map(|cursor| cursor.to_string()) }))
}

fn entry(
    text: &str,
    call: &Call<'_>,
) -> Result<(nearside_engine::types::PersonScope, RawInteraction), InvalidInteraction> {
    let refuse = |code: &'static str, detail: String| InvalidInteraction { code, detail };
    let raw: RawInteraction = read_body(text.as_bytes(), BodyLimits::TEXT)
        .map_err(|refused| refuse("invalid_shape", Refusal::from(refused).detail))?;
    let scope = for_person(call.principal, None, raw.user_id)
        .map_err(|denied| refuse("invalid_user", Refusal::from(denied).detail))?;
    Ok((scope, raw))
}

fn taken(call: &Call<'_>) -> Result<Taken, Problem> {
    let is_synchronous = match call.query.get("sync") {
        None | Some("0") => false,
        Some("1") => true,
        Some(_) => return Err(Problem::bad_request(422, "sync is 0 or 1")),
    };
    Ok(Taken { is_synchronous, may_import_old: call.principal.role.is_admin() })
}
