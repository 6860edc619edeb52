//! One split in time: what everybody's profile was at a moment, and what they took after it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use nearside_engine::profile::ProfileState;
use nearside_engine::types::{TimeMs, days_between, format_rfc3339};

use super::past::{Past, Taken};
use crate::evaluate::{Catalogue, ItemFacts, Truth};
use crate::train::{Profiles, World};

/// A world cut at a moment. Only people and items that occur before it count.
pub(crate) struct Split<'a> {
    /// What was cut.
    pub(crate) world: &'a World,
    /// The moment.
    pub(crate) at_ms: TimeMs,
    /// Everybody's profile at that moment.
    pub(crate) states: Vec<ProfileState>,
    /// Items that occurred before it, by index of the shelf.
    pub(crate) known_items: Vec<bool>,
    /// Items that each person took before it, ascending, each once.
    pub(crate) taken: BTreeMap<u32, Vec<u32>>,
    /// Repeats allowed: what each person took after it.
    pub(crate) repeats: Vec<Truth>,
    /// New items only: what they had not taken before.
    pub(crate) new: Vec<Truth>,
}

impl<'a> Split<'a> {
    /// Cuts a world; what happened from `before_ms` on is not looked at.
    ///
    /// # Errors
    /// Nothing before or nothing after the moment.
    pub(crate) fn new(world: &'a World, at_ms: TimeMs, before_ms: TimeMs) -> Result<Self> {
        let mut profiles = Profiles::new(world);
        profiles.advance(at_ms);
        let taken = world.taken_between(TimeMs::MIN, at_ms);
        let mut known_items = vec![false; world.shelf.items.len()];
        for item in taken.values().flatten() {
            if let Some(known) = known_items.get_mut(*item as usize) {
                *known = true;
            }
        }
        let is_known = |item: &u32| known_items.get(*item as usize).copied().unwrap_or_default();
        let mut repeats = Vec::new();
        let mut new = Vec::new();
        for (person, items) in world.taken_between(at_ms, before_ms) {
            let Some(before) = taken.get(&person) else { continue };
            let items: BTreeSet<u32> = items.into_iter().filter(is_known).collect();
            let fresh: BTreeSet<u32> =
                items.iter().filter(|item| before.binary_search(item).is_err()).copied().collect();
            if !items.is_empty() {
                repeats.push(Truth { person, items });
            }
            if !fresh.is_empty() {
                new.push(Truth { person, items: fresh });
            }
        }
        let at = format_rfc3339(at_ms);
        ensure!(!taken.is_empty(), "nobody took up anything of the catalogue before the test, which begins at {at}");
        ensure!(
            !repeats.is_empty(),
            "of the {} people with a history before {at} nobody took a known item from then on in the test; \
             choose another --test-from, or a later --test-to",
            taken.len()
        );
        Ok(Self { world, at_ms, states: profiles.states, known_items, taken, repeats, new })
    }

    /// What lists are judged by, besides the truth.
    pub(crate) fn catalogue(&self) -> Catalogue {
        let mut takers = vec![0; self.world.shelf.items.len()];
        for item in self.taken.values().flatten() {
            if let Some(takers) = takers.get_mut(*item as usize) {
                *takers += 1;
            }
        }
        let shelved = self.world.shelf.items.iter().zip(takers);
        let items = shelved.map(|(shelved, takers)| ItemFacts {
            category: u32::try_from(shelved.category).ok(),
            tags: shelved.tags.iter().filter_map(|tag| u32::try_from(*tag).ok()).collect(),
            takers,
        });
        Catalogue { items: items.collect(), people: self.taken.len() }
    }

    /// What happened before it, by numbers.
    pub(crate) fn past(&self) -> Past {
        let world = self.world;
        let before = world.dataset.events.iter().take_while(|event| event.at_ms < self.at_ms);
        let taken = before.filter_map(|event| {
            let age_days = days_between(event.at_ms, self.at_ms);
            Some(Taken { person: event.person, item: world.shelved(event.item)?, age_days })
        });
        Past::new(world.dataset.people.len(), world.shelf.items.len(), taken.collect())
    }

    /// What each person of a truth took before, repeats kept.
    pub(crate) fn histories(&self, truth: &[Truth]) -> Vec<Vec<u32>> {
        let mut histories: BTreeMap<u32, Vec<u32>> = truth.iter().map(|one| (one.person, Vec::new())).collect();
        for event in self.world.dataset.events.iter().take_while(|event| event.at_ms < self.at_ms) {
            if let (Some(history), Some(item)) = (histories.get_mut(&event.person), self.world.shelved(event.item)) {
                history.push(item);
            }
        }
        truth.iter().map(|one| histories.get(&one.person).cloned().unwrap_or_default()).collect()
    }
}
