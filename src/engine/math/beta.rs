//! The incomplete beta function, in logarithms, so that no tail is lost.

use super::gamma::{continued_fraction, log_ratio, stirling_error};
use std::f64::consts::PI;

/// Returns `(ln I_x(a, b), ln(1 - I_x(a, b)))` of the regularised incomplete beta function, for a, b > 0.
///
/// `x` and `y = 1 - x` are both asked for, because a caller mostly knows the smaller of them more exactly than 1 less the
/// other. NaN for input outside of the ranges. Didonato and Morris (1992), "Algorithm 708", equation 9: a continued fraction
/// that takes `a - (a + b) x` and so does not cancel, on the side of the mean where it converges; the factor before it as
/// a deviance (Loader 2000).
pub fn log_incomplete_beta(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    if !(a > 0.0 && b > 0.0 && x >= 0.0 && y >= 0.0) {
        return (f64::NAN, f64::NAN);
    }
    if x == 0.0 {
        return (f64::NEG_INFINITY, 0.0);
    }
    if y == 0.0 {
        return (0.0, f64::NEG_INFINITY);
    }
    let whole = a + b;
    let (from_a, from_b) = (whole * x, whole * y);
    // What a has too much b has too little. It is taken from the smaller of x and y, which is the more exact one.
    let excess = if x < y { a - from_a } else { from_b - b };
    let deviance = a * log_ratio(a, from_a, excess) + b * log_ratio(b, from_b, -excess);
    // ln(x^a y^b / B(a, b))
    let log_density = 0.5 * libm::log(a / whole * b / (2.0 * PI)) - deviance - stirling_error(a) - stirling_error(b)
        + stirling_error(whole);
    if x * (whole + 2.0) < a + 1.0 {
        let lower = log_density - libm::log(fraction(a, b, x, y, excess));
        (lower, log_complement(lower))
    } else {
        let upper = log_density - libm::log(fraction(b, a, y, x, -excess));
        (log_complement(upper), upper)
    }
}

/// Returns the regularised incomplete beta function `I_x(a, b)`: the probability that a Beta(a, b) is at most x.
pub fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    libm::exp(log_incomplete_beta(a, b, x, 1.0 - x).0)
}

/// Returns `ln(1 - e^log)` for a logarithm that is not positive.
pub(super) fn log_complement(log: f64) -> f64 {
    // Each form is exact on its side of ln 1/2.
    if log > -std::f64::consts::LN_2 { libm::log(-libm::expm1(log)) } else { libm::log1p(-libm::exp(log)) }
}

/// The fraction below `x^a y^b / B(a, b)`; `excess` is `a - (a + b) x`.
fn fraction(a: f64, b: f64, x: f64, y: f64, excess: f64) -> f64 {
    continued_fraction(a * (excess + 1.0) / (a + 1.0), |step| {
        let n = f64::from(step);
        let odd = a + 2.0 * n - 1.0;
        let down = n * (b - n) * x / odd;
        let up = (a + n - 1.0) * (a + b + n - 1.0) * x / odd;
        (up * down, n + down + (a + n) * (excess + 1.0 + n * (1.0 + y)) / (a + 2.0 * n + 1.0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_shapes_are_sums_of_binomials() {
        // I_x(a, 1) = x^a, and I_x(2, 3) = 6 x^2 - 8 x^3 + 3 x^4.
        for x in [1e-100, 0.001, 0.3, 0.5, 0.77, 0.999] {
            let expected = x * x * (6.0 - 8.0 * x + 3.0 * x * x);
            assert!((incomplete_beta(2.0, 3.0, x) / expected - 1.0).abs() < 1e-12, "{x}");
            let (lower, upper) = log_incomplete_beta(7.0, 1.0, x, 1.0 - x);
            assert!((lower / (7.0 * libm::log(x)) - 1.0).abs() < 1e-11, "{x}: {lower}");
            assert!((libm::exp(lower) + libm::exp(upper) - 1.0).abs() < 1e-12, "{x}");
        }
        assert_eq!(log_incomplete_beta(2.0, 3.0, 0.0, 1.0), (f64::NEG_INFINITY, 0.0));
        assert_eq!(log_incomplete_beta(2.0, 3.0, 1.0, 0.0), (0.0, f64::NEG_INFINITY));
        assert!(incomplete_beta(0.0, 1.0, 0.5).is_nan());
    }
}
