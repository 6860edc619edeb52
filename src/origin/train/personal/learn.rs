//! Who gets a model of their own: learned from the earlier choices of a person, kept where it foretells the later ones.
//!
//! The model's terms are taken as they are. What they read of items (neighbours, factors, popularity) is fitted anew as of
//! each span of choices, so that no term has seen the choice that it is judged by. The terms' own steps have, among the
//! choices of everybody.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use nearside_engine::models::ModelFile;
use nearside_engine::types::{DAY_MS, TimeMs};
use serde::Serialize;

use super::choices::{Choice, choices};
use super::fit::{accuracies, common_scale, fit};
use crate::progress::Progress;
use crate::train::ranking_model::TrainSettings;
use crate::train::threads::{available_threads, for_each_part};
use crate::train::world::World;

/// How people's own models are learned and kept.
#[derive(Debug, Clone)]
pub(crate) struct PersonalSettings {
    /// People with fewer interactions have none.
    pub(crate) least_interactions: usize,
    /// Both sides of a pair are among so many best of the model's.
    pub(crate) best: usize,
    /// Candidates that each choice is held against.
    pub(crate) candidates: usize,
    /// Choices of one visit that count: a large basket is one mood.
    pub(crate) choices_a_visit: usize,
    /// Spans of choices, each as long as training's.
    pub(crate) spans: usize,
    /// How strongly weights are drawn to 1: 16 lets them differ by 0.25 before anything is known.
    pub(crate) ridge: f64,
    /// The share of choices, the latest, that judge.
    pub(crate) held_out: f64,
    /// Fewer of them judge nothing.
    pub(crate) least_held_out: usize,
    /// A model is kept when it puts more than this share of pairs in the right order …
    pub(crate) least_accuracy: f64,
    /// … and more than everybody's model does, by so many standard errors: 1.64 is wrong once in twenty.
    pub(crate) least_errors: f64,
    /// The seed of chance.
    pub(crate) seed: u64,
    /// Threads.
    pub(crate) threads: usize,
}

impl Default for PersonalSettings {
    fn default() -> Self {
        Self {
            least_interactions: 50,
            best: 200,
            candidates: 20,
            choices_a_visit: 20,
            spans: 4,
            ridge: 16.0,
            held_out: 0.2,
            least_held_out: 8,
            least_accuracy: 0.70,
            least_errors: 1.64,
            seed: 1,
            threads: available_threads(),
        }
    }
}

/// What came out, people by their names.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub(crate) struct PersonalModels {
    /// People with enough interactions.
    pub(crate) people: usize,
    /// Those of them with enough choices to learn from and to judge by.
    pub(crate) judged: usize,
    /// How sharply all of them choose by the model's score.
    pub(crate) scale: f64,
    /// Over those who were judged: the mean share of held-out pairs in the right order by everybody's model …
    pub(crate) global_accuracy: f64,
    /// … and by everybody's own, kept or not.
    pub(crate) personal_accuracy: f64,
    /// The models that are kept.
    pub(crate) kept: Vec<PersonalModel>,
}

/// One person's model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct PersonalModel {
    /// The person, as the events name them.
    pub(crate) user_id: String,
    /// Weights by term, those that are not 1.
    pub(crate) weights: BTreeMap<String, f64>,
    /// On held-out choices.
    pub(crate) performance: Performance,
}

/// How a person's model did on the latest of their choices.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Performance {
    /// The share of pairs that it puts in the right order.
    pub(crate) accuracy: f64,
    /// The same of everybody's model.
    pub(crate) global_accuracy: f64,
    /// The standard error of the difference, over choices.
    pub(crate) standard_error: f64,
    /// Choices that judged.
    pub(crate) held_out: usize,
    /// Choices that were learned from.
    pub(crate) learned_from: usize,
}

/// A person's choices, the earlier ones apart from the later ones.
struct Person {
    person: u32,
    choices: Vec<Choice>,
    /// Where the later ones begin.
    cut: usize,
}

impl Person {
    fn earlier(&self) -> &[Choice] {
        self.choices.get(..self.cut).unwrap_or_default()
    }

    fn later(&self) -> &[Choice] {
        self.choices.get(self.cut..).unwrap_or_default()
    }
}

/// Learns people's own corrections of a model from what they chose before a time.
///
/// # Errors
/// A model without terms; settings of training out of range.
pub(crate) fn personal_models(
    world: &World,
    model: &ModelFile,
    before_ms: TimeMs,
    train: &TrainSettings,
    settings: &PersonalSettings,
) -> Result<PersonalModels> {
    let terms = model.terms.len();
    ensure!(terms > 0, "the model has no terms that a person's weights could correct");
    let known = people(world, before_ms, settings.least_interactions);
    let chosen = choices(world, model, &known, &spans(world, before_ms, train, settings), train, settings)?;
    let judged: Vec<Person> =
        chosen.into_iter().filter_map(|(person, choices)| cut(person, choices, settings)).collect();
    let scale = common_scale(judged.iter().map(Person::earlier), terms);
    let progress = Progress::start("personal", judged.len());
    let mut found: Vec<Option<PersonalModel>> = vec![None; judged.len()];
    for_each_part(settings.threads, judged.iter().zip(&mut found).collect(), |_, (person, slot)| {
        *slot = Some(learned(world, model, person, scale, settings.ridge));
        progress.advance(1);
    });
    progress.finish();
    let found: Vec<PersonalModel> = found.into_iter().flatten().collect();
    let mean = |of: fn(&Performance) -> f64| {
        found.iter().map(|model| of(&model.performance)).sum::<f64>() / found.len().max(1) as f64
    };
    Ok(PersonalModels {
        people: known.len(),
        judged: found.len(),
        scale,
        global_accuracy: mean(|performance| performance.global_accuracy),
        personal_accuracy: mean(|performance| performance.accuracy),
        kept: found.into_iter().filter(|model| is_kept(model, settings)).collect(),
    })
}

/// People with so many interactions before a time.
fn people(world: &World, before_ms: TimeMs, least: usize) -> BTreeSet<u32> {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for event in world.dataset.events.iter().take_while(|event| event.at_ms < before_ms) {
        *counts.entry(event.person).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count >= least).map(|(person, _)| person).collect()
}

/// The spans whose choices are looked at, earliest first. Before them lies at least a third of the time.
fn spans(
    world: &World,
    before_ms: TimeMs,
    train: &TrainSettings,
    settings: &PersonalSettings,
) -> Vec<(TimeMs, TimeMs)> {
    let first_ms = world.dataset.events.first().map_or(before_ms, |event| event.at_ms);
    let count = settings.spans.max(1) as TimeMs;
    let longest_ms = (before_ms - first_ms).max(0) * 2 / 3 / count;
    let length_ms = ((train.horizon_days * DAY_MS as f64) as TimeMs).min(longest_ms).max(1);
    (1..=count).rev().map(|back| (before_ms - back * length_ms, before_ms - (back - 1) * length_ms)).collect()
}

/// Cuts a person's choices in time, between two visits; None where too few are on either side.
fn cut(person: u32, choices: Vec<Choice>, settings: &PersonalSettings) -> Option<Person> {
    let held_out = (choices.len() as f64 * settings.held_out).ceil() as usize;
    let at_ms = choices.get(choices.len().checked_sub(held_out.max(settings.least_held_out))?)?.at_ms;
    let cut = choices.partition_point(|choice| choice.at_ms < at_ms);
    (cut >= settings.least_held_out).then_some(Person { person, choices, cut })
}

fn learned(world: &World, model: &ModelFile, person: &Person, scale: f64, ridge: f64) -> PersonalModel {
    // Judged as they are served: with three digits.
    let weights: Vec<f64> =
        fit(person.earlier(), model.terms.len(), scale, ridge).into_iter().map(three_digits).collect();
    let own = accuracies(person.later(), &weights);
    let global = accuracies(person.later(), &vec![1.0; weights.len()]);
    let count = own.len().max(1) as f64;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / count;
    let difference = mean(&own) - mean(&global);
    let spread: f64 = own.iter().zip(&global).map(|(own, global)| (own - global - difference).powi(2)).sum();
    let named = model.terms.iter().map(|term| term.name.clone()).zip(weights);
    PersonalModel {
        user_id: world.dataset.people.get(person.person as usize).cloned().unwrap_or_default(),
        weights: named.filter(|(_, weight)| *weight != 1.0).collect(),
        performance: Performance {
            accuracy: mean(&own),
            global_accuracy: mean(&global),
            standard_error: (spread / (count - 1.0).max(1.0) / count).sqrt(),
            held_out: own.len(),
            learned_from: person.cut,
        },
    }
}

fn is_kept(model: &PersonalModel, settings: &PersonalSettings) -> bool {
    let Performance { accuracy, global_accuracy, standard_error, .. } = model.performance;
    let gain = accuracy - global_accuracy;
    accuracy > settings.least_accuracy && gain > 0.0 && gain > settings.least_errors * standard_error
}

fn three_digits(weight: f64) -> f64 {
    (weight * 1_000.0).round() / 1_000.0
}

#[cfg(test)]
#[path = "learn_tests.rs"]
mod tests;
