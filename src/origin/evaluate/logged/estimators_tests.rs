//! Estimators against worlds that are small enough to enumerate, and against many seeded samples of one.

use super::*;
use crate::evaluate::chance::Chance;

/// Two contexts, three actions, rewards 0 or 1.
struct World {
    context: [f64; 2],
    logged: [[f64; 3]; 2],
    target: [[f64; 3]; 2],
    click: [[f64; 3]; 2],
    model: [[f64; 3]; 2],
}

const WORLD: World = World {
    context: [0.3, 0.7],
    logged: [[0.2, 0.5, 0.3], [0.6, 0.3, 0.1]],
    target: [[0.7, 0.1, 0.2], [0.2, 0.0, 0.8]],
    click: [[0.1, 0.9, 0.4], [0.5, 0.2, 0.7]],
    model: [[0.3, 0.2, 0.9], [0.1, 0.6, 0.4]],
};

const OPTIONS: Options = Options { largest_weight: None, resamples: 0, seed: 1 };

impl World {
    fn truth(&self) -> f64 {
        self.sum(|context, action| self.target[context][action] * self.click[context][action])
    }

    fn sum(&self, value: impl Fn(usize, usize) -> f64) -> f64 {
        (0..2)
            .flat_map(|context| (0..3).map(move |action| (context, action)))
            .map(|(context, action)| self.context[context] * value(context, action))
            .sum()
    }

    fn round(&self, context: usize, action: usize, reward: f64) -> Round {
        Round {
            reward,
            propensity: self.logged[context][action],
            target: self.target[context][action],
            predicted: self.model[context][action],
            expected: (0..3).map(|other| self.target[context][other] * self.model[context][other]).sum(),
        }
    }

    /// Every round that can happen, with its probability.
    fn outcomes(&self) -> Vec<(f64, Round)> {
        let mut all = Vec::new();
        for (context, action) in (0..2).flat_map(|context| (0..3).map(move |action| (context, action))) {
            for reward in [0.0, 1.0] {
                let click = self.click[context][action];
                let chance = if reward > 0.0 { click } else { 1.0 - click };
                let probability = self.context[context] * self.logged[context][action] * chance;
                all.push((probability, self.round(context, action, reward)));
            }
        }
        all
    }

    /// The expectation of each estimator over all logs of two rounds.
    fn expectations(&self) -> Vec<f64> {
        let outcomes = self.outcomes();
        let mut sums = vec![0.0; Estimator::ALL.len()];
        for (first_probability, first) in &outcomes {
            for (second_probability, second) in &outcomes {
                let found = estimate(&[*first, *second], &OPTIONS, &Estimator::ALL).unwrap();
                for (sum, estimate) in sums.iter_mut().zip(found.estimates) {
                    *sum += first_probability * second_probability * estimate.value;
                }
            }
        }
        sums
    }

    fn sample(&self, rounds: usize, chance: &mut Chance) -> Vec<Round> {
        let mut pick = |shares: &[f64]| {
            let mut left = chance.unit();
            shares
                .iter()
                .position(|share| {
                    left -= share;
                    left < 0.0
                })
                .unwrap_or(shares.len() - 1)
        };
        let mut once = || {
            let context = pick(&self.context);
            let action = pick(&self.logged[context]);
            let reward = 1.0 - pick(&[self.click[context][action], 1.0 - self.click[context][action]]) as f64;
            self.round(context, action, reward)
        };
        (0..rounds).map(|_| once()).collect()
    }
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
}

#[test]
fn unbiased_estimators_expect_the_truth_over_every_possible_log() {
    let [ips, _, dm, dr, _] = WORLD.expectations()[..] else { panic!() };
    near(ips, WORLD.truth());
    near(dr, WORLD.truth());
    // The direct method expects what its model says, right or wrong.
    near(dm, WORLD.sum(|context, action| WORLD.target[context][action] * WORLD.model[context][action]));
    let right = World { model: WORLD.click, ..WORLD };
    near(right.expectations()[2], WORLD.truth());
}

#[test]
fn doubly_robust_needs_one_of_both_only() {
    let mut sums = 0.0;
    let right = World { model: WORLD.click, ..WORLD };
    for (probability, round) in right.outcomes() {
        let mistaken = Round { propensity: 0.25, ..round };
        sums += probability * estimate(&[mistaken], &OPTIONS, &[Estimator::Dr]).unwrap().estimates[0].value;
    }
    near(sums, WORLD.truth());
}

#[test]
fn a_log_that_holds_every_outcome_as_often_as_it_happens_gives_the_truth() {
    // Every probability of the world is a multiple of 1/1000.
    let rounds: Vec<Round> = WORLD
        .outcomes()
        .into_iter()
        .flat_map(|(probability, round)| vec![round; (probability * 1_000.0).round() as usize])
        .collect();
    assert_eq!(rounds.len(), 1_000);
    let found = estimate(&rounds, &OPTIONS, &Estimator::ALL).unwrap();
    for estimate in found.estimates.iter().filter(|estimate| estimate.estimator != "DM") {
        near(estimate.value, WORLD.truth());
    }
    near(found.diagnostics.mean_weight, 1.0);
    assert!(found.diagnostics.effective_rounds < 500.0 && found.diagnostics.unused_ratio > 0.2);
}

#[test]
fn self_normalised_estimates_agree_with_their_enumeration() {
    // The expectation of a ratio over logs of two rounds, written out without the estimator.
    let outcomes = WORLD.outcomes();
    let mut expected = 0.0;
    for (first_probability, first) in &outcomes {
        for (second_probability, second) in &outcomes {
            let weights = [first.target / first.propensity, second.target / second.propensity];
            let total = weights[0] + weights[1];
            if total > 0.0 {
                let earned = weights[0] * first.reward + weights[1] * second.reward;
                expected += first_probability * second_probability * earned / total;
            }
        }
    }
    near(WORLD.expectations()[1], expected);
}

/// The share of samples whose interval holds the truth: (normal, bootstrap) for each estimator.
fn coverage(world: &World, samples: usize, rounds: usize, resamples: usize, kinds: &[Estimator]) -> Vec<(f64, f64)> {
    let mut chance = Chance::new(2_024);
    let mut held = vec![(0.0, 0.0); kinds.len()];
    for seed in 0..samples {
        let options = Options { largest_weight: None, resamples, seed: seed as u64 };
        let found = estimate(&world.sample(rounds, &mut chance), &options, kinds).unwrap();
        for (held, estimate) in held.iter_mut().zip(found.estimates) {
            held.0 += f64::from(u8::from(estimate.normal.holds(world.truth()))) / samples as f64;
            held.1 += f64::from(u8::from(estimate.bootstrap.holds(world.truth()))) / samples as f64;
        }
    }
    held
}

#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    use Estimator::{Dr, Ips, Sndr, Snips};
    for (normal, _) in coverage(&WORLD, 1_000, 1_500, 0, &[Ips, Snips, Dr, Sndr]) {
        assert!((0.93..=0.97).contains(&normal), "{normal}");
    }
    // Weights up to 2.4 only, so that few rounds are enough for the slower interval.
    let even = World { logged: [[1.0 / 3.0; 3]; 2], ..WORLD };
    for (_, bootstrap) in coverage(&even, 400, 400, 200, &[Ips, Snips, Dr, Sndr]) {
        assert!((0.93..=0.97).contains(&bootstrap), "{bootstrap}");
    }
}

#[test]
fn self_normalising_and_a_good_model_narrow_the_interval() {
    let rounds = World { model: WORLD.click, ..WORLD }.sample(2_000, &mut Chance::new(3));
    let found = estimate(&rounds, &OPTIONS, &Estimator::ALL).unwrap().estimates;
    assert!(found[1].standard_error < found[0].standard_error && found[3].standard_error < found[0].standard_error);
}

#[test]
fn clipping_bounds_every_weight_and_is_told() {
    let rounds = WORLD.sample(500, &mut Chance::new(4));
    let options = Options { largest_weight: Some(2.0), ..OPTIONS };
    let found = estimate(&rounds, &options, &[Estimator::Ips]).unwrap();
    assert!(found.diagnostics.clipped_ratio > 0.0 && found.diagnostics.largest_weight == 8.0);
    let expected: f64 = rounds.iter().map(|round| (round.target / round.propensity).min(2.0) * round.reward).sum();
    near(found.estimates[0].value, expected / 500.0);
}

#[test]
fn impossible_logs_are_refused() {
    let good = WORLD.round(0, 0, 1.0);
    let refused = |round: Round| estimate(&[round], &OPTIONS, &Estimator::ALL).is_err();
    assert!(!refused(good));
    for propensity in [0.0, -0.1, 1.1, f64::NAN] {
        assert!(refused(Round { propensity, ..good }), "{propensity}");
    }
    assert!(refused(Round { target: 1.5, ..good }));
    assert!(refused(Round { reward: f64::NAN, ..good }));
    assert!(estimate(&[], &OPTIONS, &Estimator::ALL).is_err());
    let options = Options { largest_weight: Some(0.0), ..OPTIONS };
    assert!(estimate(&[good], &options, &Estimator::ALL).is_err());
}
