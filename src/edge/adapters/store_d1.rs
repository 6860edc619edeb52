//! The one value that answers for everything that D1 holds. What it answers is in `people_d1`, `interactions_d1`,
//! `library_d1`, `upkeep_d1`, `figures_d1` and `dead_letters_d1`.

use nearside_engine::ports::Unavailable;
use nearside_engine::types::{Actor, PersonScope};

use super::database::{Database, Statement};
use super::database_d1::D1;
use super::sql;

/// People, interactions, the library, upkeep and dead letters in D1.
#[derive(Debug, Clone)]
pub(crate) struct D1Store<D = D1> {
    pub(super) database: D,
}

impl<D> D1Store<D> {
    /// Wraps a database.
    pub(crate) fn new(database: D) -> Self {
        Self { database }
    }
}

impl<D: Database> D1Store<D> {
    /// Runs statements over one parameter in one transaction. The last one's answer is the text in its first row, empty
    /// where it has none.
    pub(super) async fn told(&self, texts: &[&'static str], parameter: String) -> Result<String, Unavailable> {
        let statements = texts.iter().map(|sql| Statement::new(sql).text(&*parameter));
        let last = self.database.batch(statements.collect()).await?.pop().unwrap_or_default();
        last.rows.into_iter().next().map_or_else(|| Ok(String::new()), |mut row| row.text())
    }
}

/// The audit trail's words for who acts: kind, and the id of an admin.
pub(super) fn actor_words(scope: PersonScope) -> (&'static str, Option<String>) {
    match scope.actor() {
        Actor::Own => ("own", None),
        Actor::Admin(admin) => ("admin", Some(admin.to_string())),
        Actor::System => ("system", None),
    }
}

/// Gives out `numbers` numbers of the export's order. It comes last in a batch, after the statements that use them.
pub(super) fn advance_sequence(numbers: usize) -> Statement {
    Statement::new(sql::ADVANCE_SEQUENCE).integer(i64::try_from(numbers).unwrap_or(i64::MAX))
}
