//! What conversions say of a ratio of rates, by two sequences at once.
//!
//! Who converts says it exactly, at any sample; but it reads nothing of those who do not, and at a rate of 20 % needs a third
//! more traffic than means do, which hold in the limit only. Nobody knows a test's rate before it runs. So half of the bet is
//! on each: an average of e-values is an e-value, at most `ln 2` below the better one, and where few convert both say the same.

use super::arm::{Conversions, Stratum};
use super::asymptotic::AsymptoticSequence;
use super::comparison::Plan;
use super::converters::{ConversionSequence, region};
use super::estimate::PairEstimate;
use super::evidence::{log_e_needed, log_of_mean};
use super::lift::LiftRegion;

/// Means say nothing before each arm has so many who converted, and so many who did not. From five on the sequence was wrong
/// at some time in 2 to 3 % of made-up experiments at a rate of 2 %, and in 4 % at 20 %: `pkg-scripts/bench/peeking.mjs`.
const LEAST_CONVERSIONS: u64 = 10;

/// The conversions of a variant and of control, as evidence.
#[derive(Debug, Clone, Copy)]
pub struct ConversionEvidence<'a> {
    strata: &'a [Stratum<Conversions>],
    pair: &'a PairEstimate,
    exact: ConversionSequence,
    /// True when each arm has the plan's minimum of units.
    pub has_minimum: bool,
    /// None until each arm has its minimum, and conversions enough: until then this half has not been bet, and is 1.
    asymptotic: Option<AsymptoticSequence>,
}

impl<'a> ConversionEvidence<'a> {
    /// Takes the counts, and what `estimate_conversions` makes of them.
    pub fn new(strata: &'a [Stratum<Conversions>], pair: &'a PairEstimate, plan: &Plan) -> Self {
        let (mut control, mut variant) = (Conversions::default(), Conversions::default());
        for stratum in strata {
            control.add(&stratum.control);
            variant.add(&stratum.variant);
        }
        let has_minimum = control.units >= plan.minimum_units && variant.units >= plan.minimum_units;
        let asymptotic = (has_minimum && has_means(&control) && has_means(&variant)).then(|| plan.mean_sequence());
        Self { strata, pair, exact: plan.conversion_sequence(), has_minimum, asymptotic }
    }

    /// True when the rates themselves may be read.
    pub fn has_means(&self) -> bool {
        self.asymptotic.is_some()
    }

    /// Returns the logarithm of the e-value against "the variant's rate is `ratio` times control's".
    pub fn log_e(&self, ratio: f64) -> f64 {
        let of_means = self.asymptotic.map_or(0.0, |sequence| sequence.log_e(self.pair.z(ratio), self.pair.units()));
        log_of_mean(&[self.exact.log_e(self.strata, ratio), of_means])
    }

    /// Returns the lifts whose e-value has not reached `1 / alpha`: a confidence sequence.
    pub fn lift_region(&self, alpha: f64) -> LiftRegion {
        let needed = log_e_needed(alpha);
        let excess = |ratio: f64| self.log_e(ratio) - needed;
        let centre = ConversionSequence::likeliest(self.strata);
        if self.asymptotic.is_none() {
            return region(centre, &excess);
        }
        // Each half has a likeliest ratio of its own: what is left lies about one of them, or between.
        let of_means = libm::log(self.pair.variant.mean / self.pair.control.mean);
        let mut best = centre;
        for other in [of_means, 0.5 * (centre + of_means)] {
            if excess(libm::exp(other)) < excess(libm::exp(best)) {
                best = other;
            }
        }
        region(best, &excess)
    }
}

fn has_means(arm: &Conversions) -> bool {
    arm.conversions >= LEAST_CONVERSIONS && arm.units >= arm.conversions + LEAST_CONVERSIONS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::estimate_conversions;

    fn log_e(units: u64, control: u64, variant: u64) -> (f64, f64, f64) {
        let arm = |conversions| Conversions { units, conversions };
        let strata = [Stratum { control_share: 0.5, variant_share: 0.5, control: arm(control), variant: arm(variant) }];
        let (pair, plan) = (estimate_conversions(&strata).unwrap_or_default(), Plan::of_test(100, 0.05, 0.05));
        let evidence = ConversionEvidence::new(&strata, &pair, &plan);
        let means = plan.mean_sequence().log_e(pair.z(1.0), pair.units());
        (evidence.log_e(1.0), plan.conversion_sequence().log_e(&strata, 1.0), means)
    }

    #[test]
    fn where_many_convert_nearly_as_much_is_known_as_by_means_alone() {
        let (both, exact, means) = log_e(1_700, 340, 408);
        assert!(means > exact + 0.8 && both > means - core::f64::consts::LN_2, "{both} of {exact} and {means}");
        let (both, exact, means) = log_e(20_000, 400, 480);
        assert!((exact - means).abs() < 0.3 && (both - exact).abs() < 0.3, "{both} of {exact} and {means}");
    }

    #[test]
    fn before_means_may_be_read_the_exact_half_says_it_alone() {
        for (units, control, variant) in [(90, 30, 45), (1_700, 4, 30), (1_700, 1_699, 1_600)] {
            let (both, exact, _) = log_e(units, control, variant);
            assert!((both - log_of_mean(&[exact, 0.0])).abs() < 1e-12, "{both} of {exact}");
        }
    }
}
