//! A local D1 database: the SQLite file that the Worker's runtime keeps, read without changing it.
//!
//! Who shares is decided as in the edge's export: the person switched personalization on, agreed to share data, and is
//! not in privacy mode; who was never asked did not agree. Erasures are read too. People who want their id hashed come in
//! under the pseudonym that the export gives them; where the key of pseudonyms is not known they are left out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Error, Result, bail, ensure};
use nearside_engine::types::{EventKind, Interaction, TimeMs};
use rusqlite::{Connection, OpenFlags, Row};

use super::intake::{Intake, Plan, Tally};
use super::judge::check_time;
use crate::store::Store;

const SHARES: &str = "s.personalization_enabled = 1 AND s.data_sharing_consent = 1 AND s.privacy_mode = 0";
const WITHHELD: &str = "people who do not share";
const UNNAMED: &str = "people whose id is to be hashed, and EXPORT_KEY is not known here";
/// The deepest that the runtime puts its files below a folder that somebody may name.
const DEEPEST: usize = 6;

/// Takes the erasures, then the interactions of everybody who shares. Rows that this file gave earlier of people who
/// share no longer leave the store.
///
/// # Errors
/// No database, several, or one of another shape.
pub(super) fn import(store: &mut Store, path: &Path, plan: &Plan) -> Result<Tally> {
    let file = find(path)?;
    let connection = open(&file)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let source = format!("d1:{name}");
    let mut intake = Intake::new(store.write(&source, plan.now_ms, plan.is_rehearsal)?, &source, plan);
    intake.writer.forget_rejected()?;
    read(&connection, plan, &mut intake).with_context(|| format!("{} cannot be read as D1", file.display()))?;
    intake.finish(plan.now_ms)
}

fn read(connection: &Connection, plan: &Plan, intake: &mut Intake<'_>) -> Result<()> {
    // One transaction: everything is read as of one moment, whatever the Worker writes meanwhile.
    connection.execute_batch("BEGIN")?;
    let mut erased = connection.prepare("SELECT user_id, erased_at_ms FROM erasure_tombstones ORDER BY sequence")?;
    let mut rows = erased.query([])?;
    while let Some(row) = rows.next()? {
        intake.erase(&row.get::<_, String>(0)?, row.get(1)?)?;
    }
    let sql = format!(
        "SELECT i.sequence, i.user_id, i.id, i.interaction_type, i.target_type, i.target_id, i.action, i.reason, i.value,
             i.session_id, i.device_id, i.device_type, i.decision_id, i.position, i.context, i.timestamp, i.facts,
             i.received_at_ms, s.hash_user_id, COALESCE({SHARES}, 0)
         FROM user_interactions AS i LEFT JOIN personalization_settings AS s ON s.user_id = i.user_id
         ORDER BY i.sequence"
    );
    let mut select = connection.prepare(&sql)?;
    let mut rows = select.query([])?;
    let mut sharing = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let sequence: i64 = row.get(0)?;
        let user: String = row.get(1)?;
        let name = if row.get::<_, Option<bool>>(18)?.unwrap_or(true) {
            plan.pseudonyms.as_ref().and_then(|pseudonyms| pseudonyms.of(&user))
        } else {
            Some(user)
        };
        match (row.get::<_, bool>(19)?, name) {
            (false, _) => intake.leave_out(WITHHELD),
            (true, None) => intake.leave_out(UNNAMED),
            (true, Some(name)) => {
                match event(row, intake.latest_ms) {
                    Ok((event, received_at_ms)) => intake.take_received(&name, &event, received_at_ms)?,
                    Err(error) => {
                        let id: String = row.get(2)?;
                        intake.put_aside(sequence, &error.to_string(), id.as_bytes(), false)?;
                    }
                }
                sharing.insert(name);
            }
        }
        intake.row_done(sequence)?;
    }
    intake.tally.deleted += intake.writer.forget_others(sharing.iter().map(String::as_str))? as u64;
    Ok(())
}

fn event(row: &Row<'_>, latest_ms: TimeMs) -> Result<(Interaction, TimeMs)> {
    let occurred_at_ms = row.get(15)?;
    check_time(occurred_at_ms, latest_ms).map_err(Error::msg)?;
    let kind = row.get_ref(3)?.as_str()?;
    let context: Option<String> = row.get(14)?;
    let facts: String = row.get(16)?;
    let event = Interaction {
        id: row.get(2)?,
        kind: EventKind::parse(kind).context("the type is not one of the engine's event types")?,
        target_type: row.get(4)?,
        target_id: row.get(5)?,
        action: row.get(6)?,
        reason: row.get(7)?,
        value: row.get(8)?,
        session_id: row.get(9)?,
        device_id: row.get(10)?,
        device_type: row.get(11)?,
        decision_id: row.get(12)?,
        position: row.get(13)?,
        context: match context {
            None => nearside_engine::types::Context::default(),
            Some(json) => serde_json::from_str(&json).context("the context cannot be read")?,
        },
        occurred_at_ms,
        facts: serde_json::from_str(&facts).context("the facts cannot be read")?,
        receipt: None,
        environment: None,
    };
    Ok((event, row.get(17)?))
}

fn open(file: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(file, flags).with_context(|| format!("{} cannot be opened", file.display()))
}

/// The database itself, or the only one below a folder that has the table of interactions.
fn find(path: &Path) -> Result<PathBuf> {
    if path.is_file() {
        ensure!(holds_interactions(path), "{} is no database with the table user_interactions", path.display());
        return Ok(path.to_owned());
    }
    let mut found = Vec::new();
    look_below(path, DEEPEST, &mut found).with_context(|| format!("{} cannot be read", path.display()))?;
    found.sort_unstable();
    match found.as_slice() {
        [file] => Ok(file.clone()),
        [] => bail!("there is no D1 database with the table user_interactions in {}", path.display()),
        several => {
            let names: Vec<String> = several.iter().map(|file| file.display().to_string()).collect();
            bail!("there are {} D1 databases, name one of them: {}", several.len(), names.join(", "))
        }
    }
}

fn look_below(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() && depth > 0 {
            look_below(&path, depth - 1, found)?;
        } else if kind.is_file() && path.extension().is_some_and(|end| end == "sqlite") && holds_interactions(&path) {
            found.push(path);
        }
    }
    Ok(())
}

fn holds_interactions(file: &Path) -> bool {
    let count = |connection: Connection| {
        let sql = "SELECT count(*) FROM sqlite_schema WHERE name IN ('user_interactions', 'personalization_settings')";
        connection.query_row(sql, [], |row| row.get::<_, i64>(0)).ok()
    };
    // A table has indexes of other names, so each is there once.
    open(file).ok().and_then(count) == Some(2)
}

#[cfg(test)]
#[path = "d1_tests.rs"]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
