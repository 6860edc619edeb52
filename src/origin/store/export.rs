//! The arguments and the work of `nearside export-events`: the store's event table as Parquet, for other engines.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Args;
use parquet::basic::Compression;
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use rusqlite::Statement;
use rusqlite::types::ValueRef;

use super::open::{Store, StoreArgs};
use crate::progress::note;

/// Rows of a row group: about 30 MB in memory.
const ROWS_A_GROUP: usize = 100_000;

/// The columns of `interactions`, in their order. Times are milliseconds UTC, as in the store.
const SCHEMA: &str = "message interactions {
    required int64 sequence; required binary user_id (UTF8); required binary id (UTF8);
    required binary interaction_type (UTF8); optional binary target_id (UTF8); optional binary target_type (UTF8);
    optional binary action (UTF8); optional binary context (UTF8); optional binary session_id (UTF8);
    required int64 timestamp; optional binary device_type (UTF8); optional binary device_id (UTF8);
    optional double value; optional binary reason (UTF8); optional binary decision_id (UTF8);
    optional int64 position; optional binary category (UTF8); required binary facts (UTF8);
    required int64 received_at_ms; required binary source (UTF8); required binary pack (UTF8);
}";

/// Writes the store's events as a Parquet table with the same columns, for other engines.
#[derive(Debug, Args)]
pub(crate) struct ExportEventsArgs {
    /// The table to write.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Writes the events of one pack only.
    #[arg(long, value_name = "PACK")]
    pack: Option<String>,
    /// Prints one JSON object instead of a note.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: StoreArgs,
}

/// Writes the table beside its place and moves it there when it is whole.
///
/// # Errors
/// No store, or a place that cannot be written.
pub(crate) fn export_events(args: &ExportEventsArgs) -> Result<()> {
    let store = Store::open_existing(&args.store.path)?;
    let rows = store.write_parquet(&args.to, args.pack.as_deref())?;
    if args.json {
        println!("{}", serde_json::json!({ "file": args.to, "events": rows }));
    } else {
        note!("{}: {rows} events", args.to.display());
    }
    Ok(())
}

/// The values of a column in a row group, and for each row whether it has one.
#[derive(Debug, Default)]
struct Column {
    texts: Vec<ByteArray>,
    integers: Vec<i64>,
    numbers: Vec<f64>,
    is_there: Vec<i16>,
}

impl Store {
    /// Writes the events of one pack, or of all, and returns their number.
    pub(crate) fn write_parquet(&self, to: &Path, pack: Option<&str>) -> Result<usize> {
        let unfinished = to.with_extension("parquet.part");
        let written = self.write_table(&unfinished, pack);
        if written.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        let rows = written.with_context(|| format!("{} cannot be written", to.display()))?;
        fs::rename(&unfinished, to).with_context(|| format!("{} cannot be written", to.display()))?;
        Ok(rows)
    }

    fn write_table(&self, to: &Path, pack: Option<&str>) -> Result<usize> {
        let schema = Arc::new(parse_message_type(SCHEMA)?);
        let names: Vec<String> = schema.get_fields().iter().map(|column| column.name().to_owned()).collect();
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let mut writer = SerializedFileWriter::new(File::create(to)?, schema, Arc::new(properties))?;
        let sql =
            format!("SELECT {} FROM interactions WHERE ?1 IS NULL OR pack = ?1 ORDER BY sequence", names.join(", "));
        let mut select: Statement<'_> = self.connection.prepare(&sql)?;
        let mut rows = select.query([pack])?;
        let mut total = 0;
        let mut columns: Vec<Column> = names.iter().map(|_| Column::default()).collect();
        loop {
            let row = rows.next()?;
            if let Some(row) = row {
                for (index, column) in columns.iter_mut().enumerate() {
                    column.add(row.get_ref(index)?);
                }
                total += 1;
            }
            let is_full = total > 0 && total % ROWS_A_GROUP == 0;
            if row.is_none() || is_full {
                write_group(writer.next_row_group()?, &mut columns)?;
            }
            if row.is_none() {
                writer.close()?;
                return Ok(total);
            }
        }
    }
}

impl Column {
    fn add(&mut self, value: ValueRef<'_>) {
        self.is_there.push(i16::from(!matches!(value, ValueRef::Null)));
        match value {
            ValueRef::Null => {}
            ValueRef::Integer(number) => self.integers.push(number),
            ValueRef::Real(number) => self.numbers.push(number),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => self.texts.push(ByteArray::from(bytes.to_vec())),
        }
    }
}

fn write_group(mut group: SerializedRowGroupWriter<'_, File>, columns: &mut [Column]) -> Result<()> {
    for column in columns {
        let Some(mut writer) = group.next_column()? else { break };
        let Column { texts, integers, numbers, is_there } = std::mem::take(column);
        // Required columns ignore the levels.
        match writer.untyped() {
            ColumnWriter::ByteArrayColumnWriter(writer) => writer.write_batch(&texts, Some(&is_there), None)?,
            ColumnWriter::Int64ColumnWriter(writer) => writer.write_batch(&integers, Some(&is_there), None)?,
            ColumnWriter::DoubleColumnWriter(writer) => writer.write_batch(&numbers, Some(&is_there), None)?,
            _ => 0,
        };
        writer.close()?;
    }
    group.close()?;
    Ok(())
}
