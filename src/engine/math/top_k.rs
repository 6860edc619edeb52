//! The best k of many, without sorting the rest.

use std::cmp::Ordering;

use super::sort::sort_places;

/// Returns the indices of the first `k` of `0..len` in the order that `compare` defines, sorted.
///
/// `compare` must be a total order; then the answer does not depend on the order of the input.
pub fn top_k_indices(len: usize, k: usize, mut compare: impl FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    if k < len {
        return best_places(len, k, &mut compare);
    }
    let mut all: Vec<usize> = (0..len).collect();
    sort_places(&mut all, &mut compare);
    all
}

/// Each index is compared with the last of the best so far, which most do not beat; the others find their place.
fn best_places(len: usize, k: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut best: Vec<usize> = Vec::with_capacity(k.min(len) + 1);
    for index in 0..len {
        if best.len() >= k && best.last().is_none_or(|last| compare(index, *last) != Ordering::Less) {
            continue;
        }
        let place = best.partition_point(|known| compare(*known, index) == Ordering::Less);
        best.insert(place, index);
        best.truncate(k);
    }
    best
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn the_best_come_first_and_ties_follow_the_comparison() {
        let scores = [0.2, 0.9, 0.5, 0.9];
        let best = top_k_indices(4, 3, |a, b| f64::total_cmp(&scores[b], &scores[a]).then(a.cmp(&b)));
        assert_eq!(best, vec![1, 3, 2]);
    }

    #[test]
    fn any_number_of_the_best_is_the_head_of_the_whole_order() {
        let scores: Vec<u64> = (0..200).map(|index| (index * 7_919) % 61).collect();
        let compare = |a: usize, b: usize| scores[b].cmp(&scores[a]).then(a.cmp(&b));
        let mut all: Vec<usize> = (0..200).collect();
        all.sort_by(|a, b| compare(*a, *b));
        for k in [0, 1, 2, 10, 199, 200, 201, 300] {
            assert_eq!(top_k_indices(200, k, compare), all[..k.min(200)]);
        }
    }
}
