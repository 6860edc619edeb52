//! The gamma function's relatives: log-densities without cancellation, and the tails of chi-square.
//!
//! Everything is written as a deviance plus Stirling's error (Loader 2000, "Fast and accurate computation of binomial
//! probabilities"), so that a difference of two huge logarithms of factorials is never taken.

use std::f64::consts::PI;

/// A continued fraction or a series that takes longer has met input that no caller has.
const MOST_STEPS: u32 = 200_000;

/// Returns `ln Γ(x) - ((x - 1/2) ln x - x + ln(2π) / 2)`, what Stirling's formula leaves out, for x > 0.
///
/// From 10 on it is Stirling's series, which is right to 1e-15 there.
pub fn stirling_error(x: f64) -> f64 {
    if x < 10.0 {
        return libm::lgamma(x) - ((x - 0.5) * libm::log(x) - x + 0.5 * libm::log(2.0 * PI));
    }
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    let series =
        square * (1.0 / 1_260.0 - square * (1.0 / 1_680.0 - square * (1.0 / 1_188.0 - square * 691.0 / 360_360.0)));
    inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - series))
}

/// Returns `x ln(x / expected) + expected - x`: how far a count is from what was expected, 0 or more; `expected` at x = 0.
pub fn deviance(x: f64, expected: f64) -> f64 {
    if x == 0.0 {
        return expected;
    }
    let excess = x - expected;
    x * log_ratio(x, expected, excess) - excess
}

/// Returns `ln(x / expected)`, from the excess `x - expected` where they are nearly equal and it says more.
pub(super) fn log_ratio(x: f64, expected: f64, excess: f64) -> f64 {
    if excess.abs() < 0.5 * expected { libm::log1p(excess / expected) } else { libm::log(x / expected) }
}

/// Returns `ln Q(shape, x)` of the regularised upper incomplete gamma function: `Q = Γ(shape, x) / Γ(shape)`.
///
/// `shape` > 0 and `x` >= 0; NaN otherwise. A series below `shape + 1`, Lentz's continued fraction above.
pub fn log_gamma_sf(shape: f64, x: f64) -> f64 {
    if !(shape > 0.0 && x >= 0.0) {
        return f64::NAN;
    }
    if x == 0.0 {
        return 0.0;
    }
    // ln(x^shape e^-x / Γ(shape + 1))
    let log_density = -deviance(shape, x) - 0.5 * libm::log(2.0 * PI * shape) - stirling_error(shape);
    if x < shape + 1.0 {
        let (mut term, mut sum, mut at) = (1.0, 1.0, shape);
        for _ in 0..MOST_STEPS {
            at += 1.0;
            term *= x / at;
            sum += term;
            if term < sum * 1e-17 {
                break;
            }
        }
        return libm::log1p(-libm::exp(log_density + libm::log(sum)));
    }
    let fraction = continued_fraction(x + 1.0 - shape, |step| {
        let step = f64::from(step);
        (step * (shape - step), x + 1.0 - shape + 2.0 * step)
    });
    log_density + libm::log(shape / fraction)
}

/// Returns the probability that chi-square with so many degrees of freedom is at least x.
///
/// Right to 1e-12 relative down to the smallest normal number; 1 at x <= 0, NaN for degrees that are not positive.
pub fn chi_square_sf(x: f64, degrees: f64) -> f64 {
    libm::exp(log_gamma_sf(0.5 * degrees, 0.5 * x.max(0.0)))
}

/// Returns `head + a1 / (b1 + a2 / (b2 + ...))` by the modified method of Lentz; `next` gives `(a, b)` of a step from 1.
pub(super) fn continued_fraction(head: f64, next: impl Fn(u32) -> (f64, f64)) -> f64 {
    const TINY: f64 = 1e-300;
    let apart_from_zero = |x: f64| if x.abs() < TINY { TINY } else { x };
    let mut value = apart_from_zero(head);
    let (mut forward, mut backward) = (value, 0.0);
    for step in 1..MOST_STEPS {
        let (a, b) = next(step);
        backward = 1.0 / apart_from_zero(b + a * backward);
        forward = apart_from_zero(b + a / forward);
        let factor = forward * backward;
        value *= factor;
        if (factor - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_of_chi_square_with_two_degrees_are_exponential() {
        for x in [0.0, 1e-9, 0.3, 2.0, 5.0, 100.0, 1_300.0] {
            let (found, expected) = (chi_square_sf(x, 2.0), libm::exp(-0.5 * x));
            assert!((found / expected - 1.0).abs() < 1e-12, "{x}: {found} instead of {expected}");
        }
        assert_eq!(chi_square_sf(-1.0, 3.0), 1.0);
        assert!(chi_square_sf(1.0, 0.0).is_nan() && chi_square_sf(f64::NAN, 2.0) == 1.0);
    }

    #[test]
    fn both_halves_of_stirlings_error_meet() {
        let (below, above) = (stirling_error(10.0 - 1e-12), stirling_error(10.0));
        assert!((below - above).abs() < 1e-14, "{below} and {above}");
    }
}
