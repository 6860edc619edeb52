//! Whoever orders items for a person at the moment of a split: the engine with a model or without, and the baselines
//! that it must beat. Each gives a score to every item of the shelf.

use std::sync::Mutex;

use anyhow::Result;
use nearside_engine::math::top_k_indices;
use nearside_engine::profile::ProfileState;
use nearside_engine::scoring::{ServedModel, Subject, SubjectInput, score};
use nearside_engine::types::{Context, NoTrace, Stated, TimeMs};

use super::split::Split;
use crate::evaluate::Truth;
use crate::train::{
    ALLOWED, Csr, FactorSettings, NeighbourSettings, World, for_each_part, train_factors, train_neighbours,
};

/// Places of a list: what Recall@20 needs.
pub(crate) const PLACES: usize = 20;
/// The baseline's memory of a person's own purchases.
const FREQUENCY_HALF_LIFE_DAYS: f64 = 60.0;

/// Scores every item of the shelf for a person.
pub(crate) trait Ranker: Sync {
    /// The name in tables.
    fn name(&self) -> String;

    /// One score an item.
    fn scores(&self, person: u32) -> Vec<f64>;
}

/// The engine, as the Worker runs it.
pub(crate) struct EngineRanker<'a> {
    pub(crate) name: String,
    pub(crate) world: &'a World,
    pub(crate) states: &'a [ProfileState],
    pub(crate) now_ms: TimeMs,
    /// None: the pack's own weights.
    pub(crate) model: Option<&'a ServedModel>,
}

impl Ranker for EngineRanker<'_> {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn scores(&self, person: u32) -> Vec<f64> {
        let (stated, context, empty) = (Stated::default(), Context::default(), ProfileState::empty());
        let input = SubjectInput {
            state: self.states.get(person as usize).unwrap_or(&empty),
            stated: &stated,
            allowed: ALLOWED,
            context: &context,
            now_ms: self.now_ms,
            popularity: None,
        };
        let shelf = &self.world.shelf;
        let subject = Subject::new(input, &self.world.pack, shelf).with_model(self.model, true);
        let scored = shelf.items.iter().enumerate();
        scored.map(|(index, shelved)| score(&subject, index, shelved, &mut NoTrace).score).collect()
    }
}

/// The same scores for all, and where there are any, a person's own above them.
pub(crate) struct TableRanker {
    name: &'static str,
    common: Vec<f64>,
    own: Option<Csr>,
}

impl Ranker for TableRanker {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn scores(&self, person: u32) -> Vec<f64> {
        let mut scores = self.common.clone();
        if let Some(own) = &self.own {
            for (item, weight) in own.entries(person as usize) {
                if let Some(score) = scores.get_mut(item as usize) {
                    *score += f64::from(weight);
                }
            }
        }
        scores
    }
}

/// Weights of pairs, summed over their events.
pub(crate) fn weighted(split: &Split<'_>, weight: impl Fn(f64) -> f64) -> Result<Csr> {
    let world = split.world;
    let before = world.dataset.events.iter().take_while(|event| event.at_ms < split.at_ms);
    let triples = before.filter_map(|event| {
        let age_days = nearside_engine::types::days_between(event.at_ms, split.at_ms);
        Some((event.person, world.shelved(event.item)?, weight(age_days) as f32))
    });
    Csr::from_triples(world.dataset.people.len(), world.shelf.items.len(), triples.collect())
}

fn column_sums(matrix: &Csr) -> Vec<f64> {
    let by_item = matrix.transpose();
    (0..by_item.rows()).map(|item| by_item.row(item).1.iter().map(|weight| f64::from(*weight)).sum()).collect()
}

/// Popularity, recent popularity, and personal frequency.
///
/// # Errors
/// Never for a split that was made here.
pub(crate) fn table_rankers(split: &Split<'_>) -> Result<Vec<TableRanker>> {
    let people = column_sums(&weighted(split, |_| 1.0)?.reweighted(|_, _, _| 1.0));
    let recent = column_sums(&weighted(split, |age_days| (-age_days / 7.0).exp2())?);
    let own = weighted(split, |age_days| (-age_days / FREQUENCY_HALF_LIFE_DAYS).exp2())?;
    let most = people.iter().copied().fold(1.0, f64::max);
    // Below every own count: those are at least 2^-20 for what was taken within twenty half-lives.
    let behind = people.iter().map(|count| count / most * 1e-9).collect();
    Ok(vec![
        TableRanker { name: "popularity", common: people, own: None },
        TableRanker { name: "recent popularity, 7 d", common: recent, own: None },
        TableRanker { name: "personal frequency, 60 d", common: behind, own: Some(own) },
    ])
}

/// Sums of neighbours' weights over what a person took.
pub(crate) struct NeighbourRanker {
    by_input: Vec<Vec<(u32, f32)>>,
    taken: Csr,
}

impl NeighbourRanker {
    /// Trains EASE^R as published: every weight kept.
    ///
    /// # Errors
    /// Settings out of range.
    pub(crate) fn train(taken: Csr, regularisation: f64) -> Result<Self> {
        let keep = taken.columns();
        let settings = NeighbourSettings { regularisation, keep, ..NeighbourSettings::default() };
        Ok(Self { by_input: train_neighbours(&taken, &settings)?.by_input(), taken })
    }
}

impl Ranker for NeighbourRanker {
    fn name(&self) -> String {
        "EASE^R".to_owned()
    }

    fn scores(&self, person: u32) -> Vec<f64> {
        let mut scores = vec![0.0; self.by_input.len()];
        for (item, weight) in self.taken.entries(person as usize) {
            for (other, value) in self.by_input.get(item as usize).into_iter().flatten() {
                if let Some(score) = scores.get_mut(*other as usize) {
                    *score += f64::from(weight) * f64::from(*value);
                }
            }
        }
        scores
    }
}

/// Products of folded-in people and items.
pub(crate) struct FactorRanker {
    items: crate::train::ItemFactors,
    gram: Vec<f64>,
    taken: Csr,
}

impl FactorRanker {
    /// Trains iALS-64.
    ///
    /// # Errors
    /// Settings out of range.
    pub(crate) fn train(taken: Csr, seed: u64) -> Result<Self> {
        let items = train_factors(&taken, &FactorSettings { seed, ..FactorSettings::default() })?.items;
        Ok(Self { gram: items.gram(), items, taken })
    }
}

impl Ranker for FactorRanker {
    fn name(&self) -> String {
        format!("iALS-{}", self.items.dimensions)
    }

    fn scores(&self, person: u32) -> Vec<f64> {
        let taken: Vec<(u32, f32)> = self.taken.entries(person as usize).collect();
        let person = self.items.fold_in(&self.gram, &taken).unwrap_or_default();
        let vectors = self.items.vectors.chunks_exact(self.items.dimensions);
        vectors.map(|item| item.iter().zip(&person).map(|(left, right)| f64::from(*left) * right).sum()).collect()
    }
}

/// The lists of one ranker: with repeats, and of new items only.
pub(crate) struct RankedLists {
    pub(crate) repeats: Vec<Vec<u32>>,
    pub(crate) new: Vec<Vec<u32>>,
}

/// Asks a ranker for everybody's lists.
pub(crate) fn lists_of(ranker: &dyn Ranker, split: &Split<'_>, threads: usize) -> RankedLists {
    RankedLists {
        repeats: lists(ranker, split, &split.repeats, true, threads),
        new: lists(ranker, split, &split.new, false, threads),
    }
}

fn lists(ranker: &dyn Ranker, split: &Split<'_>, truth: &[Truth], may_repeat: bool, threads: usize) -> Vec<Vec<u32>> {
    let lists = Mutex::new(vec![Vec::new(); truth.len()]);
    for_each_part(threads, truth.iter().collect(), |place, one: &Truth| {
        let taken = split.taken.get(&one.person).map_or(&[][..], Vec::as_slice);
        let is_open = |item: &u32| {
            split.known_items.get(*item as usize).copied().unwrap_or_default()
                && (may_repeat || taken.binary_search(item).is_err())
        };
        let list = best_of(&ranker.scores(one.person), is_open, PLACES);
        if let Ok(mut lists) = lists.lock()
            && let Some(slot) = lists.get_mut(place)
        {
            *slot = list;
        }
    });
    lists.into_inner().unwrap_or_default()
}

/// The open items with the highest scores, best first; of equal scores the first item of the shelf.
pub(super) fn best_of(scores: &[f64], is_open: impl Fn(&u32) -> bool, places: usize) -> Vec<u32> {
    let open: Vec<u32> = (0..scores.len() as u32).filter(is_open).collect();
    let score =
        |at: usize| open.get(at).and_then(|item| scores.get(*item as usize)).copied().unwrap_or(f64::NEG_INFINITY);
    let best = top_k_indices(open.len(), places, |a, b| score(b).total_cmp(&score(a)).then(a.cmp(&b)));
    best.into_iter().filter_map(|at| open.get(at).copied()).collect()
}
