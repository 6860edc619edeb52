//! `Database` over SQLite in memory, with what D1 does to values: every number goes in as a double.

use std::cell::RefCell;
use std::rc::Rc;

use nearside_engine::ports::Unavailable;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql};

use crate::adapters::D1Store;
use crate::adapters::database::{Answer, Cell, Database, Row, Statement};

/// A database in memory. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Sqlite {
    connection: Rc<RefCell<Connection>>,
}

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Number(number) => ToSqlOutput::Borrowed(ValueRef::Real(*number)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}

impl Sqlite {
    /// A database with every migration applied, in order.
    pub(super) fn migrated() -> Self {
        let connection = Connection::open_in_memory().unwrap();
        for (_, text) in super::migrations::files() {
            connection.execute_batch(&text).unwrap();
        }
        Self { connection: Rc::new(RefCell::new(connection)) }
    }

    /// Rows of a query of the test itself.
    pub(super) fn query(&self, sql: &str) -> Vec<Vec<Cell>> {
        run(&self.connection.borrow(), sql, &[]).unwrap().0
    }

    /// A single number of a query of the test itself.
    pub(super) fn number(&self, sql: &str) -> f64 {
        match self.query(sql).first().and_then(|row| row.first()) {
            Some(Cell::Number(number)) => *number,
            other => panic!("not a number: {other:?}"),
        }
    }

    /// A single text of a query of the test itself.
    pub(super) fn text(&self, sql: &str) -> String {
        match self.query(sql).first().and_then(|row| row.first()) {
            Some(Cell::Text(text)) => text.clone(),
            other => panic!("not a text: {other:?}"),
        }
    }

    /// What the planner says of a statement.
    pub(super) fn plan(&self, sql: &str) -> String {
        let connection = self.connection.borrow();
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let rows = statement.raw_query().mapped(|row| row.get::<_, String>(3)).map(Result::unwrap).collect::<Vec<_>>();
        rows.join("\n")
    }
}

impl Database for Sqlite {
    async fn rows(&self, statement: Statement) -> Result<Vec<Row>, Unavailable> {
        let (rows, _) = run(&self.connection.borrow(), statement.sql, &statement.parameters).map_err(failed)?;
        Ok(rows.into_iter().map(Row::new).collect())
    }

    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Answer>, Unavailable> {
        let mut connection = self.connection.borrow_mut();
        let transaction = connection.transaction().map_err(failed)?;
        let mut answers = Vec::new();
        for statement in statements {
            let (rows, changes) = run(&transaction, statement.sql, &statement.parameters).map_err(failed)?;
            answers.push(Answer { rows: rows.into_iter().map(Row::new).collect(), changes });
        }
        transaction.commit().map_err(failed)?;
        Ok(answers)
    }
}

fn run(connection: &Connection, sql: &str, parameters: &[Cell]) -> rusqlite::Result<(Vec<Vec<Cell>>, u64)> {
    let mut statement = connection.prepare_cached(sql)?;
    let columns = statement.column_count();
    let is_read = statement.readonly();
    let mut rows = statement.query(rusqlite::params_from_iter(parameters))?;
    let mut cells = Vec::new();
    while let Some(row) = rows.next()? {
        cells.push((0..columns).map(|column| cell(row.get_ref(column).unwrap())).collect());
    }
    drop(rows);
    Ok((cells, if is_read { 0 } else { connection.changes() }))
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Number(number as f64),
        ValueRef::Real(number) => Cell::Number(number),
        ValueRef::Text(text) => Cell::Text(String::from_utf8(text.to_vec()).unwrap()),
        ValueRef::Blob(_) => panic!("D1 has no blobs of ours"),
    }
}

/// Tests see the true reason: it is the first thing that a failing one needs.
fn failed(error: rusqlite::Error) -> Unavailable {
    Unavailable { store: "d1", reason: error.to_string().leak() }
}

/// A store on a fresh database.
pub(super) fn store() -> D1Store<Sqlite> {
    D1Store::new(Sqlite::migrated())
}
