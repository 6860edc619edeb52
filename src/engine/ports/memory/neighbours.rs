//! What a person's neighbours took up.

use std::collections::{BTreeMap, BTreeSet};

use super::faults::Port;
use super::store::Memory;
use crate::ports::{Neighbours, NeighboursChoices, TakenItem, Unavailable};
use crate::types::{PersonScope, UserId};

/// Neighbours that are asked.
const NEAREST: usize = 20;

impl<Cache> Neighbours for Memory<Cache> {
    async fn neighbours_choices(&self, scope: PersonScope) -> Result<NeighboursChoices, Unavailable> {
        self.call(Port::Models, "neighbours_choices", &[scope], |tables| {
            let all = tables.similar.iter().filter(|((person, _), _)| *person == scope.user());
            let mut near: Vec<(UserId, f64)> = all.map(|((_, neighbour), (score, _))| (*neighbour, *score)).collect();
            near.retain(|(neighbour, _)| tables.shares(*neighbour));
            near.sort_by(|a, b| f64::total_cmp(&b.1, &a.1).then(a.0.cmp(&b.0)));
            near.truncate(NEAREST);
            let mut taken: BTreeMap<String, (f64, u32)> = BTreeMap::new();
            for (neighbour, score) in &near {
                let log = tables.log_of(*neighbour).into_iter().filter(|(_, event)| event.kind.is_acceptance());
                let items: BTreeSet<&String> = log.filter_map(|(_, event)| event.target_id.as_ref()).collect();
                for item in items {
                    let (similarity, people) = taken.entry(item.clone()).or_default();
                    *similarity += score;
                    *people += 1;
                }
            }
            let seen = tables.log_of(scope.user()).into_iter().filter(|(_, event)| event.facts.is_item);
            let seen: BTreeSet<String> = seen.filter_map(|(_, event)| event.target_id.clone()).collect();
            let taken = taken.into_iter().map(|(item, (similarity, people))| TakenItem { item, similarity, people });
            NeighboursChoices {
                similarity: near.iter().map(|(_, score)| score).sum(),
                taken: taken.collect(),
                seen: seen.into_iter().collect(),
            }
        })
    }
}
