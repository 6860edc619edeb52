//! What people's models correct, and what they are learned from: of the Worker, or of files alone.

use anyhow::{Context, Result, anyhow};
use nearside_engine::models::{ModelFile, open};
use nearside_json::read_json_within;
use serde_json::Value;

use crate::gate::ModelsArgs;
use crate::offline::{SourceArgs, stored_world};
use crate::pack::{Ask, live_items, live_pack};
use crate::store::{Kinds, Store};
use crate::train::World;

/// Levels of nesting of a model.
const DEPTH: u8 = 6;
/// What stands for the version of a model that nobody signed.
const CANDIDATE: &str = "candidate";

/// A model, and the world that it ranks.
#[derive(Debug)]
pub(super) struct Base {
    /// The pack, its items and what happened.
    pub(super) world: World,
    /// The model's version.
    pub(super) version: String,
    /// The model.
    pub(super) model: ModelFile,
}

/// The live model before the live catalogue, and the store's events. `pack`: None for the only one that is live.
///
/// # Errors
/// No pack, catalogue or live model.
pub(super) fn live(store: &Store, pack: Option<&str>, ask: &mut Ask<'_>) -> Result<Base> {
    let pack = live_pack(pack, ask)?;
    let (version, model) = live_model(&pack.id, ask)?;
    let items = live_items(&pack.id, ask)?;
    let dataset = store.dataset(&pack.id, Kinds::Positive)?;
    let world = World::new(pack, items, dataset)?.with_profiles(&store.profile_lines()?)?;
    Ok(Base { world, version, model })
}

/// The candidate before the store's catalogue and events, the pack from its folder: no Worker is asked.
///
/// # Errors
/// No store, folder or candidate.
pub(super) fn candidate(source: &SourceArgs, models: &ModelsArgs) -> Result<Base> {
    let world = stored_world(source)?;
    let document = models.candidate(&world.pack.id)?;
    let model = read_json_within(DEPTH, &document)
        .map_err(|error| anyhow!("the candidate of {} does not read at byte {}", world.pack.id, error.at))?;
    Ok(Base { world, version: CANDIDATE.to_owned(), model })
}

/// Reads the live model and its version.
fn live_model(pack: &str, ask: &mut Ask<'_>) -> Result<(String, ModelFile)> {
    let models = ask(&format!("/models/{pack}"))?.with_context(|| format!("the Worker has no models of {pack:?}"))?;
    let models: Value = serde_json::from_str(&models).context("the list of models is not JSON")?;
    let version = models.get("live").and_then(Value::as_str);
    let version = version.with_context(|| format!("no model of {pack:?} is live: there is nothing to correct"))?;
    let document = ask(&format!("/model-blobs/{version}"))?
        .with_context(|| format!("the live model {version} is not at the Worker (yet)"))?;
    let envelope = open(document.as_bytes()).map_err(|invalid| anyhow!("the live model: {}", invalid.detail))?;
    let model = read_json_within(DEPTH, envelope.body)
        .map_err(|error| anyhow!("the live model {version} does not read at byte {}", error.at))?;
    Ok((version.to_owned(), model))
}
