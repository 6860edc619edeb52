//! Sorting with one sort: the places of a list are sorted, then its members moved. A generic sort is 8 KB of code for
//! every type of list that it meets.

use std::cmp::Ordering;

/// Sorts a list; what compares equal keeps its order.
pub fn sort_list<T>(list: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let mut places: Vec<usize> = (0..list.len()).collect();
    sort_places(&mut places, &mut |left, right| {
        list.get(left).zip(list.get(right)).map_or(Ordering::Equal, |(left, right)| compare(left, right))
    });
    let mut members: Vec<Option<T>> = std::mem::take(list).into_iter().map(Some).collect();
    list.extend(places.into_iter().filter_map(|place| members.get_mut(place).and_then(Option::take)));
}

/// Sorts numbers.
pub fn sort_numbers(numbers: &mut [usize]) {
    sort_places(numbers, &mut |left, right| left.cmp(&right));
}

/// Sorts pairs of numbers, which compare without a call: a whole list's order is most of what ranking it costs.
#[expect(clippy::indexing_slicing, reason = "every place is below the length")]
pub fn sort_pairs(pairs: &mut Vec<(u64, u64)>) {
    let mut merged = pairs.clone();
    let (length, mut width) = (pairs.len(), 1);
    while width < length {
        let mut to = 0;
        while to < length {
            let (mut left, middle, end) = (to, (to + width).min(length), (to + 2 * width).min(length));
            let mut right = middle;
            while to < end {
                let is_left = right == end || (left < middle && pairs[left] <= pairs[right]);
                let next = if is_left { &mut left } else { &mut right };
                merged[to] = pairs[*next];
                *next += 1;
                to += 1;
            }
        }
        std::mem::swap(pairs, &mut merged);
        width *= 2;
    }
}

/// Merges sorted runs of 1, 2, 4, … places; of two that compare equal, the left one stays first.
pub(super) fn sort_places(places: &mut [usize], compare: &mut dyn FnMut(usize, usize) -> Ordering) {
    let mut runs = places.to_vec();
    let mut width = 1;
    while width < places.len() {
        for (pair, merged) in runs.chunks(2 * width).zip(places.chunks_mut(2 * width)) {
            let (mut left, mut right) = pair.split_at(width.min(pair.len()));
            for place in merged {
                let is_left = match (left.first(), right.first()) {
                    (Some(one), Some(other)) => compare(*one, *other).is_le(),
                    (one, _) => one.is_some(),
                };
                let next = if is_left { &mut left } else { &mut right };
                if let Some((first, behind)) = next.split_first() {
                    (*place, *next) = (*first, behind);
                }
            }
        }
        runs.copy_from_slice(places);
        width *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_members_keep_their_order() {
        let mut list = vec![(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd'), (0, 'e')];
        sort_list(&mut list, |left, right| left.0.cmp(&right.0));
        assert_eq!(list, [(0, 'e'), (1, 'b'), (1, 'd'), (2, 'a'), (2, 'c')]);
    }

    #[test]
    fn a_long_list_is_sorted_as_the_standard_library_sorts_it() {
        let numbers = |_| (0..1_000_u64).map(|index| (index * 7_919) % 613);
        let (mut ours, mut theirs): (Vec<u64>, Vec<u64>) = (numbers(()).collect(), numbers(()).collect());
        sort_list(&mut ours, Ord::cmp);
        theirs.sort();
        assert_eq!(ours, theirs);
    }

    #[test]
    fn pairs_of_any_number_are_sorted_as_the_standard_library_sorts_them() {
        for length in [0, 1, 2, 3, 7, 8, 9, 100, 1_000] {
            let mut ours: Vec<(u64, u64)> = (0..length).map(|index| ((index * 7_919) % 61, length - index)).collect();
            let mut theirs = ours.clone();
            sort_pairs(&mut ours);
            theirs.sort();
            assert_eq!(ours, theirs);
        }
    }
}
