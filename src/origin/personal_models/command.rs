//! The arguments of `nearside personal-models`, and its report.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;

use super::base::{candidate, live};
use super::job::{Job, Report, learn_and_send};
use crate::api::Api;
use crate::exit::Exit;
use crate::gate::ModelsArgs;
use crate::offline::SourceArgs;
use crate::store::Store;
use crate::train::{PersonalSettings, TrainSettings};

/// Learns people's own corrections of the live model, and gives the Worker those that hold.
///
/// The events are those of the last nearside import --from-edge. Who has 50 interactions or more gets weights for the
/// model's terms, within 0.5 and 1.5, when they order more than 70 % of the held-out pairs rightly and clearly more than
/// everybody's model does. They serve as long as that version of the model is live.
///
/// With --pack-folder no Worker is asked and nothing is sent: the candidate of nearside train is corrected, to see what
/// people's own models would be worth.
#[derive(Debug, Args)]
pub(crate) struct PersonalModelsArgs {
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    models: ModelsArgs,
    /// Learns everything, and sends nothing.
    #[arg(long)]
    dry_run: bool,
    /// Prints one JSON object instead of sentences.
    #[arg(long)]
    json: bool,
    /// The seed of chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Runs the command.
///
/// # Errors
/// No store, no Worker or folder, no model; what the Worker refuses.
pub(crate) fn run(args: &PersonalModelsArgs) -> Result<ExitCode> {
    let source = &args.source;
    let is_offline = source.pack_folder.is_some();
    let train = TrainSettings { seed: args.seed, ..TrainSettings::default() };
    let settings = PersonalSettings { seed: args.seed, ..PersonalSettings::default() };
    let job = |base| Job { base, is_rehearsal: is_offline || args.dry_run, train, settings };
    let report = if is_offline {
        learn_and_send(job(candidate(source, &args.models)?), &mut |path, _| {
            bail!("{path} is not asked of any Worker")
        })?
    } else {
        let store = Store::open_existing(&source.store.path)?;
        let api = Api::connect(&source.server)?;
        let base = live(&store, source.pack.as_deref(), &mut |path| api.find_text(path))?;
        learn_and_send(job(base), &mut |path, body| api.put(path, body))?
    };
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
            "held-out pairs in the right order: {global:.1} % by everybody's model, {personal:.1} % by people's own, kept or not"
        );
    }
    if *kept > 0 {
        println!("those that are kept order {:.1} % more of the pairs rightly", report.kept_gain * 100.0);
    }
    match report.is_rehearsal {
        true => println!("nothing was sent"),
        false => println!("{written} written, {withheld} withheld"),
    }
    Ok(())
}
