//! Opening the store: its folder, its migrations, and the refusal of files that are something else.

use std::fs::{self, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Args;
use rusqlite::{Connection, OpenFlags, Transaction};

/// Marks a SQLite file as a store of ours: "NRDS" in ASCII.
const APPLICATION_ID: i64 = 0x4e52_4453;
/// Another import may be writing; a transaction of it is short.
const PATIENCE: Duration = Duration::from_secs(30);

/// Every migration in its order; the number of those that were applied is the file's `user_version`.
pub(super) const MIGRATIONS: [&str; 2] =
    [include_str!("migrations/0001_create_events.sql"), include_str!("migrations/0002_create_imports.sql")];

/// Where the store is.
#[derive(Debug, Clone, Args)]
pub(crate) struct StoreArgs {
    /// The store of imported events; it is made when it is not there.
    #[arg(long = "store", value_name = "FILE", env = "NEARSIDE_STORE", default_value = ".nearside/store.db")]
    pub(crate) path: PathBuf,
}

/// One open store.
#[derive(Debug)]
pub(crate) struct Store {
    pub(super) connection: Connection,
}

impl Store {
    /// Opens a store, and makes it and its folder when there is none.
    ///
    /// # Errors
    /// A file that is something else or was made by a newer program, a folder that cannot be written.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        }
        make_private(path).with_context(|| format!("{} cannot be made", path.display()))?;
        Connection::open(path)
            .map_err(Into::into)
            .and_then(Self::prepare)
            .with_context(|| format!("{} cannot be used as the store", path.display()))
    }

    /// Opens a store that must be there already.
    ///
    /// # Errors
    /// As [`Store::open`], and when there is no such file.
    pub(crate) fn open_existing(path: &Path) -> Result<Self> {
        ensure!(path.is_file(), "there is no store at {}; nearside import makes one", path.display());
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(Into::into)
            .and_then(Self::prepare)
            .with_context(|| format!("{} cannot be used as the store", path.display()))
    }

    /// The packs that events are of, ascending.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub(crate) fn packs(&self) -> Result<Vec<String>> {
        let mut select = self.connection.prepare("SELECT DISTINCT pack FROM interactions ORDER BY pack")?;
        let packs = select.query_map([], |row| row.get(0))?;
        Ok(packs.collect::<Result<_, _>>()?)
    }

    /// A store that is gone when it is closed: for trying an import, and for tests.
    ///
    /// # Errors
    /// Only when SQLite itself cannot start.
    pub(crate) fn in_memory() -> Result<Self> {
        Self::prepare(Connection::open_in_memory()?)
    }

    fn prepare(mut connection: Connection) -> Result<Self> {
        connection.busy_timeout(PATIENCE)?;
        let version = check_identity(&connection)?;
        // A reader never waits for an import. Erased rows are overwritten, not only unlinked.
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;")?;
        connection.set_prepared_statement_cache_capacity(32);
        migrate(&mut connection, version)?;
        Ok(Self { connection })
    }
}

/// Makes an empty file where there is none, which its owner alone may read: it will say what people did. What SQLite puts
/// beside it gets the same rights.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Returns the number of migrations that the file has.
pub(super) fn check_identity(connection: &Connection) -> Result<usize> {
    let number = |pragma: &str| connection.query_row(pragma, [], |row| row.get::<_, i64>(0));
    let version = number("PRAGMA user_version")?;
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    let is_ours = number("PRAGMA application_id")? == APPLICATION_ID;
    ensure!(is_ours || (tables == 0 && version == 0), "it is a SQLite file of another program");
    let version = usize::try_from(version).context("its version is negative")?;
    ensure!(
        version <= MIGRATIONS.len(),
        "it was made by a newer nearside: its schema is version {version}, this program knows {}",
        MIGRATIONS.len()
    );
    Ok(version)
}

fn migrate(connection: &mut Connection, version: usize) -> Result<()> {
    for (number, sql) in MIGRATIONS.iter().enumerate().skip(version) {
        let transaction = Transaction::new(connection, rusqlite::TransactionBehavior::Immediate)?;
        // Another process may have been quicker.
        let applied: usize = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if applied == number {
            transaction.execute_batch(sql)?;
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            transaction.pragma_update(None, "user_version", number + 1)?;
        }
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::data::scratch_folder;

    #[test]
    fn a_store_is_made_with_its_folder_and_opened_again() {
        let folder = scratch_folder("store-open");
        let path = folder.path().join("deep/er/store.db");
        assert!(Store::open_existing(&path).unwrap_err().to_string().contains("nearside import"));
        drop(Store::open(&path).unwrap());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0, "it is its owner's alone");
        }
        let again = Store::open_existing(&path).unwrap();
        let version: usize = again.connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(version, MIGRATIONS.len());
    }

    #[test]
    fn other_files_are_refused_and_stay_as_they_are() {
        let folder = scratch_folder("store-foreign");
        let error = |path: &Path| format!("{:#}", Store::open(path).unwrap_err());
        let text = folder.path().join("text.db");
        fs::write(&text, "not a database, but long enough to be looked at as one".repeat(20)).unwrap();
        let before = fs::read(&text).unwrap();
        assert!(error(&text).contains("not a database"), "{}", error(&text));
        assert_eq!(fs::read(&text).unwrap(), before);

        let foreign = folder.path().join("foreign.db");
        Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE user_interactions (id TEXT)").unwrap();
        assert!(error(&foreign).contains("another program"));

        let newer = folder.path().join("newer.db");
        Store::open(&newer).unwrap().connection.pragma_update(None, "user_version", 99).unwrap();
        assert!(error(&newer).contains("version 99, this program knows 2"));
    }

    #[test]
    fn every_migration_and_every_column_says_why() {
        for sql in MIGRATIONS {
            assert!(sql.starts_with("-- "));
            for line in sql.lines().filter(|line| line.starts_with("    ")) {
                let is_constraint = line.contains("PRIMARY KEY (") || line.trim_start().starts_with("UNIQUE (");
                assert!(is_constraint || line.contains(" -- "), "{line}");
            }
        }
    }
}
