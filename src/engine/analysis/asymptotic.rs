//! The asymptotic confidence sequence: a mean's interval that holds at all times at once.
//!
//! Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024), "Time-uniform central limit theory and asymptotic confidence
//! sequences". It needs no bound on the values, only a variance; it is exact in the limit, so looks begin at a minimum of
//! *effective* units (`Values::effective_units`), which heavy tails reach later.

use super::evidence::{Sides, log_e_needed, log_e_of_normal_sum, tuning_constant};

/// How the sequence spends its evidence: narrowest at one planned sample, valid at all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AsymptoticSequence {
    /// `1 / ρ²`, in units.
    rho: f64,
}

impl AsymptoticSequence {
    /// Tunes to the sample that is planned, in units of both arms together (or the number by which a look is most
    /// wanted), at the error `alpha`. `ρ² = (2 ln(1/α) + ln(1 + 2 ln(1/α))) / planned`.
    ///
    /// The plan must come before the data. One that is off by a factor of four widens the sequence by a tenth.
    pub fn planned_for(units: f64, alpha: f64) -> Self {
        Self { rho: units.max(1.0) / tuning_constant(alpha) }
    }

    /// Returns the logarithm of the e-value against a mean of 0, from its distance in standard errors and the units so far.
    ///
    /// `½ z² N ρ² / (1 + N ρ²) - ½ ln(1 + N ρ²)`
    pub fn log_e(&self, z: f64, units: f64) -> f64 {
        log_e_of_normal_sum(z * units.sqrt(), units, self.rho, Sides::Both)
    }

    /// Returns the logarithm of the e-value against a mean of 0 or less.
    pub fn log_e_above(&self, z: f64, units: f64) -> f64 {
        log_e_of_normal_sum(z * units.sqrt(), units, self.rho, Sides::Above)
    }

    /// Returns half the width of the sequence in standard errors: `√((N ρ² + 1) / (N ρ²) · (2 ln(1/α) + ln(N ρ² + 1)))`.
    ///
    /// Infinite at 0 units. A z beyond it is an e-value of at least `1 / α`.
    pub fn reach(&self, units: f64, alpha: f64) -> f64 {
        let scaled = units / self.rho;
        ((scaled + 1.0) / scaled * (2.0 * log_e_needed(alpha) + libm::log1p(scaled))).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_z_at_the_end_of_the_sequence_is_just_enough_evidence() {
        for (planned, units, alpha) in [(5_000.0, 40.0, 0.05), (5_000.0, 1e6, 0.01), (1e5, 1e5, 0.1)] {
            let sequence = AsymptoticSequence::planned_for(planned, alpha);
            let log_e = sequence.log_e(sequence.reach(units, alpha), units);
            assert!((log_e - log_e_needed(alpha)).abs() < 1e-12, "{log_e}");
        }
        assert_eq!(AsymptoticSequence::planned_for(100.0, 0.05).reach(0.0, 0.05), f64::INFINITY);
    }

    #[test]
    fn it_is_nearly_narrowest_where_it_was_planned() {
        let reach = |planned: f64| AsymptoticSequence::planned_for(planned, 0.05).reach(10_000.0, 0.05);
        assert!([10.0, 4.0, 2.0, 0.5, 0.25, 0.1].iter().all(|off| reach(off * 10_000.0) > reach(10_000.0)));
        assert!(reach(40_000.0) < 1.1 * reach(10_000.0) && reach(2_500.0) < 1.1 * reach(10_000.0));
        assert!((reach(10_000.0) - 3.035).abs() < 1e-3, "{}", reach(10_000.0));
    }
}
