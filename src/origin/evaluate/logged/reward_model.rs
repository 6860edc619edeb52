//! What a shown item would have earned: the model that the direct method and the doubly robust estimators need.
//!
//! For each position its own ridge logistic regression over one-hot features of the context and of the item (the item
//! itself, and what describes it). It is cross-fitted: a round is judged by a model that has not seen it, so that DR
//! keeps its guarantee (Chernozhukov et al. 2018; Narita, Yasui and Yata 2020).

use super::logistic::{Example, Logistic};
use crate::evaluate::chance::Chance;

/// Folds of the cross-fit.
pub(crate) const FOLDS: usize = 3;
/// Strength of the ridge. 1 is a prior of one standard deviation of log-odds for each feature.
const RIDGE: f64 = 1.0;

/// One logged round, as the model sees it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shown {
    /// Features of the context, numbered from 0.
    pub(crate) context: Vec<u32>,
    /// What was shown.
    pub(crate) action: u32,
    /// Where, from 0.
    pub(crate) position: usize,
    /// 1 when it was clicked, else 0.
    pub(crate) reward: f64,
}

/// Sizes, and what describes each action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Space {
    /// How many features contexts have.
    pub(crate) context_features: usize,
    /// How many positions there are.
    pub(crate) positions: usize,
    /// For each action the features that it shares with others, numbered from 0.
    pub(crate) action_features: Vec<Vec<u32>>,
}

/// What the model says of one round.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Opinion {
    /// The reward expected of each action in this context at this position.
    pub(crate) of_actions: Vec<f64>,
}

/// Opinions on every round, each by a model that was fitted without it.
pub(crate) fn cross_fit(rounds: &[Shown], space: &Space, folds: usize, seed: u64) -> Vec<Opinion> {
    let folds = folds.max(2);
    let fold_of = folds_of(rounds.len(), folds, seed);
    let mut opinions = vec![Opinion { of_actions: Vec::new() }; rounds.len()];
    for position in 0..space.positions {
        for fold in 0..folds {
            let here = || rounds.iter().zip(&fold_of).filter(|(round, _)| round.position == position);
            let learned: Vec<Example> =
                here().filter(|(_, other)| **other != fold).map(|(round, _)| space.example(round)).collect();
            let model = Logistic::fit(&learned, space.features(), RIDGE);
            let judged = rounds.iter().zip(&fold_of).zip(&mut opinions);
            for ((round, _), opinion) in judged.filter(|((round, own), _)| round.position == position && **own == fold)
            {
                opinion.of_actions = space.judge(&model, &round.context);
            }
        }
    }
    opinions
}

impl Space {
    fn features(&self) -> usize {
        let shared = self.action_features.iter().flatten().max().map_or(0, |largest| *largest as usize + 1);
        self.context_features + self.action_features.len() + shared
    }

    fn features_of_action(&self, action: u32) -> impl Iterator<Item = u32> + '_ {
        let own = self.context_features as u32 + action;
        let from = (self.context_features + self.action_features.len()) as u32;
        let shared = self.action_features.get(action as usize).into_iter().flatten();
        std::iter::once(own).chain(shared.map(move |feature| from + feature))
    }

    fn example(&self, round: &Shown) -> Example {
        let features = round.context.iter().copied().chain(self.features_of_action(round.action)).collect();
        Example { features, label: round.reward }
    }

    fn judge(&self, model: &Logistic, context: &[u32]) -> Vec<f64> {
        let chance = |action| model.probability(context.iter().copied().chain(self.features_of_action(action)));
        (0..self.action_features.len() as u32).map(chance).collect()
    }
}

/// A fold for each round: equal sizes in a shuffled order (Fisher and Yates).
fn folds_of(rounds: usize, folds: usize, seed: u64) -> Vec<usize> {
    let mut fold_of: Vec<usize> = (0..rounds).map(|index| index % folds).collect();
    let mut chance = Chance::new(seed);
    for last in (1..rounds).rev() {
        fold_of.swap(last, chance.below(last + 1));
    }
    fold_of
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn space() -> Space {
        Space { context_features: 1, positions: 2, action_features: vec![vec![0], vec![1]] }
    }

    fn rounds() -> Vec<Shown> {
        let mut chance = Chance::new(5);
        let mut round = |_| {
            let (action, position) = (chance.below(2) as u32, chance.below(2));
            let rate = if action == 1 { 0.5 } else { 0.1 } + if position == 1 { 0.2 } else { 0.0 };
            Shown { context: vec![0], action, position, reward: f64::from(u8::from(chance.unit() < rate)) }
        };
        (0..4_000).map(&mut round).collect()
    }

    #[test]
    fn opinions_come_near_the_rates_of_action_and_position() {
        let rounds = rounds();
        for (round, opinion) in rounds.iter().zip(cross_fit(&rounds, &space(), FOLDS, 1)) {
            let extra = if round.position == 1 { 0.2 } else { 0.0 };
            assert!((opinion.of_actions[0] - 0.1 - extra).abs() < 0.05, "{opinion:?}");
            assert!((opinion.of_actions[1] - 0.5 - extra).abs() < 0.05, "{opinion:?}");
        }
    }

    #[test]
    fn no_round_is_judged_by_itself() {
        let mut rounds = rounds();
        let before = cross_fit(&rounds, &space(), FOLDS, 1);
        rounds[17].reward = 1.0 - rounds[17].reward;
        let after = cross_fit(&rounds, &space(), FOLDS, 1);
        assert_eq!(before[17], after[17]);
        assert_ne!(before, after);
    }

    #[test]
    fn folds_are_of_equal_size() {
        let folds = folds_of(10, 3, 1);
        let sizes: Vec<usize> = (0..3).map(|fold| folds.iter().filter(|own| **own == fold).count()).collect();
        assert_eq!(sizes, [4, 3, 3]);
        assert_ne!(folds, folds_of(10, 3, 2));
    }
}
