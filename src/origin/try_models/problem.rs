//! What models are compared on: what people took before a moment, and what they took after it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use nearside_engine::types::{TimeMs, days_between};

use crate::replay::Bought;
use crate::train::Csr;

/// One item that a person took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Taken {
    pub(super) person: u32,
    pub(super) item: u32,
    /// Days before the moment of the split.
    pub(super) age_days: f64,
}

/// A split. People and items are numbered anew: those only that occur before it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Problem {
    pub(super) people: usize,
    pub(super) items: usize,
    /// What happened before; more than once where it did.
    pub(super) taken: Vec<Taken>,
    /// What people took after it, by person.
    pub(super) truth: Vec<(u32, BTreeSet<u32>)>,
}

impl Problem {
    /// Splits purchases at a time.
    ///
    /// # Errors
    /// When nothing lies on either side.
    pub(super) fn split(bought: &[Bought], from_ms: TimeMs, to_ms: TimeMs) -> Result<Self> {
        let (before, after): (Vec<&Bought>, Vec<_>) =
            bought.iter().filter(|purchase| purchase.0 < to_ms).partition(|purchase| purchase.0 < from_ms);
        let number = |known: BTreeSet<u32>| -> BTreeMap<u32, u32> { known.into_iter().zip(0..).collect() };
        let people = number(before.iter().map(|purchase| purchase.1).collect());
        let items = number(before.iter().map(|purchase| purchase.2).collect());
        let mut truth: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for (_, person, item) in after {
            if let (Some(person), Some(item)) = (people.get(person), items.get(item)) {
                truth.entry(*person).or_default().insert(*item);
            }
        }
        let taken = before.into_iter().filter_map(|(at_ms, person, item)| {
            let (person, item) = (*people.get(person)?, *items.get(item)?);
            Some(Taken { person, item, age_days: days_between(*at_ms, from_ms) })
        });
        let taken: Vec<Taken> = taken.collect();
        ensure!(!taken.is_empty() && !truth.is_empty(), "{} events before, {} people after", taken.len(), truth.len());
        Ok(Self { people: people.len(), items: items.len(), taken, truth: truth.into_iter().collect() })
    }

    /// People x items with 1 for what was taken.
    ///
    /// # Errors
    /// Never for a problem that was split here.
    pub(super) fn matrix(&self) -> Result<Csr> {
        Ok(self.weighted(|_| 1.0)?.reweighted(|_, _, _| 1.0))
    }

    /// People x items with the sum of weights that each event has by its age.
    ///
    /// # Errors
    /// A weight that is not finite.
    pub(super) fn weighted(&self, weight_of: impl Fn(f64) -> f64) -> Result<Csr> {
        let triples = self.taken.iter().map(|taken| (taken.person, taken.item, weight_of(taken.age_days) as f32));
        Csr::from_triples(self.people, self.items, triples.collect())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may fail loudly")]
mod tests {
    use nearside_engine::types::DAY_MS;

    use super::*;

    #[test]
    fn the_truth_holds_known_people_and_items_only() {
        let bought =
            [(0, 4, 7), (1, 5, 9), (2 * DAY_MS, 4, 9), (2 * DAY_MS, 4, 8), (2 * DAY_MS, 6, 7), (9 * DAY_MS, 4, 7)];
        let problem = Problem::split(&bought, DAY_MS, 5 * DAY_MS).unwrap();
        assert_eq!((problem.people, problem.items), (2, 2));
        assert_eq!(problem.taken.first(), Some(&Taken { person: 0, item: 0, age_days: 1.0 }));
        assert_eq!(problem.truth, [(0, BTreeSet::from([1]))]);
        assert!(Problem::split(&bought, 0, DAY_MS).is_err());
    }
}
