//! One run at a time: a file that the running process holds locked, with its id inside for people to read.
//!
//! The lock is the operating system's and ends with its process, however that ends. A file that a killed run left behind
//! is therefore no lock, and is taken over; nothing has to be guessed from ids, which other processes may have by then.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Held while a job runs.
#[derive(Debug)]
pub(super) struct RunLock {
    file: File,
    path: PathBuf,
    /// The run that ended without a word; None: the last one ended well.
    pub(super) stale: Option<String>,
}

impl RunLock {
    /// Takes the lock, or says who has it.
    ///
    /// # Errors
    /// Another run goes on; a folder that cannot be written.
    pub(super) fn take(path: &Path) -> Result<Self> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        }
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let mut file = opened.with_context(|| format!("the lock {} cannot be opened", path.display()))?;
        let is_taken = match file.try_lock() {
            Ok(()) => false,
            Err(TryLockError::WouldBlock) => true,
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("{} cannot be locked", path.display()));
            }
        };
        let mut said = String::new();
        // Whatever stands there only serves people.
        let _ = file.read_to_string(&mut said);
        let said = Some(said.trim().to_owned()).filter(|said| !said.is_empty());
        if is_taken {
            bail!(
                "another run goes on (process {}); its lock is {}",
                said.as_deref().unwrap_or("unknown"),
                path.display()
            );
        }
        let mut lock = Self { file, path: path.to_owned(), stale: said };
        lock.write(&std::process::id().to_string())?;
        Ok(lock)
    }

    fn write(&mut self, text: &str) -> Result<()> {
        let mut write = || {
            self.file.set_len(0)?;
            self.file.rewind()?;
            self.file.write_all(text.as_bytes())
        };
        write().with_context(|| format!("the lock {} cannot be written", self.path.display()))
    }
}

impl Drop for RunLock {
    fn drop(&mut self) {
        // The file stays: whoever removed it could remove that of a run which took it in between.
        let _ = self.write("");
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::data::scratch_folder;

    #[test]
    fn two_runs_do_not_overlap_and_a_dead_ones_lock_is_taken_over() {
        let folder = scratch_folder("run-lock");
        let path = folder.path().join("deep/run.lock");
        let own = std::process::id().to_string();
        let first = RunLock::take(&path).unwrap();
        assert_eq!((fs::read_to_string(&path).unwrap(), &first.stale), (own.clone(), &None));
        let error = RunLock::take(&path).unwrap_err().to_string();
        assert!(error.contains(&format!("(process {own})")), "{error}");
        drop(first);
        assert_eq!(fs::read_to_string(&path).unwrap(), "");
        // What a killed run leaves: its id, and no lock.
        fs::write(&path, "4194303").unwrap();
        let second = RunLock::take(&path).unwrap();
        assert_eq!(second.stale.as_deref(), Some("4194303"));
        assert_eq!(fs::read_to_string(&path).unwrap(), own);
    }
}
