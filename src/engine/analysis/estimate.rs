//! Two means and how exactly they are known: from one epoch or many, with or without a pre-period.
//!
//! Epochs are compared each within itself, so that an arm whose share was changed midway is not confused with the days on
//! which it was large, and then combined by how much each can say of a difference: `n m / (n + m)` for `n` units of control
//! and `m` of the variant (Mantel and Haenszel 1959). By all its units, an epoch of 20,000 beside 5 would hang on the five.
//! An epoch in which an arm is too thin for its own variance to be known (fewer than five expected to convert, or not to)
//! is left out of the means wherever another one is not.

use serde::Serialize;

use super::arm::{Conversions, Stratum, Values};

/// Conversions, and others, that each arm of an epoch is expected to have before its rates are read.
const LEAST_EXPECTED: f64 = 5.0;
/// Units that each arm of an epoch has before the means of its values are read.
const LEAST_UNITS: u64 = 30;

/// What is known of one arm's mean.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct ArmEstimate {
    /// Units that were exposed, in the epochs that are heard.
    pub units: f64,
    /// The mean value of a unit; a rate for conversions.
    pub mean: f64,
    /// The variance of that mean (not of a value): its standard error squared.
    pub variance: f64,
    /// `Σ v² / (units - 1)` over the epochs' parts `v` of the variance: what Satterthwaite's degrees of freedom ask for.
    pub variance_doubt: f64,
}

/// What is known of a variant and of control.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct PairEstimate {
    /// Control.
    pub control: ArmEstimate,
    /// The variant.
    pub variant: ArmEstimate,
    /// The covariance of the two means: 0 unless a pre-period's mean, common to both, was taken into them.
    pub covariance: f64,
    /// What the pre-period gave, when one was taken in.
    pub adjustment: Option<Adjustment>,
}

/// What the pre-period gave.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Adjustment {
    /// `θ`: how many units of the metric one unit of the pre-period's is worth.
    pub theta: f64,
    /// The part of the values' variance that the pre-period explains, `ρ²` of both arms together, 0 to 1: so much less
    /// traffic is needed.
    pub variance_reduction: f64,
}

impl PairEstimate {
    /// Returns the variant's mean less `ratio` times control's, and the variance of that.
    pub fn contrast(&self, ratio: f64) -> (f64, f64) {
        let variance = self.variant.variance - 2.0 * ratio * self.covariance + ratio * ratio * self.control.variance;
        (self.variant.mean - ratio * self.control.mean, variance.max(0.0))
    }

    /// Returns the units of both arms.
    pub fn units(&self) -> f64 {
        self.control.units + self.variant.units
    }

    /// Returns the contrast in standard errors. Without any variance it is 0: nothing can be said yet.
    pub fn z(&self, ratio: f64) -> f64 {
        let (contrast, variance) = self.contrast(ratio);
        if variance > 0.0 { contrast / variance.sqrt() } else { 0.0 }
    }
}

/// Returns the two rates, with the variance `p (1 - p) / units` of each; none without units in both arms of any epoch.
pub fn estimate_conversions(strata: &[Stratum<Conversions>]) -> Option<PairEstimate> {
    let parts = strata.iter().filter_map(|stratum| {
        let (control, variant) = (rate_of(&stratum.control)?, rate_of(&stratum.variant)?);
        let pair = PairEstimate { control, variant, covariance: 0.0, adjustment: None };
        Some((pair, has_enough_conversions(stratum)))
    });
    combined(parts)
}

/// Whether each arm is expected to have enough who convert, and who do not, by the rate of both together: the thin arm's own
/// luck has little say in whether it is heard.
fn has_enough_conversions(stratum: &Stratum<Conversions>) -> bool {
    let (control, variant) = (&stratum.control, &stratum.variant);
    let units = control.units + variant.units;
    let rate = (control.conversions + variant.conversions) as f64 / units as f64;
    control.units.min(variant.units) as f64 * rate.min(1.0 - rate) >= LEAST_EXPECTED
}

/// Returns the two means, with the variance `s² / units` of each (`s²` over `units - 1`); none without two units in both
/// arms of any epoch, or when a sum is no finite number.
pub fn estimate_values(strata: &[Stratum<Values>]) -> Option<PairEstimate> {
    combined(strata.iter().filter_map(|stratum| part_of(stratum, 0.0)))
}

/// Returns the two means less what the pre-period foretold of each (CUPED: Deng, Xu, Kohavi and Walker 2013).
///
/// `mean - θ (pre-period's mean of the arm - of both arms)` with one `θ = Σ (x - x̄)(y - ȳ) / Σ (x - x̄)²` over both arms, `x`
/// the pre-period's value and `y` the metric, within epochs. When the pre-period does not vary it is `estimate_values`.
pub fn estimate_values_with_pre_period(strata: &[Stratum<Values>]) -> Option<PairEstimate> {
    let raw = estimate_values(strata)?;
    let (mut cross, mut pre_spread, mut spread) = (0.0, 0.0, 0.0);
    for stratum in strata.iter().filter(|stratum| stratum.control.units > 1 && stratum.variant.units > 1) {
        let both = both_arms(stratum);
        cross += both.cross_spread();
        pre_spread += both.pre_spread();
        spread += both.spread();
    }
    let theta = cross / pre_spread;
    if !(pre_spread > 0.0 && spread > 0.0 && theta.is_finite()) {
        return Some(raw);
    }
    let mut adjusted = combined(strata.iter().filter_map(|stratum| part_of(stratum, theta)))?;
    adjusted.adjustment = Some(Adjustment { theta, variance_reduction: theta * cross / spread });
    Some(adjusted)
}

fn rate_of(arm: &Conversions) -> Option<ArmEstimate> {
    let (rate, units) = (arm.rate()?, arm.units as f64);
    let variance = rate * (1.0 - rate) / units;
    Some(ArmEstimate { units, mean: rate, variance, variance_doubt: variance * variance / (units - 1.0).max(1.0) })
}

fn both_arms(stratum: &Stratum<Values>) -> Values {
    let mut both = stratum.control;
    both.add(&stratum.variant);
    both
}

fn part_of(stratum: &Stratum<Values>, theta: f64) -> Option<(PairEstimate, bool)> {
    let has_enough = stratum.control.units.min(stratum.variant.units) >= LEAST_UNITS;
    Some((adjusted_pair(stratum, theta)?, has_enough))
}

fn adjusted_pair(stratum: &Stratum<Values>, theta: f64) -> Option<PairEstimate> {
    let both = both_arms(stratum);
    let units = both.units as f64;
    let pre_mean = both.pre_sum / units;
    // The mean of both arms is itself uncertain; that does not touch the difference, but it does the ratio.
    let covariance = theta * theta * both.pre_spread() / ((units - 1.0) * units);
    let mut control = adjusted_arm(&stratum.control, theta, pre_mean)?;
    let mut variant = adjusted_arm(&stratum.variant, theta, pre_mean)?;
    control.variance += covariance;
    variant.variance += covariance;
    Some(PairEstimate { control, variant, covariance, adjustment: None })
}

fn adjusted_arm(arm: &Values, theta: f64, pre_mean: f64) -> Option<ArmEstimate> {
    if arm.units < 2 {
        return None;
    }
    let units = arm.units as f64;
    let mean = arm.sum / units - theta * (arm.pre_sum / units - pre_mean);
    let spread = arm.spread() + theta * theta * arm.pre_spread() - 2.0 * theta * arm.cross_spread();
    let variance = spread.max(0.0) / ((units - 1.0) * units);
    let estimate = ArmEstimate { units, mean, variance, variance_doubt: variance * variance / (units - 1.0) };
    (mean.is_finite() && spread.is_finite()).then_some(estimate)
}

/// The epochs' estimates, each with its weight. Those that are too thin are left out unless all are.
fn combined(parts: impl Iterator<Item = (PairEstimate, bool)>) -> Option<PairEstimate> {
    let parts: Vec<(PairEstimate, bool)> = parts.collect();
    let are_all_thin = parts.iter().all(|(_, has_enough)| !has_enough);
    let mut sum = PairEstimate::default();
    let mut weights = 0.0;
    for (part, has_enough) in parts {
        if !(has_enough || are_all_thin) {
            continue;
        }
        let weight = part.control.units * part.variant.units / part.units();
        weights += weight;
        sum.covariance += weight * weight * part.covariance;
        for (arm, part) in [(&mut sum.control, part.control), (&mut sum.variant, part.variant)] {
            arm.units += part.units;
            arm.mean += weight * part.mean;
            arm.variance += weight * weight * part.variance;
            arm.variance_doubt += weight * weight * weight * weight * part.variance_doubt;
        }
    }
    if weights == 0.0 {
        return None;
    }
    let square = weights * weights;
    sum.covariance /= square;
    for arm in [&mut sum.control, &mut sum.variant] {
        arm.mean /= weights;
        arm.variance /= square;
        arm.variance_doubt /= square * square;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) -> bool {
        (found - expected).abs() <= 1e-12 * expected.abs()
    }

    fn epoch(control: (u64, u64), variant: (u64, u64)) -> Stratum<Conversions> {
        let arm = |(units, conversions)| Conversions { units, conversions };
        Stratum { control_share: 0.5, variant_share: 0.5, control: arm(control), variant: arm(variant) }
    }

    #[test]
    fn a_share_that_changed_midway_makes_no_difference_where_there_is_none() {
        // Weekdays convert 10 %, weekends 30 %, in both arms; the variant had most of the weekend's traffic.
        let strata = [epoch((8_000, 800), (2_000, 200)), epoch((1_000, 300), (9_000, 2_700))];
        let pair = estimate_conversions(&strata).unwrap_or_default();
        // Of the weights 1,600 and 900.
        assert!(near(pair.control.mean, 0.172) && near(pair.variant.mean, 0.172), "{pair:?}");
        let expected = 0.64 * 0.64 * 0.1 * 0.9 / 8_000.0 + 0.36 * 0.36 * 0.3 * 0.7 / 1_000.0;
        assert!(near(pair.control.variance, expected) && pair.units() == 20_000.0, "{pair:?}");
        let naive = 2_900.0 / 11_000.0 - 1_100.0 / 9_000.0;
        assert!(naive > 0.14, "what the sums alone would say: {naive}");
    }

    #[test]
    fn an_epoch_hangs_on_no_handful_of_units() {
        let sound = epoch((1_000, 100), (1_000, 100));
        let alone = estimate_conversions(&[sound]);
        // Five units of the variant, none of whom converted, beside twenty thousand of control.
        assert_eq!(estimate_conversions(&[sound, epoch((20_000, 2_000), (5, 0))]), alone);
        // An arm that was added midway, and is thick enough to be heard: it is weighed by what it can say.
        let both = estimate_conversions(&[sound, epoch((20_000, 2_000), (100, 4))]).unwrap_or_default();
        assert!((-2.0..0.0).contains(&both.z(1.0)), "{both:?}");
        let mut values = Stratum { control_share: 0.5, variant_share: 0.5, ..Stratum::<Values>::default() };
        for unit in 0..1_000_u32 {
            values.control.count(f64::from(unit % 10), 0.0);
            values.variant.count(f64::from(unit % 10), 0.0);
        }
        let mut thin = Stratum { variant: Values::default(), ..values };
        (0..5).for_each(|_| thin.variant.count(0.0, 0.0));
        assert_eq!(estimate_values(&[values, thin]), estimate_values(&[values]));
        assert!(estimate_values(&[thin]).is_some(), "where there is nothing else it is what there is");
    }

    #[test]
    fn an_epoch_with_one_arm_only_cannot_be_compared() {
        let whole = estimate_conversions(&[epoch((100, 10), (100, 12)), epoch((50, 5), (0, 0))]);
        assert_eq!(whole, estimate_conversions(&[epoch((100, 10), (100, 12))]));
        assert_eq!(estimate_conversions(&[epoch((50, 5), (0, 0))]), None);
        assert_eq!(estimate_values(&[]), None);
    }

    #[test]
    fn a_pre_period_that_foretells_everything_leaves_no_doubt_of_the_difference() {
        let mut stratum = Stratum { control_share: 0.5, variant_share: 0.5, ..Stratum::<Values>::default() };
        for unit in 0..50_u32 {
            let before = f64::from(unit * unit % 17);
            stratum.control.count(before, before);
            stratum.variant.count(before, before);
        }
        let raw = estimate_values(&[stratum]).unwrap_or_default();
        let adjusted = estimate_values_with_pre_period(&[stratum]).unwrap_or_default();
        assert!(adjusted.contrast(1.0).1 < 1e-12 && raw.contrast(1.0).1 > 0.1, "{adjusted:?}");
        // The level itself is as uncertain as before, which the ratio must know.
        assert!(near(adjusted.covariance, raw.contrast(1.0).1 / 4.0 * 98.0 / 99.0), "{adjusted:?} {raw:?}");
        assert!(adjusted.adjustment.is_some_and(|found| near(found.theta, 1.0) && near(found.variance_reduction, 1.0)));
    }

    #[test]
    fn without_a_pre_period_nothing_is_adjusted() {
        let mut stratum = Stratum { control_share: 0.5, variant_share: 0.5, ..Stratum::<Values>::default() };
        for value in [1.0, 2.0, 4.0] {
            stratum.control.count(value, 0.0);
            stratum.variant.count(value + 1.0, 0.0);
        }
        assert_eq!(estimate_values_with_pre_period(&[stratum]), estimate_values(&[stratum]));
    }
}
