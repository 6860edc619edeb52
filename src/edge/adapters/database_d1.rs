//! `Database` over the Workers runtime's D1 binding. Rows come as plain arrays, read cell by cell: the typed readers of
//! the binding go through serde and cost several times as much.

use std::rc::Rc;

use nearside_engine::ports::{BROKEN_CONSTRAINT, Unavailable};
use nearside_engine::types::holds;
use worker::js_sys::{Array, Object};
use worker::wasm_bindgen::{JsCast, JsValue};

use super::database::{Answer, Cell, Database, Row, Statement};
use super::deadline::{READ, WRITE, within};
use crate::runtime::{Outcome, ask, call, member};

/// D1. Clones share one binding.
#[derive(Debug, Clone)]
pub(crate) struct D1 {
    binding: Rc<JsValue>,
}

impl D1 {
    /// Wraps a binding.
    pub(crate) fn new(binding: JsValue) -> Self {
        Self { binding: Rc::new(binding) }
    }

    fn prepare(&self, statement: Statement) -> Outcome {
        let prepared = call(&self.binding, "prepare", &[JsValue::from_str(statement.sql)])?;
        if statement.parameters.is_empty() {
            return Ok(prepared);
        }
        let values: Vec<JsValue> = statement.parameters.into_iter().map(js_value).collect();
        call(&prepared, "bind", &values)
    }
}

impl Database for D1 {
    async fn rows(&self, statement: Statement) -> Result<Vec<Row>, Unavailable> {
        let statement = self.prepare(statement).map_err(|error| unavailable(&error))?;
        let rows = within(READ, "d1", ask(&statement, "raw", &[])).await?.map_err(|error| unavailable(&error))?;
        Ok(list_of(Ok(rows)).iter().map(|row| row_of(&row.unchecked_into::<Array>())).collect())
    }

    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Answer>, Unavailable> {
        let prepared = statements.into_iter().map(|statement| self.prepare(statement));
        let prepared: Array = prepared.collect::<Result<_, _>>().map_err(|error| unavailable(&error))?;
        let results = within(WRITE, "d1", ask(&self.binding, "batch", &[prepared.into()])).await?;
        let results = results.map_err(|error| unavailable(&error))?;
        Ok(list_of(Ok(results)).iter().map(|result| answer_of(&result)).collect())
    }
}

fn list_of(value: Outcome) -> Array {
    value.and_then(JsCast::dyn_into).unwrap_or_default()
}

fn answer_of(result: &JsValue) -> Answer {
    // Object.values gives the columns in their order, since no column is named like a number and no two alike.
    let rows = list_of(member(result, "results"));
    let rows = rows.iter().map(|row| row_of(&Object::values(row.unchecked_ref::<Object>()))).collect();
    let changes =
        member(result, "meta").and_then(|meta| member(&meta, "changes")).ok().and_then(|count| count.as_f64());
    Answer { rows, changes: changes.unwrap_or(0.0) as u64 }
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
fn unavailable(error: &JsValue) -> Unavailable {
    const KINDS: [(&str, &str); 9] = [
        ("no such", "the schema is older than the code"),
        ("constraint", BROKEN_CONSTRAINT),
        ("malformed json", BROKEN_CONSTRAINT),
        ("overloaded", "overloaded"),
        ("too many", "overloaded"),
        ("timeout", "timed out"),
        ("timed out", "timed out"),
        ("too big", "too large"),
        ("reset", "restarted"),
    ];
    let said = member(error, "message").ok().and_then(|message| message.as_string()).unwrap_or_default();
    let said = said.to_ascii_lowercase();
    let known = KINDS.iter().find(|(mark, _)| holds(&said, mark));
    Unavailable { store: "d1", reason: known.map_or("failed", |(_, reason)| reason) }
}
