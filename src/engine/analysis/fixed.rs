//! Tests for one look at a sample whose size was fixed before: valid once, and not for whoever peeks.

use serde::Serialize;

use super::arm::Conversions;
use super::estimate::PairEstimate;
use crate::math::{at_least_the_smallest, normal_upper_quantile, student_sf, student_upper_quantile, two_sided_p};

/// A range of values, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end.
    pub lower: f64,
    /// The upper end.
    pub upper: f64,
}

/// The test of two rates. Every p value is two-sided.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ProportionTest {
    /// The variant's rate less control's, -1 to 1.
    pub difference: f64,
    /// The standard error of the difference with each arm's own variance: `√(p₁q₁/n₁ + p₂q₂/n₂)`.
    pub standard_error: f64,
    /// The difference over its standard error under the null: `√(p q (1/n₁ + 1/n₂))`, `p` the rate of both arms together.
    pub z_pooled: f64,
    /// The p value of `z_pooled`.
    pub p_pooled: f64,
    /// The difference over `standard_error`.
    pub z_unpooled: f64,
    /// The p value of `z_unpooled`.
    pub p_unpooled: f64,
    /// Newcombe's hybrid score interval (1998, method 10) of the difference.
    pub interval: Interval,
}

/// Returns the two-proportion z test; none without units in both arms.
///
/// `alpha` is the two-sided error of the interval. When nobody or everybody converted, z is 0 and p is 1.
pub fn two_proportions(control: &Conversions, variant: &Conversions, alpha: f64) -> Option<ProportionTest> {
    let (control_rate, variant_rate) = (control.rate()?, variant.rate()?);
    let (control_units, variant_units) = (control.units as f64, variant.units as f64);
    let difference = variant_rate - control_rate;
    let pooled = (control.conversions + variant.conversions) as f64 / (control_units + variant_units);
    let pooled_variance = pooled * (1.0 - pooled) * (1.0 / control_units + 1.0 / variant_units);
    let variance =
        control_rate * (1.0 - control_rate) / control_units + variant_rate * (1.0 - variant_rate) / variant_units;
    let over = |variance: f64| if variance > 0.0 { difference / variance.sqrt() } else { 0.0 };
    let (z_pooled, z_unpooled) = (over(pooled_variance), over(variance));
    Some(ProportionTest {
        difference,
        standard_error: variance.sqrt(),
        z_pooled,
        p_pooled: two_sided_p(z_pooled),
        z_unpooled,
        p_unpooled: two_sided_p(z_unpooled),
        interval: newcombe_interval(control, variant, alpha)?,
    })
}

/// Returns Wilson's score interval (1927) of a rate, with the two-sided error `alpha`; none without units.
pub fn wilson_interval(arm: &Conversions, alpha: f64) -> Option<Interval> {
    let (rate, units) = (arm.rate()?, arm.units as f64);
    let z = normal_upper_quantile(0.5 * alpha);
    let z2 = z * z / units;
    // The larger root of a quadratic; the smaller follows from the product, and so does not cancel.
    let larger_root = |rate: f64| (rate + 0.5 * z2 + (z2 * (rate * (1.0 - rate) + 0.25 * z2)).sqrt()) / (1.0 + z2);
    let smaller_root = |rate: f64| rate * rate / (1.0 + z2) / larger_root(rate);
    let upper = if rate > 0.5 { 1.0 - smaller_root(1.0 - rate) } else { larger_root(rate) };
    Some(Interval { lower: smaller_root(rate), upper })
}

/// Returns Newcombe's interval (1998, method 10) of the variant's rate less control's: the two Wilson intervals' distances
/// from the rates, combined as a root of squares.
pub fn newcombe_interval(control: &Conversions, variant: &Conversions, alpha: f64) -> Option<Interval> {
    let (control_rate, variant_rate) = (control.rate()?, variant.rate()?);
    let (of_control, of_variant) = (wilson_interval(control, alpha)?, wilson_interval(variant, alpha)?);
    let difference = variant_rate - control_rate;
    let below = libm::hypot(variant_rate - of_variant.lower, of_control.upper - control_rate);
    let above = libm::hypot(of_variant.upper - variant_rate, control_rate - of_control.lower);
    Some(Interval { lower: difference - below, upper: difference + above })
}

/// Welch's test of two means.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct WelchTest {
    /// The variant's mean less control's, in the metric's unit.
    pub difference: f64,
    /// The standard error of the difference.
    pub standard_error: f64,
    /// The difference over its standard error.
    pub t: f64,
    /// Welch and Satterthwaite's degrees of freedom: `(Σ v)² / Σ (v² / (n - 1))`, `v` the variance of a mean.
    pub degrees: f64,
    /// Two-sided.
    pub p_value: f64,
    /// The difference with the two-sided error `alpha`.
    pub interval: Interval,
}

/// Returns Welch's test (1947); none when neither arm varies.
pub fn welch(pair: &PairEstimate, alpha: f64) -> Option<WelchTest> {
    let (difference, variance) = pair.contrast(1.0);
    if variance <= 0.0 {
        return None;
    }
    let standard_error = variance.sqrt();
    let degrees = variance * variance / (pair.control.variance_doubt + pair.variant.variance_doubt);
    let t = difference / standard_error;
    let reach = student_upper_quantile(0.5 * alpha, degrees) * standard_error;
    Some(WelchTest {
        difference,
        standard_error,
        t,
        degrees,
        p_value: at_least_the_smallest(2.0 * student_sf(t.abs(), degrees)).min(1.0),
        interval: Interval { lower: difference - reach, upper: difference + reach },
    })
}
