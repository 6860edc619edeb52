//! The OpenFeature Remote Evaluation Protocol 0.3: every test is a flag. Its bodies are plain JSON whatever the status.

use nearside_engine::flows::{self, Asker, Kind, Refusal, VariantAsk};
use nearside_engine::math::sha256_hex;
use nearside_engine::privacy::for_person;
use nearside_engine::types::{Context, UserId};
use nearside_engine::wire::EvaluationRequest;
use nearside_json::write_json;
use serde::Serialize;

use super::Call;
use crate::error::Problem;
use crate::http::{Reply, Target};

/// Why there is no value.
#[derive(Serialize)]
struct Failure<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    #[serde(rename = "errorCode", skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(rename = "errorDetails")]
    details: &'a str,
}

/// True for an address of the protocol.
pub(super) fn is_asked(url: &str) -> bool {
    Target::of(url).is_ok_and(|target| target.path.starts_with("/ofrep/"))
}

/// A problem in the protocol's words.
pub(super) fn failure(problem: &Problem) -> Reply {
    Reply::json(problem.status, &Failure { key: None, code: None, details: &problem.detail })
}

/// Evaluates one flag, at the point of its use.
pub(super) async fn one(call: &Call<'_>) -> Result<Reply, Problem> {
    let key = call.path_text()?;
    let refuse = |status: u16, code: &str, details: &str| {
        Ok(Reply::json(status, &Failure { key: Some(key), code: Some(code), details }))
    };
    let (asker, ask) = match asked(call) {
        Ok(asked) => asked,
        Err(Unasked::Context(code, details)) => return refuse(400, code, &details),
        Err(Unasked::Problem(problem)) => return Err(problem),
    };
    match flows::evaluate_one(call.host, &asker, key, ask).await {
        Ok(Some(flag)) => Ok(Reply::json(200, &flag)),
        Ok(None) => refuse(404, "FLAG_NOT_FOUND", "there is no such flag"),
        Err(refusal) if refusal.kind == Kind::Invalid => refuse(400, "INVALID_CONTEXT", &refusal.detail),
        Err(refusal) => Err(refusal.into()),
    }
}

/// Evaluates all flags, for a client that keeps them.
pub(super) async fn all(call: &Call<'_>) -> Result<Reply, Problem> {
    let refuse = |code: &str, details: &str| Ok(Reply::json(400, &Failure { key: None, code: Some(code), details }));
    let (asker, ask) = match asked(call) {
        Ok(asked) => asked,
        Err(Unasked::Context(code, details)) => return refuse(code, &details),
        Err(Unasked::Problem(problem)) => return Err(problem),
    };
    let flags = match flows::evaluate_all(call.host, &asker, ask).await {
        Ok(flags) => write_json(&flags),
        Err(refusal) if refusal.kind == Kind::Invalid => return refuse("INVALID_CONTEXT", &refusal.detail),
        Err(refusal) => return Err(refusal.into()),
    };
    let hash = sha256_hex(flags.as_bytes());
    let etag = ["\"", hash.get(..32).unwrap_or_default(), "\""].concat();
    let known = call.if_none_match.as_deref().unwrap_or_default();
    let is_known = known.split(',').map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| tag == "*" || tag == etag);
    let reply = if is_known { Reply::of(304, "application/json", Vec::new()) } else { Reply::text(200, flags) };
    Ok(Reply { etag: Some(etag), ..reply })
}

/// Why nothing was evaluated.
enum Unasked {
    /// The body or the context: the protocol's code and a sentence.
    Context(&'static str, String),
    /// Anything else.
    Problem(Problem),
}

/// Reads who is asked for, in which situation. A person is the key of their own flags only; an admin names anybody.
fn asked(call: &Call<'_>) -> Result<(Asker, VariantAsk), Unasked> {
    let parse_error = |problem: Problem| match problem.status {
        413 => Unasked::Problem(problem),
        _ => Unasked::Context("PARSE_ERROR", problem.detail),
    };
    let EvaluationRequest { context } = call.read().map_err(parse_error)?;
    let key = context.targeting_key.filter(|key| !key.is_empty());
    let key = key.ok_or_else(|| Unasked::Context("TARGETING_KEY_MISSING", "context.targetingKey is missing".into()))?;
    let user = UserId::parse(&key.to_ascii_lowercase());
    let user = user.ok_or_else(|| Unasked::Context("INVALID_CONTEXT", "targetingKey is a UUID".into()))?;
    let named = Some(user).filter(|user| *user != call.principal.user);
    let forbidden = || {
        Unasked::Problem(Problem {
            status: 403,
            code: "forbidden",
            detail: "the targeting key is not the token's person".to_owned(),
        })
    };
    let scope = for_person(call.principal, None, named).map_err(|_| forbidden())?;
    let situation = Context {
        country: context.country,
        device_type: context.device_type.or(context.device_type_too),
        platform: context.platform,
        locale: context.locale,
        ..Context::default()
    };
    let ask = VariantAsk {
        context: situation,
        session_id: context.session_id.or(context.session_id_too),
        device_id: context.device_id.or(context.device_id_too),
        experiments_token: None,
    };
    Ok((Asker { scope, role: call.principal.role }, ask))
}

impl From<Refusal> for Unasked {
    fn from(refusal: Refusal) -> Self {
        Self::Problem(refusal.into())
    }
}
