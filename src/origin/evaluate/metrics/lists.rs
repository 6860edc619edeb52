//! Figures of lists that need no knowledge of what was taken next: variety, surprise, balance and reach.

use std::collections::{BTreeMap, BTreeSet};

/// How much of the person's own distribution is mixed into the list's, so that a missing category costs a finite amount.
///
/// 0.01 is the value of Steck, "Calibrated recommendations" (2018).
const CALIBRATION_MIX: f64 = 0.01;

/// What lists are judged by, an item at its index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Catalogue {
    /// Items by number.
    pub(crate) items: Vec<ItemFacts>,
    /// People with a history, at least as many as took any one item.
    pub(crate) people: usize,
}

/// What is known of one item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ItemFacts {
    /// The category; None when nobody knows.
    pub(crate) category: Option<u32>,
    /// Topics.
    pub(crate) tags: BTreeSet<u32>,
    /// How many people took the item before the test.
    pub(crate) takers: usize,
}

impl Catalogue {
    /// Distinct items of all lists over items of the catalogue, from 0 to 1; 0 for an empty catalogue.
    pub(crate) fn coverage<'a>(&self, lists: impl Iterator<Item = &'a [u32]>) -> f64 {
        let shown: BTreeSet<u32> = lists.flatten().copied().collect();
        shown.len() as f64 / self.items.len().max(1) as f64
    }

    /// The mean distance of two items of the list, from 0 (all alike) to 1.
    ///
    /// The distance is the mean of what is known of both: categories (0 equal, 1 different) and tags
    /// (1 - shared / all of the two, Jaccard). None with no pair of which anything is known.
    pub(crate) fn diversity(&self, list: &[u32]) -> Option<f64> {
        let facts: Vec<&ItemFacts> = list.iter().filter_map(|item| self.items.get(*item as usize)).collect();
        let pairs = facts
            .iter()
            .enumerate()
            .flat_map(|(index, left)| facts.iter().skip(index + 1).filter_map(move |right| distance(left, right)));
        mean(pairs)
    }

    /// The mean of -log2(share of people who took the item) in bits: 0 when everybody has everything.
    ///
    /// An item that nobody took counts as taken by one, so that the figure is finite and at most log2(people)
    /// (self-information, Castells, Hurley and Vargas 2015). None for an empty list.
    pub(crate) fn novelty(&self, list: &[u32]) -> Option<f64> {
        let facts = list.iter().filter_map(|item| self.items.get(*item as usize));
        mean(facts.map(|item| (self.people.max(1) as f64 / item.takers.max(1) as f64).log2().max(0.0)))
    }

    /// How far the list's categories are from the person's own, in nats: 0 when equal, at most ln(100) = 4.6.
    ///
    /// C_KL = sum over categories of p ln(p / q'), q' = 0.99 q + 0.01 p, with p the shares in the history and q those in
    /// the list (Steck 2018). Less is better. None when either has no item with a category.
    pub(crate) fn calibration(&self, history: &[u32], list: &[u32]) -> Option<f64> {
        let (own, shown) = (self.category_shares(history), self.category_shares(list));
        if own.is_empty() || shown.is_empty() {
            return None;
        }
        let terms = own.iter().map(|(category, share)| {
            let mixed = (1.0 - CALIBRATION_MIX) * shown.get(category).copied().unwrap_or(0.0) + CALIBRATION_MIX * share;
            share * (share / mixed).ln()
        });
        Some(terms.sum::<f64>().max(0.0))
    }

    fn category_shares(&self, items: &[u32]) -> BTreeMap<u32, f64> {
        let mut shares = BTreeMap::new();
        for category in items.iter().filter_map(|item| self.items.get(*item as usize)?.category) {
            *shares.entry(category).or_insert(0.0) += 1.0;
        }
        let total: f64 = shares.values().sum();
        shares.values_mut().for_each(|share| *share /= total);
        shares
    }
}

fn distance(left: &ItemFacts, right: &ItemFacts) -> Option<f64> {
    let category = left.category.zip(right.category).map(|(left, right)| if left == right { 0.0 } else { 1.0 });
    let all = left.tags.union(&right.tags).count();
    let shared = left.tags.intersection(&right.tags).count();
    let tags = (all > 0).then(|| 1.0 - shared as f64 / all as f64);
    mean(category.into_iter().chain(tags))
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(category: u32, tags: &[u32], takers: usize) -> ItemFacts {
        ItemFacts { category: Some(category), tags: tags.iter().copied().collect(), takers }
    }

    fn catalogue() -> Catalogue {
        let unknown = ItemFacts::default();
        Catalogue { items: vec![item(0, &[1, 2], 8), item(0, &[2, 3], 2), item(1, &[], 4), unknown], people: 8 }
    }

    fn check(found: Option<f64>, expected: Option<f64>) {
        match (found, expected) {
            (Some(found), Some(expected)) => assert!((found - expected).abs() < 1e-12, "{found} {expected}"),
            _ => assert_eq!(found, expected),
        }
    }

    #[test]
    fn diversity_is_the_mean_distance_of_what_is_known() {
        let catalogue = catalogue();
        check(catalogue.diversity(&[0, 1]), Some((0.0 + 2.0 / 3.0) / 2.0));
        check(catalogue.diversity(&[0, 2]), Some(1.0));
        check(catalogue.diversity(&[0, 1, 2]), Some((1.0 / 3.0 + 1.0 + 1.0) / 3.0));
        check(catalogue.diversity(&[0]), None);
        check(catalogue.diversity(&[2, 3]), None);
    }

    #[test]
    fn novelty_counts_bits() {
        let catalogue = catalogue();
        check(catalogue.novelty(&[0]), Some(0.0));
        check(catalogue.novelty(&[0, 1]), Some(1.0));
        check(catalogue.novelty(&[3]), Some(3.0));
        check(catalogue.novelty(&[]), None);
    }

    #[test]
    fn calibration_is_nothing_for_equal_shares_and_bounded_for_strange_ones() {
        let catalogue = catalogue();
        check(catalogue.calibration(&[0, 2], &[1, 2]), Some(0.0));
        check(catalogue.calibration(&[0], &[2]), Some(100.0_f64.ln()));
        let half = 0.5 * (0.5_f64 / (0.99 + 0.005)).ln() + 0.5 * (0.5_f64 / 0.005).ln();
        check(catalogue.calibration(&[0, 2], &[0, 1]), Some(half));
        check(catalogue.calibration(&[3], &[0]), None);
    }

    #[test]
    fn coverage_counts_each_item_once() {
        let lists: [&[u32]; 3] = [&[0, 1], &[1], &[]];
        check(Some(catalogue().coverage(lists.into_iter())), Some(0.5));
    }
}
