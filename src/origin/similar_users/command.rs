//! The arguments of `nearside similar-users`, and its report.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::job::{Job, Report, find_and_send};
use crate::api::{Api, ServerArgs};
use crate::data::now_ms;
use crate::exit::Exit;
use crate::progress::note;
use crate::store::{Store, StoreArgs};
use crate::train::available_threads;

/// Finds for each person who shares the people most like them, and gives that to the Worker.
///
/// The profiles are those of the last nearside import --from-edge. People who stopped sharing since are withheld by the
/// Worker. Each call replaces the lists of its people, so that a run that was broken off is simply run again.
#[derive(Debug, Args)]
pub(crate) struct SimilarUsersArgs {
    /// The pack whose life stages and categories people are compared by; the live one, when there is only one.
    #[arg(long, value_name = "PACK")]
    pack: Option<String>,
    /// Reads the profiles from the Worker's export instead of the store.
    #[arg(long)]
    from_edge: bool,
    /// Finds everything, and sends nothing.
    #[arg(long)]
    dry_run: bool,
    /// Prints one JSON object instead of sentences.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    server: ServerArgs,
    #[command(flatten)]
    store: StoreArgs,
}

/// Runs the command.
///
/// # Errors
/// No store, no Worker, no pack; what the Worker refuses.
pub(crate) fn run(args: &SimilarUsersArgs) -> Result<ExitCode> {
    let lines = if args.from_edge { None } else { Some(Store::open_existing(&args.store.path)?.profile_lines()?) };
    let api = Api::connect(&args.server)?;
    let job = Job {
        pack: args.pack.as_deref(),
        lines,
        is_rehearsal: args.dry_run,
        now_ms: now_ms(),
        threads: available_threads(),
    };
    let report = find_and_send(job, &mut |path| api.find_text(path), &mut |path, body| api.put(path, body))?;
    print(&report, args)?;
    Ok(Exit::Done.into())
}

fn print(report: &Report, args: &SimilarUsersArgs) -> Result<()> {
    if args.json {
        println!("{}", serde_json::to_string(report)?);
        return Ok(());
    }
    let Report { pack, people, with_similar, pairs, written, withheld, .. } = report;
    println!("{pack}: {people} people, {with_similar} of them with {pairs} similar ones");
    match args.dry_run {
        true => println!("nothing was sent"),
        false => println!("{written} written, {withheld} withheld"),
    }
    let Report { inactive, unnamed, unreadable_states, .. } = report;
    if inactive + unnamed + unreadable_states > 0 {
        note!("left out: {inactive} inactive, {unnamed} under a name that the Worker does not know");
        note!("compared by what they stated only: {unreadable_states} with a profile of another format");
    }
    Ok(())
}
