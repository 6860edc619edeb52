//! The arguments of `nearside run`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use serde_json::json;

use super::due::{Work, ask};
use super::lock::RunLock;
use super::train_and_evaluate::{Training, train_and_evaluate};
use super::weekly::{Done, Steps, Tasks, honour};
use crate::api::Api;
use crate::data::now_ms;
use crate::evaluate::decimals;
use crate::exit::Exit;
use crate::import::import_from_edge;
use crate::models::find_pack;
use crate::offline::{LiveFigures, evaluate_live};
use crate::progress::note;
use crate::publish::{CandidateArgs, ModelKey, Outcome, json_of, text_of};
use crate::store::StoreArgs;

/// The weekly job in one go: imports from the Worker, trains, evaluates, and publishes what passes the gate.
///
/// The whole export is read, so that nothing is learned from people who stopped sharing since the last run.
/// Where somebody asked for an evaluation, what is live is measured first, and the figures are written to the Worker's
/// evaluations; with --if-due that may be all that is done. One run at a time. The exit code is 5 when nothing was due with
/// --if-due, and 4 when the gate refused the candidate.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Only what the Worker asks for: training by a request, a model older than a week, or much feedback; an evaluation by
    /// a request.
    #[arg(long)]
    if_due: bool,
    /// Measures what is live as well, whether or not somebody asked: what a schedule is for.
    #[arg(long, value_enum, value_name = "SCHEDULE")]
    evaluate: Option<Schedule>,
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
    candidate: CandidateArgs,
    #[command(flatten)]
    store: StoreArgs,
}

/// What makes an evaluation, besides a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Schedule {
    /// Every night.
    Nightly,
    /// Every week.
    Weekly,
}

/// The kind of an evaluation in the Worker's table.
fn kind_of(schedule: Option<Schedule>) -> &'static str {
    match schedule {
        None => "manual",
        Some(Schedule::Nightly) => "nightly",
        Some(Schedule::Weekly) => "weekly",
    }
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
    let candidate = &args.candidate;
    let api = Api::connect(&candidate.server)?;
    let pack = find_pack(&api, candidate.pack.as_deref())?;
    let work = ask(&api, &pack)?;
    let tasks = Tasks {
        is_training: !args.if_due || !work.reasons.is_empty(),
        is_evaluation: args.evaluate.is_some() || !work.evaluations.is_empty(),
    };
    if !tasks.is_training && !tasks.is_evaluation {
        say_work(args, &pack, &work);
        return Ok(Exit::NothingDue.into());
    }
    if args.dry_run {
        say_work(args, &pack, &work);
        return Ok(Exit::Done.into());
    }
    // Whatever stops publishing is better known before an hour of work.
    let key = if tasks.is_training { Some(ModelKey::read(&candidate.key.model_key_file)?) } else { None };
    let training = Training { pack: &pack, store: &args.store.path, models: &candidate.models, registry: &api };
    let done = honour(
        &api,
        &pack,
        &work,
        tasks,
        &Steps {
            import: &|| import_from_edge(&api, &args.store.path),
            evaluate_live: &|| evaluate_live(&api, &args.store.path, &pack, kind_of(args.evaluate), now_ms()),
            train_and_evaluate: &|| train_and_evaluate(&training),
            publish: &|| {
                let key = key.as_ref().context("there is no key to sign the candidate with")?;
                candidate.publish(&api, key, &candidate.plan(&pack))
            },
        },
    )?;
    say_done(args, &pack, &done);
    let is_refused = done.published.is_some_and(|published| published.outcome == Outcome::Refused);
    Ok(if is_refused { Exit::GateRefused } else { Exit::Done }.into())
}

fn say_done(args: &RunArgs, pack: &str, done: &Done) {
    let Done { evaluated, published } = done;
    if args.json {
        let mut said = published.as_ref().map_or_else(|| json!({ "pack": pack }), |one| json_of(pack, one));
        if let (Some(members), Some(figures)) = (said.as_object_mut(), evaluated) {
            members.insert("evaluated".to_owned(), json!(figures.rows));
        }
        println!("{said}");
        return;
    }
    if let Some(LiveFigures { version, ndcg, people, .. }) = evaluated {
        let version = version.get(..12).unwrap_or(version);
        println!("{pack}: {version} is live with NDCG@10 {} for {people} people", decimals(*ndcg, 4));
    }
    if let Some(published) = published {
        print!("{}", text_of(pack, published));
    }
}

fn say_work(args: &RunArgs, pack: &str, work: &Work) {
    let Work { requests, reasons, evaluations } = work;
    if args.json {
        println!("{}", json!({ "pack": pack, "due": reasons, "requests": requests, "evaluations": evaluations }));
        return;
    }
    let mut said = reasons.clone();
    said.extend((!evaluations.is_empty()).then(|| "an evaluation is requested".to_owned()));
    said.extend(args.evaluate.map(|schedule| format!("{} evaluation", kind_of(Some(schedule)))));
    if said.is_empty() {
        println!("{pack}: nothing is due");
    } else {
        println!("{pack}: due ({})", said.join(", "));
    }
}
