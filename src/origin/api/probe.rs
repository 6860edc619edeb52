//! One look at a Worker, for `doctor`: without patience, and with what a client usually does not care for.

use std::time::Duration;

use anyhow::{Context, Result};
use chrono::DateTime;
use nearside_engine::types::TimeMs;
use serde_json::Value;
use ureq::http::{HeaderMap, Request};

use super::client::{BASE, ServerArgs};

/// A healthy Worker answers in milliseconds; one that builds itself first needs seconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a Worker answered.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// The body, when it is JSON.
    pub(crate) body: Option<Value>,
    /// What time it was there, ms UTC, to the second; None when it does not say.
    pub(crate) date_ms: Option<TimeMs>,
}

/// Asks once for a resource, with a token or without one.
///
/// # Errors
/// An address that is neither encrypted nor on this machine, nobody there.
pub(crate) fn probe(server: &ServerArgs, path: &str, token: Option<&str>) -> Result<Answer> {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .proxy(None)
        .build();
    let mut request = Request::get(format!("{}{BASE}{path}", server.address()?));
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let mut answer = ureq::Agent::from(config).run(request.body(()).context("the request cannot be made")?)?;
    let date_ms = date_ms(answer.headers());
    let body = answer.body_mut().read_to_vec().ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    Ok(Answer { status: answer.status().as_u16(), body, date_ms })
}

/// What time it is where the answer was made, ms UTC, to the second; None when it does not say.
pub(super) fn date_ms(headers: &HeaderMap) -> Option<TimeMs> {
    let date = headers.get("date")?.to_str().ok()?;
    DateTime::parse_from_rfc2822(date).ok().map(|date| date.timestamp_millis())
}
