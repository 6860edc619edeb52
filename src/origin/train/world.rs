//! A pack, its items and what happened, laid side by side; and everybody's profile at a moment, folded as the edge folds it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, ensure};
use nearside_engine::pack::{Pack, Shelf};
use nearside_engine::profile::{ProfileState, fold};
use nearside_engine::types::{Interaction, Item, ItemFacts, Stated, TimeMs};
use serde::Deserialize;

use crate::data::{Dataset, Event};

/// A pack, its items and what happened.
#[derive(Debug)]
pub(crate) struct World {
    /// The pack.
    pub(crate) pack: Pack,
    /// Its items, laid out.
    pub(crate) shelf: Shelf,
    /// What happened.
    pub(crate) dataset: Dataset,
    /// What each person said of themselves, in the order of the dataset's people: their country is that of their latest
    /// event where a profile does not say it.
    stated: Vec<Stated>,
    unstated: Stated,
    /// For each item of the dataset its index on the shelf; None where the catalogue does not hold it (any more).
    pub(crate) on_shelf: Vec<Option<u32>>,
}

impl World {
    /// Lays a dataset beside a catalogue.
    ///
    /// # Errors
    /// A dataset of which the catalogue holds no item.
    pub(crate) fn new(pack: Pack, items: Vec<Item>, dataset: Dataset) -> Result<Self> {
        let shelf = Shelf::new(items, &pack);
        let on_shelf: Vec<Option<u32>> = dataset
            .items
            .iter()
            .map(|item| shelf.position(&item.id).and_then(|index| u32::try_from(index).ok()))
            .collect();
        ensure!(
            dataset.items.is_empty() || on_shelf.iter().any(Option::is_some),
            "the catalogue of pack {} holds none of the {} items that the events name",
            pack.id,
            dataset.items.len()
        );
        let stated = stated_by(&dataset);
        Ok(Self { pack, shelf, dataset, stated, unstated: Stated::default(), on_shelf })
    }

    /// Adds what imported profiles say, one JSON line each with `user_id` and `stated`; people without events are left out.
    ///
    /// # Errors
    /// A line that is not one of the export's.
    pub(crate) fn with_profiles(mut self, lines: &str) -> Result<Self> {
        for (number, line) in (1..).zip(lines.lines()) {
            let profile: ProfileLine =
                serde_json::from_str(line).with_context(|| format!("profile {number} of the store does not read"))?;
            let known = self.dataset.people.binary_search(&profile.user_id).ok();
            if let (Some(stated), Some(said)) = (known.and_then(|at| self.stated.get_mut(at)), profile.stated) {
                let country = said.country.clone().or_else(|| stated.country.take());
                *stated = Stated { country, ..said };
            }
        }
        Ok(self)
    }

    /// What a person said of themselves.
    pub(crate) fn stated(&self, person: u32) -> &Stated {
        self.stated.get(person as usize).unwrap_or(&self.unstated)
    }

    /// The shelf's index of an event's item.
    pub(crate) fn shelved(&self, item: u32) -> Option<u32> {
        self.on_shelf.get(item as usize).copied().flatten()
    }

    /// The first and the last time; None without events.
    pub(crate) fn span_ms(&self) -> Option<(TimeMs, TimeMs)> {
        let events = &self.dataset.events;
        Some((events.first()?.at_ms, events.last()?.at_ms))
    }

    /// Items of the shelf that each person takes at one moment within a span of time, by moment and person: baskets.
    pub(crate) fn baskets_between(&self, from_ms: TimeMs, before_ms: TimeMs) -> BTreeMap<(TimeMs, u32), BTreeSet<u32>> {
        let mut baskets: BTreeMap<(TimeMs, u32), BTreeSet<u32>> = BTreeMap::new();
        for event in self.dataset.events.iter().filter(|event| (from_ms..before_ms).contains(&event.at_ms)) {
            if let Some(item) = self.shelved(event.item) {
                baskets.entry((event.at_ms, event.person)).or_default().insert(item);
            }
        }
        baskets
    }

    /// Folds one event into its person's profile, as the edge would have.
    pub(crate) fn fold_into(&self, state: &mut ProfileState, event: &Event) {
        let Self { pack, shelf, dataset, .. } = self;
        let Some(item) = dataset.items.get(event.item as usize) else { return };
        let shelved = self.shelved(event.item).and_then(|index| shelf.items.get(index as usize));
        let category = shelved.map_or(&item.category, |shelved| &shelved.item.category);
        let facts = ItemFacts {
            pack: pack.id.clone(),
            category: (!category.is_empty()).then(|| category.clone()),
            tags: shelved.map_or_else(|| item.tags.clone(), |shelved| shelved.item.tags.clone()),
            complexity: shelved.and_then(|shelved| shelved.item.complexity),
            is_item: true,
        };
        let interaction = Interaction {
            target_type: Some("item".to_owned()),
            target_id: Some(item.id.clone()),
            value: event.value,
            facts,
            ..Interaction::new(String::new(), event.kind, event.at_ms)
        };
        fold(state, &interaction, pack);
    }

    /// Items of the shelf that each person takes in a span of time, ascending, each once.
    pub(crate) fn taken_between(&self, from_ms: TimeMs, before_ms: TimeMs) -> BTreeMap<u32, Vec<u32>> {
        let mut taken: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for event in self.dataset.events.iter().filter(|event| (from_ms..before_ms).contains(&event.at_ms)) {
            if let Some(item) = self.shelved(event.item) {
                taken.entry(event.person).or_default().push(item);
            }
        }
        for items in taken.values_mut() {
            items.sort_unstable();
            items.dedup();
        }
        taken
    }
}

#[derive(Deserialize)]
struct ProfileLine {
    user_id: String,
    #[serde(default)]
    stated: Option<Stated>,
}

/// The country of everybody's latest event that names one.
fn stated_by(dataset: &Dataset) -> Vec<Stated> {
    let mut stated = vec![Stated::default(); dataset.people.len()];
    for event in &dataset.events {
        let region = event.region.and_then(|region| dataset.regions.get(usize::from(region)));
        if let (Some(stated), Some(region)) = (stated.get_mut(event.person as usize), region) {
            stated.country = Some(region.clone());
        }
    }
    stated
}

/// Everybody's profile, event by event.
#[derive(Debug)]
pub(crate) struct Profiles<'a> {
    world: &'a World,
    next: usize,
    /// In the order of the dataset's people.
    pub(crate) states: Vec<ProfileState>,
}

impl<'a> Profiles<'a> {
    /// Nobody has done anything yet.
    pub(crate) fn new(world: &'a World) -> Self {
        Self { world, next: 0, states: vec![ProfileState::empty(); world.dataset.people.len()] }
    }

    /// Folds what happened before a time. Times only ascend.
    pub(crate) fn advance(&mut self, before_ms: TimeMs) {
        let World { dataset, .. } = self.world;
        while let Some(event) = dataset.events.get(self.next).filter(|event| event.at_ms < before_ms) {
            self.next += 1;
            if let Some(state) = self.states.get_mut(event.person as usize) {
                self.world.fold_into(state, event);
            }
        }
    }
}
