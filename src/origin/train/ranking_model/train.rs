//! The order of training: spans of time that are learned from, the additive terms, then the first stage once more over
//! everything.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use nearside_engine::models::{Among, Feature, ModelFile, ModelTerm};
use nearside_engine::types::{DAY_MS, SortedMap, TimeMs, format_rfc3339};

use super::choices::{append_choices, served};
use super::linear::{FirstStage, first_stage};
use super::settings::{FEATURES, TrainSettings, slots};
use crate::progress::Progress;
use crate::train::ItemFactors;
use crate::train::additive::{Boosting, Lists, boost};
use crate::train::world::{Profiles, World};

/// Digits behind the point of a step: what a person can read, and far below what moves a rank.
const STEP_DIGITS: f64 = 1e4;

/// What came out.
#[derive(Debug, Clone)]
pub(crate) struct Trained {
    /// The model.
    pub(crate) file: ModelFile,
    /// Terms that were learned and left out, because they move next to nothing.
    pub(crate) pruned: Vec<ModelTerm>,
    /// The items' vectors before they became bytes.
    pub(crate) exact_factors: Option<ItemFactors>,
    /// Lists that the terms were learned from.
    pub(crate) lists: usize,
    /// Candidates in them.
    pub(crate) rows: usize,
}

/// Trains on what happened before a time.
///
/// # Errors
/// Too little data to learn from; settings out of range.
pub(crate) fn train(world: &World, before_ms: TimeMs, settings: &TrainSettings) -> Result<Trained> {
    let mut trained = train_until(world, &[before_ms], settings)?;
    trained.pop().context("nothing was trained")
}

/// Trains on what happened before each of several times, ascending. Spans that they share are looked at once.
///
/// # Errors
/// As [`train`].
pub(crate) fn train_until(world: &World, ends_ms: &[TimeMs], settings: &TrainSettings) -> Result<Vec<Trained>> {
    let spans_of = ends_ms.iter().map(|end_ms| spans(world, *end_ms, settings)).collect::<Result<Vec<_>>>()?;
    let spans: BTreeSet<(TimeMs, TimeMs)> = spans_of.iter().flatten().copied().collect();
    let moments: BTreeSet<TimeMs> = spans.iter().map(|span| span.0).chain(ends_ms.iter().copied()).collect();
    let progress = Progress::start("train", moments.len() + ends_ms.len() * settings.boosting.rounds);
    let mut profiles = Profiles::new(world);
    let mut choices: BTreeMap<(TimeMs, TimeMs), Lists> = BTreeMap::new();
    let mut stages: Vec<FirstStage> = Vec::new();
    for moment_ms in moments {
        profiles.advance(moment_ms);
        let stage = first_stage(world, &profiles.states, moment_ms, settings)?;
        let served = served(world, stage.file.clone())?;
        for span in spans.iter().filter(|span| span.0 == moment_ms) {
            let mut lists = Lists::new(FEATURES.len());
            append_choices(&mut lists, world, &profiles.states, &served, *span, settings);
            choices.insert(*span, lists);
        }
        stages.extend(ends_ms.contains(&moment_ms).then_some(stage));
        progress.advance(1);
    }
    let mut trained = Vec::new();
    for (spans, stage) in spans_of.iter().zip(stages) {
        let mut lists = Lists::new(FEATURES.len());
        spans.iter().filter_map(|span| choices.get(span)).for_each(|part| lists.append(part.clone()));
        ensure!(lists.rows() > 0, nothing_chosen(world, spans));
        trained.push(with_terms(stage, &lists, settings, &progress)?);
    }
    progress.finish();
    Ok(trained)
}

/// Where training looked in vain, and where the events lie.
fn nothing_chosen(world: &World, spans: &[(TimeMs, TimeMs)]) -> String {
    let time = |ms: Option<TimeMs>| ms.map_or_else(String::new, format_rfc3339);
    let (first, last) = world.span_ms().unzip();
    format!(
        "nobody with a history chose anything from {} to {}, which is what training up to then learns from; the events go \
         from {} to {}: name an end between them, or import more",
        time(spans.first().map(|span| span.0)),
        time(spans.last().map(|span| span.1)),
        time(first),
        time(last),
    )
}

/// The second stage: the additive terms over the first.
fn with_terms(stage: FirstStage, lists: &Lists, settings: &TrainSettings, progress: &Progress) -> Result<Trained> {
    let FirstStage { mut file, exact_factors } = stage;
    // A small shop has small lists: a split must then rest on fewer rows.
    let least_rows = settings.boosting.least_rows.min((lists.rows() / 100).max(5) as u32);
    let terms = boost(lists, &slots(), Boosting { least_rows, ..settings.boosting }, |_| progress.advance(1));
    let terms: Vec<ModelTerm> = terms.into_iter().map(|term| rounded(damped(term, settings.damping))).collect();
    file.importance = importance(lists, &terms);
    let least = settings.least_importance * file.importance.values().sum::<f64>();
    let is_weak = |term: &ModelTerm| file.importance.get(&term.name).is_none_or(|importance| *importance < least);
    let (pruned, kept): (Vec<_>, Vec<_>) = terms.into_iter().partition(is_weak);
    file.importance =
        file.importance.into_iter().filter(|(name, _)| kept.iter().any(|term| term.name == *name)).collect();
    file.base = base_of(&kept);
    file.metrics = learned(lists, &kept);
    file.terms = kept;
    Ok(Trained { lists: lists.starts.len() - 1, rows: lists.rows(), file, pruned, exact_factors })
}

/// With the lowest step of every term the sum is zero; personal corrections may move it by half of that.
pub(crate) fn base_of(terms: &[ModelTerm]) -> f64 {
    let base = -terms.iter().map(|term| term.least().min(0.0) * 1.5).sum::<f64>();
    (base * STEP_DIGITS).ceil() / STEP_DIGITS
}

/// The spans that are learned from, earliest first. Short data give shorter spans: a fifth of it at most.
fn spans(world: &World, before_ms: TimeMs, settings: &TrainSettings) -> Result<Vec<(TimeMs, TimeMs)>> {
    let first_ms = world.dataset.events.first().map_or(before_ms, |event| event.at_ms);
    ensure!(first_ms < before_ms, "there is no event before the end of the training data");
    let length_ms = (settings.horizon_days * DAY_MS as f64) as TimeMs;
    let length_ms = length_ms.min((before_ms - first_ms) / 5).max(1);
    // Before the earliest span must lie at least as much as two of them, or there is no history to learn by.
    let fitting = ((before_ms - first_ms) / length_ms - 2).clamp(1, settings.horizons.max(1) as TimeMs);
    let spans = (1..=fitting).rev().map(|back| (before_ms - back * length_ms, before_ms - (back - 1) * length_ms));
    // Factors of another engine tell what they are worth only where they have not seen what was chosen.
    let external = settings.external_factors.as_ref();
    let seen_ms = external.map_or(TimeMs::MIN, |factors| factors.before_ms.unwrap_or(TimeMs::MAX));
    let spans: Vec<(TimeMs, TimeMs)> = spans.filter(|span| span.0 >= seen_ms).collect();
    ensure!(
        !spans.is_empty(),
        "the factors have seen the choices that training learns their worth from: fit them on events before {}",
        format_rfc3339(before_ms - length_ms)
    );
    Ok(spans)
}

/// Takes a part of the steps away from a term that says the same to everybody.
fn damped(mut term: ModelTerm, damping: f64) -> ModelTerm {
    let is_same_for_all = matches!(
        term.feature,
        Feature::LatestPopularity
            | Feature::RecentPopularity
            | Feature::LongPopularity
            | Feature::Trend
            | Feature::ItemAgeDays
            | Feature::DaysSinceSold
    );
    if is_same_for_all && term.among == Among::New {
        let middle = term.values.iter().sum::<f64>() / term.values.len().max(1) as f64;
        let damp = |value: f64| middle + (value - middle) * (1.0 - damping);
        term.values.iter_mut().for_each(|value| *value = damp(*value));
        term.unknown = damp(term.unknown);
    }
    term
}

fn rounded(mut term: ModelTerm) -> ModelTerm {
    let round = |value: f64| (value * STEP_DIGITS).round() / STEP_DIGITS;
    term.values.iter_mut().for_each(|value| *value = round(*value));
    term.unknown = round(term.unknown);
    term
}

/// What the terms make of the lists that they were learned from: no proof, but two trainings can be told apart by it.
fn learned(lists: &Lists, terms: &[ModelTerm]) -> SortedMap<String, f64> {
    let mut scores = vec![0.0; lists.rows()];
    for term in terms {
        let column = FEATURES.iter().position(|feature| *feature == term.feature);
        let Some(values) = column.and_then(|column| lists.columns.get(column)) else { continue };
        for ((score, value), is_taken) in scores.iter_mut().zip(values).zip(&lists.is_taken) {
            *score += if term.among.holds(*is_taken) { term.value(Some(f64::from(*value))) } else { 0.0 };
        }
    }
    let figures = [
        ("training_lists", (lists.starts.len() - 1) as f64),
        ("training_candidates", lists.rows() as f64),
        ("training_ndcg_10", (lists.ndcg(&scores, 10) * STEP_DIGITS).round() / STEP_DIGITS),
    ];
    figures.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The standard deviation of each term's contribution over all candidates: what it moves.
fn importance(lists: &Lists, terms: &[ModelTerm]) -> SortedMap<String, f64> {
    let rows = lists.rows() as f64;
    let spread = |term: &ModelTerm| {
        let column = FEATURES.iter().position(|feature| *feature == term.feature)?;
        let values = lists.columns.get(column)?;
        let (mut sum, mut squares) = (0.0, 0.0);
        for (value, is_taken) in values.iter().zip(&lists.is_taken) {
            let is_among = term.among.holds(*is_taken);
            let contribution = if is_among { term.value(Some(f64::from(*value))) } else { 0.0 };
            sum += contribution;
            squares += contribution * contribution;
        }
        Some((squares / rows - (sum / rows).powi(2)).max(0.0).sqrt())
    };
    let spreads = terms.iter().filter_map(|term| Some((term.name.clone(), spread(term)?)));
    spreads.map(|(name, spread)| (name, (spread * STEP_DIGITS).round() / STEP_DIGITS)).collect()
}
