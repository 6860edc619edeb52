//! A candidate on trial: its recipe is trained once more on what came before the test, and compared with what is live.
//!
//! What is live should not have seen the test. So the test begins where the live model's data end, if a day or more has
//! passed since; otherwise, and where nothing is live, it is the last fifth of the events' span, 30 days at most. Where the
//! live model did see a part of the test it has an advantage that the candidate must overcome, and a note says so.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use nearside_engine::models::{Model, ModelFile, open};
use nearside_engine::scoring::ServedModel;
use nearside_engine::types::{DAY_MS, TimeMs};
use nearside_json::{read_json, write_json};

use super::comparison::{Compared, Judge};
use super::evaluation::{Candidate, evaluation};
use super::split::Split;
use crate::gate::{Evaluation, ModelsArgs};
use crate::models::{Registry, models_of};
use crate::progress::note;
use crate::train::{ExternalFactors, TrainSettings, Trained, World, served, train_until};

/// The model that the Worker serves, with the end of the data behind it.
pub(super) struct Live {
    pub(super) version: String,
    pub(super) until_ms: TimeMs,
    pub(super) served: ServedModel,
}

/// Reads what is live; None where nothing is, or nobody answers for a Worker that need not be there.
///
/// # Errors
/// A live model that cannot be read.
pub(super) fn live(registry: &dyn Registry, world: &World) -> Result<Option<Live>> {
    let pack = models_of(registry, &world.pack.id)?;
    let Some(version) = pack.live.filter(|version| !version.is_empty()) else { return Ok(None) };
    let document = registry.read(&format!("/model-blobs/{version}"))?;
    let document = document.with_context(|| format!("the Worker does not give its live model {version}"))?;
    let envelope = open(document.as_bytes())?;
    let file: ModelFile = read_json(envelope.body).context("the live model does not read")?;
    let served = ServedModel::new(Model::read(envelope.body)?, &world.shelf);
    Ok(Some(Live { version, until_ms: file.window.to_ms, served }))
}

/// When the test of a candidate begins.
///
/// # Errors
/// A world without events.
pub(super) fn beginning_of_test(world: &World, live: Option<&Live>) -> Result<TimeMs> {
    let (first_ms, last_ms) = world.span_ms().context("the store holds no events")?;
    if let Some(live) = live.filter(|live| last_ms - live.until_ms >= DAY_MS && live.until_ms > first_ms) {
        return Ok(live.until_ms);
    }
    Ok(last_ms + 1 - ((last_ms - first_ms) / 5).clamp(1, 30 * DAY_MS))
}

/// One trial.
pub(super) struct Trial<'a> {
    pub(super) split: &'a Split<'a>,
    pub(super) live: Option<&'a Live>,
    pub(super) seed: u64,
    /// Factors of another engine that the recipe takes.
    pub(super) factors: Option<Arc<ExternalFactors>>,
    pub(super) now_ms: TimeMs,
    pub(super) test_to_ms: TimeMs,
}

/// What was trained together.
pub(super) struct Both {
    /// On what came before the test: what is measured.
    pub(super) recipe: Trained,
    /// On all of the candidate's data.
    pub(super) candidate: Option<Trained>,
    /// How long both took.
    pub(super) seconds: f64,
}

/// What came out: the base, the candidate, and the model that was measured.
pub(super) struct Tried {
    pub(super) base: Compared,
    pub(super) candidate: Compared,
    pub(super) trained: Trained,
    pub(super) served: ServedModel,
}

impl Trial<'_> {
    /// Trains the recipe on what came before the test, and measures both. `candidate` must be what the same recipe makes
    /// of the same events up to its own end, byte for byte: else what is measured says nothing of it.
    ///
    /// # Errors
    /// Too little to learn from; another candidate.
    pub(super) fn run(&self, judge: &Judge<'_>, candidate: Option<&Waiting>) -> Result<Tried> {
        ensure!(
            candidate.is_none_or(|waiting| waiting.until_ms > self.split.at_ms),
            "the candidate's data end before the test begins, so the test says nothing of it; run `nearside train` again"
        );
        let both = self.train(candidate.map(|waiting| waiting.until_ms))?;
        if let Some(waiting) = candidate {
            let again = both.candidate.context("nothing was trained")?;
            ensure!(
                write_json(&again.file).as_bytes() == waiting.document,
                "the candidate in the folder is not what these events, this pack and catalogue, seed {} and these settings make; run `nearside train` again",
                self.seed
            );
        }
        self.measure(judge, both.recipe, both.seconds)
    }

    /// Trains the recipe on what came before the test, and a candidate on what came before its own end, if it has one. Both
    /// look at the same spans but one, so they are trained together.
    ///
    /// # Errors
    /// Too little to learn from.
    pub(super) fn train(&self, candidate_until_ms: Option<TimeMs>) -> Result<Both> {
        let begun = Instant::now();
        let external_factors = self.factors.clone();
        let settings = TrainSettings { seed: self.seed, external_factors, ..TrainSettings::default() };
        let ends: Vec<TimeMs> = [self.split.at_ms].into_iter().chain(candidate_until_ms).collect();
        let mut trained = train_until(self.split.world, &ends, &settings)?.into_iter();
        let recipe = trained.next().context("nothing was trained")?;
        Ok(Both { recipe, candidate: trained.next(), seconds: begun.elapsed().as_secs_f64() })
    }

    /// Measures what was trained on what came before the test, and what is live.
    ///
    /// # Errors
    /// A model that does not serve.
    pub(super) fn measure(&self, judge: &Judge<'_>, trained: Trained, seconds: f64) -> Result<Tried> {
        if let Some(live) = self.live.filter(|live| live.until_ms > self.split.at_ms) {
            let days = (live.until_ms - self.split.at_ms) as f64 / DAY_MS as f64;
            note!("the live model has seen {days:.1} days of the test, which is an advantage of its");
        }
        let name = if self.live.is_some() { "live" } else { "pack priors" };
        let base = judge.engine(name, self.live.map(|live| &live.served), 0.0)?;
        let served = served(self.split.world, trained.file.clone())?;
        let candidate = judge.engine("candidate", Some(&served), seconds)?;
        Ok(Tried { base, candidate, trained, served })
    }

    /// Puts together what the gate reads of a candidate that the measured recipe made.
    ///
    /// # Errors
    /// Two models that cannot be compared.
    pub(super) fn evaluation(&self, tried: &Tried, document: &[u8]) -> Result<Evaluation> {
        let candidate = Candidate {
            document,
            live_version: self.live.map(|live| live.version.clone()),
            now_ms: self.now_ms,
            test_to_ms: self.test_to_ms,
            model: &tried.served,
        };
        evaluation(self.split, &tried.base, &tried.candidate, &candidate, self.seed)
    }
}

/// The candidate that waits in the folder.
pub(super) struct Waiting {
    /// Its bytes.
    pub(super) document: Vec<u8>,
    /// The end of the data that it says it learned from.
    until_ms: TimeMs,
}

impl Waiting {
    /// Reads it.
    ///
    /// # Errors
    /// No candidate, or something else.
    pub(super) fn read(models: &ModelsArgs, pack: &str) -> Result<Self> {
        let document = models.candidate(pack)?;
        let file: ModelFile = read_json(&document).context("the candidate does not read")?;
        Ok(Self { document, until_ms: file.window.to_ms })
    }
}
