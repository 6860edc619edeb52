//! `nearside try-models`: its arguments, its models, and the table.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use chrono::NaiveDate;
use clap::Args;
use nearside_engine::types::TimeMs;

use super::baselines::{personal_frequency, popularity, recent_popularity};
use super::msweb;
use super::problem::Problem;
use super::ranking::{Figures, figures};
use crate::replay::online_retail_purchases;
use crate::train::{
    Csr, FactorSettings, ItemFactors, NeighbourSettings, Neighbours, available_threads, train_factors, train_neighbours,
};

/// Trains the linear models on real data and prints them beside the baselines.
#[derive(Debug, Args)]
pub(crate) struct TryModelsArgs {
    /// Online Retail, or MSWeb with --msweb.
    #[arg(long)]
    data: PathBuf,
    /// The data are MSWeb: one area of three or more is hidden.
    #[arg(long)]
    msweb: bool,
    /// The first day of the test.
    #[arg(long, default_value = "2011-10-10", value_parser = day)]
    test_from: NaiveDate,
    /// The day after the last one of the test.
    #[arg(long, default_value = "2011-11-09", value_parser = day)]
    test_to: NaiveDate,
    /// Chooses what is hidden, and where factors begin.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads of training; all by default.
    #[arg(long)]
    threads: Option<usize>,
    /// Only models whose names contain this.
    #[arg(long, default_value = "")]
    only: String,
    /// EASE^R: added to every item's count.
    #[arg(long, default_value_t = 250.0)]
    ease_regularisation: f64,
    /// EASE^R: the share of the own count that is added.
    #[arg(long, default_value_t = 0.0)]
    ease_dropout: f64,
    /// EASE^R: weights that a column keeps.
    #[arg(long, default_value_t = 200)]
    ease_keep: usize,
    /// EASE^R: a row counts as if it had this power of its length less: 0 is as it is, 0.5 rows of length 1.
    #[arg(long, default_value_t = 0.0)]
    ease_row_power: f32,
    /// EASE^R: half-life of a person's purchases in training and when scored; none by default.
    #[arg(long)]
    ease_half_life_days: Option<f64>,
    /// Factors: numbers of a vector.
    #[arg(long, default_value_t = 64)]
    dimensions: usize,
    /// Factors: the weight of what did not happen.
    #[arg(long, default_value_t = 0.1)]
    unobserved_weight: f64,
    /// Factors: regularisation.
    #[arg(long, default_value_t = 0.01)]
    regularisation: f64,
    /// Factors: how regularisation grows with the number of entries.
    #[arg(long, default_value_t = 1.0)]
    frequency_exponent: f64,
    /// Factors: passes.
    #[arg(long, default_value_t = 16)]
    sweeps: usize,
    /// Factors: steps of conjugate gradients a pass.
    #[arg(long, default_value_t = 3)]
    gradient_steps: usize,
    /// Factors: the confidence of repeated purchases is 1 + this x ln(their number).
    #[arg(long, default_value_t = 0.0)]
    repeat_weight: f64,
}

/// Runs the command.
///
/// # Errors
/// Data that cannot be read; settings out of range.
pub(crate) fn run(args: &TryModelsArgs) -> Result<()> {
    let problem = if args.msweb {
        msweb::read(&args.data, args.seed)?
    } else {
        let bought = online_retail_purchases(&args.data)?;
        ensure!(
            args.test_from < args.test_to,
            "the test begins on {} and ends before {}",
            args.test_from,
            args.test_to
        );
        Problem::split(&bought, midnight_ms(args.test_from)?, midnight_ms(args.test_to)?)?
    };
    let seen = problem.matrix()?;
    eprintln!("{} people, {} items, {} pairs", problem.people, problem.items, seen.filled());
    let table = Table { problem: &problem, seen: &seen, only: &args.only };
    println!(
        "| model | new NDCG@10 | Recall@20 | coverage | repeats NDCG@10 | Recall@20 | coverage | people new, repeats | seconds |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    table.print_same("popularity", &|| Ok(popularity(&seen)))?;
    if !args.msweb {
        table.print_same("recent popularity, 7 d", &|| Ok(recent_popularity(&problem, 7.0)))?;
        // What the person never took follows by everybody's purchases under the same half-life.
        let counts = recent_popularity(&problem, 60.0);
        let own = problem.weighted(|age_days| (-age_days / 60.0).exp2())?;
        table.print("personal frequency, 60 d", &|| Ok(()), &|(), person| personal_frequency(&own, person, &counts))?;
    }
    print_neighbours(&table, args)?;
    print_factors(&table, args)
}

fn day(text: &str) -> Result<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().with_context(|| format!("{text} is not a day such as 2011-10-10"))
}

fn midnight_ms(day: NaiveDate) -> Result<TimeMs> {
    Ok(day.and_hms_opt(0, 0, 0).context("a day without a midnight")?.and_utc().timestamp_millis())
}

fn print_neighbours(table: &Table<'_>, args: &TryModelsArgs) -> Result<()> {
    let settings = NeighbourSettings {
        regularisation: args.ease_regularisation,
        dropout: args.ease_dropout,
        keep: args.ease_keep,
        threads: args.threads.unwrap_or_else(available_threads),
    };
    let input = match args.ease_half_life_days {
        Some(days) => {
            table.problem.weighted(|age_days| (-age_days / days).exp2())?.reweighted(|_, _, weight| weight.min(1.0))
        }
        None => table.seen.clone(),
    };
    let scaled = input.reweighted(|row, _, weight| weight / (input.row(row).0.len() as f32).powf(args.ease_row_power));
    let train = || -> Result<Vec<Vec<(u32, f32)>>> {
        let neighbours: Neighbours = train_neighbours(&scaled, &settings)?;
        eprintln!("{} weights", neighbours.weights());
        Ok(neighbours.by_input())
    };
    table.print("EASE^R", &train, &|by_input, person| {
        let mut scores = vec![0.0; table.problem.items];
        for (item, weight) in input.entries(person as usize) {
            for (other, own) in by_input.get(item as usize).into_iter().flatten() {
                if let Some(score) = scores.get_mut(*other as usize) {
                    *score += f64::from(weight) * f64::from(*own);
                }
            }
        }
        scores
    })
}

fn print_factors(table: &Table<'_>, args: &TryModelsArgs) -> Result<()> {
    let settings = FactorSettings {
        dimensions: args.dimensions,
        unobserved_weight: args.unobserved_weight,
        regularisation: args.regularisation,
        frequency_exponent: args.frequency_exponent,
        sweeps: args.sweeps,
        gradient_steps: args.gradient_steps,
        seed: args.seed,
        threads: args.threads.unwrap_or_else(available_threads),
    };
    let repeated = |_, _, times: f32| (1.0 + args.repeat_weight * f64::from(times).ln()) as f32;
    let input = table.problem.weighted(|_| 1.0)?.reweighted(repeated);
    let train = || -> Result<(ItemFactors, Vec<f64>)> {
        let items = train_factors(&input, &settings)?.items;
        let gram = items.gram();
        Ok((items, gram))
    };
    table.print(&format!("iALS-{}", args.dimensions), &train, &|(items, gram), person| {
        let taken: Vec<(u32, f32)> = input.entries(person as usize).collect();
        // Every item of the model has a vector, and the gram is the model's own.
        let vector = items.fold_in(gram, &taken).unwrap_or_default();
        let score = |item: &[f32]| item.iter().zip(&vector).map(|(item, own)| f64::from(*item) * own).sum();
        items.vectors.chunks_exact(items.dimensions).map(score).collect()
    })
}

/// Trains, measures and prints one model a line.
struct Table<'a> {
    problem: &'a Problem,
    seen: &'a Csr,
    only: &'a str,
}

impl Table<'_> {
    fn print_same(&self, name: &str, train: &dyn Fn() -> Result<Vec<f64>>) -> Result<()> {
        self.print(name, &train, &|scores, _| scores.clone())
    }

    fn print<M>(&self, name: &str, train: &dyn Fn() -> Result<M>, score: &dyn Fn(&M, u32) -> Vec<f64>) -> Result<()> {
        if !name.contains(self.only) {
            return Ok(());
        }
        let started = Instant::now();
        let model = train()?;
        let seconds = started.elapsed().as_secs_f64();
        let measure = |may_repeat| figures(self.problem, self.seen, may_repeat, &|person| score(&model, person));
        let (new, repeats) = (measure(false)?, measure(true)?);
        let cells =
            |figures: &Figures| format!("{:.4} | {:.4} | {:.3}", figures.ndcg10, figures.recall20, figures.coverage);
        println!(
            "| {name} | {} | {} | {}, {} | {seconds:.2} |",
            cells(&new),
            cells(&repeats),
            new.people,
            repeats.people
        );
        Ok(())
    }
}
