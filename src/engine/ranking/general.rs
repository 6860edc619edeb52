//! The general order: what everybody gets without personalization. No profile is read.

use std::cmp::Ordering;

use crate::math::top_k_indices;
use crate::pack::{OrderKey, Pack, Popularity, Shelf};
use crate::rules::{Eligibility, is_eligible};

/// What the general order depends on.
#[derive(Debug, Clone, Copy)]
pub struct GeneralOrder<'a> {
    /// The pack, for `order_by`.
    pub pack: &'a Pack,
    /// The items.
    pub shelf: &'a Shelf,
    /// Scope, country, time.
    pub eligibility: Eligibility<'a>,
    /// Counts of the country's people.
    pub popularity: Option<&'a Popularity>,
}

/// Returns the indices of the first `limit` eligible items in the pack's order; the id is always the last key.
pub fn general_order(order: &GeneralOrder<'_>, limit: usize) -> Vec<usize> {
    let items = &order.shelf.items;
    let eligible: Vec<(usize, f64)> = items
        .iter()
        .enumerate()
        .filter(|(_, shelved)| is_eligible(shelved, &order.eligibility))
        .map(|(index, shelved)| {
            let country = order.eligibility.country;
            (index, order.popularity.map_or(0.5, |popularity| popularity.value(country, &shelved.item.id)))
        })
        .collect();
    let compare = |a: usize, b: usize| -> Ordering {
        let (Some(left), Some(right)) = (eligible.get(a), eligible.get(b)) else { return a.cmp(&b) };
        order
            .pack
            .order_by
            .iter()
            .fold(Ordering::Equal, |known, key| known.then_with(|| by_key(*key, items, *left, *right)))
            .then(left.0.cmp(&right.0))
    };
    let best = top_k_indices(eligible.len(), limit, compare);
    best.into_iter().filter_map(|position| eligible.get(position)).map(|(index, _)| *index).collect()
}

fn by_key(key: OrderKey, items: &[crate::pack::ShelvedItem], left: (usize, f64), right: (usize, f64)) -> Ordering {
    let (Some(a), Some(b)) = (items.get(left.0), items.get(right.0)) else { return Ordering::Equal };
    match key {
        OrderKey::Priority => b.item.priority.cmp(&a.item.priority),
        OrderKey::Popularity => f64::total_cmp(&right.1, &left.1),
        OrderKey::Newest => b.published_ms.cmp(&a.published_ms),
        OrderKey::Deadline => a.deadline_ms.unwrap_or(i64::MAX).cmp(&b.deadline_ms.unwrap_or(i64::MAX)),
        OrderKey::Id => a.item.id.cmp(&b.item.id),
    }
}
