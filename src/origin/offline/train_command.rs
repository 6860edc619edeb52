//! `nearside train`: the candidate for publishing, trained on everything that the store holds.

use anyhow::{Context, Result};
use clap::Args;
use nearside_engine::types::TimeMs;
use nearside_json::write_json;
use serde_json::json;

use super::dates::check_until;
use super::source::{SourceArgs, stored_world};
use crate::data::{read_date, write_whole};
use crate::gate::ModelsArgs;
use crate::progress::note;
use crate::train::{FactorsArgs, TrainSettings, train as train_model};

/// Trains a model on the imported events and leaves it as the candidate for `nearside publish`.
#[derive(Debug, Args)]
pub(crate) struct TrainArgs {
    #[command(flatten)]
    source: SourceArgs,
    /// Only events before this time: a date (its midnight, UTC) or an RFC 3339 time. Everything by default.
    #[arg(long, value_name = "DATE", value_parser = read_date)]
    until: Option<TimeMs>,
    /// The seed of chance: the same events and the same seed give the same bytes.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    factors: FactorsArgs,
    #[command(flatten)]
    models: ModelsArgs,
    /// Trains, and writes nothing.
    #[arg(long)]
    dry_run: bool,
    /// Prints one JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

/// Reads the store, trains, writes the candidate.
///
/// # Errors
/// A store without enough to learn from.
pub(crate) fn run(args: &TrainArgs) -> Result<()> {
    let world = stored_world(&args.source)?;
    let span = world.span_ms().context("the store holds no events")?;
    let until_ms = args.until.unwrap_or(span.1 + 1);
    check_until("--until", until_ms, span)?;
    let external_factors = args.factors.read(&world)?;
    let settings = TrainSettings { seed: args.seed, external_factors, ..TrainSettings::default() };
    let trained = train_model(&world, until_ms, &settings)?;
    let document = write_json(&trained.file);
    let path = args.models.candidate_path(&world.pack.id);
    if !args.dry_run {
        write_candidate(&args.models, &world.pack.id, &document)?;
        note!("{} is the candidate; try it with `nearside evaluate`", path.display());
    }
    if args.json {
        let answer = json!({
            "pack": world.pack.id,
            "file": (!args.dry_run).then(|| path.display().to_string()),
            "bytes": document.len(),
            "interactions": trained.file.window.interactions,
            "people": trained.file.window.people,
            "items": trained.file.window.items,
            "lists": trained.lists,
            "rows": trained.rows,
            "terms": trained.file.terms.len(),
        });
        println!("{answer}");
    } else {
        let window = &trained.file.window;
        println!(
            "{}: {} terms from {} choices of {} people among {} items, {} bytes",
            world.pack.id,
            trained.file.terms.len(),
            trained.lists,
            window.people,
            window.items,
            document.len()
        );
    }
    Ok(())
}

/// Writes a candidate. What was measured of the one before names its hash, so it says nothing of this one.
///
/// # Errors
/// A folder that cannot be written.
pub(super) fn write_candidate(models: &ModelsArgs, pack: &str, document: &str) -> Result<()> {
    let folder = &models.folder;
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    write_whole(&models.candidate_path(pack), document.as_bytes())
}
