//! The smoke test after the pointer moved: does the Worker itself say that the version serves?

use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use nearside_engine::types::UserId;
use serde_json::{Value, json};

use crate::models::{Method, Registry};

/// How often the Worker is asked, and how long it is left alone in between: a new blob may be on its way to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Patience {
    /// Questions.
    pub(crate) tries: u32,
    /// Between two.
    pub(crate) wait: Duration,
}

impl Patience {
    /// A Worker elsewhere needs some seconds to see a new blob.
    pub(crate) const USUAL: Self = Self { tries: 6, wait: Duration::from_secs(2) };

    /// Asks until it is well, or patience is at its end.
    pub(super) fn until<T>(self, mut ask: impl FnMut() -> Result<T>) -> Result<T> {
        for _ in 1..self.tries {
            if let Ok(answer) = ask() {
                return Ok(answer);
            }
            thread::sleep(self.wait);
        }
        ask()
    }
}

/// What must be seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected<'a> {
    pub(super) pack: &'a str,
    pub(super) version: &'a str,
    pub(super) share: u8,
    /// What the others get beside a canary.
    pub(super) live_before: Option<&'a str>,
}

/// Asks GET /health for the pointers.
pub(super) fn is_named(registry: &dyn Registry, expected: &Expected<'_>) -> Result<()> {
    let Expected { pack, version, share, .. } = *expected;
    let health: Value = serde_json::from_str(&registry.read("/health")?.context("there is no health")?)?;
    let (kind, wanted) =
        if share >= 100 { ("models", version.to_owned()) } else { ("canaries", format!("{version}:{share}")) };
    let found = member(member(&health, kind), pack);
    ensure!(found == &json!(wanted), "GET /health names {found} for {pack}, not {wanted}");
    ensure!(member(&health, "status") == "ok", "the Worker's store is {}", member(&health, "status"));
    Ok(())
}

/// Asks POST /recommend for a person, and returns the answer: only one that is made for them proves anything.
pub(super) fn recommended(registry: &dyn Registry, scope: &str, user: UserId) -> Result<Value> {
    let question = json!({ "scope": scope, "user_id": user.to_string(), "limit": 10, "explain": "none" });
    let answer = registry.write(Method::Post, "/recommend", question.to_string().as_bytes())?;
    ensure!(
        member(&answer, "personalization") != "none",
        "the smoke user gets the general order; name one with personalization on"
    );
    Ok(answer)
}

/// Makes sure that the answer came from the model.
pub(super) fn is_answered(answer: &Value, expected: &Expected<'_>) -> Result<()> {
    let found = member(answer, "model_version").as_str();
    let is_expected = found == Some(expected.version) || (expected.share < 100 && found == expected.live_before);
    ensure!(is_expected, "/recommend is answered by {}, not {}", member(answer, "model_version"), expected.version);
    let is_degraded =
        member(answer, "degraded").as_array().is_some_and(|parts| parts.iter().any(|part| part == "model"));
    ensure!(!is_degraded, "/recommend says that its model is degraded");
    ensure!(member(answer, "items").as_array().is_some_and(|items| !items.is_empty()), "/recommend names no item");
    Ok(())
}

/// A member of an object; null where there is none.
fn member<'a>(value: &'a Value, name: &str) -> &'a Value {
    value.get(name).unwrap_or(&Value::Null)
}
