//! Guardrails: a variant may win, but not by harming something else by more than a margin. One-sided, and valid at any
//! time, so that harm stops a test on the day it is known.

use serde::Serialize;

use super::arm::{Conversions, Stratum};
use super::asymptotic::AsymptoticSequence;
use super::converters::ConversionSequence;
use super::estimate::PairEstimate;
use super::evidence::log_e_needed;

/// What harm is, for one metric.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Guardrail {
    /// The direction of harm.
    pub harm: Harm,
    /// The part of the size of control's mean that may be lost (or added): 0.02 is 2 %. From 0 to below 1.
    pub margin: f64,
}

/// The margin of a guardrail that states none: half of the lift above which the rule rolls a variant out. At a margin of 0 a
/// variant that changes nothing could never be known to hold.
pub const USUAL_MARGIN: f64 = 0.05;

/// Where harm lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Harm {
    /// Lower is worse: revenue, acceptances.
    Fall,
    /// Higher is worse: dismissals, complaints.
    Rise,
}

/// What the data say of a guardrail.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GuardrailEvidence {
    /// The logarithm of the e-value against "the harm is within the margin".
    pub log_e_breached: f64,
    /// The logarithm of the e-value against "the harm is the margin or more": the variant is not inferior.
    pub log_e_held: f64,
}

/// How a guardrail stands at an error `alpha`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardrailStanding {
    /// The harm is more than the margin.
    Breached,
    /// The harm is less than the margin.
    Held,
    /// Neither is known.
    Open,
}

impl Guardrail {
    /// Judges conversions, exactly at any sample.
    pub fn of_conversions(&self, strata: &[Stratum<Conversions>], sequence: &ConversionSequence) -> GuardrailEvidence {
        let ratio = self.ratio(1.0);
        let (below, above) = (sequence.log_e_below(strata, ratio), sequence.log_e_above(strata, ratio));
        self.evidence(below, above)
    }

    /// Judges means, from the minimum sample on.
    pub fn of_values(&self, pair: &PairEstimate, sequence: &AsymptoticSequence) -> GuardrailEvidence {
        let (z, units) = (pair.z(self.ratio(libm::copysign(1.0, pair.control.mean))), pair.units());
        self.evidence(sequence.log_e_above(-z, units), sequence.log_e_above(z, units))
    }

    /// The ratio of the means at which the margin is used up. Where control's mean is a loss, a fall is a larger one.
    fn ratio(&self, sign_of_control: f64) -> f64 {
        match self.harm {
            Harm::Fall => 1.0 - sign_of_control * self.margin,
            Harm::Rise => 1.0 + sign_of_control * self.margin,
        }
    }

    fn evidence(&self, below: f64, above: f64) -> GuardrailEvidence {
        match self.harm {
            Harm::Fall => GuardrailEvidence { log_e_breached: below, log_e_held: above },
            Harm::Rise => GuardrailEvidence { log_e_breached: above, log_e_held: below },
        }
    }
}

impl GuardrailEvidence {
    /// Returns how the guardrail stands when each side may be wrong with the chance `alpha`.
    pub fn standing(&self, alpha: f64) -> GuardrailStanding {
        let needed = log_e_needed(alpha);
        if self.log_e_breached >= needed {
            GuardrailStanding::Breached
        } else if self.log_e_held >= needed {
            GuardrailStanding::Held
        } else {
            GuardrailStanding::Open
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Values, estimate_values};

    fn standing(guardrail: Guardrail, control: u64, variant: u64) -> GuardrailStanding {
        let arm = |conversions| Conversions { units: 40_000, conversions };
        let stratum = Stratum { control_share: 0.5, variant_share: 0.5, control: arm(control), variant: arm(variant) };
        guardrail.of_conversions(&[stratum], &ConversionSequence::planned_for(4_000.0, 0.05)).standing(0.05)
    }

    #[test]
    fn a_fall_beyond_the_margin_breaches_and_one_within_does_not() {
        let guardrail = Guardrail { harm: Harm::Fall, margin: 0.05 };
        assert_eq!(standing(guardrail, 2_000, 1_600), GuardrailStanding::Breached);
        assert_eq!(standing(guardrail, 2_000, 1_900), GuardrailStanding::Open);
        assert_eq!(standing(guardrail, 2_000, 2_200), GuardrailStanding::Held);
    }

    #[test]
    fn a_rise_is_the_mirror_of_a_fall() {
        let guardrail = Guardrail { harm: Harm::Rise, margin: 0.0 };
        assert_eq!(standing(guardrail, 2_000, 2_400), GuardrailStanding::Breached);
        assert_eq!(standing(guardrail, 2_400, 2_000), GuardrailStanding::Held);
    }

    #[test]
    fn means_are_judged_alike() {
        let arm = |mean: f64| Values {
            units: 5_000,
            sum: 5_000.0 * mean,
            sum_of_squares: 5_000.0 * (mean * mean + 1.0),
            ..Values::default()
        };
        let judged = |control: f64, variant: f64| {
            let (control, variant) = (arm(control), arm(variant));
            let stratum = Stratum { control_share: 0.5, variant_share: 0.5, control, variant };
            let pair = estimate_values(&[stratum]).unwrap_or_default();
            let sequence = AsymptoticSequence::planned_for(10_000.0, 0.05);
            Guardrail { harm: Harm::Fall, margin: 0.1 }.of_values(&pair, &sequence).standing(0.05)
        };
        use GuardrailStanding::{Breached, Held, Open};
        assert_eq!((judged(2.0, 1.5), judged(2.0, 1.8), judged(2.0, 2.0)), (Breached, Open, Held));
        // A loss of 2.2 is a tenth worse than one of 2.0; one of 2.0 is no harm.
        assert_eq!((judged(-2.0, -2.5), judged(-2.0, -2.2), judged(-2.0, -2.0)), (Breached, Open, Held));
    }

    #[test]
    fn a_variant_that_changes_nothing_is_known_to_hold_at_the_usual_margin_and_never_at_none() {
        let held = |margin: f64| {
            let arm = Conversions { units: 2_000_000, conversions: 200_000 };
            let stratum = Stratum { control_share: 0.5, variant_share: 0.5, control: arm, variant: arm };
            let sequence = ConversionSequence::planned_for(4_000.0, 0.05);
            Guardrail { harm: Harm::Rise, margin }.of_conversions(&[stratum], &sequence).standing(0.05)
        };
        assert_eq!((held(USUAL_MARGIN), held(0.0)), (GuardrailStanding::Held, GuardrailStanding::Open));
    }
}
