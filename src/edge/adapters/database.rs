//! What the adapters need of a SQL database: rows of one statement, or many statements in one transaction.
//! Which database that is (D1, or SQLite in tests) is not known here.

use nearside_engine::ports::Unavailable;
use nearside_json::{Read, read_json};

/// A SQL text with its parameters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Statement {
    /// The text, with `?1`, `?2`, …
    pub(crate) sql: &'static str,
    /// The parameters, in order.
    pub(crate) parameters: Vec<Cell>,
}

/// A value that goes in or comes out. D1 speaks JavaScript, so every number is a double.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Cell {
    /// NULL.
    #[default]
    Null,
    /// INTEGER within 2^53, or REAL.
    Number(f64),
    /// TEXT.
    Text(String),
}

/// One row, read from the first column to the last.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    cells: std::vec::IntoIter<Cell>,
}

/// What a statement of a batch gave.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    /// Rows of a SELECT or of RETURNING.
    pub(crate) rows: Vec<Row>,
    /// Rows that were inserted, changed or removed.
    pub(crate) changes: u64,
}

/// A database.
pub(crate) trait Database {
    /// Runs one statement and returns its rows.
    async fn rows(&self, statement: Statement) -> Result<Vec<Row>, Unavailable>;

    /// Runs statements in one transaction, in order: all of them or none.
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Answer>, Unavailable>;
}

impl Statement {
    /// A statement without parameters yet.
    pub(crate) fn new(sql: &'static str) -> Self {
        Self { sql, parameters: Vec::new() }
    }

    /// Adds a text.
    #[must_use]
    pub(crate) fn text(mut self, text: impl Into<String>) -> Self {
        self.parameters.push(Cell::Text(text.into()));
        self
    }

    /// Adds a text or NULL.
    #[must_use]
    pub(crate) fn optional_text(mut self, text: Option<String>) -> Self {
        self.parameters.push(text.map_or(Cell::Null, Cell::Text));
        self
    }

    /// Adds an integer: a time, a count, a revision. All of ours lie within 2^53.
    #[must_use]
    pub(crate) fn integer(mut self, number: i64) -> Self {
        self.parameters.push(Cell::Number(number as f64));
        self
    }
}

impl Row {
    /// Wraps the cells of a row.
    pub(crate) fn new(cells: Vec<Cell>) -> Self {
        Self { cells: cells.into_iter() }
    }

    fn cell(&mut self) -> Result<Cell, Unavailable> {
        self.cells.next().ok_or_else(unreadable)
    }

    /// Passes over some columns.
    pub(crate) fn skip(&mut self, columns: usize) {
        for _ in 0..columns {
            self.cells.next();
        }
    }

    /// Reads a TEXT or NULL.
    pub(crate) fn optional_text(&mut self) -> Result<Option<String>, Unavailable> {
        match self.cell()? {
            Cell::Null => Ok(None),
            Cell::Text(text) => Ok(Some(text)),
            Cell::Number(_) => Err(unreadable()),
        }
    }

    /// Reads a TEXT.
    pub(crate) fn text(&mut self) -> Result<String, Unavailable> {
        self.optional_text()?.ok_or_else(unreadable)
    }

    /// Reads a number or NULL.
    pub(crate) fn optional_number(&mut self) -> Result<Option<f64>, Unavailable> {
        match self.cell()? {
            Cell::Null => Ok(None),
            Cell::Number(number) => Ok(Some(number)),
            Cell::Text(_) => Err(unreadable()),
        }
    }

    /// Reads an INTEGER or NULL.
    pub(crate) fn optional_integer(&mut self) -> Result<Option<i64>, Unavailable> {
        Ok(self.optional_number()?.map(|number| number as i64))
    }

    /// Reads an INTEGER.
    pub(crate) fn integer(&mut self) -> Result<i64, Unavailable> {
        self.optional_integer()?.ok_or_else(unreadable)
    }

    /// Reads an INTEGER of a smaller type; what does not fit becomes 0.
    pub(crate) fn count<T: TryFrom<i64> + Default>(&mut self) -> Result<T, Unavailable> {
        Ok(T::try_from(self.integer()?).unwrap_or_default())
    }

    /// Reads a boolean or NULL.
    pub(crate) fn optional_flag(&mut self) -> Result<Option<bool>, Unavailable> {
        Ok(self.optional_number()?.map(|number| number != 0.0))
    }

    /// Reads a boolean.
    pub(crate) fn flag(&mut self) -> Result<bool, Unavailable> {
        self.optional_flag()?.ok_or_else(unreadable)
    }

    /// Reads a TEXT that holds JSON.
    pub(crate) fn json<T: Read>(&mut self) -> Result<T, Unavailable> {
        read_json(self.text()?.as_bytes()).map_err(|_| unreadable())
    }
}

/// A row without the columns, types or JSON that the code expects: the schema is older or newer than the code.
pub(super) fn unreadable() -> Unavailable {
    Unavailable { store: "d1", reason: "a stored row does not read" }
}
