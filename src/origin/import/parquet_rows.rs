//! Events from Parquet, of whichever engine wrote it. Columns inside of columns are not looked at.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use nearside_engine::types::DAY_MS;
use parquet::basic::{LogicalType, TimeUnit};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field as Value;
use parquet::schema::types::{Type, TypePtr};

use super::columns::Mapping;
use super::csv_rows::set;
use super::intake::Intake;
use super::judge::{Cell, Row, judge};

const NANOS_A_MILLI: i64 = 1_000_000;
const MICROS_A_MILLI: i64 = 1_000;

/// Takes every row.
///
/// # Errors
/// A file that is no Parquet or is damaged, a schema without the needed columns.
pub(super) fn import(path: &Path, mapping: &Mapping, intake: &mut Intake<'_>) -> Result<()> {
    let file = File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
    let reader = SerializedFileReader::new(file).context("it is no whole Parquet file")?;
    let schema = reader.metadata().file_metadata().schema();
    let names: Vec<String> = schema.get_fields().iter().map(|column| column.name().to_owned()).collect();
    let places = mapping.places(&names)?;
    // The reader gives the wanted columns in the order of the file, each once.
    let wanted: BTreeSet<usize> = places.iter().map(|(_, place)| *place).collect();
    let columns: Vec<TypePtr> =
        wanted.iter().filter_map(|place| schema.get_fields().get(*place)).map(Arc::clone).collect();
    let nanos: Vec<bool> = columns.iter().map(|column| is_in_nanos(column)).collect();
    let position = |place: &usize| wanted.iter().position(|other| other == place);
    let fields: Vec<_> = places.iter().filter_map(|(field, place)| Some((*field, position(place)?))).collect();
    let projected = Type::group_type_builder(schema.name()).with_fields(columns).build()?;
    let mut number = 0;
    for read in reader.get_row_iter(Some(projected))? {
        let read = read.with_context(|| format!("after row {number}"))?;
        number += 1;
        let mut row = Row::default();
        let cells: Vec<Cell> =
            read.get_column_iter().zip(&nanos).map(|((_, value), nanos)| cell_of(value, *nanos)).collect();
        for (field, index) in &fields {
            if let (Some(cell), Some(place)) = (cells.get(*index), row.get_mut(field.place())) {
                place.clone_from(cell);
            }
        }
        for (field, value) in mapping.constants() {
            set(&mut row, *field, value);
        }
        match judge(&mut row, intake.latest_ms) {
            Ok(event) => intake.take(&event)?,
            Err(reason) => intake.put_aside(number, &reason, read.to_string().as_bytes(), true)?,
        }
        intake.row_done(number)?;
    }
    Ok(())
}

/// True for whole numbers that are nanoseconds since 1970: the reader gives them as they are.
fn is_in_nanos(column: &Type) -> bool {
    let logical = column.get_basic_info().logical_type_ref();
    matches!(logical, Some(LogicalType::Timestamp(timestamp)) if timestamp.unit == TimeUnit::NANOS)
}

fn cell_of(value: &Value, is_in_nanos: bool) -> Cell {
    match value {
        Value::Null => Cell::Missing,
        Value::Long(nanos) if is_in_nanos => Cell::Millis(nanos.div_euclid(NANOS_A_MILLI)),
        Value::Byte(number) => Cell::Integer((*number).into()),
        Value::Short(number) => Cell::Integer((*number).into()),
        Value::Int(number) => Cell::Integer((*number).into()),
        Value::Long(number) => Cell::Integer(*number),
        Value::UByte(number) => Cell::Integer((*number).into()),
        Value::UShort(number) => Cell::Integer((*number).into()),
        Value::UInt(number) => Cell::Integer((*number).into()),
        Value::ULong(number) => i64::try_from(*number).map_or(Cell::Unfit, Cell::Integer),
        Value::Float16(number) => Cell::Number(number.to_f64()),
        Value::Float(number) => Cell::Number((*number).into()),
        Value::Double(number) => Cell::Number(*number),
        Value::Decimal(_) => Cell::Text(value.to_string()),
        Value::Str(text) => Cell::Text(text.clone()),
        Value::Bytes(bytes) => bytes.as_utf8().map_or(Cell::Unfit, |text| Cell::Text(text.to_owned())),
        Value::Date(days) => Cell::Millis(i64::from(*days) * DAY_MS),
        Value::TimestampMillis(at_ms) => Cell::Millis(*at_ms),
        Value::TimestampMicros(micros) => Cell::Millis(micros.div_euclid(MICROS_A_MILLI)),
        Value::ListInternal(list) => {
            let texts = list.elements().iter().map(|element| match element {
                Value::Str(text) => Some(text.clone()),
                _ => None,
            });
            texts.collect::<Option<_>>().map_or(Cell::Unfit, Cell::List)
        }
        Value::Bool(_) | Value::TimeMillis(_) | Value::TimeMicros(_) | Value::Group(_) | Value::MapInternal(_) => {
            Cell::Unfit
        }
    }
}
