//! The order of publishing: judge, try, upload, read back, record, and last the pointer. Until then nothing that serves
//! has changed; after it the Worker is asked, and where it does not say the new version, the pointer goes back at once.

use anyhow::{Context, Result, anyhow, ensure};
use nearside_engine::types::{TimeMs, UserId, format_rfc3339};
use serde_json::{Value, json};

use super::golden::{LiveDomain, ask_golden};
use super::signed::Signed;
use super::smoke::{Expected, Patience, is_answered, is_named, recommended};
use crate::evaluate::Verdict;
use crate::gate::{
    Evaluation, Limits, has_passed, judge, judge_origin, missing_evaluation, record, unreadable_evaluation,
};
use crate::models::{COMPARED_WITH, Method, PackModels, Promotion, Registry, Seen, models_of, move_back, move_to};

/// The route takes a thousand entries in all.
const MOST_SEGMENTS: usize = 900;

/// What was measured of the candidate.
#[derive(Debug, Clone)]
pub(crate) enum Measured<'a> {
    /// Nothing.
    Never,
    /// There is a file that does not read; why.
    Unreadable(String),
    /// This.
    As(&'a Evaluation),
}

/// How to publish.
#[derive(Debug, Clone)]
pub(crate) struct Plan<'a> {
    /// For which pack.
    pub(crate) pack: &'a str,
    /// For how many per cent of people, 1 to 100.
    pub(crate) share: u8,
    /// Why the gate may be overruled.
    pub(crate) forced_reason: Option<&'a str>,
    /// Everything but the upload and what follows it.
    pub(crate) is_rehearsal: bool,
    /// For whom the Worker is asked.
    pub(crate) smoke_user: Option<UserId>,
    /// Budgets of the gate.
    pub(crate) limits: &'a Limits,
    /// The time.
    pub(crate) now_ms: TimeMs,
    /// How long a Worker may need to see what is new.
    pub(crate) patience: Patience,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The gate refused.
    Refused,
    /// It would have been published.
    Rehearsed,
    /// It served already.
    Unchanged,
    /// It is live.
    Promoted,
    /// It serves its share.
    Canary,
}

/// A publication.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Published {
    /// What became of it.
    pub(crate) outcome: Outcome,
    /// The version.
    pub(crate) version: String,
    /// What the gate says.
    pub(crate) verdicts: Vec<Verdict>,
    /// What was live before; None: the pack's own weights.
    pub(crate) live_before: Option<String>,
}

/// Publishes a signed candidate. The same one again changes nothing.
///
/// # Errors
/// Names the step that failed, and what serves after it.
pub(crate) fn publish(
    registry: &dyn Registry,
    signed: &Signed,
    measured: &Measured<'_>,
    plan: &Plan<'_>,
) -> Result<Published> {
    let before = step("read what is live", models_of(registry, plan.pack))?;
    let serves_already = before.has_share(&signed.version, plan.share);
    let verdicts = verdicts(signed, measured, &before, plan);
    let ended = |outcome: Outcome| Published {
        outcome,
        version: signed.version.clone(),
        verdicts: verdicts.clone(),
        live_before: before.live.clone(),
    };
    if !serves_already && !has_passed(&verdicts) && plan.forced_reason.is_none() {
        return Ok(ended(Outcome::Refused));
    }
    let domain = step("read the live pack and catalogue", read_domain(registry, plan.pack))?;
    step("golden requests", ask_golden(&domain, signed.model.clone(), plan.now_ms))?;
    let scope = step("golden requests", domain.first_scope())?;
    if let Some(user) = plan.smoke_user {
        step("ask for the smoke user", recommended(registry, &scope, user))?;
    }
    if plan.is_rehearsal {
        return Ok(ended(Outcome::Rehearsed));
    }
    if !serves_already {
        step("upload", upload(registry, plan.pack, signed))?;
        step("read back", plan.patience.until(|| read_back(registry, signed)))?;
        if let Measured::As(evaluation) = measured
            && evaluation.candidate_sha256 == signed.candidate_sha256
        {
            step("record the evaluation", write_evaluation(registry, &signed.version, evaluation))?;
        }
        let mut gate = record(&verdicts);
        if let (Measured::As(evaluation), Some(members)) = (measured, gate.as_object_mut()) {
            members.insert(COMPARED_WITH.to_owned(), json!(evaluation.live_version));
        }
        let promotion = Promotion {
            version: &signed.version,
            share: plan.share,
            gate: Some(gate),
            forced_reason: plan.forced_reason.filter(|_| !has_passed(&verdicts)),
            // What the verdicts passed against, and what was there when somebody overruled them.
            seen: before.seen(),
        };
        move_to(registry, plan.pack, &promotion).context("publishing stopped at: move the pointer")?;
    }
    let back = if serves_already && plan.share >= 100 { before.previous.as_deref() } else { before.live.as_deref() };
    let expected =
        Expected { pack: plan.pack, version: &signed.version, share: plan.share, live_before: before.live.as_deref() };
    if let Err(error) = smoke(registry, &expected, &scope, plan) {
        return Err(take_back(registry, &expected, back, &error));
    }
    Ok(ended(match (serves_already, plan.share) {
        (true, _) => Outcome::Unchanged,
        (false, 100..) => Outcome::Promoted,
        (false, _) => Outcome::Canary,
    }))
}

/// Names the step. Steps that this is used for come before the pointer moves.
fn step<T>(name: &str, result: Result<T>) -> Result<T> {
    result.with_context(|| format!("publishing stopped at: {name}; what was live still is"))
}

fn verdicts(signed: &Signed, measured: &Measured<'_>, before: &PackModels, plan: &Plan<'_>) -> Vec<Verdict> {
    let evaluation = match measured {
        Measured::Never => return missing_evaluation(),
        Measured::Unreadable(why) => return unreadable_evaluation(why),
        Measured::As(evaluation) => evaluation,
    };
    let mut verdicts = judge_origin(evaluation, plan.pack, &signed.candidate_sha256, before.live.as_deref());
    verdicts.extend(judge(evaluation, plan.limits));
    verdicts
}

fn read_domain(registry: &dyn Registry, pack: &str) -> Result<LiveDomain> {
    let read = |kind: &str| -> Result<String> {
        registry.read(&format!("/{kind}/{pack}"))?.with_context(|| format!("the {kind} of {pack} is not there"))
    };
    LiveDomain::read(&read("packs")?, &read("catalog")?)
}

fn upload(registry: &dyn Registry, pack: &str, signed: &Signed) -> Result<()> {
    let answer = registry.write(Method::Put, &format!("/models/{pack}"), signed.document.as_bytes())?;
    let (found, wanted) = (answer.get("version").and_then(Value::as_str), signed.version.as_str());
    ensure!(found == Some(wanted), "the Worker calls it {found:?}, and this program {wanted}");
    Ok(())
}

fn read_back(registry: &dyn Registry, signed: &Signed) -> Result<()> {
    let text = registry.read(&format!("/model-blobs/{}", signed.version))?;
    let text = text.context("the blob has not arrived")?;
    ensure!(text == signed.document, "the blob that came back is another one: {} bytes", text.len());
    Ok(())
}

fn write_evaluation(registry: &dyn Registry, version: &str, evaluation: &Evaluation) -> Result<()> {
    let row = json!({
        "pack": evaluation.pack,
        "version": version,
        "kind": "gate",
        "evaluated_at": format_rfc3339(evaluation.evaluated_at_ms),
        "window": { "from_ms": evaluation.test_from_ms, "to_ms": evaluation.test_to_ms },
        "metrics": evaluation.figures,
        "segments": evaluation.segments.iter().take(MOST_SEGMENTS).map(|segment| json!(segment)).collect::<Vec<Value>>(),
    });
    let body = json!({ "evaluations": [row] }).to_string();
    registry.write(Method::Put, "/admin/evaluations", body.as_bytes()).map(|_| ())
}

fn smoke(registry: &dyn Registry, expected: &Expected<'_>, scope: &str, plan: &Plan<'_>) -> Result<()> {
    plan.patience.until(|| is_named(registry, expected))?;
    if let Some(user) = plan.smoke_user {
        plan.patience.until(|| is_answered(&recommended(registry, scope, user)?, expected))?;
    }
    Ok(())
}

/// Takes back what was published, unless somebody else moved the pointer since: theirs is not ours to take back, which the
/// Worker makes sure of in the very move.
fn take_back(
    registry: &dyn Registry,
    published: &Expected<'_>,
    back: Option<&str>,
    error: &anyhow::Error,
) -> anyhow::Error {
    let named = |version: Option<&str>| version.unwrap_or("the pack's own weights").to_owned();
    let reason = format!("the smoke test after publishing failed: {error:#}");
    let reason: String = reason.chars().take(400).collect();
    // The Worker moves only if this still stands.
    let canary = format!("{}:{}", published.version, published.share);
    let seen = if published.share >= 100 {
        Seen { expected_live: Some(published.version), expected_canary: None }
    } else {
        Seen { expected_live: published.live_before, expected_canary: Some(Some(&canary)) }
    };
    let Err(second) = move_back(registry, published.pack, back, &reason, seen) else {
        return anyhow!("{reason}; it was taken back, and {} serves", named(back));
    };
    match models_of(registry, published.pack) {
        Ok(now) if !now.has_share(published.version, published.share) => {
            let live = named(now.live.as_deref());
            anyhow!("{reason}; somebody else moved the pointer meanwhile, and {live} serves")
        }
        _ => anyhow!("{reason}; AND IT COULD NOT BE TAKEN BACK: {second:#}; run nearside rollback"),
    }
}

#[cfg(test)]
#[path = "steps_tests.rs"]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
