//! The arguments of `nearside import` and the order of its steps.

use std::io::{BufRead, BufReader};
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use nearside_engine::types::TimeMs;

use super::columns::Mapping;
use super::intake::{Intake, Plan, Span, Tally};
use super::preset::Preset;
use super::pseudonyms::Pseudonyms;
use super::{csv_rows, d1, edge, ndjson, parquet_rows, report};
use crate::api::{Api, ServerArgs};
use crate::data::now_ms;
use crate::data::{open_plain, read_date};
use crate::exit::Exit;
use crate::store::{Store, StoreArgs};
use crate::token::export_key;

/// The first bytes of a Parquet file.
const PARQUET: &[u8] = b"PAR1";

/// Reads events into the store: from a running Worker, from files, or from a local D1 database.
///
/// Importing again imports nothing twice, and an import that was broken off goes on when it is run again. Rows that cannot
/// be used, such as events of the future or lines longer than 1 MiB, are named, counted by reason and put aside in the
/// store; reading the same path again tries them again. The exit code is 0 when everything was read, 1 when something
/// could not be read at all, and 3 with --strict when a row was put aside.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Files: NDJSON or CSV, plain or gzipped, Parquet, or a saved export of the edge.
    #[arg(value_name = "FILE", required_unless_present_any = ["from_edge", "from_d1"])]
    files: Vec<PathBuf>,
    /// Reads what is new in a Worker's export: interactions, erasures, profiles and catalogues.
    #[arg(long)]
    from_edge: bool,
    /// With --from-edge: reads the export from its beginning, and forgets people who stopped sharing.
    #[arg(long, requires = "from_edge")]
    from_start: bool,
    /// Reads a local D1 database: the SQLite file, or a folder such as .wrangler/state/v3/d1.
    ///
    /// Only people who share come in, as in the Worker's export. Those who want their id hashed come in under their
    /// pseudonym when EXPORT_KEY or AUTH_KEYS is set as for the Worker, and are left out else.
    #[arg(long, value_name = "PATH")]
    from_d1: Option<PathBuf>,
    /// What the files are.
    #[arg(long, value_enum, default_value = "auto")]
    format: Format,
    /// A data set whose columns and rules are known.
    #[arg(long, value_enum, conflicts_with_all = ["format", "map", "set"])]
    preset: Option<Preset>,
    /// Which column says what, such as user_id=customer; usual names are found without it.
    #[arg(long, value_name = "FIELD=COLUMN")]
    map: Vec<String>,
    /// What no column says, the same for every row, such as type=PURCHASED or pack=retail.
    #[arg(long, value_name = "FIELD=VALUE")]
    set: Vec<String>,
    /// Leaves out what happened before: a date (its midnight, UTC) or an RFC 3339 time.
    #[arg(long, value_name = "DATE", value_parser = read_date)]
    since: Option<TimeMs>,
    /// Leaves out what happened from then on.
    #[arg(long, value_name = "DATE", value_parser = read_date)]
    until: Option<TimeMs>,
    /// Reads and judges everything, and writes nothing.
    #[arg(long)]
    dry_run: bool,
    /// Ends with exit code 3 when a row was put aside.
    #[arg(long)]
    strict: bool,
    /// Prints an array with the counts of each source instead of a table.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    server: ServerArgs,
    #[command(flatten)]
    store: StoreArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Told by the first bytes.
    Auto,
    /// An object a line.
    Ndjson,
    /// A header, then a row an event.
    Csv,
    /// A table of another engine.
    Parquet,
}

/// Reads all sources, one after the other, and prints what became of their rows.
///
/// # Errors
/// A source that cannot be read; what came before it in the order is imported.
pub(crate) fn run(args: &ImportArgs) -> Result<ExitCode> {
    let mapping = Mapping::parse(&args.map, &args.set)?;
    let plan = Plan {
        span: Span { since_ms: args.since.unwrap_or(TimeMs::MIN), until_ms: args.until.unwrap_or(TimeMs::MAX) },
        is_rehearsal: args.dry_run,
        is_from_start: args.from_start,
        pseudonyms: export_key().map(Pseudonyms::new),
        ..Plan::at(now_ms())
    };
    let mut store =
        if args.dry_run && !args.store.path.exists() { Store::in_memory()? } else { Store::open(&args.store.path)? };
    let mut tallies = Vec::new();
    if args.from_edge {
        let api = Api::connect(&args.server)?;
        tallies.extend(edge::import(&mut store, api.address(), &plan, &mut |path| api.find_text(path))?);
    }
    if let Some(path) = &args.from_d1 {
        tallies.push(d1::import(&mut store, path, &plan)?);
    }
    for file in &args.files {
        tallies.push(import_file(&mut store, file, args, &mapping, &plan)?);
    }
    report::print(&tallies, args.json)?;
    let rejected: u64 = tallies.iter().map(Tally::rejected_rows).sum();
    Ok(if args.strict && rejected > 0 { Exit::RowsPutAside } else { Exit::Done }.into())
}

/// Brings the store up to the Worker's whole export, and returns how many events are new. Who stopped sharing leaves the
/// store: nothing more is learned from them.
///
/// # Errors
/// As [`run`]; another Worker behind the same address.
pub(crate) fn import_from_edge(api: &Api, path: &Path) -> Result<u64> {
    let pseudonyms = export_key().map(Pseudonyms::new);
    let plan = Plan { is_whole: true, pseudonyms, ..Plan::at(now_ms()) };
    let mut store = Store::open(path)?;
    let tallies = edge::import(&mut store, api.address(), &plan, &mut |path| api.find_text(path))?;
    Ok(tallies.iter().map(|tally| tally.imported).sum())
}

fn import_file(store: &mut Store, path: &Path, args: &ImportArgs, mapping: &Mapping, plan: &Plan) -> Result<Tally> {
    let source = source_of(path);
    let mut intake = Intake::new(store.write(&source, plan.now_ms, plan.is_rehearsal)?, &source, plan);
    intake.writer.forget_rejected()?;
    let read = match args.preset {
        Some(preset) => preset.import(path, plan, &mut intake),
        None => import_rows(path, args.format, mapping, &mut intake),
    };
    read.with_context(|| {
        let rows = intake.committed_rows();
        let stay = if rows > 0 { format!(" whole; its first {rows} rows are, and stay") } else { String::new() };
        format!("{} cannot be imported{stay}", path.display())
    })?;
    intake.finish(now_ms())
}

/// Two files of one name in two folders are two sources: each import forgets what the one before put aside of its source.
/// The path stays as it was given, because a whole one would tell who reads the store whose machine this is.
fn source_of(path: &Path) -> String {
    let named: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    format!("file:{}", named.display())
}

fn import_rows(path: &Path, format: Format, mapping: &Mapping, intake: &mut Intake<'_>) -> Result<()> {
    let mut input = BufReader::new(open_plain(path)?);
    let format = if format == Format::Auto { told_by(input.fill_buf()?) } else { format };
    match format {
        Format::Ndjson => ndjson::import(input, mapping, intake),
        Format::Parquet => parquet_rows::import(path, mapping, intake),
        Format::Csv | Format::Auto => csv_rows::import(input, mapping, intake),
    }
}

/// Parquet says so, NDJSON begins with a brace, and everything else is CSV.
fn told_by(beginning: &[u8]) -> Format {
    let text = beginning.strip_prefix(b"\xef\xbb\xbf").unwrap_or(beginning).trim_ascii_start();
    match text.first() {
        _ if beginning.starts_with(PARQUET) => Format::Parquet,
        Some(b'{') => Format::Ndjson,
        _ => Format::Csv,
    }
}

#[cfg(test)]
#[path = "files_tests.rs"]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
