//! Flags as the OpenFeature Remote Evaluation Protocol 0.3 has them: every test is a flag, its variants are the flag's.
//! Which status an answer has is the host's business.

use nearside_json::RawJson;
use serde::Serialize;

use super::asked::{Desk, Sought, VariantAnswer, VariantAsk};
use crate::flows::Host;
use crate::flows::person::Asker;
use crate::flows::refusal::{Kind, Refusal};
use crate::types::{DecidedReason, Environment};

/// An evaluated flag.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Flag {
    /// The test.
    pub key: String,
    /// What the definition gives the variant, or its name.
    pub value: RawJson,
    /// The variant.
    pub variant: String,
    /// `SPLIT`, `TARGETING_MATCH`, `DEFAULT` or `DISABLED`.
    pub reason: &'static str,
    /// What else there is to know.
    pub metadata: FlagMetadata,
}

/// What else there is to know of a flag.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FlagMetadata {
    /// The epoch that it is counted in.
    pub epoch: u32,
    /// Where.
    pub environment: Environment,
    /// Why, in our own words.
    pub decided: DecidedReason,
}

/// All flags.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Flags {
    /// By key.
    pub flags: Vec<Flag>,
    /// What else there is to know.
    pub metadata: FlagsMetadata,
}

/// What else there is to know of all flags.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FlagsMetadata {
    /// The version of the definitions; empty where there are none.
    pub version: String,
}

/// Evaluates a flag at the point of its use: the exposure is recorded. None where there is no such flag.
///
/// # Errors
/// `Invalid` for a context of no fit shape; `Unavailable` where nothing true can be said.
pub async fn evaluate_one<H: Host>(
    host: &H,
    asker: &Asker,
    key: &str,
    ask: VariantAsk,
) -> Result<Option<Flag>, Refusal> {
    let desk = found(Desk::prepare(host, asker, ask, Some(key)).await?)?;
    let Some(test) = desk.live.definition(key) else { return Ok(None) };
    flag_of(desk.use_one(host, asker, test).await).map(Some)
}

/// Evaluates all flags. A client keeps them until it uses one, so nothing is recorded.
///
/// # Errors
/// As `evaluate_one`.
pub async fn evaluate_all<H: Host>(host: &H, asker: &Asker, ask: VariantAsk) -> Result<Flags, Refusal> {
    let desk = found(Desk::prepare(host, asker, ask, None).await?)?;
    let flags: Result<Vec<Flag>, Refusal> =
        desk.decide().into_iter().map(|(test, stood)| flag_of(desk.answer(test, stood.as_ref()))).collect();
    Ok(Flags { flags: flags?, metadata: FlagsMetadata { version: desk.live.version.clone() } })
}

fn found(sought: Sought) -> Result<Box<Desk>, Refusal> {
    match sought {
        Sought::Found(desk) => Ok(desk),
        Sought::Unreadable => Err(unavailable()),
    }
}

fn unavailable() -> Refusal {
    let detail = "the tests cannot be read now; try again".to_owned();
    Refusal { kind: Kind::Unavailable, code: "unavailable", detail }
}

fn flag_of(answer: VariantAnswer) -> Result<Flag, Refusal> {
    let reason = match answer.reason {
        DecidedReason::Hash => "SPLIT",
        DecidedReason::Recorded | DecidedReason::Token | DecidedReason::Forced | DecidedReason::Merged => {
            "TARGETING_MATCH"
        }
        DecidedReason::Inactive | DecidedReason::NotStarted | DecidedReason::Ended => "DISABLED",
        DecidedReason::Degraded => return Err(unavailable()),
        _ => "DEFAULT",
    };
    Ok(Flag {
        key: answer.test_name,
        value: answer.value.unwrap_or_else(|| RawJson::of_text(&answer.variant)),
        variant: answer.variant,
        reason,
        metadata: FlagMetadata {
            epoch: answer.epoch.unwrap_or_default(),
            environment: answer.environment,
            decided: answer.reason,
        },
    })
}
