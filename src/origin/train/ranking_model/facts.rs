//! What is known of every item at a moment: counts over all people, with what time left of them.

use std::collections::{BTreeMap, BTreeSet};

use nearside_engine::models::to_base64;
use nearside_engine::profile::{country_of, life_stage_of};
use nearside_engine::types::{DAY_MS, SortedMap, TimeMs, days_between};

use crate::train::world::World;

/// A group with fewer people is no group: its counts would tell of persons.
const LEAST_GROUP: usize = 20;
/// An item that fewer people of a group took counts as taken by none of them.
const LEAST_PEOPLE: usize = 10;
/// The week and the usual are compared over these half-lives.
const WEEK_DAYS: f64 = 7.0;
const USUAL_DAYS: f64 = 60.0;

/// Decayed counts of events by item of the shelf.
fn decayed(world: &World, before_ms: TimeMs, half_life_days: f64) -> Vec<f64> {
    let mut sums = vec![0.0; world.shelf.items.len()];
    for event in world.dataset.events.iter().take_while(|event| event.at_ms < before_ms) {
        let sum = world.shelved(event.item).and_then(|item| sums.get_mut(item as usize));
        if let Some(sum) = sum {
            *sum += (-days_between(event.at_ms, before_ms) / half_life_days).exp2();
        }
    }
    sums
}

fn packed(values: impl Iterator<Item = f64>) -> String {
    to_base64(values.map(|value| (value as f32).to_le_bytes()))
}

fn logarithms(sums: &[f64]) -> String {
    packed(sums.iter().map(|sum| sum.ln_1p()))
}

/// Returns the lists over items as of `before_ms`.
pub(super) fn lists(world: &World, before_ms: TimeMs) -> SortedMap<String, String> {
    let items = world.shelf.items.len();
    let mut people: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); items];
    let mut first_ms = vec![before_ms; items];
    let mut last_ms = vec![TimeMs::MIN; items];
    for event in world.dataset.events.iter().take_while(|event| event.at_ms < before_ms) {
        let Some(item) = world.shelved(event.item).map(|item| item as usize) else { continue };
        if let (Some(people), Some(first), Some(last)) =
            (people.get_mut(item), first_ms.get_mut(item), last_ms.get_mut(item))
        {
            people.insert(event.person);
            *first = event.at_ms.min(*first);
            *last = event.at_ms.max(*last);
        }
    }
    let week = decayed(world, before_ms, WEEK_DAYS);
    let usual = decayed(world, before_ms, USUAL_DAYS);
    let trend =
        week.iter().zip(&usual).map(|(week, usual)| ((week + 0.5) / (usual * WEEK_DAYS / USUAL_DAYS + 0.5)).ln());
    // An item that nobody took has waited as long as there is data.
    let start_ms = world.dataset.events.first().map_or(before_ms, |event| event.at_ms);
    let since = last_ms.iter().map(|last| days_between((*last).max(start_ms), before_ms));
    let lists = [
        ("popularity", packed(people.iter().map(|people| (people.len() as f64).ln_1p()))),
        ("latest_popularity", logarithms(&decayed(world, before_ms, 3.0))),
        ("recent_popularity", logarithms(&decayed(world, before_ms, 14.0))),
        ("long_popularity", logarithms(&decayed(world, before_ms, 180.0))),
        ("trend", packed(trend)),
        ("first_day", packed(first_ms.iter().map(|first| *first as f64 / DAY_MS as f64))),
        ("days_since_sold", packed(since)),
    ];
    lists.into_iter().map(|(name, list)| (name.to_owned(), list)).chain(groups(world, before_ms)).collect()
}

/// Returns recent popularity by life stage and by country, of the people who are known to be of one.
fn groups(world: &World, before_ms: TimeMs) -> Vec<(String, String)> {
    let of_person: Vec<Vec<String>> = (0..world.dataset.people.len() as u32)
        .map(|person| {
            let stated = world.stated(person);
            let stage = life_stage_of(stated, &world.pack).map(|stage| format!("life_stage:{stage}"));
            let country =
                country_of(stated.country.as_deref(), &world.pack).map(|country| format!("country:{country}"));
            stage.into_iter().chain(country).collect()
        })
        .collect();
    let mut people: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    let mut takers: BTreeMap<(&str, u32), (BTreeSet<u32>, f64)> = BTreeMap::new();
    for event in world.dataset.events.iter().take_while(|event| event.at_ms < before_ms) {
        let Some(item) = world.shelved(event.item) else { continue };
        for group in of_person.get(event.person as usize).into_iter().flatten() {
            people.entry(group).or_default().insert(event.person);
            let (takers, sum) = takers.entry((group, item)).or_default();
            takers.insert(event.person);
            *sum += (-days_between(event.at_ms, before_ms) / 14.0).exp2();
        }
    }
    let large = people.iter().filter(|(_, people)| people.len() >= LEAST_GROUP);
    large
        .map(|(group, _)| {
            let count = |item: usize| {
                let found = takers.get(&(*group, item as u32)).filter(|(takers, _)| takers.len() >= LEAST_PEOPLE);
                found.map_or(0.0, |(_, sum)| sum.ln_1p())
            };
            ((*group).to_owned(), packed((0..world.shelf.items.len()).map(count)))
        })
        .collect()
}
