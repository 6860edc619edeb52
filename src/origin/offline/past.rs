//! What people took before a moment, by numbers: what the baselines learn from. Who compares them is not asked here.

use anyhow::Result;

use crate::train::Csr;

/// One item that a person took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Taken {
    /// The person.
    pub(crate) person: u32,
    /// The item.
    pub(crate) item: u32,
    /// Days before the moment.
    pub(crate) age_days: f64,
}

/// What people took before a moment. People and items are numbered from 0.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Past {
    people: usize,
    items: usize,
    taken: Vec<Taken>,
}

impl Past {
    /// Holds so many people and items; what was taken more than once stands more than once.
    pub(crate) fn new(people: usize, items: usize, taken: Vec<Taken>) -> Self {
        Self { people, items, taken }
    }

    /// How many items there are, taken or not.
    pub(crate) fn items(&self) -> usize {
        self.items
    }

    /// People x items with the sum of the weights that each event has by its age in days.
    ///
    /// # Errors
    /// A person or item beyond those that there are; a weight that is not finite.
    pub(crate) fn weighted(&self, weight_of: impl Fn(f64) -> f64) -> Result<Csr> {
        let triples = self.taken.iter().map(|taken| (taken.person, taken.item, weight_of(taken.age_days) as f32));
        Csr::from_triples(self.people, self.items, triples.collect())
    }

    /// People x items with 1 for what was taken.
    ///
    /// # Errors
    /// A person or item beyond those that there are.
    pub(crate) fn pairs(&self) -> Result<Csr> {
        Ok(self.weighted(|_| 1.0)?.reweighted(|_, _, _| 1.0))
    }

    /// How many people took each item.
    ///
    /// # Errors
    /// A person or item beyond those that there are.
    pub(crate) fn popularity(&self) -> Result<Vec<f64>> {
        let by_item = self.pairs()?.transpose();
        Ok((0..self.items).map(|item| by_item.row(item).0.len() as f64).collect())
    }

    /// The sum of each item's events, each of which counts half for every half-life that it is old.
    pub(crate) fn recent_popularity(&self, half_life_days: f64) -> Vec<f64> {
        let mut sums = vec![0.0; self.items];
        for taken in &self.taken {
            if let Some(sum) = sums.get_mut(taken.item as usize) {
                *sum += (-taken.age_days / half_life_days).exp2();
            }
        }
        sums
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may fail loudly")]
mod tests {
    use super::*;

    #[test]
    fn people_count_once_and_old_events_less() {
        let taken = [(0, 0, 30.0), (0, 0, 29.0), (0, 0, 28.0), (1, 1, 28.0), (2, 1, 28.0), (0, 2, 1.0)];
        let taken = taken.map(|(person, item, age_days)| Taken { person, item, age_days });
        let past = Past::new(3, 4, taken.to_vec());
        assert_eq!(past.popularity().unwrap(), [1.0, 2.0, 1.0, 0.0]);
        let recent = past.recent_popularity(7.0);
        assert_eq!(recent.get(1), Some(&0.125));
        assert!(recent.get(2) > recent.first() && recent.get(3) == Some(&0.0));
        assert_eq!(past.pairs().unwrap().filled(), 4);
    }
}
