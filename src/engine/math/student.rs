//! Student's t distribution with any degrees of freedom, whole or not.

use std::f64::consts::{LN_2, PI};

use super::beta::{log_complement, log_incomplete_beta};
use super::gamma::stirling_error;
use super::normal::normal_upper_quantile;

/// Returns the probability that t with so many degrees of freedom is above `t`.
///
/// `I_x(degrees / 2, 1 / 2) / 2` with `x = degrees / (degrees + t²)`; right to 1e-11 relative down to 1e-300.
/// NaN for degrees that are not positive.
pub fn student_sf(t: f64, degrees: f64) -> f64 {
    libm::exp(log_student_sf(t, degrees))
}

/// Returns the logarithm of `student_sf`.
pub fn log_student_sf(t: f64, degrees: f64) -> f64 {
    if t < 0.0 {
        return log_complement(log_student_sf(-t, degrees));
    }
    let whole = degrees + t * t;
    log_incomplete_beta(0.5 * degrees, 0.5, degrees / whole, t * t / whole).0 - LN_2
}

/// Returns the t with `student_sf(t) = p`, for 0 < p < 1 and positive degrees; NaN otherwise.
///
/// Newton's method for `ln sf` over `ln t`: straight where the tail is a power, concave where it is normal, so that it
/// converges from the normal quantile, which is never too far out.
pub fn student_upper_quantile(p: f64, degrees: f64) -> f64 {
    if !(p > 0.0 && p < 1.0 && degrees > 0.0) {
        return f64::NAN;
    }
    if p >= 0.5 {
        return if p == 0.5 { 0.0 } else { -student_upper_quantile(1.0 - p, degrees) };
    }
    let log_p = libm::log(p);
    let mut t = normal_upper_quantile(p);
    for _ in 0..60 {
        let log_tail = log_student_sf(t, degrees);
        let step = (log_tail - log_p) * libm::exp(log_tail - log_density(t, degrees)) / t;
        t *= libm::exp(step);
        if step.abs() < 1e-15 {
            break;
        }
    }
    t
}

fn log_density(t: f64, degrees: f64) -> f64 {
    // ln Γ((d + 1) / 2) - ln Γ(d / 2) - ln(d π) / 2 as Stirling's terms, whose large parts cancel.
    let half = 0.5 * degrees;
    let gammas = half * libm::log1p(0.5 / half) - 0.5 + stirling_error(half + 0.5) - stirling_error(half);
    gammas - 0.5 * libm::log(2.0 * PI) - (half + 0.5) * libm::log1p(t * t / degrees)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::normal_sf;

    #[test]
    fn one_degree_is_cauchy_and_many_are_normal() {
        for t in [-5.0, 0.0, 0.1, 1.0, 30.0] {
            let cauchy = 0.5 - libm::atan(t) / PI;
            assert!((student_sf(t, 1.0) / cauchy - 1.0).abs() < 1e-12, "{t}");
            let (found, normal) = (student_sf(t, 1e12), normal_sf(t));
            assert!((found / normal - 1.0).abs() < 1e-6, "{t}: {found} and {normal}");
        }
        assert!(student_sf(1.0, 0.0).is_nan() && student_sf(1.0, -2.0).is_nan());
    }

    #[test]
    fn quantiles_undo_tails() {
        for degrees in [0.7, 1.5, 4.0, 30.7, 1e4, 1e8] {
            for p in [1e-200, 1e-12, 0.0005, 0.025, 0.3, 0.4999, 0.6, 0.975] {
                let t = student_upper_quantile(p, degrees);
                let back = student_sf(t, degrees);
                assert!(!t.is_finite() || (back / p - 1.0).abs() < 1e-11, "{p} at {degrees}: {t} gives {back}");
            }
        }
        assert_eq!(student_upper_quantile(0.5, 3.0), 0.0);
        assert!(student_upper_quantile(0.0, 3.0).is_nan() && student_upper_quantile(0.1, f64::NAN).is_nan());
    }
}
