//! Evidence that may be looked at after every event: e-values as logarithms, and the p values they are worth.
//!
//! An e-value is what a fair bet against the null has won (Shafer 2021; Ramdas et al. 2023). Under the null the chance that
//! it *ever* exceeds `1 / α` is at most `α` (Ville 1939), so it stays valid however often somebody looks, and whenever
//! somebody stops. E-values of separate events multiply: their logarithms add.

use crate::math::{at_least_the_smallest, deviance, log_incomplete_beta, stirling_error};

/// Returns the logarithm of the average of e-values, from their logarithms: an e-value too, which loses at most the logarithm
/// of their number to the best of them. 0 of none.
pub fn log_of_mean(log_e_values: &[f64]) -> f64 {
    let mut most = f64::NEG_INFINITY;
    for log_e in log_e_values {
        most = most.max(*log_e);
    }
    if !most.is_finite() {
        return 0.0;
    }
    let mut sum = 0.0;
    for log_e in log_e_values {
        sum += libm::exp(log_e - most);
    }
    most + libm::log(sum / log_e_values.len() as f64)
}

/// Returns the p value that an e-value is worth at any time, `min(1, 1 / e)`, never below the smallest normal number.
pub fn always_valid_p(log_e: f64) -> f64 {
    at_least_the_smallest(libm::exp(-log_e)).min(1.0)
}

/// Returns the logarithm that an e-value must reach for the error `alpha`: `ln(1 / α)`.
pub fn log_e_needed(alpha: f64) -> f64 {
    -libm::log(alpha)
}

/// Returns the planned information over `ρ` of a normal mixture that is narrowest there: `2 ln(1/α) + ln(1 + 2 ln(1/α))`,
/// 7.94 at 5 %.
///
/// Howard, Ramdas, McAuliffe and Sekhon (2021), "Time-uniform, nonparametric, nonasymptotic confidence sequences",
/// equation 3.7 to the first order, as their library has it. A mixture tuned for one sample is valid at all.
pub fn tuning_constant(alpha: f64) -> f64 {
    let doubled = 2.0 * log_e_needed(alpha);
    doubled + libm::log1p(doubled)
}

/// Returns the logarithm of the e-value against "each of these fell to its group with the group's share".
///
/// `E = B(κ s + n) / B(κ s) / Π sᵢ^nᵢ` for counts `n`, shares `s` (positive, summing to 1) and a Dirichlet(`κ s`) prior of the
/// shares; two groups are the beta-binomial case (Lindon and Malek 2022, "Anytime-valid inference for multinomial count
/// data"). `concentration` is `κ` > 0. Written as deviances, so that nothing cancels at any count.
pub fn log_e_of_shares(groups: &[(f64, f64)], concentration: f64) -> f64 {
    let mut whole = concentration;
    for (count, _) in groups {
        whole += count;
    }
    let mut log_e = 0.0;
    for (count, share) in groups {
        let prior = concentration * share;
        let posterior = prior + count;
        log_e += deviance(posterior, whole * share) - 0.5 * libm::log1p(count / prior) + stirling_error(posterior)
            - stirling_error(prior);
    }
    log_e + 0.5 * libm::log(whole / concentration) - stirling_error(whole) + stirling_error(concentration)
}

/// Returns the logarithm of the e-value against "of these trials each succeeds with probability `p`", from the two counts
/// alone; `p` between 0 and 1, both excluded.
pub fn log_e_of_successes(successes: f64, failures: f64, p: f64, concentration: f64) -> f64 {
    log_e_of_shares(&[(successes, p), (failures, 1.0 - p)], concentration)
}

/// Returns the same against "with probability `p` or less": only alternatives above `p` are bet on.
pub fn log_e_of_too_many(successes: f64, failures: f64, p: f64, concentration: f64) -> f64 {
    let above = |successes: f64, failures: f64| log_incomplete_beta(failures, successes, 1.0 - p, p).0;
    let (prior_successes, prior_failures) = (concentration * p, concentration * (1.0 - p));
    log_e_of_successes(successes, failures, p, concentration)
        + above(prior_successes + successes, prior_failures + failures)
        - above(prior_successes, prior_failures)
}

/// Returns the logarithm of the normal mixture's e-value against "the sum has mean 0 or less and so much variance", or, for
/// two sides, "has mean 0": `½ ln(ρ / (v + ρ)) + s² / (2 (v + ρ))`, and on one side `+ ln 2 Φ(s / √(v + ρ))`.
///
/// Robbins (1970); Howard et al. (2021), propositions 5 and 6. `sum` and `variance` in the same unit and its square.
pub fn log_e_of_normal_sum(sum: f64, variance: f64, rho: f64, sides: Sides) -> f64 {
    let whole = variance + rho;
    let both = 0.5 * libm::log(rho / whole) + 0.5 * sum * sum / whole;
    match sides {
        Sides::Both => both,
        Sides::Above => both + std::f64::consts::LN_2 + crate::math::log_normal_sf(-sum / whole.sqrt()),
    }
}

/// What an e-value is against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sides {
    /// A difference in either direction.
    Both,
    /// An excess only.
    Above,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_event_is_no_evidence() {
        assert_eq!(log_e_of_successes(0.0, 0.0, 0.3, 12.0), 0.0);
        assert_eq!(log_e_of_too_many(0.0, 0.0, 0.3, 12.0), 0.0);
        assert_eq!(log_e_of_normal_sum(0.0, 0.0, 3.0, Sides::Both), 0.0);
        assert!(log_e_of_normal_sum(0.0, 0.0, 3.0, Sides::Above).abs() < 1e-15);
        assert_eq!((always_valid_p(0.0), always_valid_p(-3.0), always_valid_p(1e6)), (1.0, 1.0, f64::MIN_POSITIVE));
    }

    #[test]
    fn an_average_is_of_the_values_and_not_of_their_logarithms() {
        let mean = log_of_mean(&[libm::log(3.0), libm::log(7.0)]);
        assert!((mean - libm::log(5.0)).abs() < 1e-15, "{mean}");
        assert_eq!((log_of_mean(&[]), log_of_mean(&[-2.5]), log_of_mean(&[1e4, 1e4])), (0.0, -2.5, 1e4));
    }

    #[test]
    fn the_bet_is_fair() {
        // Over all sequences of 12 trials the e-value is 1 in the mean.
        for (p, concentration) in [(0.5, 1.0), (0.2, 30.0), (0.9, 4.0)] {
            let (mut both, mut above, mut ways) = (0.0, 0.0, 1.0);
            for successes in 0..=12 {
                let (won, lost) = (f64::from(successes), f64::from(12 - successes));
                let log_chance = won * libm::log(p) + lost * libm::log(1.0 - p) + libm::log(ways);
                both += libm::exp(log_chance + log_e_of_successes(won, lost, p, concentration));
                above += libm::exp(log_chance + log_e_of_too_many(won, lost, p, concentration));
                ways *= lost / (won + 1.0);
            }
            assert!((both - 1.0).abs() < 1e-12 && (above - 1.0).abs() < 1e-12, "{p}: {both} and {above}");
        }
    }

    #[test]
    fn billions_of_events_lose_no_digit() {
        // The e-value of 10^9 + 10^9 is that of 10^5 + 10^5 less half the logarithm of the ratio, to the first order.
        let (large, small) = (log_e_of_successes(1e9, 1e9, 0.5, 100.0), log_e_of_successes(1e5, 1e5, 0.5, 100.0));
        let expected = -0.5 * libm::log((2e9 + 100.0) / (2e5 + 100.0));
        assert!((large - small - expected).abs() < 1e-5, "{large} and {small}");
    }
}
