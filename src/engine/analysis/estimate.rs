//! Two means and how exactly they are known: from one epoch or many, with or without a pre-period.
//!
//! Epochs are combined by post-stratification: each has the weight of all its units, in both arms, so that an arm whose
//! share was changed midway is not confused with the days on which it was large.

use serde::Serialize;

use super::arm::{Conversions, Stratum, Values};

/// What is known of one arm's mean.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct ArmEstimate {
    /// Units that were exposed.
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
        Some(PairEstimate { control, variant, covariance: 0.0, adjustment: None })
    });
    combined(parts)
}

/// Returns the two means, with the variance `s² / units` of each (`s²` over `units - 1`); none without two units in both
/// arms of any epoch, or when a sum is no finite number.
pub fn estimate_values(strata: &[Stratum<Values>]) -> Option<PairEstimate> {
    combined(strata.iter().filter_map(|stratum| adjusted_pair(stratum, 0.0)))
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
    let mut adjusted = combined(strata.iter().filter_map(|stratum| adjusted_pair(stratum, theta)))?;
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

/// The epochs' estimates, each with the weight of its units.
fn combined(parts: impl Iterator<Item = PairEstimate>) -> Option<PairEstimate> {
    let mut sum = PairEstimate::default();
    for part in parts {
        let weight = part.units();
        sum.covariance += weight * weight * part.covariance;
        for (arm, part) in [(&mut sum.control, part.control), (&mut sum.variant, part.variant)] {
            arm.units += part.units;
            arm.mean += weight * part.mean;
            arm.variance += weight * weight * part.variance;
            arm.variance_doubt += weight * weight * weight * weight * part.variance_doubt;
        }
    }
    let units = sum.units();
    if units == 0.0 {
        return None;
    }
    let square = units * units;
    sum.covariance /= square;
    for arm in [&mut sum.control, &mut sum.variant] {
        arm.mean /= units;
        arm.variance /= square;
        arm.variance_doubt /= square * square;
    }
    Some(sum)
}
