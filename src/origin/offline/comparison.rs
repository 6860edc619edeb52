//! Rankers side by side over one split: lists, figures, differences.

use std::time::Instant;

use anyhow::Result;
use nearside_engine::scoring::ServedModel;

use super::baselines::{FactorRanker, NeighbourRanker, TableRanker};
use super::rankers::{EngineRanker, RankedLists, Ranker, lists_of};
use super::split::Split;
use crate::evaluate::{Catalogue, Lists, Measured, Setting, Truth, measure};
use crate::train::{NeighbourSettings, available_threads};

/// The published regularisation of the baseline.
const EASE_REGULARISATION: f64 = 250.0;
/// The memory of the factors' baseline.
const FACTORS_HALF_LIFE_DAYS: f64 = 120.0;

/// One ranker's figures.
pub(crate) struct Compared {
    /// The name in tables.
    pub(crate) name: String,
    /// Seconds of training.
    pub(crate) seconds: f64,
    /// Its lists.
    pub(crate) lists: RankedLists,
    /// Figures of lists of new items.
    pub(crate) new: Measured,
    /// Figures of lists with repeats.
    pub(crate) repeats: Measured,
}

/// What every ranker is measured against.
pub(crate) struct Judge<'a> {
    split: &'a Split<'a>,
    catalogue: Catalogue,
    new_histories: Vec<Vec<u32>>,
    histories: Vec<Vec<u32>>,
    seed: u64,
}

impl<'a> Judge<'a> {
    /// Prepares the truth of a split.
    pub(crate) fn new(split: &'a Split<'a>, seed: u64) -> Self {
        Self {
            split,
            catalogue: split.catalogue(),
            new_histories: split.histories(&split.new),
            histories: split.histories(&split.repeats),
            seed,
        }
    }

    /// Asks a ranker for everybody's lists and measures them.
    ///
    /// # Errors
    /// Never for lists that are made here.
    pub(crate) fn measured(&self, ranker: &dyn Ranker, seconds: f64) -> Result<Compared> {
        let lists = lists_of(ranker, self.split, available_threads());
        let name = ranker.name();
        let of = |lists: &[Vec<u32>], truth: &[Truth], histories: &[Vec<u32>]| {
            let setting = Setting { truth, histories, catalogue: &self.catalogue, seed: self.seed };
            measure(Lists { model: &name, lists }, &setting)
        };
        let new = of(&lists.new, &self.split.new, &self.new_histories)?;
        let repeats = of(&lists.repeats, &self.split.repeats, &self.histories)?;
        Ok(Compared { name, seconds, lists, new, repeats })
    }

    /// The baselines: popularity, recent popularity, personal frequency, EASE^R and iALS.
    ///
    /// # Errors
    /// Never for a split that was made here.
    pub(crate) fn baselines(&self) -> Result<Vec<Compared>> {
        let past = self.split.past();
        let tables = [
            TableRanker::popularity(&past)?,
            TableRanker::recent_popularity(&past),
            TableRanker::personal_frequency(&past)?,
        ];
        let mut compared = tables.iter().map(|table| self.measured(table, 0.0)).collect::<Result<Vec<_>>>()?;
        let begun = Instant::now();
        // As published: every weight is kept.
        let keep = past.items();
        let settings = NeighbourSettings { regularisation: EASE_REGULARISATION, keep, ..NeighbourSettings::default() };
        let neighbours = NeighbourRanker::train(past.pairs()?, &settings)?;
        compared.push(self.measured(&neighbours, begun.elapsed().as_secs_f64())?);
        let begun = Instant::now();
        let decayed = past.weighted(|age_days| (-age_days / FACTORS_HALF_LIFE_DAYS).exp2())?;
        let factors = FactorRanker::train(decayed, self.seed)?;
        compared.push(self.measured(&factors, begun.elapsed().as_secs_f64())?);
        Ok(compared)
    }

    /// The engine, with a model or with the pack's own weights.
    ///
    /// # Errors
    /// As [`Judge::measured`].
    pub(crate) fn engine(&self, name: &str, model: Option<&ServedModel>, seconds: f64) -> Result<Compared> {
        let split = self.split;
        let ranker = EngineRanker {
            name: name.to_owned(),
            world: split.world,
            states: &split.states,
            now_ms: split.at_ms,
            model,
        };
        self.measured(&ranker, seconds)
    }
}
