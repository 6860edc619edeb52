//! Training and evaluation of the weekly job, one after the other.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
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
use crate::train::{TrainSettings, train_until};

/// Trains a candidate on everything that the store holds of a pack, and measures it against what is live.
///
/// # Errors
/// Too little data; a Worker that does not answer.
pub(crate) fn train_and_evaluate(registry: &dyn Registry, store: &Path, pack: &str, models: &ModelsArgs) -> Result<()> {
    let world = world_of(registry, store, pack)?;
    let (_, last_ms) = world.span_ms().with_context(|| format!("the store holds no events of pack {pack}"))?;
    let settings = TrainSettings::default();
    let live = live(registry, &world)?;
    let test_from_ms = beginning_of_test(&world, live.as_ref())?;
    let begun = Instant::now();
    // Both look at the same spans but one, so they are trained together.
    let [recipe, candidate] = <[_; 2]>::try_from(train_until(&world, &[test_from_ms, last_ms + 1], &settings)?)
        .map_err(|trained| anyhow!("{} models were trained instead of two", trained.len()))?;
    let document = write_json(&candidate.file);
    write_candidate(models, pack, &document)?;
    let split = Split::new(&world, test_from_ms, last_ms + 1)?;
    let trial = Trial {
        split: &split,
        live: live.as_ref(),
        seed: settings.seed,
        factors: None,
        now_ms: now_ms(),
        test_to_ms: last_ms + 1,
    };
    let tried = trial.measure(&Judge::new(&split, settings.seed), recipe, begun.elapsed().as_secs_f64())?;
    write_evaluation(&trial.evaluation(&tried, document.as_bytes())?, models)
}
