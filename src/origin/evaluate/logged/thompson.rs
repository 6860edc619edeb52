//! With which probability Bernoulli Thompson sampling shows an item at a place: exactly, not by drawing.
//!
//! The policy draws a rate for each item from Beta(alpha, beta) and shows the items with the largest ones. Item i stands
//! at place k when exactly k - 1 others drew more:
//!
//! P(i at k) = integral of f_i(x) * P(exactly k - 1 of the others exceed x) dx
//!
//! The integral runs over t = ln(x / (1 - x)), where every density is smooth and falls off exponentially, so that the
//! trapezoid rule is exact to rounding; distribution functions get the first Euler-Maclaurin correction, since the
//! density's slope is known. Probabilities of a place add up to 1 within 1e-9.

use anyhow::{Result, ensure};

/// What is believed of one item's rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Belief {
    /// Clicks, with those of the prior.
    pub(crate) alpha: f64,
    /// Rounds without a click, with those of the prior.
    pub(crate) beta: f64,
}

/// Steps of the grid within one standard deviation of the narrowest belief.
const STEPS_PER_DEVIATION: f64 = 40.0;
/// Densities below exp(-40) of their peak do not reach the 1e-12 that matters.
const TAIL: f64 = 40.0;
/// A grid of more steps would take minutes: then some beliefs are too narrow beside others that are too wide.
const MOST_STEPS: f64 = 4e6;

/// The probability of each item at each of the first `PLACES` places.
///
/// # Errors
/// Fewer items than places; parameters that are not above 0 and finite, or too far apart for one grid.
pub(crate) fn thompson<const PLACES: usize>(beliefs: &[Belief]) -> Result<Vec<[f64; PLACES]>> {
    ensure!(beliefs.len() >= PLACES, "{} items cannot fill {PLACES} places", beliefs.len());
    for (item, Belief { alpha, beta }) in beliefs.iter().enumerate() {
        let is_right = |value: &f64| *value > 0.0 && value.is_finite();
        ensure!(is_right(alpha) && is_right(beta), "item {item}: alpha {alpha} and beta {beta} must be above 0");
    }
    let grid = Grid::over(beliefs);
    ensure!(grid.steps < MOST_STEPS, "these parameters need {:.0} steps, above {MOST_STEPS:.0}", grid.steps);
    let mut curves: Vec<Curve> = beliefs.iter().map(|belief| Curve::of(*belief, &grid)).collect();
    let mut places = vec![[0.0; PLACES]; beliefs.len()];
    let mut after = vec![[0.0; PLACES]; beliefs.len() + 1];
    for t in grid.points() {
        curves.iter_mut().for_each(|curve| curve.advance(t, grid.step));
        add_point(&curves, &mut after, &mut places, grid.step);
    }
    Ok(places)
}

/// Adds what one point of the grid contributes to every probability.
fn add_point<const PLACES: usize>(
    curves: &[Curve],
    after: &mut [[f64; PLACES]],
    places: &mut [[f64; PLACES]],
    step: f64,
) {
    let mut none = [0.0; PLACES];
    none.iter_mut().take(1).for_each(|value| *value = 1.0);
    // How many of the items from here on exceed the point: built from the end, one item at a time.
    let mut rest = none;
    for (slot, curve) in after.iter_mut().rev().zip(std::iter::once(None).chain(curves.iter().rev().map(Some))) {
        rest = curve.map_or(rest, |curve| joined(&rest, curve.below));
        *slot = rest;
    }
    let mut before = none;
    for ((curve, after), place) in curves.iter().zip(after.iter().skip(1)).zip(places) {
        for (exceeding, probability) in place.iter_mut().enumerate() {
            let others: f64 = before.iter().zip(after.iter().take(exceeding + 1).rev()).map(|(a, b)| a * b).sum();
            *probability += step * curve.density * others;
        }
        before = joined(&before, curve.below);
    }
}

/// The distribution of a count after one more item, which exceeds the point with probability 1 - `below`.
fn joined<const PLACES: usize>(counts: &[f64; PLACES], below: f64) -> [f64; PLACES] {
    let mut next = *counts;
    let one_less = std::iter::once(0.0).chain(counts.iter().copied());
    next.iter_mut().zip(one_less).for_each(|(count, less)| *count = *count * below + less * (1.0 - below));
    next
}

struct Grid {
    from: f64,
    step: f64,
    steps: f64,
}

impl Grid {
    fn over(beliefs: &[Belief]) -> Self {
        let (mut from, mut to, mut narrowest) = (f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY);
        for Belief { alpha, beta } in beliefs {
            let peak = (alpha / beta).ln();
            let deviation = (1.0 / alpha + 1.0 / beta).sqrt();
            // Near the peak the density falls like a normal one, further out like exp(alpha t) and exp(-beta t).
            let reach = (2.0 * TAIL).sqrt() * deviation;
            from = from.min(peak - reach - TAIL / alpha);
            to = to.max(peak + reach + TAIL / beta);
            narrowest = narrowest.min(deviation);
        }
        let step = narrowest / STEPS_PER_DEVIATION;
        Self { from, step, steps: (to - from) / step }
    }

    fn points(&self) -> impl Iterator<Item = f64> + '_ {
        (0..=self.steps as u64).map(|index| self.from + self.step * index as f64)
    }
}

/// One belief's density over t and how much of it lies below, at the point that the walk has reached.
struct Curve {
    belief: Belief,
    /// The logarithm of the factor that makes the density's integral 1.
    scale: f64,
    density: f64,
    sum: f64,
    below: f64,
}

impl Curve {
    fn of(belief: Belief, grid: &Grid) -> Self {
        let mut curve = Self { belief, scale: 0.0, density: 0.0, sum: 0.0, below: 0.0 };
        // The peak goes first, so that nothing overflows; the sum then makes the integral 1 without gamma functions.
        curve.scale = -curve.log_density((belief.alpha / belief.beta).ln());
        let total: f64 = grid.points().map(|t| curve.log_density(t).exp()).sum();
        curve.scale -= (total * grid.step).ln();
        curve
    }

    /// alpha ln x + beta ln(1 - x) + scale, with x = 1 / (1 + exp(-t)).
    fn log_density(&self, t: f64) -> f64 {
        // ln(1 + exp(t)) without overflow.
        let soft = t.max(0.0) + (-t.abs()).exp().ln_1p();
        self.belief.alpha * (t - soft) - self.belief.beta * soft + self.scale
    }

    fn advance(&mut self, t: f64, step: f64) {
        let density = self.log_density(t).exp();
        self.sum += step * (self.density + density) / 2.0;
        self.density = density;
        let rate = 1.0 / (1.0 + (-t).exp());
        let slope = density * (self.belief.alpha - (self.belief.alpha + self.belief.beta) * rate);
        self.below = (self.sum - step * step / 12.0 * slope).clamp(0.0, 1.0);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn beliefs(pairs: &[(f64, f64)]) -> Vec<Belief> {
        pairs.iter().map(|(alpha, beta)| Belief { alpha: *alpha, beta: *beta }).collect()
    }

    fn check(pairs: &[(f64, f64)], first: &[f64]) {
        let found = thompson::<1>(&beliefs(pairs)).unwrap();
        for (found, expected) in found.iter().zip(first) {
            assert!((found[0] - expected).abs() < 1e-9, "{pairs:?}: {found:?} {expected}");
        }
    }

    #[test]
    fn worlds_with_a_known_answer() {
        check(&[(1.0, 1.0), (1.0, 1.0)], &[0.5, 0.5]);
        check(&[(2.0, 1.0), (1.0, 1.0)], &[2.0 / 3.0, 1.0 / 3.0]);
        check(&[(1.0, 1.0), (1.0, 1.0), (3.0, 1.0)], &[0.2, 0.2, 0.6]);
        check(&[(5.0, 900.0); 4], &[0.25; 4]);
    }

    #[test]
    fn every_place_is_filled_by_somebody() {
        let found =
            thompson::<3>(&beliefs(&[(47.0, 12_198.0), (8.0, 3_566.0), (1.0, 900.0), (857.0, 60_000.0)])).unwrap();
        for place in 0..3 {
            let total: f64 = found.iter().map(|item| item[place]).sum();
            assert!((total - 1.0).abs() < 1e-9, "{total}");
        }
        // Three of four are shown, and each at one place only.
        assert!(found.iter().all(|item| item.iter().sum::<f64>() <= 1.0 + 1e-9));
    }

    #[test]
    fn impossible_beliefs_are_refused() {
        assert!(thompson::<3>(&beliefs(&[(1.0, 1.0); 2])).is_err());
        assert!(thompson::<1>(&beliefs(&[(0.0, 1.0)])).is_err());
        assert!(thompson::<1>(&beliefs(&[(1.0, f64::NAN)])).is_err());
        assert!(thompson::<1>(&beliefs(&[(1e-7, 1.0), (1e9, 1e9)])).is_err());
    }
}
