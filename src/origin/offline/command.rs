//! `nearside evaluate`: trains on what came before a date and measures on what came after it, beside the baselines.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;
use nearside_engine::types::TimeMs;

use super::rankers::{EngineRanker, FactorRanker, NeighbourRanker, Ranker, lists_of, table_rankers, weighted};
use super::split::Split;
use crate::data::read_date;
use crate::evaluate::{Lists, Measured, Metric, Setting, TextTable, compare, decimals, measure};
use crate::online_retail;
use crate::train::{TrainSettings, World, available_threads, served, train};

/// Trains on what came before a date and measures on what came after it.
#[derive(Debug, Args)]
pub(crate) struct EvaluateArgs {
    /// The data.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// The first day of the test: a date (its midnight, UTC) or an RFC 3339 time.
    #[arg(long, value_name = "DATE", value_parser = read_date)]
    test_from: TimeMs,
    /// The end of the test; all that follows by default.
    #[arg(long, value_name = "DATE", value_parser = read_date)]
    test_to: Option<TimeMs>,
    /// Splits of the additive terms.
    #[arg(long)]
    rounds: Option<usize>,
    /// What of the terms that are the same for everybody is left out, 0 to 1.
    #[arg(long)]
    damping: Option<f64>,
    /// Spans that are learned from.
    #[arg(long)]
    horizons: Option<usize>,
    /// Candidates of each ranker.
    #[arg(long)]
    candidates: Option<usize>,
    /// Splits a round.
    #[arg(long)]
    splits: Option<usize>,
    /// Half-life.
    #[arg(long)]
    half_life: Option<f64>,
    /// Only the engine.
    #[arg(long)]
    only_engine: bool,
    /// The seed of chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Runs the command.
///
/// # Errors
/// Data that cannot be read; a date with nothing before or after it.
pub(crate) fn run(args: &EvaluateArgs) -> Result<()> {
    let started = Instant::now();
    let world = online_retail_world(args)?;
    let split = Split::new(&world, args.test_from, args.test_to.unwrap_or(TimeMs::MAX))?;
    eprintln!("read in {:.1} s", started.elapsed().as_secs_f64());
    let threads = available_threads();
    let mut settings = TrainSettings { seed: args.seed, ..TrainSettings::default() };
    if let Some(rounds) = args.rounds {
        settings.boosting.rounds = rounds;
    }
    settings.damping = args.damping.unwrap_or(settings.damping);
    settings.horizons = args.horizons.unwrap_or(settings.horizons);
    settings.candidates = args.candidates.unwrap_or(settings.candidates);
    settings.boosting.splits_a_round = args.splits.unwrap_or(settings.boosting.splits_a_round);
    let begun = Instant::now();
    let trained = train(&world, args.test_from, &settings)?;
    let seconds = begun.elapsed().as_secs_f64();
    eprintln!("{} lists, {} rows, {} terms", trained.lists, trained.rows, trained.file.terms.len());
    for (name, spread) in &trained.file.importance {
        eprintln!("  {name:<26} {spread:.4}");
    }
    let model = served(&world, trained.file)?;
    let mut rankers: Vec<(Box<dyn Ranker + '_>, f64)> = Vec::new();
    if !args.only_engine {
        rankers.extend(table_rankers(&split)?.into_iter().map(|ranker| (Box::new(ranker) as Box<dyn Ranker>, 0.0)));
        let taken = weighted(&split, |_| 1.0)?.reweighted(|_, _, _| 1.0);
        let begun = Instant::now();
        let ease = NeighbourRanker::train(taken, 250.0)?;
        rankers.push((Box::new(ease), begun.elapsed().as_secs_f64()));
        let begun = Instant::now();
        let factors = FactorRanker::train(weighted(&split, |age_days| (-age_days / 120.0).exp2())?, args.seed)?;
        rankers.push((Box::new(factors), begun.elapsed().as_secs_f64()));
    }
    let engine = |name: &str, model| EngineRanker {
        name: name.to_owned(),
        world: &world,
        states: &split.states,
        now_ms: split.at_ms,
        model,
    };
    rankers.push((Box::new(engine("nearside, pack priors", None)), 0.0));
    rankers.push((Box::new(engine("nearside, model", Some(&model))), seconds));
    let catalogue = split.catalogue();
    let mut table =
        TextTable::new(["model", "new NDCG@10", "±", "Recall@20", "coverage", "repeats NDCG@10", "±", "seconds"]);
    let mut measured: Vec<(Measured, Measured)> = Vec::new();
    for (ranker, seconds) in &rankers {
        let lists = lists_of(ranker.as_ref(), &split, threads);
        let name = ranker.name();
        let of = |lists: &[Vec<u32>], truth| {
            measure(
                Lists { model: &name, lists },
                &Setting { truth, histories: &[], catalogue: &catalogue, seed: args.seed },
            )
        };
        let (new, repeats) = (of(&lists.new, &split.new)?, of(&lists.repeats, &split.repeats)?);
        let figure = |measured: &Measured, metric| measured.figure(metric).map(|figure| figure.summary.clone());
        let mean = |measured: &Measured, metric| figure(measured, metric).map_or(f64::NAN, |summary| summary.mean);
        let error =
            |measured: &Measured, metric| figure(measured, metric).map_or(f64::NAN, |summary| summary.standard_error);
        let coverage = mean(&new, Metric::Coverage10) * catalogue.items.len() as f64
            / split.known_items.iter().filter(|known| **known).count() as f64;
        table.row([
            name.clone(),
            decimals(mean(&new, Metric::Ndcg10), 4),
            decimals(error(&new, Metric::Ndcg10), 4),
            decimals(mean(&new, Metric::Recall20), 4),
            decimals(coverage, 3),
            decimals(mean(&repeats, Metric::Ndcg10), 4),
            decimals(error(&repeats, Metric::Ndcg10), 4),
            decimals(*seconds, 2),
        ]);
        measured.push((new, repeats));
    }
    println!("{}", table.for_terminal());
    let _ = compare;
    Ok(())
}

fn online_retail_world(args: &EvaluateArgs) -> Result<World> {
    let mut purchases = online_retail::read(&args.data)?;
    purchases.keep(TimeMs::MIN, args.test_to.unwrap_or(TimeMs::MAX));
    let checked = online_retail::retail_pack()?;
    let dataset = online_retail::dataset(&purchases);
    // What an item is called is taken from before the test only.
    let (before, _) = purchases.split(args.test_from);
    let items =
        online_retail::items(&before, &checked.pack).context("the shop's items break the retail pack's rules")?;
    let mut pack = checked.pack;
    if let Some(days) = args.half_life {
        pack.scoring.item_affinity.half_life_days = days;
    }
    World::new(pack, items, dataset)
}
