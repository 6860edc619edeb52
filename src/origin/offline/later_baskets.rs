//! What a profile that follows is worth: the model stays as it was trained, and each later basket of the test is predicted
//! twice, with the person's profile as it was when the test began and with one that has seen the baskets in between. The
//! person's vector and neighbours are solved from whichever profile is there, as at the edge.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use anyhow::{Result, ensure};
use nearside_engine::profile::ProfileState;
use nearside_engine::scoring::ServedModel;
use nearside_engine::types::TimeMs;

use super::rankers::{EngineRanker, Ranker, best_of};
use super::split::Split;
use crate::evaluate::{Summary, ndcg};
use crate::progress::Progress;
use crate::train::{Profiles, available_threads, for_each_part};

const PLACES: usize = 10;

/// A basket that is not its person's first one of the test.
struct LaterBasket {
    person: u32,
    /// Whether the person had taken anything before the test: whom training has not seen, a frozen profile does not know.
    is_known: bool,
    at_ms: TimeMs,
    /// What it holds of what was known when the test began.
    items: BTreeSet<u32>,
    /// What the person had taken before it.
    taken: BTreeSet<u32>,
    /// The profile just before it.
    state: ProfileState,
}

/// NDCG@10 with either profile: a mean over people of the means over their later baskets.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Followed {
    /// Whose baskets.
    pub(super) people: &'static str,
    /// Whether items that the person had taken before count.
    pub(super) may_repeat: bool,
    /// Baskets.
    pub(super) baskets: usize,
    /// With the profile of the day on which the test began.
    pub(super) frozen: Summary,
    /// With a profile that follows.
    pub(super) followed: Summary,
    /// The difference, person by person.
    pub(super) gain: Summary,
}

/// Predicts the later baskets of the test, repeats counted and not counted.
///
/// # Errors
/// Where nobody came back twice.
pub(super) fn later_baskets(split: &Split<'_>, before_ms: TimeMs, model: &ServedModel) -> Result<Vec<Followed>> {
    let baskets = baskets(split, before_ms);
    ensure!(!baskets.is_empty(), "nobody came back twice during the test");
    let progress = Progress::start("later baskets", baskets.len());
    let found: Mutex<BTreeMap<usize, [Option<[f64; 2]>; 2]>> = Mutex::default();
    for_each_part(available_threads(), baskets.iter().collect(), |at, basket: &LaterBasket| {
        let figures = both(split, basket, model);
        if let Ok(mut found) = found.lock() {
            found.insert(at, figures);
        }
        progress.advance(1);
    });
    progress.finish();
    let found = found.into_inner().unwrap_or_default();
    let measured: Vec<Measured<'_>> = baskets.iter().zip(found.into_values()).collect();
    let groups = [("known before the test", Some(true)), ("unseen in training", Some(false)), ("all", None)];
    let rows = groups.into_iter().flat_map(|group| [(group, true), (group, false)]);
    Ok(rows.filter_map(|((people, known), may_repeat)| followed(&measured, people, known, may_repeat)).collect())
}

/// A basket with its two pairs of figures: with repeats, and of new items.
type Measured<'a> = (&'a LaterBasket, [Option<[f64; 2]>; 2]);

/// Sums up one group of people, known before the test or not, or both; None where it is too small to say anything.
fn followed(
    measured: &[Measured<'_>],
    people: &'static str,
    is_known: Option<bool>,
    may_repeat: bool,
) -> Option<Followed> {
    let mut by_person: BTreeMap<u32, Vec<[f64; 2]>> = BTreeMap::new();
    for (basket, [repeats, new]) in
        measured.iter().filter(|(basket, _)| is_known.is_none_or(|known| basket.is_known == known))
    {
        if let Some(pair) = if may_repeat { repeats } else { new } {
            by_person.entry(basket.person).or_default().push(*pair);
        }
    }
    let mean = |pairs: &[[f64; 2]], of: fn(&[f64; 2]) -> f64| pairs.iter().map(of).sum::<f64>() / pairs.len() as f64;
    let summary = |of: fn(&[f64; 2]) -> f64| Summary::of(by_person.values().map(|pairs| mean(pairs, of)));
    let found = Followed {
        people,
        may_repeat,
        baskets: by_person.values().map(Vec::len).sum(),
        frozen: summary(|[frozen, _]| *frozen),
        followed: summary(|[_, followed]| *followed),
        gain: summary(|[frozen, followed]| followed - frozen),
    };
    (by_person.len() > 1).then_some(found)
}

/// NDCG@10 of one basket, frozen and followed: with repeats, and of new items only; None where nothing is relevant.
fn both(split: &Split<'_>, basket: &LaterBasket, model: &ServedModel) -> [Option<[f64; 2]>; 2] {
    let (name, states) = (String::new(), split.states.as_slice());
    let ranker = EngineRanker { name, world: split.world, states, now_ms: basket.at_ms, model: Some(model) };
    let either = [ranker.scores(basket.person), ranker.scores_of(basket.person, &basket.state)];
    let is_known = |item: &u32| split.known_items.get(*item as usize).copied().unwrap_or_default();
    let fresh: BTreeSet<u32> = basket.items.difference(&basket.taken).copied().collect();
    let of = |relevant: &BTreeSet<u32>, is_open: &dyn Fn(&u32) -> bool| {
        let figure = |scores: &Vec<f64>| ndcg(&best_of(scores, is_open, PLACES), relevant, PLACES);
        (!relevant.is_empty()).then(|| either.each_ref().map(figure))
    };
    [of(&basket.items, &is_known), of(&fresh, &|item| is_known(item) && !basket.taken.contains(item))]
}

fn baskets(split: &Split<'_>, before_ms: TimeMs) -> Vec<LaterBasket> {
    let world = split.world;
    let mut taken: BTreeMap<u32, BTreeSet<u32>> =
        split.taken.iter().map(|(person, items)| (*person, items.iter().copied().collect())).collect();
    let mut seen = BTreeSet::new();
    let mut profiles = Profiles::new(world);
    let mut baskets = Vec::new();
    for ((at_ms, person), items) in world.baskets_between(split.at_ms, before_ms) {
        let before = taken.entry(person).or_default();
        if !seen.insert(person) {
            profiles.advance(at_ms);
            let is_known = |item: &u32| split.known_items.get(*item as usize).copied().unwrap_or_default();
            baskets.extend(profiles.states.get(person as usize).map(|state| LaterBasket {
                person,
                is_known: split.taken.contains_key(&person),
                at_ms,
                items: items.iter().copied().filter(is_known).collect(),
                taken: before.clone(),
                state: state.clone(),
            }));
        }
        before.extend(items);
    }
    baskets.retain(|basket| !basket.items.is_empty());
    baskets
}
