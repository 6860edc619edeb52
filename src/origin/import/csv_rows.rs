//! Events from CSV: a header, then a row an event. The separator is told by the header.

use std::cell::Cell as Shared;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use anyhow::{Context, Result, ensure};
use csv::ByteRecord;

use super::columns::{Field, Mapping};
use super::intake::Intake;
use super::judge::{Cell, Row, judge};
use super::short_lines::{ShortLines, Skipped};

/// The longest row of several lines: beyond it a quotation mark was probably never closed, and the rest of the file would be one row.
const ROW_BYTES: u64 = 4 * 1_048_576;
/// What may stand between columns.
const SEPARATORS: [u8; 4] = *b",;\t|";

/// Takes every row. A line that is too long to be one is put aside.
///
/// # Errors
/// A header without the needed columns or longer than any row, a row that does not end.
pub(super) fn import(input: impl Read, mapping: &Mapping, intake: &mut Intake<'_>) -> Result<()> {
    let skipped = Skipped::default();
    let left = Rc::new(Shared::new(ROW_BYTES));
    let mut input = BufReader::with_capacity(
        65_536,
        Limited { input: ShortLines::new(input, skipped.clone()), left: Rc::clone(&left) },
    );
    let separator = separator(input.fill_buf().context("the file cannot be read")?);
    let mut reader = csv::ReaderBuilder::new().flexible(true).delimiter(separator).from_reader(input);
    let names: Vec<String> =
        reader.byte_headers()?.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
    ensure!(skipped.next_until(1).is_none(), "the header is longer than 1 MiB");
    ensure!(!names.is_empty(), "the file is empty");
    let places = mapping.places(&names)?;
    let mut record = ByteRecord::new();
    // The reader of CSV does not count the lines that it never sees.
    let mut unseen = 0;
    loop {
        left.set(ROW_BYTES);
        let more = reader.read_byte_record(&mut record);
        let more = more.with_context(|| format!("after row {}", intake.tally.rows))?;
        let seen = record.position().map_or(0, |position| position.line().cast_signed());
        let until = |unseen: i64| if more { seen + unseen } else { i64::MAX };
        while let Some((number, line)) = skipped.next_until(until(unseen)) {
            unseen += 1;
            intake.put_hashed_aside(&line.as_rejected(number))?;
            intake.row_done(number)?;
        }
        if !more {
            return Ok(());
        }
        let line = seen + unseen;
        match cells(&record, &places, mapping, names.len()).and_then(|mut row| judge(&mut row, intake.latest_ms)) {
            Ok(event) => intake.take(&event)?,
            Err(reason) => {
                let row = record.iter().collect::<Vec<_>>().join(&separator);
                intake.put_aside(line, &reason, &row, true)?;
            }
        }
        intake.row_done(line)?;
    }
}

fn cells(record: &ByteRecord, places: &[(Field, usize)], mapping: &Mapping, columns: usize) -> Result<Row, String> {
    if record.len() != columns {
        return Err("the number of fields is not that of the header".to_owned());
    }
    let mut row = Row::default();
    for (field, place) in places {
        let bytes = record.get(*place).unwrap_or_default();
        let text = str::from_utf8(bytes).map_err(|_| format!("{} is not UTF-8", field.name()))?;
        set(&mut row, *field, text);
    }
    for (field, value) in mapping.constants() {
        set(&mut row, *field, value);
    }
    Ok(row)
}

/// Puts a text into a row.
pub(super) fn set(row: &mut Row, field: Field, text: &str) {
    if let Some(cell) = row.get_mut(field.place()) {
        *cell = Cell::Text(text.to_owned());
    }
}

/// The separator that the first line holds most of, outside quotation marks.
fn separator(beginning: &[u8]) -> u8 {
    let mut is_quoted = false;
    let mut counts = [0_u32; SEPARATORS.len()];
    for byte in beginning.iter().take_while(|byte| **byte != b'\n') {
        is_quoted ^= *byte == b'"';
        for (separator, count) in SEPARATORS.iter().zip(&mut counts) {
            *count += u32::from(!is_quoted && separator == byte);
        }
    }
    let found = SEPARATORS.iter().zip(counts).rev().max_by_key(|(_, count)| *count);
    found.map_or(b',', |(separator, _)| *separator)
}

/// An input that gives up after so many bytes, until the number is set again.
struct Limited<R> {
    input: R,
    left: Rc<Shared<u64>>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        match self.left.get().checked_sub(read as u64) {
            Some(left) => self.left.set(left),
            None => return Err(io::Error::other("a row is longer than 4 MiB; is a quotation mark not closed?")),
        }
        Ok(read)
    }
}
