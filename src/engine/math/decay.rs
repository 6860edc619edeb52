//! Exponential decay as commutative sums: every strength is weighted to one fixed reference time when it is stored,
//! and the sum is brought to "now" by one multiplication when it is read.

use crate::types::{DAY_MS, TimeMs};

/// The fixed reference time of every stored sum: 2026-01-01T00:00:00Z.
///
/// With the shortest half-life that a pack may set (7 days) the weight of an event stays a normal number
/// from 2007 to 2045, so the order in which events arrive cannot matter and nothing has to be rebased.
pub const REFERENCE_MS: TimeMs = 1_767_225_600_000;

/// Returns `2^((at - reference) / half_life)`: what a strength at `at_ms` weighs at the reference time.
pub fn weight_at_reference(at_ms: TimeMs, half_life_days: f64) -> f64 {
    libm::exp2((at_ms - REFERENCE_MS) as f64 / DAY_MS as f64 / half_life_days)
}

/// Returns the factor that brings a sum at the reference time to `now_ms`.
pub fn decay_factor(now_ms: TimeMs, half_life_days: f64) -> f64 {
    libm::exp2((REFERENCE_MS - now_ms) as f64 / DAY_MS as f64 / half_life_days)
}

/// Returns `x / (1 + |x|)`: 0 at 0, monotone, within -1..1, and exact on every host.
pub fn softsign(x: f64) -> f64 {
    x / (1.0 + x.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_interest_counts_half_after_one_half_life() {
        let now_ms = REFERENCE_MS + 300 * DAY_MS;
        let then_ms = now_ms - 14 * DAY_MS;
        let value = weight_at_reference(then_ms, 14.0) * decay_factor(now_ms, 14.0);
        assert!((value - 0.5).abs() < 1e-12, "{value}");
    }

    #[test]
    fn the_shortest_half_life_stays_finite_over_the_supported_years() {
        let year_ms = 365 * DAY_MS;
        for years in [-18, 18] {
            let weight = weight_at_reference(REFERENCE_MS + years * year_ms, 7.0);
            assert!(weight.is_normal(), "{years} years: {weight}");
        }
    }
}
