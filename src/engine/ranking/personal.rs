//! One person's order: eligible items, less what they had enough of, by score, adjusted priority and id.

use crate::math::{sort_pairs, top_k_indices};
use crate::rules::{Eligibility, Hidden, is_eligible};
use crate::scoring::{Scored, Subject, score};
use crate::types::{NoTrace, TraceSink};

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
    rank_told(subject, eligibility, hidden, limit, &mut NoTrace)
}

/// Ranks as [`rank`] does, and tells how each eligible item's score came about, in the shelf's order.
pub fn rank_told<'a>(
    subject: &Subject<'a>,
    eligibility: &Eligibility<'_>,
    hidden: &Hidden,
    limit: usize,
    sink: &mut impl TraceSink<'a>,
) -> RankedList {
    let mut shown = Vec::with_capacity(subject.shelf.items.len());
    let mut hidden_ones = Vec::new();
    for (index, shelved) in subject.shelf.items.iter().enumerate() {
        if !is_eligible(shelved, eligibility) {
            continue;
        }
        let scored = score(subject, index, shelved, sink);
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
    let mut keys: Vec<(u64, u64)> = scored.iter().zip(0..).map(|(scored, position)| key(scored, position)).collect();
    if limit < keys.len() {
        keys = top_k_indices(keys.len(), limit, |a, b| keys.get(a).cmp(&keys.get(b)))
            .into_iter()
            .filter_map(|position| keys.get(position))
            .copied()
            .collect();
    } else {
        sort_pairs(&mut keys);
    }
    keys.into_iter().filter_map(|(_, behind)| scored.get(behind as u32 as usize)).copied().collect()
}

/// Numbers that ascend as a list goes: score descending, in the order of [`f64::total_cmp`], adjusted priority descending,
/// then the shelf's order, which is the id's.
fn key(scored: &Scored, position: u32) -> (u64, u64) {
    let bits = scored.score.to_bits();
    // Of negative numbers the order of the bits is turned round; of all others the sign is in the way.
    let descending = if scored.score.is_sign_negative() { bits } else { !(bits | 1 << 63) };
    (descending, u64::from(u8::MAX - scored.adjusted_priority) << 32 | u64::from(position))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_come_first_whatever_their_sign() {
        let scores =
            [-0.0, 0.0, 1.5, -2.0, f64::INFINITY, 1e-300, -1e-300, f64::NEG_INFINITY, 1.5, f64::NAN, 0.3, -f64::NAN];
        let scored: Vec<Scored> = (0..200)
            .zip(scores.iter().cycle())
            .map(|(index, score)| Scored { index, score: *score, adjusted_priority: (index % 7) as u8 })
            .collect();
        let mut expected = scored.clone();
        expected.sort_by(|left, right| {
            f64::total_cmp(&right.score, &left.score)
                .then(right.adjusted_priority.cmp(&left.adjusted_priority))
                .then(left.index.cmp(&right.index))
        });
        for limit in [0, 1, 10, 199, 200, 300] {
            let indices = |list: &[Scored]| list.iter().map(|scored| scored.index).collect::<Vec<_>>();
            let head: Vec<Scored> = expected.iter().take(limit).copied().collect();
            assert_eq!(indices(&best(&scored, limit)), indices(&head));
        }
    }
}
