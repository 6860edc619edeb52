//! From scores to figures: the best items of each person, and how many of them the person took.

use std::collections::BTreeSet;

use anyhow::Result;
use nearside_engine::math::top_k_indices;

use super::problem::Problem;
use crate::replay::accuracy;
use crate::train::Csr;

/// Places of a list: what Recall@20 needs.
const PLACES: usize = 20;
/// Places that coverage looks at.
const COVERED_PLACES: usize = 10;

/// The figures of one model under one protocol.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Figures {
    pub(super) people: usize,
    pub(super) ndcg10: f64,
    pub(super) recall20: f64,
    /// Distinct items in the first ten of all lists, over all items.
    pub(super) coverage: f64,
}

/// Measures a model, which scores every item for a person. Without `may_repeat` what the person took is removed from
/// the list and from the truth; people with nothing left are left out.
///
/// # Errors
/// Never for lists that are made here.
pub(super) fn figures(
    problem: &Problem,
    seen: &Csr,
    may_repeat: bool,
    score: &dyn Fn(u32) -> Vec<f64>,
) -> Result<Figures> {
    let (mut lists, mut truths) = (Vec::new(), Vec::new());
    for (person, truth) in &problem.truth {
        let known: BTreeSet<u32> =
            if may_repeat { BTreeSet::new() } else { seen.row(*person as usize).0.iter().copied().collect() };
        let truth: BTreeSet<u32> = truth.difference(&known).copied().collect();
        if truth.is_empty() {
            continue;
        }
        lists.push(best(&score(*person), &known));
        truths.push(truth);
    }
    let covered: BTreeSet<u32> = lists.iter().flat_map(|list| list.iter().take(COVERED_PLACES)).copied().collect();
    let (ndcg10, recall20) = accuracy(&lists, &truths)?;
    Ok(Figures { people: lists.len(), ndcg10, recall20, coverage: covered.len() as f64 / problem.items.max(1) as f64 })
}

/// The items of the highest scores without the known ones; equal scores by item.
fn best(scores: &[f64], known: &BTreeSet<u32>) -> Vec<u32> {
    let open: Vec<(u32, f64)> = (0..).zip(scores.iter().copied()).filter(|(item, _)| !known.contains(item)).collect();
    let at = |place: usize| open.get(place).map_or(f64::NEG_INFINITY, |(_, score)| *score);
    let places = top_k_indices(open.len(), PLACES, |left, right| at(right).total_cmp(&at(left)).then(left.cmp(&right)));
    places.into_iter().filter_map(|place| open.get(place)).map(|(item, _)| *item).collect()
}
