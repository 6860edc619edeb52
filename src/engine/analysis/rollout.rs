//! The short summary of a test: rates in per cent of outcomes, and the rule by which a variant is rolled out.

use serde::Serialize;

/// The outcomes of a variant, one for each that was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct OutcomeCounts {
    /// All outcomes.
    pub outcomes: u64,
    /// Outcomes that are an acceptance.
    pub accepted: u64,
    /// Outcomes that are a dismissal.
    pub dismissed: u64,
    /// Outcomes that are a view.
    pub viewed: u64,
}

impl OutcomeCounts {
    /// Returns acceptances in per cent of outcomes; none without any.
    pub fn acceptance_rate(&self) -> Option<f64> {
        per_cent(self.accepted, self.outcomes)
    }

    /// Returns dismissals in per cent of outcomes; none without any.
    pub fn dismissal_rate(&self) -> Option<f64> {
        per_cent(self.dismissed, self.outcomes)
    }

    /// Returns views and acceptances in per cent of outcomes; none without any.
    pub fn engagement_rate(&self) -> Option<f64> {
        per_cent(self.viewed + self.accepted, self.outcomes)
    }
}

/// Returns `part / whole` in per cent; none when the whole is 0.
pub fn per_cent(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}

/// Returns the significance that a p value is called: `1 - p`.
pub fn significance(p_value: f64) -> f64 {
    1.0 - p_value
}

/// What the rule advises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// Roll the winning variant out to everybody.
    RollOut,
    /// Go on testing, or refine the hypothesis.
    ContinueTesting,
}

/// A lift must be above so many per cent of control's rate to be rolled out.
const LEAST_LIFT_PER_CENT: f64 = 10.0;
/// And its significance above this.
const LEAST_SIGNIFICANCE: f64 = 0.95;

/// Returns the advice: roll out when the winner's lift is above 10 % and its significance above 0.95.
///
/// The caller asks only for a test whose verdict is not withheld; for others the advice is to go on.
pub fn advice(lift_per_cent: Option<f64>, significance: Option<f64>) -> Advice {
    let is_above = |value: Option<f64>, least: f64| value.is_some_and(|value| value > least);
    if is_above(lift_per_cent, LEAST_LIFT_PER_CENT) && is_above(significance, LEAST_SIGNIFICANCE) {
        Advice::RollOut
    } else {
        Advice::ContinueTesting
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_parts_of_outcomes_and_none_of_none() {
        let counts = OutcomeCounts { outcomes: 8, accepted: 2, dismissed: 1, viewed: 4 };
        let rates = [counts.acceptance_rate(), counts.dismissal_rate(), counts.engagement_rate()];
        assert_eq!(rates, [Some(25.0), Some(12.5), Some(75.0)]);
        assert_eq!(OutcomeCounts::default().acceptance_rate(), None);
    }

    #[test]
    fn a_lift_is_rolled_out_when_it_is_large_and_sure() {
        let rows = [
            (Some(10.1), Some(0.951), Advice::RollOut),
            (Some(10.0), Some(0.99), Advice::ContinueTesting),
            (Some(50.0), Some(0.95), Advice::ContinueTesting),
            (None, Some(1.0), Advice::ContinueTesting),
            (Some(50.0), None, Advice::ContinueTesting),
        ];
        for (lift, significance, expected) in rows {
            assert_eq!(advice(lift, significance), expected, "{lift:?} at {significance:?}");
        }
    }
}
