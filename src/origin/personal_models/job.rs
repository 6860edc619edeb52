//! From the store and the live model to rows of the Worker.

use anyhow::{Context, Result, anyhow};
use nearside_engine::models::{ModelFile, open};
use nearside_engine::types::TimeMs;
use nearside_json::read_json_within;
use serde::Serialize;
use serde_json::Value;

use crate::api::{Put, Written};
use crate::pack::{Ask, live_items, live_pack};
use crate::store::{Kinds, Store};
use crate::train::{PersonalSettings, TrainSettings, World, personal_models, send_personal_models};

/// Levels of nesting of a model.
const DEPTH: u8 = 6;

/// What is to be done.
pub(super) struct Job<'a> {
    /// The events.
    pub(super) store: &'a Store,
    /// The pack; None for the only one that is live.
    pub(super) pack: Option<&'a str>,
    /// True when nothing may be sent.
    pub(super) is_rehearsal: bool,
    /// How what is known of items is fitted.
    pub(super) train: TrainSettings,
    /// How people's models are learned.
    pub(super) settings: PersonalSettings,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Report {
    /// The pack.
    pub(super) pack: String,
    /// The live version that is corrected.
    pub(super) version: String,
    /// People with enough interactions.
    pub(super) people: usize,
    /// Those with enough choices to learn from and to judge by.
    pub(super) judged: usize,
    /// The mean share of held-out pairs in the right order by everybody's model …
    pub(super) global_accuracy: f64,
    /// … and by people's own, kept or not.
    pub(super) personal_accuracy: f64,
    /// Models that are kept.
    pub(super) kept: usize,
    /// Models that the Worker holds now.
    pub(super) written: u64,
    /// Models of people who do not share any more.
    pub(super) withheld: u64,
    /// True when nothing was sent.
    pub(super) is_rehearsal: bool,
}

/// Learns people's models, and sends those that are kept.
///
/// # Errors
/// No pack, catalogue or live model; what the Worker refuses.
pub(super) fn learn_and_send(job: Job<'_>, ask: &mut Ask<'_>, put: &mut Put<'_>) -> Result<Report> {
    let pack = live_pack(job.pack, ask)?;
    let (version, model) = live_model(&pack.id, ask)?;
    let items = live_items(&pack.id, ask)?;
    let dataset = job.store.dataset(&pack.id, Kinds::Positive)?;
    let world = World::new(pack, items, dataset)?;
    let before_ms = world.span_ms().map_or(TimeMs::MIN, |(_, last_ms)| last_ms + 1);
    let learned = personal_models(&world, &model, before_ms, &job.train, &job.settings)?;
    let sent = if job.is_rehearsal { Written::default() } else { send_personal_models(&learned.kept, &version, put)? };
    Ok(Report {
        pack: world.pack.id,
        version,
        people: learned.people,
        judged: learned.judged,
        global_accuracy: learned.global_accuracy,
        personal_accuracy: learned.personal_accuracy,
        kept: learned.kept.len(),
        written: sent.written,
        withheld: sent.withheld,
        is_rehearsal: job.is_rehearsal,
    })
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

#[cfg(test)]
#[path = "job_tests.rs"]
mod tests;
