//! `Database` over the Workers runtime's D1 binding. Rows come as plain arrays, read cell by cell: the typed readers of
//! the binding go through serde and cost several times as much.

use std::rc::Rc;

use nearside_engine::ports::Unavailable;
use worker::js_sys::{Array, Object};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::{D1Database, D1PreparedStatement, D1Result};

use super::database::{Answer, Cell, Database, Row, Statement, unreadable};
use super::deadline::{READ, WRITE, within};

/// D1. Clones share one binding.
#[derive(Debug, Clone)]
pub(crate) struct D1 {
    binding: Rc<D1Database>,
}

/// A row object, taken over as it is.
#[derive(serde::Deserialize)]
struct RawRow(#[serde(with = "worker::d1::serde_wasm_bindgen::preserve")] JsValue);

impl D1 {
    /// Wraps a binding.
    pub(crate) fn new(binding: D1Database) -> Self {
        Self { binding: Rc::new(binding) }
    }

    fn prepare(&self, statement: Statement) -> Result<D1PreparedStatement, Unavailable> {
        let prepared = self.binding.prepare(statement.sql);
        if statement.parameters.is_empty() {
            return Ok(prepared);
        }
        let values: Vec<JsValue> = statement.parameters.into_iter().map(js_value).collect();
        prepared.bind(&values).map_err(|error| unavailable(&error))
    }
}

impl Database for D1 {
    async fn rows(&self, statement: Statement) -> Result<Vec<Row>, Unavailable> {
        let statement = self.prepare(statement)?;
        let rows = within(READ, "d1", statement.raw_js_value()).await?.map_err(|error| unavailable(&error))?;
        Ok(rows.into_iter().map(|row| row_of(&row.unchecked_into::<Array>())).collect())
    }

    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Answer>, Unavailable> {
        let prepared: Result<Vec<_>, _> = statements.into_iter().map(|statement| self.prepare(statement)).collect();
        let results = within(WRITE, "d1", self.binding.batch(prepared?)).await?.map_err(|error| unavailable(&error))?;
        results.iter().map(answer_of).collect()
    }
}

fn answer_of(result: &D1Result) -> Result<Answer, Unavailable> {
    let rows: Vec<RawRow> = result.results().map_err(|_| unreadable())?;
    // Object.values gives the columns in their order, since no column is named like a number and no two alike.
    let rows = rows.into_iter().map(|row| row_of(&Object::values(row.0.unchecked_ref::<Object>()))).collect();
    let changes = result.meta().ok().flatten().and_then(|meta| meta.changes).unwrap_or(0);
    Ok(Answer { rows, changes: changes as u64 })
}

fn row_of(cells: &Array) -> Row {
    Row::new(cells.iter().map(cell_of).collect())
}

fn cell_of(value: JsValue) -> Cell {
    if let Some(number) = value.as_f64() {
        return Cell::Number(number);
    }
    value.as_string().map_or(Cell::Null, Cell::Text)
}

fn js_value(cell: Cell) -> JsValue {
    match cell {
        Cell::Null => JsValue::NULL,
        Cell::Number(number) => JsValue::from_f64(number),
        Cell::Text(text) => JsValue::from_str(&text),
    }
}

/// Says what went wrong in one of our own words: D1's text can repeat the statement and its data.
fn unavailable(error: &worker::Error) -> Unavailable {
    const KINDS: [(&str, &str); 8] = [
        ("no such", "the schema is older than the code"),
        ("constraint", "a constraint was broken"),
        ("overloaded", "overloaded"),
        ("too many", "overloaded"),
        ("timeout", "timed out"),
        ("timed out", "timed out"),
        ("too big", "too large"),
        ("reset", "restarted"),
    ];
    let said = error.to_string().to_lowercase();
    let known = KINDS.iter().find(|(mark, _)| said.contains(mark));
    Unavailable { store: "d1", reason: known.map_or("failed", |(_, reason)| reason).to_owned() }
}
