//! The normal distribution: tails to the smallest number there is, and beyond it as logarithms.

use std::f64::consts::{LN_2, PI, SQRT_2};

use super::beta::log_complement;

/// Returns the probability that a standard normal is at most z.
pub fn normal_cdf(z: f64) -> f64 {
    normal_sf(-z)
}

/// Returns the probability that a standard normal is above z: `erfc(z / √2) / 2`.
///
/// Right to 1e-12 relative down to 1e-300 (z = 37); below 1e-308 it is 0, which `log_normal_sf` is not.
pub fn normal_sf(z: f64) -> f64 {
    0.5 * libm::erfc(z / SQRT_2)
}

/// Returns the logarithm of `normal_sf`, finite for every finite z.
///
/// From 20 on by Laplace's continued fraction for Mills' ratio, which is right to 1e-16 there.
pub fn log_normal_sf(z: f64) -> f64 {
    if z < 0.0 {
        return log_complement(log_normal_sf(-z));
    }
    if z < 20.0 {
        return libm::log(normal_sf(z));
    }
    let mut tail = z;
    for step in (1..=20).rev() {
        tail = z + f64::from(step) / tail;
    }
    log_density(z) - libm::log(tail)
}

/// Returns the z with `normal_cdf(z) = p`; infinite at 0 and 1, NaN outside.
pub fn normal_quantile(p: f64) -> f64 {
    if p > 0.5 { normal_upper_quantile(1.0 - p) } else { -normal_upper_quantile(p) }
}

/// Returns the z with `normal_sf(z) = p`, exact to 1e-14 also where p is too small for `1 - p` to be a number.
///
/// Newton's method on `ln normal_sf`, which is concave, from formula 26.2.23 of Abramowitz and Stegun.
pub fn normal_upper_quantile(p: f64) -> f64 {
    if p > 0.5 {
        return -normal_upper_quantile(1.0 - p);
    }
    if p.is_nan() || p < 0.0 {
        return f64::NAN;
    }
    if p == 0.0 {
        return f64::INFINITY;
    }
    let log_p = libm::log(p);
    let t = (-2.0 * log_p).sqrt();
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let below = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let mut z = if p == 0.5 { 0.0 } else { t - above / below };
    // The start is right to 5e-4, and each step doubles the digits.
    for _ in 0..4 {
        let log_tail = log_normal_sf(z);
        z += (log_tail - log_p) * libm::exp(log_tail - log_density(z));
    }
    z
}

/// Returns the probability of a |z| at least so large under the null, never below the smallest normal number: a p value
/// of 0 would claim more than anybody knows.
pub fn two_sided_p(z: f64) -> f64 {
    at_least_the_smallest(2.0 * normal_sf(z.abs())).min(1.0)
}

/// Returns the value, or the smallest normal number (2.2e-308) where it is below; NaN stays NaN.
pub fn at_least_the_smallest(p: f64) -> f64 {
    if p < f64::MIN_POSITIVE { f64::MIN_POSITIVE } else { p }
}

fn log_density(z: f64) -> f64 {
    -0.5 * (z * z + LN_2 + libm::log(PI))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_undo_tails() {
        for p in [1e-300, 1e-100, 1e-10, 1e-3, 0.025, 0.2, 0.499, 0.5, 0.7, 0.999] {
            let back = normal_sf(normal_upper_quantile(p));
            assert!((back / p - 1.0).abs() < 1e-12, "{p}: {back}");
        }
        assert_eq!(normal_quantile(0.5), 0.0);
        assert_eq!((normal_quantile(0.0), normal_quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
        assert!(normal_quantile(-0.1).is_nan() && normal_quantile(f64::NAN).is_nan());
    }

    #[test]
    fn logarithms_go_on_where_numbers_end() {
        for z in [-40.0, -3.0, 0.0, 1.0, 19.9, 20.0, 37.0] {
            let (found, expected) = (log_normal_sf(z), libm::log(normal_sf(z)));
            assert!((found - expected).abs() <= 1e-12 * expected.abs() + 1e-16, "{z}: {found} instead of {expected}");
        }
        // -z^2/2 - ln(z √(2π)) to the first order.
        assert!((log_normal_sf(1_000.0) - -500_007.826_695).abs() < 1e-5, "{}", log_normal_sf(1_000.0));
        assert_eq!(two_sided_p(1_000.0), f64::MIN_POSITIVE);
        assert_eq!(two_sided_p(0.0), 1.0);
    }
}
