//! Whoever orders items for a person, such as the engine with a model or without: one score for every item of the shelf,
//! and the lists that come of them.

use nearside_engine::math::top_k_indices;
use nearside_engine::profile::ProfileState;
use nearside_engine::scoring::{ServedModel, Subject, SubjectInput, score};
use nearside_engine::types::{Context, NoTrace, TimeMs};

use super::split::Split;
use crate::evaluate::Truth;
use crate::train::{ALLOWED, World, for_each_part};

/// Places of a list: what Recall@20 needs.
pub(crate) const PLACES: usize = 20;

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
        let empty = ProfileState::empty();
        self.scores_of(person, self.states.get(person as usize).unwrap_or(&empty))
    }
}

impl EngineRanker<'_> {
    /// The scores for a person whose profile is another one.
    pub(crate) fn scores_of(&self, person: u32, state: &ProfileState) -> Vec<f64> {
        let context = Context::default();
        let input = SubjectInput {
            state,
            stated: self.world.stated(person),
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

/// The lists of one ranker: with repeats, and of new items only.
pub(crate) struct RankedLists {
    pub(crate) repeats: Vec<Vec<u32>>,
    pub(crate) new: Vec<Vec<u32>>,
}

/// Asks a ranker for the lists of everybody whose truth a split knows.
pub(crate) fn lists_of(ranker: &dyn Ranker, split: &Split<'_>, threads: usize) -> RankedLists {
    let taken = |person| split.taken.get(&person).map_or(&[][..], Vec::as_slice);
    RankedLists {
        repeats: lists(ranker, &split.repeats, threads, &split.known_items, |_| &[]),
        new: lists(ranker, &split.new, threads, &split.known_items, taken),
    }
}

/// Asks a ranker for one list a person of a truth: of the known items, without those (ascending) that are left out of the
/// person's list.
pub(super) fn lists<'a>(
    ranker: &dyn Ranker,
    truth: &[Truth],
    threads: usize,
    known: &[bool],
    without: impl Fn(u32) -> &'a [u32] + Sync,
) -> Vec<Vec<u32>> {
    let mut lists = vec![Vec::new(); truth.len()];
    for_each_part(threads, truth.iter().zip(&mut lists).collect(), |_, (one, list)| {
        let left_out = without(one.person);
        let is_known = |item: u32| known.get(item as usize).copied().unwrap_or_default();
        let is_open = |item: &u32| is_known(*item) && left_out.binary_search(item).is_err();
        *list = best_of(&ranker.scores(one.person), is_open, PLACES);
    });
    lists
}

/// The open items with the highest scores, best first; of equal scores the first item of the shelf.
pub(crate) fn best_of(scores: &[f64], is_open: impl Fn(&u32) -> bool, places: usize) -> Vec<u32> {
    let open: Vec<u32> = (0..scores.len() as u32).filter(is_open).collect();
    let score =
        |at: usize| open.get(at).and_then(|item| scores.get(*item as usize)).copied().unwrap_or(f64::NEG_INFINITY);
    let best = top_k_indices(open.len(), places, |a, b| score(b).total_cmp(&score(a)).then(a.cmp(&b)));
    best.into_iter().filter_map(|at| open.get(at).copied()).collect()
}
