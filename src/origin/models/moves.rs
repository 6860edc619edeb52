//! Moving the pointers: forth with the gate's verdicts, and back in one move. Every move may be asked for twice.

use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::{Value, json};

use super::kept::{PackModels, models_of};
use super::registry::{Method, Registry};

/// A promotion.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Promotion<'a> {
    /// The version.
    pub(crate) version: &'a str,
    /// Per cent of people; 100 makes it the live one.
    pub(crate) share: u8,
    /// The gate's verdicts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) gate: Option<Value>,
    /// Why it is promoted though the gate did not pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) forced_reason: Option<&'a str>,
}

impl PackModels {
    /// True when the version has that share of the people already.
    pub(crate) fn has_share(&self, version: &str, share: u8) -> bool {
        let canary = format!("{version}:{share}");
        if share >= 100 { self.live.as_deref() == Some(version) } else { self.canary.as_ref() == Some(&canary) }
    }
}

/// Promotes a kept version.
///
/// # Errors
/// What the Worker refuses. Where the answer was lost, it is looked at: done is done.
pub(crate) fn move_to(registry: &dyn Registry, pack: &str, promotion: &Promotion<'_>) -> Result<()> {
    let Promotion { version, share, .. } = promotion;
    let body = serde_json::to_vec(promotion)?;
    let Err(error) = registry.write(Method::Post, &format!("/models/{pack}/promote"), &body) else {
        return Ok(());
    };
    match models_of(registry, pack) {
        Ok(models) if models.has_share(version, *share) => Ok(()),
        Ok(_) => Err(error).context("what was live still is"),
        Err(_) => Err(error).context("whether the pointer moved is not known: run the same command again"),
    }
}

/// Goes back to a version that was live, or (None) to the pack's own weights, in one move. It ends a canary too.
///
/// # Errors
/// What the Worker refuses; then nothing changed.
pub(crate) fn move_back(registry: &dyn Registry, pack: &str, to: Option<&str>, reason: &str) -> Result<PackModels> {
    // A named version may be asked for twice; "the one before" would lead further back each time. No name is a name too.
    let body = json!({ "to": to.unwrap_or_default(), "reason": reason }).to_string();
    let answer = registry.write(Method::Post, &format!("/models/{pack}/rollback"), body.as_bytes())?;
    serde_json::from_value(answer).context("the answer does not have the documented shape")
}

#[cfg(test)]
#[path = "moves_tests.rs"]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
