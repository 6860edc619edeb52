//! Tests: a person's variants and outcomes, an admin's definitions, and what came of them.

use nearside_engine::flows::{self, Asker, Definition, Method, Refusal, ResultsAsk, TestMove, VariantAsk};
use nearside_engine::ports::Tester;
use nearside_engine::types::Context;
use nearside_engine::wire::{DecideRequest, HoldoutUpdate, OutcomeRequest, PlanRequest, Reasoned, TestersUpdate};
use serde::Serialize;

use super::{Action, Call};
use crate::error::Problem;
use crate::http::Reply;

/// Which variant a person sees; asking is the exposure.
pub(super) async fn variant(call: &Call<'_>) -> Result<Reply, Problem> {
    let asker = call.asker_in_query()?;
    let stated = |name: &str| call.query.get(name).map(str::to_owned);
    let context = Context { country: stated("country"), device_type: stated("device_type"), ..Context::default() };
    let ask = VariantAsk {
        context,
        session_id: stated("session_id"),
        device_id: stated("device_id"),
        experiments_token: stated("experiments_token"),
    };
    Ok(Reply::json(200, &flows::variant(call.host, &asker, call.path_text()?, ask).await?))
}

/// Which variants of all tests a person would see.
pub(super) async fn decide(call: &Call<'_>) -> Result<Reply, Problem> {
    let request: DecideRequest = call.read()?;
    let asker: Asker = call.asker_named(request.user_id)?;
    let ask = VariantAsk {
        context: request.context,
        session_id: request.session_id,
        device_id: request.device_id,
        experiments_token: request.experiments_token,
    };
    Ok(Reply::json(200, &flows::decide_tests(call.host, &asker, ask).await?))
}

/// Every test with its epochs.
pub(super) async fn show_all(call: &Call<'_>) -> Result<Reply, Problem> {
    let scope = call.monitor()?;
    Ok(Reply::text(200, flows::show_tests(call.host, scope, call.environment()?, None).await?))
}

/// One test with its epochs.
pub(super) async fn show(call: &Call<'_>) -> Result<Reply, Problem> {
    let (scope, name) = (call.monitor()?, call.path_text()?);
    Ok(Reply::text(200, flows::show_tests(call.host, scope, call.environment()?, Some(name)).await?))
}

/// Writes a definition: a draft, or a change.
pub(super) async fn put(call: &Call<'_>) -> Result<Reply, Problem> {
    let (scope, environment, name) = (call.admin()?, call.environment()?, call.path_text()?);
    let definition: Definition = call.read()?;
    Ok(Reply::text(200, flows::put_test(call.host, scope, environment, name, definition).await?))
}

/// Judges a definition and writes nothing.
pub(super) async fn validate(call: &Call<'_>) -> Result<Reply, Problem> {
    let (scope, environment, name) = (call.admin()?, call.environment()?, call.path_text()?);
    let definition: Definition = call.read()?;
    Ok(Reply::json(200, &flows::validate_test(call.host, scope, environment, name, definition).await?))
}

/// Starts, stops or archives.
pub(super) async fn go(action: Action, call: &Call<'_>) -> Result<Reply, Problem> {
    let (scope, environment, name) = (call.admin()?, call.environment()?, call.path_text()?);
    let Reasoned { reason } = call.read()?;
    let to = match action {
        Action::StartTest => TestMove::Start,
        Action::StopTest => TestMove::Stop,
        _ => TestMove::Archive,
    };
    Ok(Reply::text(200, flows::move_test(call.host, scope, environment, name, to, &reason).await?))
}

/// Says what testers see.
pub(super) async fn force(call: &Call<'_>) -> Result<Reply, Problem> {
    let (scope, environment, name) = (call.admin()?, call.environment()?, call.path_text()?);
    let TestersUpdate { testers, reason } = call.read()?;
    let testers = testers.into_iter().map(|tester| Tester { user: tester.user_id, variant: tester.variant });
    let testers: Vec<Tester> = testers.collect();
    Ok(Reply::json(200, &flows::force_testers(call.host, scope, environment, name, &testers, &reason).await?))
}

/// The share that is held out.
#[derive(Serialize)]
struct Holdout {
    holdout_percentage: f64,
}

/// Holds a share of all units out of every test.
pub(super) async fn hold_out(call: &Call<'_>) -> Result<Reply, Problem> {
    let (scope, environment) = (call.admin()?, call.environment()?);
    let HoldoutUpdate { holdout_percentage, reason } = call.read()?;
    flows::set_holdout(call.host, scope, environment, holdout_percentage, &reason).await?;
    Ok(Reply::json(200, &Holdout { holdout_percentage }))
}

/// Takes an outcome.
pub(super) async fn outcome(call: &Call<'_>) -> Result<Reply, Problem> {
    let request: OutcomeRequest = call.read()?;
    let asker: Asker = call.asker_named(request.user_id)?;
    Ok(Reply::json(202, &flows::record_outcome(call.host, &asker, call.path_text()?, request).await?))
}

/// What came of a test.
pub(super) async fn results(call: &Call<'_>) -> Result<Reply, Problem> {
    let (scope, environment, name) = (call.monitor()?, call.environment()?, call.path_text()?);
    let method = match call.query.get("method") {
        None => Method::default(),
        Some(name) => Method::parse(name)
            .ok_or_else(|| Problem::from(Refusal::invalid("invalid-request", "method is always_valid or fixed")))?,
    };
    let ask = ResultsAsk { segment: call.query.get("segment").map(str::to_owned), method };
    Ok(Reply::json(200, &flows::results(call.host, scope, environment, name, ask).await?))
}

/// How many units a test needs.
pub(super) async fn plan(call: &Call<'_>) -> Result<Reply, Problem> {
    call.monitor()?;
    let request: PlanRequest = call.read()?;
    Ok(Reply::json(200, &flows::plan_test(&request)?))
}
