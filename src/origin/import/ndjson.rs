//! Events from NDJSON: an object a line, or the lines of the edge's own export.

use std::collections::VecDeque;
use std::io::Read;

use anyhow::Result;
use serde_json::Value;

use super::columns::{Field, Mapping};
use super::csv_rows::set;
use super::edge_lines;
use super::intake::Intake;
use super::judge::{Cell, Row, judge};
use super::lines::{Line, Lines};

/// Lines that are looked at to see which keys there are.
const SAMPLE_LINES: usize = 100;

/// Takes every line.
///
/// # Errors
/// Lines without the needed keys, an input that cannot be read on.
pub(super) fn import(input: impl Read, mapping: &Mapping, intake: &mut Intake<'_>) -> Result<()> {
    let mut lines = Lines::new(input);
    let mut sample = VecDeque::new();
    while sample.len() < SAMPLE_LINES {
        let Some(line) = lines.next()? else { break };
        sample.push_back(line);
    }
    let names = keys(&sample);
    let is_export = names.iter().any(|name| name == "interaction" || name == "erased_at");
    let places = if is_export || names.is_empty() { Vec::new() } else { mapping.places(&names)? };
    let paths: Vec<(Field, &str)> =
        places.iter().filter_map(|(field, place)| Some((*field, names.get(*place)?.as_str()))).collect();
    let mut number = 0;
    loop {
        let line = match sample.pop_front() {
            Some(line) => Some(line),
            None => lines.next()?,
        };
        let Some(line) = line else { return Ok(()) };
        number += 1;
        match line {
            Line::Whole(bytes) if bytes.trim_ascii().is_empty() => {}
            Line::Whole(bytes) if is_export => edge_lines::take(&bytes, number, true, intake)?,
            Line::Whole(bytes) => {
                match read(&bytes, &paths, mapping).and_then(|mut row| judge(&mut row, intake.latest_ms)) {
                    Ok(event) => intake.take(&event)?,
                    Err(reason) => intake.put_aside(number, &reason, &bytes, true)?,
                }
            }
            Line::TooLong(line) => intake.put_hashed_aside(&line.as_rejected(number))?,
        }
        intake.row_done(number)?;
    }
}

/// The keys of the sampled lines in the order in which they come, and those of objects inside as `outer.inner`.
fn keys(sample: &VecDeque<Line>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: String| {
        if !names.contains(&name) {
            names.push(name);
        }
    };
    for line in sample {
        let Line::Whole(bytes) = line else { continue };
        let Ok(Value::Object(object)) = serde_json::from_slice(bytes) else { continue };
        for (name, value) in object {
            let inner = value.as_object().map(|inner| inner.keys().map(|key| format!("{name}.{key}")).collect());
            add(name);
            inner.unwrap_or_else(Vec::new).into_iter().for_each(&mut add);
        }
    }
    names
}

fn read(bytes: &[u8], paths: &[(Field, &str)], mapping: &Mapping) -> Result<Row, String> {
    // Depth is limited by the reader itself.
    let value: Value = serde_json::from_slice(bytes).map_err(|error| match error.classify() {
        serde_json::error::Category::Syntax if error.to_string().contains("recursion") => "the JSON is nested too deep",
        _ => "the line is not JSON",
    })?;
    if !value.is_object() {
        return Err("the line is not a JSON object".to_owned());
    }
    let mut row = Row::default();
    for (field, path) in paths {
        let direct = value.get(path);
        let found = direct.or_else(|| path.split_once('.').and_then(|(outer, inner)| value.get(outer)?.get(inner)));
        if let (Some(found), Some(cell)) = (found, row.get_mut(field.place())) {
            *cell = cell_of(found);
        }
    }
    for (field, text) in mapping.constants() {
        set(&mut row, *field, text);
    }
    Ok(row)
}

fn cell_of(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Missing,
        Value::Bool(_) => Cell::Unfit,
        Value::String(text) => Cell::Text(text.clone()),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => Cell::Integer(integer),
            (None, Some(number)) => Cell::Number(number),
            (None, None) => Cell::Unfit,
        },
        Value::Array(list) => {
            let texts = list.iter().map(|text| text.as_str().map(str::to_owned));
            texts.collect::<Option<_>>().map_or(Cell::Unfit, Cell::List)
        }
        // Only the context is an object.
        Value::Object(_) => Cell::Text(value.to_string()),
    }
}
