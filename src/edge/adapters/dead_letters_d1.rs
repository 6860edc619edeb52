//! What was acknowledged and could not be applied, by the hash of its content: a second delivery is the same row.

use nearside_engine::math::sha256_hex;
use nearside_engine::ports::Unavailable;
use nearside_engine::types::{TimeMs, UserId};
use serde::Serialize;

use super::database::{Database, Statement};
use super::parameters::json_arrays;
use super::sql::dead_letters as sql;
use super::store_d1::D1Store;

/// A message, or one event of it, to put aside.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DeadLetter {
    /// Whose, where it is one person's. A message that reads is best put aside event by event.
    pub(crate) user: Option<UserId>,
    /// As it came.
    pub(crate) payload: String,
    /// Why, without data.
    pub(crate) reason: String,
    /// Deliveries until now.
    pub(crate) attempts: u32,
    /// The host's time.
    pub(crate) at_ms: TimeMs,
}

impl<D: Database> D1Store<D> {
    /// Puts letters aside in one transaction. Returns how many were new.
    pub(crate) async fn bury_letters(&self, letters: &[DeadLetter]) -> Result<u64, Unavailable> {
        if letters.is_empty() {
            return Ok(0);
        }
        let rows: Vec<_> = letters.iter().map(letter_row).collect();
        let statements = json_arrays(&rows).into_iter().map(|rows| Statement::new(sql::INSERT).text(rows));
        Ok(self.database.batch(statements.collect()).await?.iter().map(|answer| answer.changes).sum())
    }
}

fn letter_row(letter: &DeadLetter) -> impl Serialize {
    let id = sha256_hex(letter.payload.as_bytes());
    (id, letter.user, &letter.payload, &letter.reason, letter.attempts, letter.at_ms)
}
