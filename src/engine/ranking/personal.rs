//! One person's order: eligible items, less what they had enough of, by score, adjusted priority and id.

use std::cmp::Ordering;

use crate::math::top_k_indices;
use crate::rules::{Eligibility, Hidden, is_eligible};
use crate::scoring::{Scored, Subject, score};
use crate::types::NoTrace;

/// A person's list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RankedList {
    /// Best first.
    pub items: Vec<Scored>,
    /// How many items were eligible.
    pub eligible: usize,
    /// How many of them the person's dismissals hide.
    pub hidden: usize,
}

/// Ranks the eligible items of the subject's shelf. Hidden ones go, but never a regulated one and never the last.
pub fn rank(subject: &Subject<'_>, eligibility: &Eligibility<'_>, hidden: &Hidden, limit: usize) -> RankedList {
    let mut shown = Vec::with_capacity(subject.shelf.items.len());
    let mut hidden_ones = Vec::new();
    for (index, shelved) in subject.shelf.items.iter().enumerate() {
        if !is_eligible(shelved, eligibility) {
            continue;
        }
        let scored = score(subject, index, shelved, &mut NoTrace);
        let is_hidden = hidden.contains(index, shelved.category) && !shelved.item.regulated;
        if is_hidden { hidden_ones.push(scored) } else { shown.push(scored) }
    }
    let eligible = shown.len() + hidden_ones.len();
    if shown.is_empty() {
        // The last eligible item is never hidden: the best of them stays.
        shown.extend(best(&hidden_ones, 1));
    }
    RankedList { items: best(&shown, limit), eligible, hidden: eligible - shown.len() }
}

fn best(scored: &[Scored], limit: usize) -> Vec<Scored> {
    let order = top_k_indices(scored.len(), limit, |a, b| match (scored.get(a), scored.get(b)) {
        (Some(left), Some(right)) => better(left, right),
        _ => a.cmp(&b),
    });
    order.into_iter().filter_map(|position| scored.get(position)).copied().collect()
}

/// Score descending, adjusted priority descending, then the shelf's order, which is the id's.
fn better(left: &Scored, right: &Scored) -> Ordering {
    f64::total_cmp(&right.score, &left.score)
        .then(right.adjusted_priority.cmp(&left.adjusted_priority))
        .then(left.index.cmp(&right.index))
}
