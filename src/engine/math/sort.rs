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
}
