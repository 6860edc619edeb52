//! The arguments of `nearside publish`.

use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::Args;
use nearside_engine::types::UserId;

use super::candidate::CandidateArgs;
use super::key::ModelKey;
use super::steps::{Outcome, Plan};
use super::summary::{json_of, text_of};
use crate::api::Api;
use crate::exit::Exit;
use crate::models::find_pack;

/// Signs the candidate, uploads and verifies it, and makes it live, if the gate lets it.
///
/// The exit code is 4 when the gate refuses, or nothing was measured of this candidate against what is live. Publishing the
/// same candidate twice changes nothing. Where the Worker does not say the new version afterwards, it is taken back.
#[derive(Debug, Args)]
pub(crate) struct PublishArgs {
    /// Per cent of people, 1 to 100: below 100 a canary, beside what is live.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u8).range(1..=100))]
    share: u8,
    /// Publishes though the gate says no, or what was measured does not read; both are recorded.
    #[arg(long, requires = "reason")]
    force: bool,
    /// Why; it is recorded.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Judges and tries everything, and changes nothing.
    #[arg(long)]
    dry_run: bool,
    /// A test user with personalization on, for whom the Worker is asked before and after.
    #[arg(long, value_name = "UUID")]
    smoke_user: Option<String>,
    /// Prints one JSON object instead of a table.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    candidate: CandidateArgs,
}

/// Publishes.
///
/// # Errors
/// With the step that failed.
pub(crate) fn run(args: &PublishArgs) -> Result<ExitCode> {
    let smoke_user = args
        .smoke_user
        .as_deref()
        .map(|id| UserId::parse(id).with_context(|| format!("--smoke-user {id} is not a UUID")))
        .transpose()?;
    let reason = args.reason.as_deref().filter(|_| args.force);
    ensure!(reason.is_none_or(|reason| !reason.trim().is_empty()), "--reason is empty; say why, it is recorded");
    let key = ModelKey::read(&args.candidate.key.model_key_file)?;
    let api = Api::connect(&args.candidate.server)?;
    let pack = find_pack(&api, args.candidate.pack.as_deref())?;
    let plan = Plan {
        share: args.share,
        forced_reason: reason,
        is_rehearsal: args.dry_run,
        smoke_user,
        ..args.candidate.plan(&pack)
    };
    let (published, _) = args.candidate.publish(&api, &key, &plan)?;
    if args.json {
        println!("{}", json_of(&pack, &published));
    } else {
        print!("{}", text_of(&pack, &published));
    }
    let is_refused = published.outcome == Outcome::Refused;
    Ok(if is_refused { Exit::GateRefused } else { Exit::Done }.into())
}
