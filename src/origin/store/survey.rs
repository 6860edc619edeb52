//! What a store holds, in a few numbers, for `doctor`. Nothing is changed: not even a migration is applied.

use std::path::Path;

use anyhow::{Context, Result};
use nearside_engine::types::TimeMs;
use rusqlite::{Connection, OpenFlags};

use super::open::{MIGRATIONS, check_identity};

/// What a store holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Survey {
    /// The number of migrations that were applied.
    pub(crate) schema_version: usize,
    /// The number that this program has. When it is greater, the counts below are left at zero.
    pub(crate) known_version: usize,
    /// Events.
    pub(crate) events: u64,
    /// People of whom there are events.
    pub(crate) people: u64,
    /// Rows that were put aside.
    pub(crate) rejected_rows: u64,
    /// When the last import ended.
    pub(crate) last_import_ms: Option<TimeMs>,
    /// Sources whose last import was broken off, ascending.
    pub(crate) unfinished_sources: Vec<String>,
}

/// Looks at a store that is there.
///
/// # Errors
/// A file that is none, is damaged, or was made by a newer program.
pub(crate) fn survey(path: &Path) -> Result<Survey> {
    read(path).with_context(|| format!("{} cannot be used as the store", path.display()))
}

fn read(path: &Path) -> Result<Survey> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let schema_version = check_identity(&connection)?;
    let mut survey = Survey { schema_version, known_version: MIGRATIONS.len(), ..Survey::default() };
    if schema_version < MIGRATIONS.len() {
        return Ok(survey);
    }
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, u64>(0));
    survey.events = count("SELECT count(*) FROM interactions")?;
    survey.people = count("SELECT count(DISTINCT user_id) FROM interactions")?;
    survey.rejected_rows = count("SELECT count(*) FROM rejected_rows")?;
    survey.last_import_ms = connection.query_row("SELECT max(finished_at_ms) FROM imports", [], |row| row.get(0))?;
    let unfinished = "SELECT source FROM imports WHERE finished_at_ms IS NULL ORDER BY source";
    survey.unfinished_sources =
        connection.prepare(unfinished)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(survey)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::data::scratch_folder;
    use crate::store::{Known, RejectedRow, Store};

    #[test]
    fn what_is_there_is_counted_and_what_was_broken_off_is_named() {
        let folder = scratch_folder("store-survey");
        let path = folder.path().join("store.db");
        let mut store = Store::open(&path).unwrap();
        let mut writer = store.write("file:a", 1, false).unwrap();
        writer.reject(RejectedRow { number: 1, reason: "wrong", sha256: "00", text: None }).unwrap();
        writer.finish(&Known::default(), 7).unwrap();
        let mut writer = store.write("file:b", 8, false).unwrap();
        writer.checkpoint(&Known::default()).unwrap();
        drop(writer);
        let seen = survey(&path).unwrap();
        assert_eq!((seen.events, seen.rejected_rows, seen.last_import_ms), (0, 1, Some(7)));
        assert_eq!(seen.unfinished_sources, ["file:b"]);
        store.connection.pragma_update(None, "user_version", 1).unwrap();
        assert_eq!(
            (survey(&path).unwrap().schema_version, survey(&path).unwrap().known_version),
            (1, MIGRATIONS.len())
        );
        assert!(survey(&folder.path().join("none.db")).is_err());
    }
}
