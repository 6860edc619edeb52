//! Training and evaluation of the weekly job, one after the other.

use std::path::Path;

use anyhow::{Context, Result};
use nearside_json::write_json;

use super::command::write_evaluation;
use super::comparison::Judge;
use super::source::world_of;
use super::split::Split;
use super::train_command::write_candidate;
use super::trial::{Trial, beginning_of_test, live};
use crate::data::now_ms;
use crate::gate::ModelsArgs;
use crate::models::Registry;
use crate::train::TrainSettings;

/// Trains a candidate on everything that the store holds of a pack, and measures it against what is live.
///
/// # Errors
/// Too little data; a Worker that does not answer.
pub(crate) fn train_and_evaluate(registry: &dyn Registry, store: &Path, pack: &str, models: &ModelsArgs) -> Result<()> {
    let world = world_of(registry, store, pack)?;
    let (_, last_ms) = world.span_ms().with_context(|| format!("the store holds no events of pack {pack}"))?;
    let live = live(registry, &world)?;
    let test_from_ms = beginning_of_test(&world, live.as_ref())?;
    let split = Split::new(&world, test_from_ms, last_ms + 1)?;
    let trial = Trial {
        split: &split,
        live: live.as_ref(),
        seed: TrainSettings::default().seed,
        factors: None,
        now_ms: now_ms(),
        test_to_ms: last_ms + 1,
    };
    let both = trial.train(Some(last_ms + 1))?;
    let document = write_json(&both.candidate.context("no candidate was trained")?.file);
    write_candidate(models, pack, &document)?;
    let tried = trial.measure(&Judge::new(&split, trial.seed), both.recipe, both.seconds)?;
    write_evaluation(&trial.evaluation(&tried, document.as_bytes())?, models)
}
