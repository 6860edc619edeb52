//! One metric of one variant beside control's, whole: what one planned look says, and what may be said at any time.

use serde::Serialize;

use super::arm::{Conversions, Stratum, Values};
use super::asymptotic::AsymptoticSequence;
use super::conversion_evidence::ConversionEvidence;
use super::converters::ConversionSequence;
use super::estimate::{Adjustment, PairEstimate, estimate_conversions, estimate_values_with_pre_period};
use super::evidence::always_valid_p;
use super::fixed::{Interval, newcombe_interval, two_proportions, welch};
use super::lift::{LiftRegion, lift, readable_region};
use crate::math::{normal_upper_quantile, student_upper_quantile, two_sided_p};

/// Without a longer plan the sequences are narrowest at this many units of both arms: a test that runs ten times as long
/// needs a seventh more traffic than one that was planned for it.
const LEAST_PLANNED_UNITS: f64 = 4_000.0;

/// What was settled before the data came. Changing it afterwards spoils what is promised of the error.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Plan {
    /// The error that is allowed, two-sided, usually 0.05.
    pub alpha: f64,
    /// Units of both arms at which the sequences are to be narrowest: the sample that was planned.
    pub planned_units: f64,
    /// Conversions a unit that were expected.
    pub planned_rate: f64,
    /// Units that each arm must have before anything is said.
    pub minimum_units: u64,
    /// Effective units (`Values::effective_units`) that each arm must have before anything is read off the means of values.
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
    /// Returns the plan of a test that states its minimum sample of each arm and no more: both arms' minimum is what is
    /// planned, at least 4,000 units.
    pub fn of_test(minimum_units: u64, alpha: f64, planned_rate: f64) -> Self {
        let planned_units = (2.0 * minimum_units as f64).max(LEAST_PLANNED_UNITS);
        Self { alpha, planned_units, planned_rate, minimum_units, ..Self::default() }
    }

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
    /// The difference as a part of control's mean; none unless that is above 0.
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
    /// Fieller's region of the lift; everything unless control's mean is above 0.
    pub lift: LiftRegion,
}

/// What holds however often somebody looks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AlwaysValid {
    /// The logarithm of the e-value against "no difference": `ConversionEvidence` for conversions, asymptotic for values.
    pub log_e: f64,
    /// `min(1, 1 / e)`; 1 before the minimum.
    pub p_value: f64,
    /// The confidence sequence of the difference, asymptotic; none before the minimum, and with very few conversions. Of
    /// conversions the e-value knows more (who converts), so that the two may disagree about 0 by a little: `lift` is the
    /// one that goes with the e-value.
    pub difference: Option<Interval>,
    /// The confidence sequence of the lift, which excludes 0 when the e-value exceeds `1 / alpha`.
    pub lift: LiftRegion,
}

/// Compares conversions; none without units in both arms of any epoch.
pub fn compare_conversions(strata: &[Stratum<Conversions>], plan: &Plan) -> Option<Comparison> {
    let pair = estimate_conversions(strata)?;
    let evidence = ConversionEvidence::new(strata, &pair, plan);
    let z = normal_upper_quantile(0.5 * plan.alpha);
    let mut heard = strata.iter().filter(|stratum| stratum.control.units > 0 && stratum.variant.units > 0);
    let (p_value, difference) = match (heard.next(), heard.next()) {
        (Some(only), None) => {
            let test = two_proportions(&only.control, &only.variant, plan.alpha)?;
            (test.p_pooled, newcombe_interval(&only.control, &only.variant, plan.alpha)?)
        }
        _ => (two_sided_p(pair.z(1.0)), interval_around(&pair, z)),
    };
    let fixed = FixedLook { p_value, difference, lift: readable_region(&pair, z) };
    let (log_e, lift) = (evidence.log_e(1.0), evidence.lift_region(plan.alpha));
    let mut found = comparison(&pair, plan, evidence.has_minimum, fixed, log_e, lift);
    found.always_valid.difference = found.always_valid.difference.filter(|_| evidence.has_means());
    Some(found)
}

/// Compares values, with the pre-period's help where it varies; none without two units in both arms of any epoch.
pub fn compare_values(strata: &[Stratum<Values>], plan: &Plan) -> Option<Comparison> {
    let pair = estimate_values_with_pre_period(strata)?;
    let has_minimum = have_minimum(strata, plan);
    let test = welch(&pair, plan.alpha);
    let reach = test.map_or(f64::INFINITY, |test| student_upper_quantile(0.5 * plan.alpha, test.degrees));
    let fixed = FixedLook {
        p_value: test.map_or(1.0, |test| test.p_value),
        difference: test.map_or_else(|| interval_around(&pair, reach), |test| test.interval),
        lift: readable_region(&pair, reach),
    };
    let (log_e, lift) = asymptotic(&pair, plan);
    Some(comparison(&pair, plan, has_minimum, fixed, log_e, lift))
}

fn asymptotic(pair: &PairEstimate, plan: &Plan) -> (f64, LiftRegion) {
    let (sequence, units) = (plan.mean_sequence(), pair.units());
    (sequence.log_e(pair.z(1.0), units), readable_region(pair, sequence.reach(units, plan.alpha)))
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
            difference: has_minimum.then(|| sequence_around(pair, plan)),
            lift: if has_minimum { region } else { LiftRegion::Everything },
        },
        adjustment: pair.adjustment,
    }
}

/// Without any variance nothing is left out.
fn interval_around(pair: &PairEstimate, reach: f64) -> Interval {
    let (difference, variance) = pair.contrast(1.0);
    let reach = if pair.has_no_variance() { f64::INFINITY } else { reach * variance.sqrt() };
    Interval { lower: difference - reach, upper: difference + reach }
}

/// Returns the difference of two rates with the confidence sequence that `compare_conversions` gives it, without the rest; no
/// sequence where that has none.
pub fn difference_of_conversions(strata: &[Stratum<Conversions>], plan: &Plan) -> Option<(f64, Option<Interval>)> {
    let pair = estimate_conversions(strata)?;
    let may_say = ConversionEvidence::new(strata, &pair, plan).has_means();
    Some((pair.contrast(1.0).0, may_say.then(|| sequence_around(&pair, plan))))
}

/// Returns the same of two means of values, as `compare_values` has it.
pub fn difference_of_values(strata: &[Stratum<Values>], plan: &Plan) -> Option<(f64, Option<Interval>)> {
    let pair = estimate_values_with_pre_period(strata)?;
    Some((pair.contrast(1.0).0, have_minimum(strata, plan).then(|| sequence_around(&pair, plan))))
}

fn sequence_around(pair: &PairEstimate, plan: &Plan) -> Interval {
    interval_around(pair, plan.mean_sequence().reach(pair.units(), plan.alpha))
}

fn have_minimum(strata: &[Stratum<Values>], plan: &Plan) -> bool {
    let (mut control, mut variant) = (Values::default(), Values::default());
    for stratum in strata {
        control.add(&stratum.control);
        variant.add(&stratum.variant);
    }
    is_enough(&control, plan) && is_enough(&variant, plan)
}

fn is_enough(arm: &Values, plan: &Plan) -> bool {
    arm.units >= plan.minimum_units && arm.effective_units() >= plan.minimum_effective_units
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may fail loudly")]
mod tests {
    use super::*;

    fn epoch(control: u64, variant: u64) -> Stratum<Conversions> {
        let arm = |conversions| Conversions { units: 5_000, conversions };
        Stratum { control_share: 0.5, variant_share: 0.5, control: arm(control), variant: arm(variant) }
    }

    #[test]
    fn a_clear_difference_is_seen_by_both_clocks_and_the_patient_one_is_wider() {
        for planned_rate in [0.05, 0.2] {
            let plan = Plan { planned_rate, ..Plan::default() };
            let found = compare_conversions(&[epoch(250, 350)], &plan).unwrap();
            assert!(found.fixed.p_value < found.always_valid.p_value && found.always_valid.p_value < 0.05, "{found:?}");
            let (fixed, always) = (found.fixed.difference, found.always_valid.difference.unwrap());
            assert!(always.lower < fixed.lower && fixed.upper < always.upper && always.lower > 0.0, "{found:?}");
            assert!(found.lift.is_some_and(|lift| (lift - 0.4).abs() < 1e-12));
            assert!(found.always_valid.lift.contains(0.4) && !found.always_valid.lift.contains(0.0));
        }
    }

    #[test]
    fn before_the_minimum_nothing_is_claimed() {
        let plan = Plan { minimum_units: 5_001, ..Plan::default() };
        let found = compare_conversions(&[epoch(0, 40)], &plan).unwrap();
        assert!(!found.has_minimum && found.always_valid.log_e > log_e_for_sure(), "{found:?}");
        assert_eq!((found.always_valid.p_value, found.always_valid.difference), (1.0, None));
        assert_eq!((found.always_valid.lift, found.lift), (LiftRegion::Everything, None));
        // Who converts is exact at any number; rates are not read off so few.
        let found = compare_conversions(&[epoch(0, 40)], &Plan::default()).unwrap();
        assert!(found.has_minimum && found.always_valid.p_value < 0.001, "{found:?}");
        assert_eq!(found.always_valid.difference, None);
    }

    fn log_e_for_sure() -> f64 {
        crate::analysis::log_e_needed(0.05)
    }

    #[test]
    fn values_that_are_all_alike_are_no_evidence() {
        let arm = |value: f64| {
            let mut values = Values::default();
            (0..1_000).for_each(|_| values.count(value, 0.0));
            values
        };
        let alike = Stratum { control_share: 0.5, variant_share: 0.5, control: arm(1.0), variant: arm(2.0) };
        let found = compare_values(&[alike], &Plan::default()).unwrap();
        assert!(found.has_minimum && found.always_valid.p_value == 1.0 && found.fixed.p_value == 1.0, "{found:?}");
        assert_eq!((found.always_valid.lift, found.fixed.lift), (LiftRegion::Everything, LiftRegion::Everything));
        assert!(found.always_valid.difference.is_some_and(|interval| interval.lower == f64::NEG_INFINITY));
    }

    #[test]
    fn a_stratum_in_which_nobody_was_exposed_changes_nothing() {
        let empty = Stratum { control_share: 0.9, variant_share: 0.1, ..Stratum::default() };
        let alone = compare_conversions(&[epoch(250, 300)], &Plan::default());
        assert_eq!(compare_conversions(&[empty, epoch(250, 300), empty], &Plan::default()), alone);
    }

    #[test]
    fn epochs_with_the_same_rates_say_what_their_sum_says() {
        let (parts, whole) = ([epoch(250, 300), epoch(250, 300)], [epoch(250, 300)]);
        let (of_parts, of_whole) = (
            compare_conversions(&parts, &Plan::default()).unwrap(),
            compare_conversions(&whole, &Plan::default()).unwrap(),
        );
        assert_eq!((of_parts.difference, of_parts.lift), (of_whole.difference, of_whole.lift));
        let sequence = Plan::default().conversion_sequence();
        assert!((sequence.log_e(&parts, 1.0) - 2.0 * sequence.log_e(&whole, 1.0)).abs() < 1e-12);
        assert!(of_parts.always_valid.log_e > of_whole.always_valid.log_e);
    }
}
