//! The arguments of `nearside personal-models`, and its report.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::job::{Job, Report, learn_and_send};
use crate::api::{Api, ServerArgs};
use crate::exit::Exit;
use crate::store::{Store, StoreArgs};
use crate::train::{PersonalSettings, TrainSettings};

/// Learns people's own corrections of the live model, and gives the Worker those that hold.
///
/// The events are those of the last nearside import --from-edge. Who has 50 interactions or more gets weights for the
/// model's terms, within 0.5 and 1.5, when they order more than 70 % of the held-out pairs rightly and clearly more than
/// everybody's model does. They serve as long as that version of the model is live.
#[derive(Debug, Args)]
pub(crate) struct PersonalModelsArgs {
    /// The pack; the live one, when there is only one.
    #[arg(long, value_name = "PACK")]
    pack: Option<String>,
    /// Learns everything, and sends nothing.
    #[arg(long)]
    dry_run: bool,
    /// Prints one JSON object instead of sentences.
    #[arg(long)]
    json: bool,
    /// The seed of chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    server: ServerArgs,
    #[command(flatten)]
    store: StoreArgs,
}

/// Runs the command.
///
/// # Errors
/// No store, no Worker, no live model; what the Worker refuses.
pub(crate) fn run(args: &PersonalModelsArgs) -> Result<ExitCode> {
    let store = Store::open_existing(&args.store.path)?;
    let api = Api::connect(&args.server)?;
    let job = Job {
        store: &store,
        pack: args.pack.as_deref(),
        is_rehearsal: args.dry_run,
        train: TrainSettings { seed: args.seed, ..TrainSettings::default() },
        settings: PersonalSettings { seed: args.seed, ..PersonalSettings::default() },
    };
    let report = learn_and_send(job, &mut |path| api.find_text(path), &mut |path, body| api.put(path, body))?;
    print(&report, args)?;
    Ok(Exit::Done.into())
}

fn print(report: &Report, args: &PersonalModelsArgs) -> Result<()> {
    if args.json {
        println!("{}", serde_json::to_string(report)?);
        return Ok(());
    }
    let Report { pack, version, people, judged, kept, written, withheld, .. } = report;
    println!("{pack}, model {version}");
    println!("{people} people with enough interactions, {judged} of them judged, {kept} with a model of their own");
    let (global, personal) = (report.global_accuracy * 100.0, report.personal_accuracy * 100.0);
    if *judged > 0 {
        println!(
            "held-out pairs in the right order: {global:.1} % by everybody's model, {personal:.1} % by people's own"
        );
    }
    match report.is_rehearsal {
        true => println!("nothing was sent"),
        false => println!("{written} written, {withheld} withheld"),
    }
    Ok(())
}
