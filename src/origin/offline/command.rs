//! `nearside evaluate`: trains on what came before a date and measures on what came after it; or judges the online learner,
//! or a policy from the log of another.

use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, ValueEnum};
use nearside_engine::types::TimeMs;

use super::ablations::ablations;
use super::comparison::{Compared, Judge};
use super::dates::check_test;
use super::later_baskets::later_baskets;
use super::msweb;
use super::page::page;
use super::source::{SourceArgs, online_retail_world, stored_world};
use super::split::Split;
use super::tables::{self, Parts};
use super::tasks::tasks;
use super::trial::{Trial, Tried, Waiting, beginning_of_test, live};
use crate::api::Api;
use crate::data::now_ms;
use crate::data::{read_date, write_whole};
use crate::evaluate::{AcceptanceArgs, EvaluateLoggedArgs, Layout, Task, run_acceptance, run_logged};
use crate::gate::{Evaluation, ModelsArgs};
use crate::progress::note;
use crate::train::{FactorsArgs, TrainSettings, World};

/// Trains on the past, measures on what came next, and compares with the baselines; or judges acceptance or logged policies.
///
/// Without --data the store's events are looked at.
#[derive(Debug, Args)]
pub(crate) struct EvaluateArgs {
    /// Real data instead of the store: .csv or .csv.gz, for open-bandit a folder.
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// What the data is.
    #[arg(long, value_enum, default_value = "online-retail", requires = "data")]
    format: Format,
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    factors: FactorsArgs,
    #[command(flatten)]
    models: ModelsArgs,
    /// Ranking: the first day of the test: a date (its midnight, UTC) or an RFC 3339 time. By default the last fifth of
    /// the events' span, 30 days at most.
    #[arg(long, value_name = "DATE", value_parser = read_date)]
    test_from: Option<TimeMs>,
    /// Ranking: the end of the test; all that follows by default.
    #[arg(long, value_name = "DATE", value_parser = read_date)]
    test_to: Option<TimeMs>,
    /// Ranking: only the engine, without the baselines.
    #[arg(long)]
    only_engine: bool,
    /// Ranking of real data: only the baselines, without the engine, which takes longest.
    #[arg(long, requires = "data", conflicts_with_all = ["only_engine", "ablations", "report"])]
    only_baselines: bool,
    #[command(flatten, next_help_heading = "Acceptance (bank-marketing, csv)")]
    acceptance: AcceptanceArgs,
    #[command(flatten, next_help_heading = "Logged policies (open-bandit)")]
    logged: EvaluateLoggedArgs,
    /// Ranking: also measures what each part of the model is worth, what pruning and quantising cost, and what a profile
    /// that follows each basket gains.
    #[arg(long)]
    ablations: bool,
    /// The seed of chance.
    #[arg(long, default_value_t = 1, help_heading = "Options")]
    seed: u64,
    /// Writes a report to this file as well: one HTML page that needs nothing else. There is none of msweb.
    #[arg(long, value_name = "FILE", help_heading = "Options")]
    report: Option<PathBuf>,
    /// Prints JSON instead of a table.
    #[arg(long, help_heading = "Options")]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// UCI Online Retail: invoice lines; new items and repeats.
    OnlineRetail,
    /// UCI MSWeb: one area of everybody who opened three or more is hidden.
    Msweb,
    /// UCI Bank Marketing: calls in the order of time; `duration` is left out.
    BankMarketing,
    /// Any CSV file with a label, in the order of time.
    Csv,
    /// The Open Bandit sample: a folder with random.csv(.gz), bts.csv(.gz) and their item_context files.
    OpenBandit,
}

/// Runs the command.
///
/// # Errors
/// Data that cannot be read; a date with nothing before or after it.
pub(crate) fn run(args: &EvaluateArgs) -> Result<()> {
    let Some(data) = &args.data else { return candidate(args) };
    let page = args.report.as_deref();
    match args.format {
        Format::OnlineRetail => {
            let from_ms = args.test_from.context("--test-from must name the first day of the test")?;
            let before_ms = args.test_to.unwrap_or(TimeMs::MAX);
            let check = |span| check_test(from_ms, args.test_to, span);
            let world = online_retail_world(data, from_ms, before_ms, check)?;
            ranking(args, &world, from_ms)
        }
        Format::Msweb => msweb::evaluate(data, args.seed, page, args.json),
        Format::BankMarketing => run_acceptance(data, &Layout::bank_marketing(), &args.acceptance, page, args.json),
        Format::Csv => run_acceptance(data, &args.acceptance.layout()?, &args.acceptance, page, args.json),
        Format::OpenBandit => run_logged(data, &args.logged, args.seed, page, args.json),
    }
}

/// The recipe on real data, which nobody publishes.
fn ranking(args: &EvaluateArgs, world: &World, from_ms: TimeMs) -> Result<()> {
    let test_to_ms = args.test_to.unwrap_or(TimeMs::MAX);
    let split = Split::new(world, from_ms, test_to_ms)?;
    if args.only_baselines {
        return print(args, &split, &Judge::new(&split, args.seed).baselines()?, &[], None);
    }
    let factors = args.factors.read(world)?;
    let trial = Trial { split: &split, live: None, seed: args.seed, factors, now_ms: now_ms(), test_to_ms };
    compare_all(args, &trial, None).map(|_| ())
}

/// The candidate in the folder against what is live; the gate reads what comes out.
fn candidate(args: &EvaluateArgs) -> Result<()> {
    let world = stored_world(&args.source)?;
    let span = world.span_ms().context("the store holds no events")?;
    let live = match Api::connect(&args.source.server) {
        Ok(api) => live(&api, &world)?,
        Err(_) if args.source.pack_folder.is_some() => None,
        Err(error) => return Err(error.context("what is live is asked of the Worker; without one name --pack-folder")),
    };
    let from_ms = args.test_from.map_or_else(|| beginning_of_test(&world, live.as_ref()), Ok)?;
    check_test(from_ms, args.test_to, span)?;
    let test_to_ms = args.test_to.unwrap_or(span.1 + 1);
    let split = Split::new(&world, from_ms, test_to_ms)?;
    let factors = args.factors.read(&world)?;
    let trial = Trial { split: &split, live: live.as_ref(), seed: args.seed, factors, now_ms: now_ms(), test_to_ms };
    let waiting = Waiting::read(&args.models, &world.pack.id)?;
    let tried = compare_all(args, &trial, Some(&waiting))?;
    write_evaluation(&trial.evaluation(&tried, &waiting.document)?, &args.models)
}

fn compare_all(args: &EvaluateArgs, trial: &Trial<'_>, candidate: Option<&Waiting>) -> Result<Tried> {
    let split = trial.split;
    ensure!(
        !split.new.is_empty(),
        "nobody took anything in the test that was new to them; choose a longer span with --test-from and --test-to"
    );
    let judge = Judge::new(split, args.seed);
    let mut compared: Vec<Compared> = if args.only_engine { Vec::new() } else { judge.baselines()? };
    let Tried { base, candidate, trained, served } = trial.run(&judge, candidate)?;
    let parts = if args.ablations {
        let external_factors = trial.factors.clone();
        let settings = TrainSettings { seed: args.seed, external_factors, ..TrainSettings::default() };
        let ablations = ablations(split, &judge, &candidate, &trained, &settings)?;
        Some(Parts { ablations, later: later_baskets(split, trial.test_to_ms, &served)? })
    } else {
        None
    };
    compared.extend([base, candidate]);
    let tasks = tasks(split, &compared, args.seed)?;
    if let Some(path) = &args.report {
        write_whole(path, page(split, &tasks, &trained.file, args.seed).as_bytes())?;
        note!("{} is the report", path.display());
    }
    print(args, split, &compared, &tasks, parts.as_ref())?;
    let (Some(candidate), Some(base)) = (compared.pop(), compared.pop()) else { bail!("nothing was compared") };
    Ok(Tried { base, candidate, trained, served })
}

fn print(
    args: &EvaluateArgs,
    split: &Split<'_>,
    compared: &[Compared],
    tasks: &[Task],
    parts: Option<&Parts>,
) -> Result<()> {
    if args.json {
        return tables::print_json(split, compared, tasks, parts);
    }
    tables::print(split, compared)?;
    tables::print_segments(tasks)?;
    parts.map_or(Ok(()), tables::print_parts)
}

/// Writes what the gate reads.
///
/// # Errors
/// A folder that cannot be written.
pub(super) fn write_evaluation(evaluation: &Evaluation, models: &ModelsArgs) -> Result<()> {
    let path = models.evaluation_path(&evaluation.pack);
    write_whole(&path, serde_json::to_string(evaluation)?.as_bytes())?;
    note!("{} is what the gate of `nearside publish` reads", path.display());
    Ok(())
}
