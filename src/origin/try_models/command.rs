//! `nearside try-models`: its arguments, its models, and the table.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use chrono::NaiveDate;
use clap::{Args, Parser};
use nearside_engine::types::TimeMs;

use super::baselines::{personal_frequency, popularity, recent_popularity};
use super::models::{ModelArgs, print_factors, print_neighbours};
use super::msweb;
use super::problem::Problem;
use super::ranking::{Figures, figures};
use crate::progress::note;
use crate::replay::online_retail_purchases;
use crate::train::{Csr, available_threads, crowd, most_similar};

/// Trains the linear models on real data and prints them beside the baselines.
#[derive(Debug, Args)]
pub(crate) struct TryModelsArgs {
    /// Online Retail, or MSWeb with --msweb.
    #[arg(long)]
    data: Option<PathBuf>,
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
    /// Instead of all that: compares so many made-up people with each other, and prints how long it took.
    #[arg(long)]
    crowd: Option<usize>,
    /// Only models whose names contain this.
    #[arg(long, default_value = "")]
    only: String,
    #[command(flatten)]
    models: ModelArgs,
}

/// Runs the command.
///
/// # Errors
/// Data that cannot be read; settings out of range.
pub(crate) fn run(args: &TryModelsArgs) -> Result<()> {
    if let Some(people) = args.crowd {
        compare_people(people, args.seed);
        return Ok(());
    }
    let data = args.data.as_deref().context("--data is missing")?;
    let problem = if args.msweb {
        msweb::read(data, args.seed)?
    } else {
        let bought = online_retail_purchases(data)?;
        ensure!(
            args.test_from < args.test_to,
            "the test begins on {} and ends before {}",
            args.test_from,
            args.test_to
        );
        Problem::split(&bought, midnight_ms(args.test_from)?, midnight_ms(args.test_to)?)?
    };
    let seen = problem.matrix()?;
    note!("{} people, {} items, {} pairs", problem.people, problem.items, seen.filled());
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
    print_neighbours(&table, &args.models)?;
    print_factors(&table, &args.models, args.seed)
}

/// Prints the table of MSWeb: neighbours and factors beside popularity, with one area of three or more hidden.
///
/// # Errors
/// Data that cannot be read.
pub(crate) fn evaluate_msweb(data: &std::path::Path, seed: u64) -> Result<()> {
    let seed = seed.to_string();
    let arguments = ["evaluate", "--msweb", "--ease-keep", "300", "--ease-regularisation", "20", "--seed", &seed];
    let mut args = Alone::try_parse_from(arguments)?.args;
    args.data = Some(data.to_owned());
    run(&args)
}

/// The arguments by themselves, so that their defaults stand once.
#[derive(Debug, Parser)]
struct Alone {
    #[command(flatten)]
    args: TryModelsArgs,
}

fn compare_people(people: usize, seed: u64) {
    let crowd = crowd(people, seed);
    let started = Instant::now();
    let found: usize = most_similar(&crowd, available_threads()).iter().map(Vec::len).sum();
    let seconds = started.elapsed().as_secs_f64();
    println!("{people} people: {seconds:.2} s, {:.0} people a second, {found} similar", people as f64 / seconds);
}

fn day(text: &str) -> Result<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().with_context(|| format!("{text} is not a day such as 2011-10-10"))
}

fn midnight_ms(day: NaiveDate) -> Result<TimeMs> {
    Ok(day.and_hms_opt(0, 0, 0).context("a day without a midnight")?.and_utc().timestamp_millis())
}

/// Trains, measures and prints one model a line.
pub(super) struct Table<'a> {
    pub(super) problem: &'a Problem,
    pub(super) seen: &'a Csr,
    only: &'a str,
}

impl Table<'_> {
    /// True for a model that was asked for.
    pub(super) fn wants(&self, name: &str) -> bool {
        name.contains(self.only)
    }

    fn print_same(&self, name: &str, train: &dyn Fn() -> Result<Vec<f64>>) -> Result<()> {
        self.print(name, &train, &|scores, _| scores.clone())
    }

    fn print<M>(&self, name: &str, train: &dyn Fn() -> Result<M>, score: &dyn Fn(&M, u32) -> Vec<f64>) -> Result<()> {
        if !self.wants(name) {
            return Ok(());
        }
        let started = Instant::now();
        let model = train()?;
        self.print_trained(name, started.elapsed().as_secs_f64(), &|person| score(&model, person))
    }

    /// Measures and prints a model that is trained already.
    pub(super) fn print_trained(&self, name: &str, seconds: f64, score: &dyn Fn(u32) -> Vec<f64>) -> Result<()> {
        let measure = |may_repeat| figures(self.problem, self.seen, may_repeat, score);
        let (new, repeats) = (measure(false)?, measure(true)?);
        let cells =
            |figures: &Figures| format!("{:.4} | {:.4} | {:.3}", figures.ndcg10, figures.recall20, figures.coverage);
        let people = format!("{}, {}", new.people, repeats.people);
        println!("| {name} | {} | {} | {people} | {seconds:.2} |", cells(&new), cells(&repeats));
        Ok(())
    }
}
