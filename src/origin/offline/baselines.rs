//! The baselines that the engine must beat: popularity, what a person takes most, EASE^R and iALS. Each learns from the
//! past and gives a score to every item.

use anyhow::Result;
use nearside_engine::collab::{factor_scores, fold_in};
use nearside_engine::models::Factors;

use super::past::Past;
use super::rankers::Ranker;
use crate::train::{Csr, FactorSettings, NeighbourSettings, quantize_neighbours, train_factors, train_neighbours};

/// Half of what sold a week ago is out of the shop window by now.
pub(crate) const RECENT_HALF_LIFE_DAYS: f64 = 7.0;
/// The baseline's memory of a person's own purchases.
const FREQUENCY_HALF_LIFE_DAYS: f64 = 60.0;

/// The same scores for all, and where there are any, a person's own above them.
pub(super) struct TableRanker {
    name: &'static str,
    common: Vec<f64>,
    own: Option<Csr>,
}

impl Ranker for TableRanker {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn scores(&self, person: u32) -> Vec<f64> {
        let mut scores = self.common.clone();
        if let Some(own) = &self.own {
            for (item, weight) in own.entries(person as usize) {
                if let Some(score) = scores.get_mut(item as usize) {
                    *score += f64::from(weight);
                }
            }
        }
        scores
    }
}

impl TableRanker {
    /// Items by the number of people who took them.
    ///
    /// # Errors
    /// Never for a past that was made here.
    pub(super) fn popularity(past: &Past) -> Result<Self> {
        Ok(Self { name: "popularity", common: past.popularity()?, own: None })
    }

    /// Items by what is left of their events.
    pub(super) fn recent_popularity(past: &Past) -> Self {
        Self { name: "recent popularity, 7 d", common: past.recent_popularity(RECENT_HALF_LIFE_DAYS), own: None }
    }

    /// What the person took, by what is left of it; behind that everything else by popularity.
    ///
    /// # Errors
    /// Never for a past that was made here.
    pub(super) fn personal_frequency(past: &Past) -> Result<Self> {
        let own = past.weighted(|age_days| (-age_days / FREQUENCY_HALF_LIFE_DAYS).exp2())?;
        let people = past.popularity()?;
        let most = people.iter().copied().fold(1.0, f64::max);
        // Below every own count: those are at least 2^-20 for what was taken within twenty half-lives.
        let behind = people.iter().map(|count| count / most * 1e-9).collect();
        Ok(Self { name: "personal frequency, 60 d", common: behind, own: Some(own) })
    }
}

/// Sums of neighbours' weights over what a person took.
pub(super) struct NeighbourRanker {
    name: &'static str,
    by_input: Vec<Vec<(u32, f32)>>,
    taken: Csr,
}

impl NeighbourRanker {
    /// Trains EASE^R on what people took, 1 for each item.
    ///
    /// # Errors
    /// Settings out of range.
    pub(super) fn train(taken: Csr, settings: &NeighbourSettings) -> Result<Self> {
        let by_input = train_neighbours(&taken, settings)?.by_input();
        Ok(Self { name: "EASE^R", by_input, taken })
    }

    /// Trains it and rounds its weights to bytes, as they are published.
    ///
    /// # Errors
    /// Settings out of range.
    pub(super) fn train_bytes(taken: Csr, settings: &NeighbourSettings) -> Result<Self> {
        let by_input = quantize_neighbours(&train_neighbours(&taken, settings)?).dequantized().by_input();
        Ok(Self { name: "EASE^R, int8", by_input, taken })
    }
}

impl Ranker for NeighbourRanker {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn scores(&self, person: u32) -> Vec<f64> {
        let mut scores = vec![0.0; self.by_input.len()];
        for (item, weight) in self.taken.entries(person as usize) {
            for (other, value) in self.by_input.get(item as usize).into_iter().flatten() {
                if let Some(score) = scores.get_mut(*other as usize) {
                    *score += f64::from(weight) * f64::from(*value);
                }
            }
        }
        scores
    }
}

/// Products of folded-in people and items.
pub(super) struct FactorRanker {
    items: Factors,
    taken: Csr,
}

impl FactorRanker {
    /// Trains iALS-64.
    ///
    /// # Errors
    /// Settings out of range.
    pub(super) fn train(taken: Csr, seed: u64) -> Result<Self> {
        let items = train_factors(&taken, &FactorSettings { seed, ..FactorSettings::default() })?.items;
        Ok(Self { items: items.for_fold_in(), taken })
    }
}

impl Ranker for FactorRanker {
    fn name(&self) -> String {
        format!("iALS-{}", self.items.dimensions)
    }

    fn scores(&self, person: u32) -> Vec<f64> {
        let taken = self.taken.entries(person as usize).map(|(item, weight)| (item as usize, f64::from(weight)));
        factor_scores(&self.items, &fold_in(&self.items, &taken.collect::<Vec<_>>()))
    }
}
