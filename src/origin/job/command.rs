//! The arguments of `nearside run`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use nearside_engine::types::TimeMs;
use serde_json::json;

use super::due::{Work, ask};
use super::lock::RunLock;
use super::train_and_evaluate::{Training, train_and_evaluate};
use super::weekly::{Steps, honour};
use crate::api::{Api, ServerArgs};
use crate::data::now_ms;
use crate::exit::Exit;
use crate::gate::{Limits, ModelsArgs};
use crate::import::import_from_edge;
use crate::models::find_pack;
use crate::progress::note;
use crate::publish::{KeyArgs, ModelKey, Outcome, Patience, Plan, Published, Signed, json_of, publish, text_of};
use crate::store::StoreArgs;

/// The weekly job in one go: imports from the Worker, trains, evaluates, and publishes what passes the gate.
///
/// One run at a time. The exit code is 5 when nothing was due with --if-due, and 4 when the gate refused the candidate.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Only when the Worker asks for it: a request, a model older than a week, or much feedback.
    #[arg(long)]
    if_due: bool,
    /// The pack; the only live one when it is not given.
    #[arg(long)]
    pack: Option<String>,
    /// Says what is due, and does nothing.
    #[arg(long)]
    dry_run: bool,
    /// Prints one JSON object instead of a table.
    #[arg(long)]
    json: bool,
    /// The file that keeps a second run out.
    #[arg(long, value_name = "FILE", default_value = ".nearside/run.lock")]
    lock: PathBuf,
    #[command(flatten)]
    key: KeyArgs,
    #[command(flatten)]
    models: ModelsArgs,
    #[command(flatten)]
    limits: Limits,
    #[command(flatten)]
    server: ServerArgs,
    #[command(flatten)]
    store: StoreArgs,
}

/// Runs the job.
///
/// # Errors
/// Another run goes on; the first step that failed.
pub(crate) fn run(args: &RunArgs) -> Result<ExitCode> {
    // Looking needs no lock, and leaves no file.
    let lock = if args.dry_run { None } else { Some(RunLock::take(&args.lock)?) };
    if let Some(process) = lock.as_ref().and_then(|lock| lock.stale.as_ref()) {
        note!("the run of process {process} ended without a word; going on from what it left");
    }
    let api = Api::connect(&args.server)?;
    let pack = find_pack(&api, args.pack.as_deref())?;
    let work = ask(&api, &pack)?;
    if args.if_due && work.reasons.is_empty() {
        say_work(args, &pack, &work);
        return Ok(Exit::NothingDue.into());
    }
    if args.dry_run {
        say_work(args, &pack, &work);
        return Ok(Exit::Done.into());
    }
    // Whatever stops publishing is better known before an hour of work.
    let key = ModelKey::read(&args.key.model_key_file)?;
    let training = Training { pack: &pack, store: &args.store.path, models: &args.models, registry: &api };
    let published = honour(
        &api,
        &pack,
        &work,
        &Steps {
            import: &|| import_from_edge(&api, &args.store.path),
            train_and_evaluate: &|| train_and_evaluate(&training),
            publish: &|| publish_candidate(args, &api, &pack, &key),
        },
    )?;
    if args.json {
        println!("{}", json_of(&pack, &published));
    } else {
        print!("{}", text_of(&pack, &published));
    }
    Ok(if published.outcome == Outcome::Refused { Exit::GateRefused } else { Exit::Done }.into())
}

fn publish_candidate(args: &RunArgs, api: &Api, pack: &str, key: &ModelKey) -> Result<(Published, TimeMs)> {
    let now_ms = now_ms();
    let signed = Signed::new(&args.models.candidate(pack)?, pack, key, now_ms)?;
    let evaluation = args.models.evaluation(pack)?;
    let plan = Plan {
        pack,
        share: 100,
        forced_reason: None,
        is_rehearsal: false,
        smoke_user: None,
        limits: &args.limits,
        now_ms,
        patience: Patience::USUAL,
    };
    Ok((publish(api, &signed, evaluation.as_ref(), &plan)?, signed.data_until_ms))
}

fn say_work(args: &RunArgs, pack: &str, work: &Work) {
    if args.json {
        println!("{}", json!({ "pack": pack, "due": work.reasons, "requests": work.requests }));
    } else if work.reasons.is_empty() {
        println!("{pack}: nothing is due");
    } else {
        println!("{pack}: due ({})", work.reasons.join(", "));
    }
}
