//! A folder for one test, gone when the test is over.

use std::path::{Path, PathBuf};

/// A folder that is removed with everything in it when it is dropped.
#[derive(Debug)]
pub(crate) struct ScratchFolder(PathBuf);

/// Makes an empty folder; `name` is that of the test, so that no two tests share one.
pub(crate) fn scratch_folder(name: &str) -> ScratchFolder {
    let path = std::env::temp_dir().join(format!("nearside-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap_or_else(|error| eprintln!("{}: {error}", path.display()));
    ScratchFolder(path)
}

impl ScratchFolder {
    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for ScratchFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
