//! Writing an import: rows and the cursor that says how far it is go into one transaction, so that an import may be
//! broken off anywhere and goes on where it was.

use anyhow::{Context as _, Result};
use nearside_engine::types::{Context, Interaction, TimeMs};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::open::Store;

/// The most bytes of a rejected row that are kept.
const KEPT_BYTES: usize = 2_048;

const INSERT_EVENT: &str = "INSERT OR IGNORE INTO interactions (user_id, id, interaction_type, target_id, target_type,
    action, context, session_id, timestamp, device_type, device_id, value, reason, decision_id, position, category,
    facts, received_at_ms, source, pack)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)";
const UPSERT_ITEM: &str = "INSERT INTO items (pack, id, item) VALUES (?1, ?2, ?3)
    ON CONFLICT DO UPDATE SET item = excluded.item WHERE item <> excluded.item";
const UPSERT_PROFILE: &str = "INSERT INTO profiles (user_id, profile, source) VALUES (?1, ?2, ?3)
    ON CONFLICT DO UPDATE SET profile = excluded.profile, source = excluded.source WHERE profile <> excluded.profile";
const UPSERT_TOMBSTONE: &str = "INSERT INTO tombstones (user_id, erased_at_ms, source) VALUES (?1, ?2, ?3)
    ON CONFLICT DO UPDATE SET erased_at_ms = excluded.erased_at_ms WHERE erased_at_ms < excluded.erased_at_ms";
const SAVE_CURSOR: &str = "INSERT INTO imports (source, cursor, cursor_sha256, rows, started_at_ms, finished_at_ms)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)
    ON CONFLICT DO UPDATE SET cursor = excluded.cursor, cursor_sha256 = excluded.cursor_sha256,
        rows = rows + excluded.rows, started_at_ms = excluded.started_at_ms, finished_at_ms = excluded.finished_at_ms";

/// What became of an event or a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It was not there before.
    New,
    /// The store holds it already.
    Known,
    /// The person was erased after it happened.
    Erased,
}

/// How far a source was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Known {
    /// Last sequence or row.
    pub(crate) cursor: i64,
    /// SHA-256 of its line.
    pub(crate) cursor_sha256: Option<String>,
}

/// A row that is put aside.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RejectedRow<'a> {
    /// Line, row or sequence; 0 is unknown.
    pub(crate) number: i64,
    /// Why, without data.
    pub(crate) reason: &'a str,
    /// SHA-256 of the whole row.
    pub(crate) sha256: &'a str,
    /// The row, when it stood in a file.
    pub(crate) text: Option<&'a [u8]>,
}

/// An import under way. What was not committed when it is dropped is as if it had never been read.
pub(crate) struct Writer<'s> {
    connection: &'s Connection,
    source: &'s str,
    started_at_ms: TimeMs,
    new_rows: i64,
    keeps: bool,
}

impl Store {
    /// Begins to write what a source says. A rehearsal answers the same and keeps nothing.
    ///
    /// # Errors
    /// When another program writes for longer than the patience.
    pub(crate) fn write<'s>(&'s mut self, source: &'s str, now_ms: TimeMs, is_rehearsal: bool) -> Result<Writer<'s>> {
        let writer =
            Writer { connection: &self.connection, source, started_at_ms: now_ms, new_rows: 0, keeps: !is_rehearsal };
        writer.begin()?;
        Ok(writer)
    }
}

#[cfg(test)]
impl Store {
    /// The numbers of the rows that are put aside, of all sources, ascending.
    pub(crate) fn rejected_lines(&self) -> Result<Vec<i64>> {
        let mut select = self.connection.prepare("SELECT row_number FROM rejected_rows ORDER BY 1")?;
        let lines = select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(lines)
    }
}

impl Writer<'_> {
    fn begin(&self) -> Result<()> {
        self.connection.execute_batch("BEGIN IMMEDIATE").context("the store is in use by another program")
    }

    /// How far the source was read by earlier runs; all zero when it never was.
    pub(crate) fn known(&self) -> Result<Known> {
        let sql = "SELECT cursor, cursor_sha256 FROM imports WHERE source = ?1";
        let read = |row: &rusqlite::Row<'_>| Ok(Known { cursor: row.get(0)?, cursor_sha256: row.get(1)? });
        Ok(self.connection.query_row(sql, [self.source], read).optional()?.unwrap_or_default())
    }

    /// Takes an event of a person.
    pub(crate) fn event(&mut self, user: &str, event: &Interaction, received_at_ms: TimeMs) -> Result<Taken> {
        if self.erased_at_ms(user)?.is_some_and(|at_ms| event.occurred_at_ms <= at_ms) {
            return Ok(Taken::Erased);
        }
        let context = (event.context != Context::default()).then(|| json(&event.context)).transpose()?;
        let mut insert = self.connection.prepare_cached(INSERT_EVENT)?;
        let rows = insert.execute(params![
            user,
            event.id,
            event.kind.name(),
            event.target_id,
            event.target_type,
            event.action,
            context,
            event.session_id,
            event.occurred_at_ms,
            event.device_type,
            event.device_id,
            event.value,
            event.reason,
            event.decision_id,
            event.position,
            event.facts.category,
            json(&event.facts)?,
            received_at_ms,
            self.source,
            event.facts.pack,
        ])?;
        self.new_rows += i64::from(rows > 0);
        Ok(if rows > 0 { Taken::New } else { Taken::Known })
    }

    /// Takes what is said of an item; the last word counts.
    pub(crate) fn item(&mut self, pack: &str, id: &str, item: &impl Serialize) -> Result<Taken> {
        let rows = self.connection.prepare_cached(UPSERT_ITEM)?.execute(params![pack, id, json(item)?])?;
        Ok(if rows > 0 { Taken::New } else { Taken::Known })
    }

    /// Takes a profile as of a time; the last word counts.
    pub(crate) fn profile(&mut self, user: &str, updated_at_ms: TimeMs, profile: &impl Serialize) -> Result<Taken> {
        if self.erased_at_ms(user)?.is_some_and(|at_ms| updated_at_ms <= at_ms) {
            return Ok(Taken::Erased);
        }
        let mut upsert = self.connection.prepare_cached(UPSERT_PROFILE)?;
        let rows = upsert.execute(params![user, json(profile)?, self.source])?;
        Ok(if rows > 0 { Taken::New } else { Taken::Known })
    }

    /// Forgets a person: what happened until then goes, and stays out. Returns the number of rows that went.
    pub(crate) fn tombstone(&mut self, user: &str, erased_at_ms: TimeMs) -> Result<usize> {
        let changes = |sql: &str| -> Result<usize> { Ok(self.connection.prepare_cached(sql)?.execute([user])?) };
        self.connection.prepare_cached(UPSERT_TOMBSTONE)?.execute(params![user, erased_at_ms, self.source])?;
        let mut delete =
            self.connection.prepare_cached("DELETE FROM interactions WHERE user_id = ?1 AND timestamp <= ?2")?;
        let events = delete.execute(params![user, erased_at_ms])?;
        changes("DELETE FROM rejected_rows WHERE instr(row_text, ?1) > 0")?;
        Ok(events + changes("DELETE FROM profiles WHERE user_id = ?1")?)
    }

    /// Deletes the events and profiles that this source once gave of people whom it does not name any more: they
    /// stopped sharing. `still_there` are all people of the complete source. Returns the number of rows that went.
    pub(crate) fn forget_others<'a>(&mut self, still_there: impl Iterator<Item = &'a str>) -> Result<usize> {
        self.connection.execute_batch("CREATE TEMP TABLE IF NOT EXISTS still_there (user_id TEXT PRIMARY KEY)")?;
        self.connection.execute_batch("DELETE FROM still_there")?;
        {
            let mut insert = self.connection.prepare_cached("INSERT OR IGNORE INTO still_there VALUES (?1)")?;
            for user in still_there {
                insert.execute([user])?;
            }
        }
        let others = "source = ?1 AND user_id NOT IN (SELECT user_id FROM still_there)";
        let events = self.connection.execute(&format!("DELETE FROM interactions WHERE {others}"), [self.source])?;
        Ok(events + self.connection.execute(&format!("DELETE FROM profiles WHERE {others}"), [self.source])?)
    }

    /// Forgets what earlier runs put aside: the source is read from its beginning again.
    pub(crate) fn forget_rejected(&mut self) -> Result<()> {
        self.connection.execute("DELETE FROM rejected_rows WHERE source = ?1", [self.source])?;
        Ok(())
    }

    /// Puts a row aside. The same row is put aside once.
    pub(crate) fn reject(&mut self, row: RejectedRow<'_>) -> Result<()> {
        let text = row.text.map(|text| String::from_utf8_lossy(text.get(..KEPT_BYTES).unwrap_or(text)).into_owned());
        let sql =
            "INSERT OR IGNORE INTO rejected_rows (source, row_number, row_sha256, reason, row_text, rejected_at_ms)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let mut insert = self.connection.prepare_cached(sql)?;
        insert.execute(params![self.source, row.number, row.sha256, row.reason, text, self.started_at_ms])?;
        Ok(())
    }

    /// True when the store holds this event or the tombstone of this person.
    pub(crate) fn holds(&self, user: &str, id: &str) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM interactions WHERE user_id = ?1 AND id = ?2)
                       OR EXISTS (SELECT 1 FROM tombstones WHERE user_id = ?1)";
        Ok(self.connection.query_row(sql, [user, id], |row| row.get(0))?)
    }

    /// People of whom the store holds events or a profile, ascending.
    pub(crate) fn people(&self) -> Result<Vec<String>> {
        let sql = "SELECT user_id FROM interactions UNION SELECT user_id FROM profiles ORDER BY 1";
        let people = self.connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(people)
    }

    /// Packs that events of this source name, ascending.
    pub(crate) fn packs(&self) -> Result<Vec<String>> {
        let sql = "SELECT DISTINCT pack FROM interactions WHERE source = ?1 AND pack <> '' ORDER BY pack";
        let packs =
            self.connection.prepare(sql)?.query_map([self.source], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(packs)
    }

    /// Commits what was written so far, together with how far the source was read, and goes on.
    pub(crate) fn checkpoint(&mut self, at: &Known) -> Result<()> {
        self.save(at, None)?;
        if self.keeps {
            self.connection.execute_batch("COMMIT")?;
            self.begin()?;
        }
        Ok(())
    }

    /// Commits the rest and says when the import ended. After it, only dropping is left.
    pub(crate) fn finish(mut self, at: &Known, now_ms: TimeMs) -> Result<()> {
        self.save(at, Some(now_ms))?;
        if self.keeps {
            self.connection.execute_batch("COMMIT")?;
        }
        Ok(())
    }

    fn save(&mut self, at: &Known, finished_at_ms: Option<TimeMs>) -> Result<()> {
        let values =
            params![self.source, at.cursor, at.cursor_sha256, self.new_rows, self.started_at_ms, finished_at_ms];
        self.connection.prepare_cached(SAVE_CURSOR)?.execute(values)?;
        self.new_rows = 0;
        Ok(())
    }

    fn erased_at_ms(&self, user: &str) -> Result<Option<TimeMs>> {
        let mut find = self.connection.prepare_cached("SELECT erased_at_ms FROM tombstones WHERE user_id = ?1")?;
        Ok(find.query_row([user], |row| row.get(0)).optional()?)
    }
}

impl Drop for Writer<'_> {
    fn drop(&mut self) {
        if !self.connection.is_autocommit() {
            // Nothing is left to be done about a failure here: SQLite rolls back by itself when the file is closed.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }
}

fn json(value: &impl Serialize) -> Result<String> {
    Ok(serde_json::to_string(value)?)
}

#[cfg(test)]
#[path = "writer_tests.rs"]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
