//! Whether lists keep to people's tastes: the share that each category has of what people took before, and of their lists.

use std::collections::BTreeMap;

use super::split::Split;
use crate::evaluate::{CategoryShare, Summary, Truth};

/// Places that are looked at, as the figure of calibration does.
const PLACES: usize = 10;

/// Returns the mean shares over the people of a truth, the largest of the histories first. Who has no item with a category
/// in the history or on the list does not count.
pub(super) fn category_shares(split: &Split<'_>, truth: &[Truth], lists: &[Vec<u32>]) -> Vec<CategoryShare> {
    let shelf = &split.world.shelf.items;
    let shares = |items: &[u32]| -> BTreeMap<usize, f64> {
        let categories = items.iter().filter_map(|item| Some(shelf.get(*item as usize)?.category));
        let known = categories.filter(|category| *category < split.world.pack.categories.len());
        let mut shares: BTreeMap<usize, f64> = BTreeMap::new();
        for category in known {
            *shares.entry(category).or_default() += 1.0;
        }
        let total: f64 = shares.values().sum();
        shares.values_mut().for_each(|share| *share /= total);
        shares
    };
    let histories = split.histories(truth);
    let people: Vec<(BTreeMap<usize, f64>, BTreeMap<usize, f64>)> = histories
        .iter()
        .zip(lists)
        .map(|(history, list)| (shares(history), shares(list.get(..PLACES).unwrap_or(list))))
        .filter(|(own, shown)| !own.is_empty() && !shown.is_empty())
        .collect();
    let category = |(at, category): (usize, &nearside_engine::pack::Category)| {
        let of = |shares: &BTreeMap<usize, f64>| shares.get(&at).copied().unwrap_or_default();
        CategoryShare {
            category: category.name.clone(),
            of_histories: Summary::of(people.iter().map(|(own, _)| of(own))).mean,
            of_lists: Summary::of(people.iter().map(|(_, shown)| of(shown))),
        }
    };
    let mut found: Vec<CategoryShare> = split.world.pack.categories.iter().enumerate().map(category).collect();
    found.retain(|share| share.of_histories > 0.0 || share.of_lists.mean > 0.0);
    found.sort_by(|left, right| right.of_histories.total_cmp(&left.of_histories));
    found
}
