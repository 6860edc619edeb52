//! Figures of one person's list against what the person took: who is counted, and over what, is decided here once.
//!
//! A list is best first and names no item twice; relevance is binary. Every figure is from 0 to 1, and 0 when nothing
//! is relevant. `k` is how many places count.

use std::collections::BTreeSet;

/// NDCG@k: the sum of 1 / log2(place + 1) over hits, divided by that of an ideal list with min(k, relevant) hits.
///
/// Places count from 1 (Järvelin and Kekäläinen 2002, with binary gains).
pub(crate) fn ndcg(list: &[u32], relevant: &BTreeSet<u32>, k: usize) -> f64 {
    let discount = |index: usize| 1.0 / (index as f64 + 2.0).log2();
    let ideal: f64 = (0..k.min(relevant.len())).map(discount).sum();
    let gained = hits(list, relevant, k).map(discount).fold(0.0, add);
    if ideal > 0.0 { gained / ideal } else { 0.0 }
}

/// AP@k: the precision at the place of each hit, summed, over min(k, relevant). Its mean over people is MAP@k.
pub(crate) fn average_precision(list: &[u32], relevant: &BTreeSet<u32>, k: usize) -> f64 {
    let precisions =
        hits(list, relevant, k).enumerate().map(|(before, index)| (before + 1) as f64 / (index + 1) as f64);
    precisions.fold(0.0, add) / k.min(relevant.len()).max(1) as f64
}

/// Precision@k: hits over k. A list shorter than k has missed the rest.
pub(crate) fn precision(list: &[u32], relevant: &BTreeSet<u32>, k: usize) -> f64 {
    hits(list, relevant, k).count() as f64 / k.max(1) as f64
}

/// Recall@k: hits over min(k, relevant), so that a perfect list reaches 1 whatever its length.
pub(crate) fn recall(list: &[u32], relevant: &BTreeSet<u32>, k: usize) -> f64 {
    hits(list, relevant, k).count() as f64 / k.min(relevant.len()).max(1) as f64
}

/// Hit@k: 1 when at least one of the first k was taken. Its mean over people is the hit rate.
pub(crate) fn hit(list: &[u32], relevant: &BTreeSet<u32>, k: usize) -> f64 {
    if hits(list, relevant, k).next().is_some() { 1.0 } else { 0.0 }
}

/// Sums begin at 0: the standard library's begin at -0, which would show.
fn add(sum: f64, value: f64) -> f64 {
    sum + value
}

/// The places of hits, counted from 0.
fn hits(list: &[u32], relevant: &BTreeSet<u32>, k: usize) -> impl Iterator<Item = usize> {
    list.iter().take(k).enumerate().filter(|(_, item)| relevant.contains(*item)).map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected: NDCG, AP, precision, recall and hit at `k`.
    fn check(k: usize, list: &[u32], relevant: &[u32], expected: [f64; 5]) {
        let relevant: BTreeSet<u32> = relevant.iter().copied().collect();
        let found = [ndcg, average_precision, precision, recall, hit].map(|figure| figure(list, &relevant, k));
        let is_near = found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-4);
        assert!(is_near && found.iter().all(|figure| figure.is_sign_positive()), "{list:?} at {k}: {found:?}");
    }

    #[test]
    fn figures_follow_the_protocol() {
        check(10, &[1, 2, 3], &[1, 2, 3], [1.0, 1.0, 0.3, 1.0, 1.0]);
        check(10, &[9, 1], &[1], [0.6309, 0.5, 0.1, 1.0, 1.0]);
        check(10, &[9, 8], &[1], [0.0; 5]);
        check(10, &[1, 9, 2], &[1, 2], [1.5 / 1.6309, (1.0 + 2.0 / 3.0) / 2.0, 0.2, 1.0, 1.0]);
        check(2, &[1, 9, 2], &[1, 2], [1.0 / 1.6309, 0.5, 0.5, 0.5, 1.0]);
        check(10, &[], &[1], [0.0; 5]);
        check(10, &[1], &[], [0.0; 5]);
    }

    #[test]
    fn more_relevant_items_than_places_are_no_fault_of_the_list() {
        let many: Vec<u32> = (0..40).collect();
        check(20, &many, &many, [1.0; 5]);
        check(10, &[0, 1, 2, 3, 4], &many, [2.9485 / 4.5436, 0.5, 0.5, 0.5, 1.0]);
    }

    #[test]
    fn places_after_the_last_one_do_not_count() {
        check(2, &[8, 9, 1], &[1], [0.0; 5]);
    }
}
