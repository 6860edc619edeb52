//! Ridge logistic regression over one-hot features: small, exact and the same on every run.

/// Newton steps at most; ten are plenty for a strictly convex function of this kind.
const NEWTON_STEPS: usize = 50;
/// Newton ends when no weight moves by more.
const SMALLEST_MOVE: f64 = 1e-10;

/// One example: which features are there, and whether it happened.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Example {
    /// Feature numbers, each at most once.
    pub(super) features: Vec<u32>,
    /// 1 when it happened, else 0; shares between are fine.
    pub(super) label: f64,
}

/// P(happens) = 1 / (1 + exp(-(intercept + sum of the features' weights))).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Logistic {
    intercept: f64,
    weights: Vec<f64>,
}

impl Logistic {
    /// Fits by minimising log-loss + `ridge` / 2 * sum of squared weights.
    ///
    /// The intercept is the log-odds of the smoothed mean, (happened + 0.5) / (n + 1), and feature 0 .. `features` - 1
    /// explain what differs from it. So the minimum exists and is unique, even when nothing ever happened.
    pub(super) fn fit(examples: &[Example], features: usize, ridge: f64) -> Self {
        let happened: f64 = examples.iter().map(|example| example.label).sum();
        let share = (happened + 0.5) / (examples.len() as f64 + 1.0);
        let mut model = Self { intercept: (share / (1.0 - share)).ln(), weights: vec![0.0; features] };
        for _ in 0..NEWTON_STEPS {
            let step = model.newton_step(examples, ridge);
            let largest = step.iter().map(|move_| move_.abs()).fold(0.0, f64::max);
            // Far from the minimum a full step may overshoot; weights that jump are pulled back.
            let scale = if largest > 5.0 { 5.0 / largest } else { 1.0 };
            model.weights.iter_mut().zip(&step).for_each(|(weight, move_)| *weight -= scale * move_);
            if largest < SMALLEST_MOVE {
                break;
            }
        }
        model
    }

    /// The probability with these features.
    pub(super) fn probability(&self, features: impl Iterator<Item = u32>) -> f64 {
        let score = self.intercept + features.filter_map(|feature| self.weights.get(feature as usize)).sum::<f64>();
        1.0 / (1.0 + (-score).exp())
    }

    /// Solves (Hessian) step = gradient by conjugate gradients, so that no matrix is ever made.
    fn newton_step(&self, examples: &[Example], ridge: f64) -> Vec<f64> {
        let chances: Vec<f64> =
            examples.iter().map(|example| self.probability(example.features.iter().copied())).collect();
        let mut gradient: Vec<f64> = self.weights.iter().map(|weight| ridge * weight).collect();
        for (example, chance) in examples.iter().zip(&chances) {
            add(&mut gradient, &example.features, chance - example.label);
        }
        let curvature = |direction: &[f64]| {
            let mut product: Vec<f64> = direction.iter().map(|value| ridge * value).collect();
            for (example, chance) in examples.iter().zip(&chances) {
                let along: f64 = example.features.iter().filter_map(|feature| direction.get(*feature as usize)).sum();
                add(&mut product, &example.features, chance * (1.0 - chance) * along);
            }
            product
        };
        conjugate_gradients(curvature, &gradient)
    }
}

fn add(vector: &mut [f64], features: &[u32], amount: f64) {
    for feature in features {
        if let Some(value) = vector.get_mut(*feature as usize) {
            *value += amount;
        }
    }
}

/// Solves A x = b for a positive definite A that is given as its product with a vector (Hestenes and Stiefel 1952).
fn conjugate_gradients(product: impl Fn(&[f64]) -> Vec<f64>, right: &[f64]) -> Vec<f64> {
    let dot = |left: &[f64], right: &[f64]| left.iter().zip(right).map(|(left, right)| left * right).sum::<f64>();
    let mut solution = vec![0.0; right.len()];
    let (mut residual, mut direction) = (right.to_vec(), right.to_vec());
    let mut size = dot(&residual, &residual);
    let enough = size * 1e-24;
    for _ in 0..2 * right.len() {
        if size <= enough || size == 0.0 {
            break;
        }
        let curved = product(&direction);
        let step = size / dot(&direction, &curved);
        solution.iter_mut().zip(&direction).for_each(|(value, along)| *value += step * along);
        residual.iter_mut().zip(&curved).for_each(|(value, along)| *value -= step * along);
        let next = dot(&residual, &residual);
        direction.iter_mut().zip(&residual).for_each(|(along, rest)| *along = rest + next / size * *along);
        size = next;
    }
    solution
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examples(counts: &[(&[u32], usize, usize)]) -> Vec<Example> {
        let repeat = |features: &[u32], label, times| vec![Example { features: features.to_vec(), label }; times];
        let both = |(features, yes, no): &(&[u32], usize, usize)| {
            [repeat(features, 1.0, *yes), repeat(features, 0.0, *no)].concat()
        };
        counts.iter().flat_map(both).collect()
    }

    #[test]
    fn without_a_penalty_it_finds_the_shares() {
        let examples = examples(&[(&[0], 30, 70), (&[1], 600, 400)]);
        let model = Logistic::fit(&examples, 2, 1e-9);
        assert!((model.probability([0].into_iter()) - 0.3).abs() < 1e-9);
        assert!((model.probability([1].into_iter()) - 0.6).abs() < 1e-9);
    }

    #[test]
    fn the_gradient_is_nothing_at_the_minimum() {
        let examples = examples(&[(&[0, 2], 3, 40), (&[1, 2], 9, 40), (&[0, 3], 0, 25), (&[1], 4, 4)]);
        let model = Logistic::fit(&examples, 4, 0.7);
        let rest = model.newton_step(&examples, 0.7);
        assert!(rest.iter().all(|value| value.abs() < 1e-9), "{rest:?}");
    }

    #[test]
    fn what_never_happened_is_unlikely_and_not_impossible() {
        let model = Logistic::fit(&examples(&[(&[0], 0, 99)]), 1, 1.0);
        let chance = model.probability([0].into_iter());
        assert!(chance > 0.0 && chance < 0.005, "{chance}");
        // A feature that no example has changes nothing.
        assert_eq!(model.probability([7].into_iter()), model.probability([].into_iter()));
    }
}
