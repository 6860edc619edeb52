//! The lift over control: a ratio of means, which may have no end when control's mean may be 0.

use serde::Serialize;

use super::estimate::PairEstimate;

/// The lifts that the data do not exclude, as parts of control's mean: 0.2 is 20 % more.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LiftRegion {
    /// Those from `lower` to `upper`.
    Between {
        /// The lower end.
        lower: f64,
        /// The upper end.
        upper: f64,
    },
    /// Those up to `below` and those from `above`: control's mean may be on either side of 0.
    Outside {
        /// The highest of the lower part.
        below: f64,
        /// The lowest of the upper part.
        above: f64,
    },
    /// Those from `lower` on.
    From {
        /// The lower end.
        lower: f64,
    },
    /// All: nothing is known yet.
    Everything,
}

impl LiftRegion {
    /// Returns the ends, none for one that is not bounded.
    pub fn bounds(&self) -> (Option<f64>, Option<f64>) {
        match *self {
            Self::Between { lower, upper } => (Some(lower), Some(upper)),
            Self::From { lower } => (Some(lower), None),
            Self::Outside { .. } | Self::Everything => (None, None),
        }
    }

    /// True when the data do not exclude this lift.
    pub fn contains(&self, lift: f64) -> bool {
        match *self {
            Self::Between { lower, upper } => (lower..=upper).contains(&lift),
            Self::Outside { below, above } => lift <= below || lift >= above,
            Self::From { lower } => lift >= lower,
            Self::Everything => true,
        }
    }
}

/// Returns the lifts `δ` with `|variant - (1 + δ) control|` within `reach` of its standard errors (Fieller 1954).
///
/// The contrast is a mean for every `δ`, so a sequence that is valid for means gives a region that is valid at all times;
/// the delta method's linear form does not (it is wrong 13 to 36 % of the time when peeked at on heavy tails). It is one
/// quadratic in `1 + δ`: an interval where control's mean differs from 0, else its complement, or everything.
pub fn lift_region(pair: &PairEstimate, reach: f64) -> LiftRegion {
    let square = reach * reach;
    let (control, variant) = (&pair.control, &pair.variant);
    let a = control.mean * control.mean - square * control.variance;
    let half_b = variant.mean * control.mean - square * pair.covariance;
    let c = variant.mean * variant.mean - square * variant.variance;
    let discriminant = half_b * half_b - a * c;
    if !(square.is_finite() && discriminant > 0.0) || a == 0.0 {
        return if a > 0.0 && square.is_finite() { at_one_point(half_b / a) } else { LiftRegion::Everything };
    }
    // The root of the larger size first: the other follows from the product of both without cancelling.
    let far = half_b + libm::copysign(discriminant.sqrt(), half_b);
    let (first, second) = (far / a - 1.0, c / far - 1.0);
    let (lower, upper) = if first < second { (first, second) } else { (second, first) };
    if a > 0.0 { LiftRegion::Between { lower, upper } } else { LiftRegion::Outside { below: lower, above: upper } }
}

/// Returns `lift_region` where control's mean is above 0 and something varies, else everything: a part of a loss has the sign
/// of a gain, and nobody reads it right; and values that are all alike are no evidence that they always are.
pub(super) fn readable_region(pair: &PairEstimate, reach: f64) -> LiftRegion {
    let is_readable = pair.control.mean > 0.0 && !pair.has_no_variance();
    if is_readable { lift_region(pair, reach) } else { LiftRegion::Everything }
}

/// Returns the variant's mean over control's, less 1; none unless control's mean is above 0.
pub fn lift(control_mean: f64, variant_mean: f64) -> Option<f64> {
    let lift = variant_mean / control_mean - 1.0;
    (control_mean > 0.0 && lift.is_finite()).then_some(lift)
}

fn at_one_point(ratio: f64) -> LiftRegion {
    LiftRegion::Between { lower: ratio - 1.0, upper: ratio - 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::ArmEstimate;

    fn pair(control: (f64, f64), variant: (f64, f64), covariance: f64) -> PairEstimate {
        let arm = |(mean, variance)| ArmEstimate { units: 100.0, mean, variance, variance_doubt: 0.0 };
        PairEstimate { control: arm(control), variant: arm(variant), covariance, adjustment: None }
    }

    #[test]
    fn the_ends_are_lifts_that_are_just_not_excluded() {
        let cases = [
            pair((10.0, 0.04), (11.0, 0.09), 0.0),
            pair((-10.0, 0.04), (11.0, 0.09), 0.01),
            pair((1.0, 0.04), (0.0, 0.09), -0.02),
            pair((0.1, 0.04), (3.0, 0.09), 0.0),
        ];
        for pair in cases {
            let region = lift_region(&pair, 3.0);
            let ends = match region {
                LiftRegion::Between { lower, upper } => [lower, upper],
                LiftRegion::Outside { below, above } => [below, above],
                _ => [f64::NAN; 2],
            };
            assert!(ends.iter().all(|end| (pair.z(1.0 + end).abs() - 3.0).abs() < 1e-9), "{region:?}");
            for step in -400..400 {
                let lift = f64::from(step) * 0.11;
                assert_eq!(region.contains(lift), pair.z(1.0 + lift).abs() <= 3.0, "{lift} of {region:?}");
            }
        }
    }

    #[test]
    fn without_knowledge_of_control_every_lift_is_left() {
        for (pair, reach) in [
            (pair((0.0, 0.0), (1.0, 0.01), 0.0), 3.0),
            (pair((0.1, 0.04), (0.1, 0.04), 0.0), 3.0),
            (pair((10.0, 0.04), (10.0, 0.04), 0.0), f64::INFINITY),
        ] {
            assert_eq!(lift_region(&pair, reach), LiftRegion::Everything);
            assert_eq!(lift_region(&pair, reach).bounds(), (None, None));
        }
        assert_eq!((lift(0.0, 1.0), lift(0.0, 0.0), lift(4.0, 5.0)), (None, None, Some(0.25)));
    }

    #[test]
    fn a_part_of_a_loss_is_not_called_a_lift() {
        // The variant loses more; its mean is 40 % "above" control's.
        let losses = pair((-10.0, 0.04), (-14.0, 0.04), 0.0);
        assert!(matches!(lift_region(&losses, 3.0), LiftRegion::Between { lower, .. } if lower > 0.0));
        assert_eq!((readable_region(&losses, 3.0), lift(-10.0, -14.0)), (LiftRegion::Everything, None));
        let gains = pair((10.0, 0.04), (14.0, 0.04), 0.0);
        assert_eq!(readable_region(&gains, 3.0), lift_region(&gains, 3.0));
    }

    #[test]
    fn means_without_doubt_have_one_lift() {
        assert_eq!(
            lift_region(&pair((2.0, 0.0), (3.0, 0.0), 0.0), 3.0),
            LiftRegion::Between { lower: 0.5, upper: 0.5 }
        );
    }
}
