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
use nearside_engine::types::{Context, TimeMs};

use super::learn::PersonalSettings;
use crate::data::Event;
use crate::progress::Progress;
use crate::train::ranking_model::{ALLOWED, TrainSettings, first_stage, served};
use crate::train::threads::for_each_part;
use crate::train::world::{Profiles, World};

/// One thing that a person chose.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Choice {
    /// When: all choices of a visit have its time.
    pub(super) at_ms: TimeMs,
    /// For each candidate that was not chosen, and in it for each term: what the term gives to the chosen item less what
    /// it gives to the candidate.
    pub(super) differences: Vec<f32>,
}

/// What a person did in a span of time.
struct PersonsVisits<'a> {
    person: u32,
    /// By time.
    events: Vec<&'a Event>,
    /// By time.
    visits: Vec<Visit>,
}

/// Items that a person chose together.
struct Visit {
    at_ms: TimeMs,
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
    let visits: Vec<Vec<PersonsVisits<'_>>> = spans.iter().map(|span| visits(world, people, *span)).collect();
    let progress = Progress::start("choices", visits.iter().flatten().map(|person| person.visits.len()).sum());
    let mut profiles = Profiles::new(world);
    let mut found: BTreeMap<u32, Vec<Choice>> = BTreeMap::new();
    for (span, visits) in spans.iter().zip(&visits) {
        profiles.advance(span.0);
        let stage = first_stage(world, &profiles.states, span.0, train)?.file;
        let stage = served(world, ModelFile { base: model.base, terms: model.terms.clone(), ..stage })?;
        let mut chosen: Vec<Vec<Choice>> = vec![Vec::new(); visits.len()];
        for_each_part(settings.threads, visits.iter().zip(&mut chosen).collect(), |_, (person, slot)| {
            let state = profiles.states.get(person.person as usize).cloned();
            *slot = choices_of_person(person, state.unwrap_or_else(ProfileState::empty), world, &stage, settings);
            progress.advance(person.visits.len());
        });
        for (person, choices) in visits.iter().zip(chosen) {
            found.entry(person.person).or_default().extend(choices);
        }
    }
    progress.finish();
    Ok(found)
}

/// The visits of a span, by person and time.
fn visits<'a>(world: &'a World, people: &BTreeSet<u32>, span: (TimeMs, TimeMs)) -> Vec<PersonsVisits<'a>> {
    let mut events: BTreeMap<u32, Vec<&Event>> = BTreeMap::new();
    for event in &world.dataset.events {
        if (span.0..span.1).contains(&event.at_ms) && people.contains(&event.person) {
            events.entry(event.person).or_default().push(event);
        }
    }
    let of_person = |(person, events): (u32, Vec<&'a Event>)| {
        let mut groups: BTreeMap<u32, (TimeMs, BTreeSet<u32>)> = BTreeMap::new();
        for event in &events {
            if let Some(item) = world.shelved(event.item) {
                // Events stand by time, so the first one of a group is its beginning.
                groups.entry(event.basket).or_insert((event.at_ms, BTreeSet::new())).1.insert(item);
            }
        }
        let visits = groups.into_values().map(|(at_ms, chosen)| Visit { at_ms, chosen: chosen.into_iter().collect() });
        let mut visits: Vec<Visit> = visits.collect();
        visits.sort_by_key(|visit| visit.at_ms);
        PersonsVisits { person, events, visits }
    };
    events.into_iter().map(of_person).collect()
}

/// Goes through a person's visits; `state` is their profile before the first of them, and is folded from each to the next.
fn choices_of_person(
    person: &PersonsVisits<'_>,
    mut state: ProfileState,
    world: &World,
    model: &ServedModel,
    settings: &PersonalSettings,
) -> Vec<Choice> {
    let mut events = person.events.iter().peekable();
    let mut choices = Vec::new();
    for visit in &person.visits {
        while let Some(event) = events.next_if(|event| event.at_ms < visit.at_ms) {
            world.fold_into(&mut state, event);
        }
        choices.extend(choices_of(person.person, visit, &state, world, model, settings));
    }
    choices
}

fn choices_of(
    person: u32,
    visit: &Visit,
    state: &ProfileState,
    world: &World,
    model: &ServedModel,
    settings: &PersonalSettings,
) -> Vec<Choice> {
    let context = Context::default();
    let input = SubjectInput {
        state,
        stated: world.stated(person),
        allowed: ALLOWED,
        context: &context,
        now_ms: visit.at_ms,
        popularity: None,
    };
    let subject = Subject::new(input, &world.pack, &world.shelf);
    if subject.evidence.is_building || subject.is_outlier {
        return Vec::new();
    }
    let subject = subject.with_model(Some(model), true);
    let (items, terms) = (world.shelf.items.len(), model.model.terms.len());
    let mut table: Vec<f64> = Vec::with_capacity(items * terms);
    (0..items).for_each(|index| subject.append_terms(index, &mut table));
    let row = |index: usize| table.get(index * terms..(index + 1) * terms).unwrap_or_default();
    let sums: Vec<f64> = (0..items).map(|index| row(index).iter().sum()).collect();
    let sum = |index: usize| sums.get(index).copied().unwrap_or_default();
    let best = top_k_indices(items, settings.best, |a, b| sum(b).total_cmp(&sum(a)).then(a.cmp(&b)));
    let (chosen, others): (Vec<usize>, Vec<usize>) =
        best.into_iter().partition(|index| visit.chosen.binary_search(&(*index as u32)).is_ok());
    let seed = format!("{} {} {}", settings.seed, person, visit.at_ms);
    let picked = by_chance(&chosen, settings.choices_a_visit, |index| hash64(&["choice", &seed, &index.to_string()]));
    let choice = |index: usize| {
        let draw = |other: usize| hash64(&["candidate", &seed, &index.to_string(), &other.to_string()]);
        let candidates = by_chance(&others, settings.candidates, draw).into_iter().map(row);
        let differences =
            candidates.flat_map(|other| row(index).iter().zip(other).map(|(own, other)| (own - other) as f32));
        Choice { at_ms: visit.at_ms, differences: differences.collect() }
    };
    picked.into_iter().map(choice).filter(|choice| !choice.differences.is_empty()).collect()
}

/// The so many with the least draws; of equal ones the lesser.
fn by_chance(all: &[usize], most: usize, draw: impl Fn(usize) -> u64) -> Vec<usize> {
    let mut drawn: Vec<(u64, usize)> = all.iter().map(|index| (draw(*index), *index)).collect();
    drawn.sort_unstable();
    drawn.into_iter().take(most).map(|(_, index)| index).collect()
}
