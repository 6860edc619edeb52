//! `--factors`: factors of another engine in the place of our own.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, ensure};
use clap::Args;

use super::external_factors::{self, ExternalFactors};
use super::world::World;
use crate::progress::note;

/// Factors of another engine.
#[derive(Debug, Args)]
pub(crate) struct FactorsArgs {
    /// Items' factors of another engine instead of our own: Parquet, and the JSON that describes it beside it, as
    /// pkg-scripts/spark/fit_factors.py writes them. They must be older than the choices that training learns from.
    #[arg(long, value_name = "FILE")]
    factors: Option<PathBuf>,
}

impl FactorsArgs {
    /// Reads the factors that are named.
    ///
    /// # Errors
    /// Files that cannot be used; factors of another pack, or of none of its items.
    pub(crate) fn read(&self, world: &World) -> Result<Option<Arc<ExternalFactors>>> {
        let Some(path) = &self.factors else { return Ok(None) };
        let factors = external_factors::read(path)?;
        let (found, wanted) = (&factors.pack, &world.pack.id);
        ensure!(found == wanted, "{} is of pack {found}, the events are of pack {wanted}", path.display());
        let items = &world.shelf.items;
        let known = items.iter().filter(|shelved| factors.items.contains_key(&shelved.item.id)).count();
        ensure!(known > 0, "{} names none of the {} items of the catalogue", path.display(), items.len());
        let beyond = factors.items.len() - known;
        note!("{}: factors of {known} of {} items, {beyond} of others", factors.engine, items.len());
        Ok(Some(Arc::new(factors)))
    }
}
