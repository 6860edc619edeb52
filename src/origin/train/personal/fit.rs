//! The weights of one person: logistic regression on pairs, drawn towards 1, within the engine's limits.
//!
//! Minimises `mean over a choice's pairs of ln(1 + exp(-scale x sum of weight x difference))`, summed over choices, plus
//! `ridge / 2 x sum of (weight - 1)^2`, over weights within the limits. It is strictly convex, so the minimum is one. Each
//! step solves one weight by Newton and cuts it to the limits (coordinate descent with bounds; Hsieh et al., "A dual
//! coordinate descent method for large-scale linear SVM", ICML 2008, has the idea; here in the primal, for few weights).

use nearside_engine::models::{LEAST_WEIGHT, MOST_WEIGHT};

use super::choices::Choice;

/// Passes over all weights at most.
const PASSES: usize = 20;
/// It ends when no weight moves by more: served weights have three digits.
const SMALLEST_MOVE: f64 = 1e-4;
/// Newton steps for the scale.
const SCALE_STEPS: usize = 30;
/// The scale stays between this and its inverse: a model that orders nothing, or everything, has none.
const LEAST_SCALE: f64 = 1e-3;

/// How sharply all these people together choose by the model's score: the scale that makes its differences log-odds.
/// 1 where nothing tells.
pub(super) fn common_scale<'a>(people: impl Iterator<Item = &'a [Choice]> + Clone, terms: usize) -> f64 {
    let mut scale = 1.0;
    for _ in 0..SCALE_STEPS {
        let (mut slope, mut curvature) = (0.0, 0.0);
        for choice in people.clone().flatten() {
            let pairs = (choice.differences.len() / terms.max(1)).max(1) as f64;
            for pair in choice.differences.chunks_exact(terms.max(1)) {
                let difference: f64 = pair.iter().map(|value| f64::from(*value)).sum();
                let wrong = chance(-scale * difference);
                slope += difference * wrong / pairs;
                curvature += difference * difference * wrong * (1.0 - wrong) / pairs;
            }
        }
        if curvature <= 0.0 {
            break;
        }
        let before = scale;
        // Far from the minimum a full step may overshoot.
        scale =
            (scale + slope / curvature).clamp((before / 4.0).max(LEAST_SCALE), (before * 4.0).min(1.0 / LEAST_SCALE));
        if ((scale - before) / before).abs() < SMALLEST_MOVE {
            break;
        }
    }
    scale
}

/// Returns one weight for each term.
pub(super) fn fit(choices: &[Choice], terms: usize, scale: f64, ridge: f64) -> Vec<f64> {
    let mut weights = vec![1.0; terms];
    // By term, so that a step reads one column after the other.
    let mut columns: Vec<Vec<f64>> = vec![Vec::new(); terms];
    let mut shares: Vec<f64> = Vec::new();
    for choice in choices {
        let pairs = choice.differences.len() / terms.max(1);
        for pair in choice.differences.chunks_exact(terms.max(1)) {
            shares.push(1.0 / pairs as f64);
            columns.iter_mut().zip(pair).for_each(|(column, value)| column.push(scale * f64::from(*value)));
        }
    }
    let mut margins = vec![0.0; shares.len()];
    for column in &columns {
        margins.iter_mut().zip(column).for_each(|(margin, value)| *margin += value);
    }
    for _ in 0..PASSES {
        let mut largest: f64 = 0.0;
        for (weight, column) in weights.iter_mut().zip(&columns) {
            let (mut slope, mut curvature) = (ridge * (*weight - 1.0), ridge);
            for ((value, margin), share) in
                column.iter().zip(&margins).zip(&shares).filter(|((value, _), _)| **value != 0.0)
            {
                let wrong = chance(-margin);
                slope -= share * value * wrong;
                curvature += share * value * value * wrong * (1.0 - wrong);
            }
            let moved = (*weight - slope / curvature).clamp(LEAST_WEIGHT, MOST_WEIGHT) - *weight;
            *weight += moved;
            largest = largest.max(moved.abs());
            margins.iter_mut().zip(column).for_each(|(margin, value)| *margin += moved * value);
        }
        if largest < SMALLEST_MOVE {
            break;
        }
    }
    weights
}

/// For each choice the share of its pairs that these weights put in the right order; equal ones count half.
pub(super) fn accuracies(choices: &[Choice], weights: &[f64]) -> Vec<f64> {
    let of_choice = |choice: &Choice| {
        let pairs = choice.differences.chunks_exact(weights.len().max(1));
        let count = pairs.len().max(1) as f64;
        let right = |pair: &[f32]| {
            let difference: f64 = pair.iter().zip(weights).map(|(value, weight)| f64::from(*value) * weight).sum();
            if difference > 0.0 {
                1.0
            } else if difference < 0.0 {
                0.0
            } else {
                0.5
            }
        };
        pairs.map(right).sum::<f64>() / count
    };
    choices.iter().map(of_choice).collect()
}

/// The logistic function.
fn chance(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests may fail loudly")]
mod tests {
    use super::*;

    fn choice(pairs: &[[f32; 2]]) -> Choice {
        Choice { at_ms: 0, differences: pairs.concat() }
    }

    #[test]
    fn without_choices_every_weight_is_one() {
        assert_eq!(fit(&[], 2, 1.0, 16.0), [1.0, 1.0]);
        assert_eq!(fit(&vec![choice(&[[0.0, 0.0]]); 50], 2, 1.0, 16.0), [1.0, 1.0]);
        assert_eq!(common_scale([].into_iter(), 2), 1.0);
    }

    #[test]
    fn weights_follow_what_decides_and_stop_at_their_limits() {
        // What is chosen has less of the first and more of the second.
        let choices = vec![choice(&[[-2.0, 1.0], [-1.0, 1.0]]); 400];
        let weights = fit(&choices, 2, 1.0, 16.0);
        assert_eq!(weights, [LEAST_WEIGHT, MOST_WEIGHT]);
        let few = fit(&choices[..2], 2, 1.0, 16.0);
        assert!(few[0] > 0.75 && few[0] < 1.0 && few[1] > 1.0, "{few:?}");
    }

    #[test]
    fn the_minimum_within_the_limits_has_no_slope() {
        let choices: Vec<Choice> =
            (0..30).map(|n| choice(&[[if n % 3 == 0 { -0.8 } else { 0.5 }, (n % 5) as f32 / 10.0 - 0.2]])).collect();
        let weights = fit(&choices, 2, 1.5, 4.0);
        let loss = |weights: [f64; 2]| -> f64 {
            let pair = |choice: &Choice| {
                let sum: f64 =
                    choice.differences.iter().zip(weights).map(|(value, weight)| f64::from(*value) * weight).sum();
                (1.0 + (-1.5 * sum).exp()).ln()
            };
            choices.iter().map(pair).sum::<f64>()
                + 2.0 * weights.iter().map(|weight| (weight - 1.0).powi(2)).sum::<f64>()
        };
        let found = loss([weights[0], weights[1]]);
        for step in [[0.01, 0.0], [-0.01, 0.0], [0.0, 0.01], [0.0, -0.01]] {
            assert!(loss([weights[0] + step[0], weights[1] + step[1]]) > found);
        }
    }

    #[test]
    fn the_common_scale_makes_differences_log_odds() {
        // A difference of 0.5 is right three times of four, so its log-odds are ln 3.
        let choices: Vec<Choice> = (0..400).map(|n| choice(&[[if n % 4 == 0 { -0.5 } else { 0.5 }, 0.0]])).collect();
        let scale = common_scale([choices.as_slice()].into_iter(), 2);
        assert!((scale * 0.5 - 3_f64.ln()).abs() < 1e-3, "{scale}");
    }

    #[test]
    fn equal_scores_are_half_right() {
        let choices = [choice(&[[1.0, 0.0], [-1.0, 0.0], [0.0, 0.0], [1.0, -1.0]])];
        assert_eq!(accuracies(&choices, &[1.0, 1.0]), [0.5]);
        assert_eq!(accuracies(&choices, &[1.0, 0.5]), [0.625]);
    }
}
