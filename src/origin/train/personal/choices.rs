//! What single people chose, visit by visit, beside what the model would have shown them at that moment.
//!
//! Both sides of a pair are of the best that the model has for the person: were only the other one picked for its score,
//! every term would look as if the person cared less for it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use nearside_engine::math::{hash64, top_k_indices};
use nearside_engine::models::ModelFile;
use nearside_engine::profile::ProfileState;
use nearside_engine::scoring::{ServedModel, Subject, SubjectInput};
use nearside_engine::types::{Context, Stated, TimeMs};

use super::learn::PersonalSettings;
use crate::progress::Progress;
use crate::train::ranking_model::{ALLOWED, TrainSettings, first_stage, served};
use crate::train::threads::for_each_part;
use crate::train::world::{Profiles, World};

/// Visits whose profiles are held at once.
const VISITS_AT_ONCE: usize = 256;

/// One thing that a person chose.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Choice {
    /// When: all choices of a visit have its time.
    pub(super) at_ms: TimeMs,
    /// For each candidate that was not chosen, and in it for each term: what the term gives to the chosen item less what
    /// it gives to the candidate.
    pub(super) differences: Vec<f32>,
}

/// Items that a person chose together.
struct Visit {
    at_ms: TimeMs,
    person: u32,
    /// Indices of the shelf, ascending, each once.
    chosen: Vec<u32>,
}

/// Gathers the choices of these people in each span, by time. What is known of items at a choice is from before its span,
/// and the person's profile from before its visit.
///
/// # Errors
/// Settings of training out of range.
pub(super) fn choices(
    world: &World,
    model: &ModelFile,
    people: &BTreeSet<u32>,
    spans: &[(TimeMs, TimeMs)],
    train: &TrainSettings,
    settings: &PersonalSettings,
) -> Result<BTreeMap<u32, Vec<Choice>>> {
    let progress = Progress::start("choices", spans.len());
    let mut profiles = Profiles::new(world);
    let mut found: BTreeMap<u32, Vec<Choice>> = BTreeMap::new();
    for span in spans {
        profiles.advance(span.0);
        let stage = first_stage(world, &profiles.states, span.0, train)?.file;
        let stage = served(world, ModelFile { base: model.base, terms: model.terms.clone(), ..stage })?;
        for visits in visits(world, people, *span).chunks(VISITS_AT_ONCE) {
            let mut states: Vec<ProfileState> = Vec::with_capacity(visits.len());
            for visit in visits {
                profiles.advance(visit.at_ms);
                states.push(profiles.states.get(visit.person as usize).cloned().unwrap_or_else(ProfileState::empty));
            }
            let mut chosen: Vec<Vec<Choice>> = vec![Vec::new(); visits.len()];
            let parts: Vec<_> = visits.iter().zip(&states).zip(&mut chosen).collect();
            for_each_part(settings.threads, parts, |_, ((visit, state), slot)| {
                *slot = choices_of(visit, state, world, &stage, settings);
            });
            for (visit, choices) in visits.iter().zip(chosen) {
                found.entry(visit.person).or_default().extend(choices);
            }
        }
        progress.advance(1);
    }
    progress.finish();
    Ok(found)
}

/// The visits of a span, by time and person.
fn visits(world: &World, people: &BTreeSet<u32>, span: (TimeMs, TimeMs)) -> Vec<Visit> {
    let mut groups: BTreeMap<(u32, u32), (TimeMs, BTreeSet<u32>)> = BTreeMap::new();
    for event in &world.dataset.events {
        let is_asked_for = (span.0..span.1).contains(&event.at_ms) && people.contains(&event.person);
        if let Some(item) = world.shelved(event.item).filter(|_| is_asked_for) {
            // Events stand by time, so the first one of a group is its beginning.
            groups.entry((event.person, event.basket)).or_insert((event.at_ms, BTreeSet::new())).1.insert(item);
        }
    }
    let visits = groups.into_iter().map(|((person, _), (at_ms, chosen))| Visit {
        at_ms,
        person,
        chosen: chosen.into_iter().collect(),
    });
    let mut visits: Vec<Visit> = visits.collect();
    visits.sort_by_key(|visit| (visit.at_ms, visit.person));
    visits
}

fn choices_of(
    visit: &Visit,
    state: &ProfileState,
    world: &World,
    model: &ServedModel,
    settings: &PersonalSettings,
) -> Vec<Choice> {
    let (stated, context) = (Stated::default(), Context::default());
    let input = SubjectInput {
        state,
        stated: &stated,
        allowed: ALLOWED,
        context: &context,
        now_ms: visit.at_ms,
        popularity: None,
    };
    let subject = Subject::new(input, &world.pack, &world.shelf).with_model(Some(model), true);
    if subject.evidence.is_building || subject.is_outlier {
        return Vec::new();
    }
    let rows: Vec<Vec<f64>> = (0..world.shelf.items.len()).filter_map(|index| subject.term_row(index)).collect();
    let sums: Vec<f64> = rows.iter().map(|row| row.iter().sum()).collect();
    let sum = |index: usize| sums.get(index).copied().unwrap_or_default();
    let best = top_k_indices(rows.len(), settings.best, |a, b| sum(b).total_cmp(&sum(a)).then(a.cmp(&b)));
    let (chosen, others): (Vec<usize>, Vec<usize>) =
        best.into_iter().partition(|index| visit.chosen.binary_search(&(*index as u32)).is_ok());
    let seed = format!("{} {} {}", settings.seed, visit.person, visit.at_ms);
    let picked = by_chance(&chosen, settings.choices_a_visit, |index| hash64(&["choice", &seed, &index.to_string()]));
    let choice = |index: usize| {
        let draw = |other: usize| hash64(&["candidate", &seed, &index.to_string(), &other.to_string()]);
        let own = rows.get(index)?;
        let candidates = by_chance(&others, settings.candidates, draw);
        let candidates = candidates.into_iter().filter_map(|other| rows.get(other));
        let differences = candidates.flat_map(|other| own.iter().zip(other).map(|(own, other)| (own - other) as f32));
        Some(Choice { at_ms: visit.at_ms, differences: differences.collect() })
    };
    picked.into_iter().filter_map(choice).filter(|choice| !choice.differences.is_empty()).collect()
}

/// The so many with the least draws; of equal ones the lesser.
fn by_chance(all: &[usize], most: usize, draw: impl Fn(usize) -> u64) -> Vec<usize> {
    let mut drawn: Vec<(u64, usize)> = all.iter().map(|index| (draw(*index), *index)).collect();
    drawn.sort_unstable();
    drawn.into_iter().take(most).map(|(_, index)| index).collect()
}
