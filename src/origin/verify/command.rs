//! The command: trains as `nearside train` does, and holds the model to its promises.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use nearside_engine::models::ModelFile;
use nearside_engine::types::TimeMs;
use nearside_json::{read_json, write_json};

use super::damage::damage;
use super::decisions::additivity;
use super::promise::{Promise, print};
use crate::data::{now_ms, read_date, sizes};
use crate::exit::Exit;
use crate::offline::{SourceArgs, check_until, online_retail_world, stored_world};
use crate::publish::{ModelKey, Signed};
use crate::train::{TrainSettings, World, served, train};

/// What a score may differ from the sum of its terms.
const MOST_DISTANCE: f64 = 1e-9;
/// Bytes of the factors' part as gzip.
const MOST_FACTOR_BYTES: usize = 300 * 1024;

/// Trains a model twice and holds it to what models promise: terms that sum to scores, equal bytes, size, refused damage.
///
/// Nothing is written and no Worker is changed. Ends with 1 when a promise is broken.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// Real data instead of the store: invoice lines of UCI Online Retail, .csv or .csv.gz.
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    #[command(flatten)]
    source: SourceArgs,
    /// Only events before this time: a date (its midnight, UTC) or an RFC 3339 time. Everything by default.
    #[arg(long, value_name = "DATE", value_parser = read_date)]
    until: Option<TimeMs>,
    /// The seed of chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Items that are served with their terms.
    #[arg(long, value_name = "NUMBER", default_value_t = 100_000)]
    decisions: usize,
    /// Bytes that are changed one at a time, and as many cuts.
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000)]
    damages: usize,
    /// Prints one JSON array instead of a table.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
///
/// # Errors
/// Too little to learn from.
pub(crate) fn run(args: &VerifyArgs) -> Result<ExitCode> {
    let world = match &args.data {
        Some(data) => {
            let until_ms = args.until.unwrap_or(TimeMs::MAX);
            online_retail_world(data, until_ms, TimeMs::MAX, |span| check_until("--until", until_ms, span))?
        }
        None => stored_world(&args.source)?,
    };
    let span = world.span_ms().context("there are no events")?;
    let until_ms = args.until.unwrap_or(span.1 + 1);
    check_until("--until", until_ms, span)?;
    let settings = TrainSettings { seed: args.seed, ..TrainSettings::default() };
    let file = train(&world, until_ms, &settings)?.file;
    let document = write_json(&file);
    let again = write_json(&train(&world, until_ms, &settings)?.file);
    let promises = [
        repeated(&document, &again),
        additive(&world, &file, until_ms, args.decisions)?,
        small(&file)?,
        undamaged(&document, &world.pack.id, args)?,
    ];
    print(&promises, args.json)?;
    let holds = promises.iter().all(|promise| promise.holds);
    Ok(if holds { Exit::Done } else { Exit::Failed }.into())
}

fn repeated(document: &str, again: &str) -> Promise {
    let holds = document == again;
    Promise {
        promise: "same input, same seed: same bytes",
        measured: format!("{} bytes, {}", document.len(), if holds { "twice the same" } else { "then others" }),
        limit: "equal".to_owned(),
        holds,
    }
}

fn additive(world: &World, file: &ModelFile, now_ms: TimeMs, decisions: usize) -> Result<Promise> {
    // As it serves: read from its bytes.
    let file: ModelFile = read_json(write_json(file).as_bytes()).context("the model does not read")?;
    let found = additivity(world, &served(world, file)?, now_ms, decisions)?;
    Ok(Promise {
        promise: "terms sum to the score",
        measured: format!("{:.1e} at most, over {} decisions in {} lists", found.largest, found.decisions, found.lists),
        limit: format!("{MOST_DISTANCE:.0e}"),
        holds: found.largest <= MOST_DISTANCE,
    })
}

fn small(file: &ModelFile) -> Result<Promise> {
    let ((plain, gzip), (_, factors)) = (sizes(file)?, sizes(&file.factors)?);
    let terms = file.terms.len();
    Ok(Promise {
        promise: "small enough for the edge",
        measured: format!(
            "factors {factors} bytes as gzip; whole {plain}, as gzip {gzip}; {} items, {terms} terms",
            file.items.len()
        ),
        limit: format!("factors {MOST_FACTOR_BYTES}"),
        holds: factors <= MOST_FACTOR_BYTES,
    })
}

fn undamaged(document: &str, pack: &str, args: &VerifyArgs) -> Result<Promise> {
    // Nobody trusts this key: it is for this check alone.
    let key = ModelKey::of_seed("verify", [7; 32]);
    let now_ms = now_ms();
    let signed = Signed::new(document.as_bytes(), pack, &key, now_ms)?;
    let is_whole_taken = signed.would_be_taken(signed.document.as_bytes(), &key, now_ms);
    let found = damage(&signed, &key, args.damages, args.seed, now_ms);
    Ok(Promise {
        promise: "a damaged model is refused",
        measured: format!(
            "{} of {} changed bytes and {} cuts would have been taken",
            found.taken, found.flips, found.cuts
        ),
        limit: "0".to_owned(),
        holds: is_whole_taken && found.taken == 0,
    })
}
