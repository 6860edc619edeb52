//! Where candidates and their evaluations wait: a folder with two files a pack.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Args;

use super::evaluation::{Evaluation, FORMAT};

/// Where candidates are.
#[derive(Debug, Clone, Args)]
pub(crate) struct ModelsArgs {
    /// The folder with PACK-candidate.json of nearside train and PACK-evaluation.json of nearside evaluate.
    #[arg(long = "models", value_name = "DIR", default_value = ".nearside/models")]
    pub(crate) folder: PathBuf,
}

impl ModelsArgs {
    /// The candidate of a pack: a model without its signature.
    pub(crate) fn candidate_path(&self, pack: &str) -> PathBuf {
        self.folder.join(format!("{pack}-candidate.json"))
    }

    /// What was measured of it.
    pub(crate) fn evaluation_path(&self, pack: &str) -> PathBuf {
        self.folder.join(format!("{pack}-evaluation.json"))
    }

    /// Reads the candidate's bytes.
    ///
    /// # Errors
    /// None was trained, or it cannot be read.
    pub(crate) fn candidate(&self, pack: &str) -> Result<Vec<u8>> {
        let path = self.candidate_path(pack);
        fs::read(&path).with_context(|| format!("{} cannot be read: nearside train makes a candidate", path.display()))
    }

    /// Reads what was measured; None when nothing was.
    ///
    /// # Errors
    /// A file that is something else, or of another format.
    pub(crate) fn evaluation(&self, pack: &str) -> Result<Option<Evaluation>> {
        let path = self.evaluation_path(pack);
        let text = match fs::read(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            read => read.with_context(|| format!("{} cannot be read", path.display()))?,
        };
        evaluation_of(&text).map(Some).with_context(|| format!("{} is not an evaluation", path.display()))
    }
}

/// What is said of the bytes stands in records, so it names no file.
fn evaluation_of(text: &[u8]) -> Result<Evaluation> {
    let evaluation: Evaluation = serde_json::from_slice(text)?;
    let found = evaluation.format;
    ensure!(found == FORMAT, "it has format {found}, this program reads {FORMAT}");
    ensure!(evaluation.figures.is_object(), "its figures are no object");
    Ok(evaluation)
}
