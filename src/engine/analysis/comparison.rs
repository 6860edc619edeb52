//! One metric of one variant beside control's, whole: what one planned look says, and what may be said at any time.

use serde::Serialize;

use super::arm::{Conversions, Stratum, Values};
use super::asymptotic::AsymptoticSequence;
use super::converters::ConversionSequence;
use super::estimate::{Adjustment, PairEstimate, estimate_conversions, estimate_values_with_pre_period};
use super::evidence::always_valid_p;
use super::fixed::{Interval, newcombe_interval, two_proportions, welch};
use super::lift::{LiftRegion, lift, lift_region};
use crate::math::{normal_upper_quantile, student_upper_quantile, two_sided_p};

/// What was settled before the data came. Changing it afterwards spoils what is promised of the error.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Plan {
    /// The error that is allowed, two-sided, usually 0.05.
    pub alpha: f64,
    /// Units of both arms at which the sequences are to be narrowest: the sample that was planned.
    pub planned_units: f64,
    /// Conversions a unit that were expected.
    pub planned_rate: f64,
    /// Units that each arm must have before anything is read off means.
    pub minimum_units: u64,
    /// Effective units that each arm must have (`Values::effective_units`; conversions of a rate).
    pub minimum_effective_units: f64,
}

impl Default for Plan {
    /// Without a plan: 10,000 units at 5 %. Means wait for 100 units an arm that are worth 50 equal ones: the central
    /// limit must have begun, and it begins later where a few values are most of the sum.
    fn default() -> Self {
        Self {
            alpha: 0.05,
            planned_units: 10_000.0,
            planned_rate: 0.05,
            minimum_units: 100,
            minimum_effective_units: 50.0,
        }
    }
}

impl Plan {
    /// Returns the exact sequence of conversions that is tuned to this plan.
    pub fn conversion_sequence(&self) -> ConversionSequence {
        ConversionSequence::planned_for(self.planned_units * self.planned_rate, self.alpha)
    }

    /// Returns the asymptotic sequence of means that is tuned to this plan.
    pub fn mean_sequence(&self) -> AsymptoticSequence {
        AsymptoticSequence::planned_for(self.planned_units, self.alpha)
    }
}

/// A variant beside control.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Comparison {
    /// Units of control.
    pub control_units: f64,
    /// Units of the variant.
    pub variant_units: f64,
    /// Control's mean, over epochs, and less what the pre-period foretold.
    pub control_mean: f64,
    /// The variant's.
    pub variant_mean: f64,
    /// The variant's mean less control's.
    pub difference: f64,
    /// The difference as a part of control's mean; none when that is 0.
    pub lift: Option<f64>,
    /// True from the plan's minimum on. Before it nothing may be concluded.
    pub has_minimum: bool,
    /// What one look at a planned sample says.
    pub fixed: FixedLook,
    /// What is valid at all times at once.
    pub always_valid: AlwaysValid,
    /// What the pre-period gave, when there is one.
    pub adjustment: Option<Adjustment>,
}

/// What a test of fixed horizon says: right when the sample was planned and this is the one look at it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FixedLook {
    /// Two-sided: pooled z for conversions of one epoch, unpooled z for those of many, Welch's t for values.
    pub p_value: f64,
    /// Newcombe's interval of the difference for conversions of one epoch, else that of the test.
    pub difference: Interval,
    /// Fieller's region of the lift.
    pub lift: LiftRegion,
}

/// What holds however often somebody looks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AlwaysValid {
    /// The logarithm of the e-value against "no difference": exact for conversions, asymptotic for values.
    pub log_e: f64,
    /// `min(1, 1 / e)`; 1 before the minimum.
    pub p_value: f64,
    /// The confidence sequence of the difference, asymptotic; none before the minimum.
    pub difference: Option<Interval>,
    /// The confidence sequence of the lift, which excludes 0 exactly when the e-value reaches `1 / alpha`.
    pub lift: LiftRegion,
}

/// Compares conversions; none without units in both arms of any epoch.
pub fn compare_conversions(strata: &[Stratum<Conversions>], plan: &Plan) -> Option<Comparison> {
    let pair = estimate_conversions(strata)?;
    let has_minimum = each_arm(strata, |arm| (arm.units, arm.conversions as f64)).all(|arm| is_enough(arm, plan));
    let z = normal_upper_quantile(0.5 * plan.alpha);
    let (p_value, difference) = match strata {
        [only] => {
            let test = two_proportions(&only.control, &only.variant, plan.alpha)?;
            (test.p_pooled, newcombe_interval(&only.control, &only.variant, plan.alpha)?)
        }
        _ => (two_sided_p(pair.z(1.0)), interval_around(&pair, z)),
    };
    let fixed = FixedLook { p_value, difference, lift: lift_region(&pair, z) };
    let sequence = plan.conversion_sequence();
    let log_e = sequence.log_e(strata, 1.0);
    let lift = sequence.lift_region(strata, plan.alpha);
    Some(comparison(&pair, plan, has_minimum, fixed, log_e, lift))
}

/// Compares values, with the pre-period's help where it varies; none without two units in both arms of any epoch.
pub fn compare_values(strata: &[Stratum<Values>], plan: &Plan) -> Option<Comparison> {
    let pair = estimate_values_with_pre_period(strata)?;
    let has_minimum = each_arm(strata, |arm| (arm.units, arm.effective_units())).all(|arm| is_enough(arm, plan));
    let test = welch(&pair, plan.alpha);
    let reach = test.map_or(f64::INFINITY, |test| student_upper_quantile(0.5 * plan.alpha, test.degrees));
    let exact = Interval { lower: pair.contrast(1.0).0, upper: pair.contrast(1.0).0 };
    let fixed = FixedLook {
        p_value: test.map_or(1.0, |test| test.p_value),
        difference: test.map_or(exact, |test| test.interval),
        lift: lift_region(&pair, reach),
    };
    let (sequence, units) = (plan.mean_sequence(), pair.units());
    let lift = lift_region(&pair, sequence.reach(units, plan.alpha));
    Some(comparison(&pair, plan, has_minimum, fixed, sequence.log_e(pair.z(1.0), units), lift))
}

fn comparison(
    pair: &PairEstimate,
    plan: &Plan,
    has_minimum: bool,
    fixed: FixedLook,
    log_e: f64,
    region: LiftRegion,
) -> Comparison {
    let (difference, _) = pair.contrast(1.0);
    let reach = plan.mean_sequence().reach(pair.units(), plan.alpha);
    Comparison {
        control_units: pair.control.units,
        variant_units: pair.variant.units,
        control_mean: pair.control.mean,
        variant_mean: pair.variant.mean,
        difference,
        lift: lift(pair.control.mean, pair.variant.mean),
        has_minimum,
        fixed,
        always_valid: AlwaysValid {
            log_e,
            p_value: if has_minimum { always_valid_p(log_e) } else { 1.0 },
            difference: has_minimum.then(|| interval_around(pair, reach)),
            lift: if has_minimum { region } else { LiftRegion::Everything },
        },
        adjustment: pair.adjustment,
    }
}

fn interval_around(pair: &PairEstimate, reach: f64) -> Interval {
    let (difference, variance) = pair.contrast(1.0);
    let reach = reach * variance.sqrt();
    Interval { lower: difference - reach, upper: difference + reach }
}

/// Units and effective units of each arm, over all epochs.
fn each_arm<T>(strata: &[Stratum<T>], count: impl Fn(&T) -> (u64, f64)) -> impl Iterator<Item = (u64, f64)> {
    let whole = |arm: &dyn Fn(&Stratum<T>) -> (u64, f64)| {
        strata.iter().map(arm).fold((0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1))
    };
    let (control, variant) = (whole(&|stratum| count(&stratum.control)), whole(&|stratum| count(&stratum.variant)));
    [control, variant].into_iter()
}

fn is_enough((units, effective_units): (u64, f64), plan: &Plan) -> bool {
    units >= plan.minimum_units && effective_units >= plan.minimum_effective_units
}
