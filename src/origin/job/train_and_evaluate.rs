//! The two steps in the middle of the job: a candidate, and what it is worth.

use std::path::Path;

use anyhow::Result;

use crate::gate::ModelsArgs;
use crate::models::Registry;
use crate::offline;

/// What training and evaluation work on.
pub(crate) struct Training<'a> {
    /// The pack.
    pub(crate) pack: &'a str,
    /// The store that was just brought up to date.
    pub(crate) store: &'a Path,
    /// Where the candidate and its evaluation are written.
    pub(crate) models: &'a ModelsArgs,
    /// Where the live pack, catalogue and model are read.
    pub(crate) registry: &'a dyn Registry,
}

/// Trains a candidate and evaluates it against what is live. Both files of `models` are then of this candidate.
///
/// # Errors
/// Too little data; a Worker that does not answer.
pub(super) fn train_and_evaluate(training: &Training<'_>) -> Result<()> {
    let Training { pack, store, models, registry } = training;
    offline::train_and_evaluate(*registry, store, pack, models)
}
