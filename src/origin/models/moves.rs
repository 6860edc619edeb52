//! Moving the pointers: forth with the gate's verdicts, and back in one move. Every move may be asked for twice.

use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::Value;

use super::kept::{PackModels, models_of};
use super::registry::{Method, Registry};

/// The member of the gate's record that says which version was live when it judged; null: the pack's own weights.
pub(crate) const COMPARED_WITH: &str = "live_version";

/// The pointers that a move rests on; where others stand, the Worker refuses it with `model-moved`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Seen<'a> {
    /// The version that must be live; None: the pack's own weights.
    pub(crate) expected_live: Option<&'a str>,
    /// The canary that must be there, `VERSION:SHARE`; None within: none; None: whichever is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expected_canary: Option<Option<&'a str>>,
}

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
    /// What it was judged against.
    #[serde(flatten)]
    pub(crate) seen: Seen<'a>,
}

impl PackModels {
    /// True when the version has that share of the people already.
    pub(crate) fn has_share(&self, version: &str, share: u8) -> bool {
        let canary = format!("{version}:{share}");
        if share >= 100 { self.live.as_deref() == Some(version) } else { self.canary.as_ref() == Some(&canary) }
    }

    /// The pointers that these are.
    pub(crate) fn seen(&self) -> Seen<'_> {
        Seen { expected_live: self.live.as_deref(), expected_canary: Some(self.canary.as_deref()) }
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
        Ok(models) if models.live.as_deref() != promotion.seen.expected_live => {
            Err(error).with_context(|| format!("somebody else moved the pointer, and {} serves", named(&models)))
        }
        Ok(_) => Err(error).context("what was live still is"),
        Err(_) => Err(error).context("whether the pointer moved is not known: run the same command again"),
    }
}

/// Goes back to a version that was live, or (None) to the pack's own weights, in one move. It ends a canary too.
///
/// # Errors
/// What the Worker refuses; then nothing changed. Where the answer was lost, it is looked at: done is done.
pub(crate) fn move_back(
    registry: &dyn Registry,
    pack: &str,
    to: Option<&str>,
    reason: &str,
    seen: Seen<'_>,
) -> Result<PackModels> {
    // A named version may be asked for twice; "the one before" would lead further back each time. No name is a name too.
    let back = WayBack { to: to.unwrap_or_default(), reason, seen };
    match registry.write(Method::Post, &format!("/models/{pack}/rollback"), &serde_json::to_vec(&back)?) {
        Ok(answer) => serde_json::from_value(answer).context("the answer does not have the documented shape"),
        Err(error) => match models_of(registry, pack) {
            Ok(models) if models.live.as_deref() == to && models.canary.is_none() => Ok(models),
            _ => Err(error),
        },
    }
}

#[derive(Serialize)]
struct WayBack<'a> {
    to: &'a str,
    reason: &'a str,
    #[serde(flatten)]
    seen: Seen<'a>,
}

fn named(models: &PackModels) -> &str {
    models.live.as_deref().unwrap_or("the pack's own weights")
}

#[cfg(test)]
#[path = "moves_tests.rs"]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
