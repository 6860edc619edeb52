//! Before a test: how many units it needs, what it could find, how long that takes.
//!
//! All of it for a two-sided test at one fixed look, by the normal approximation. `ratio` is the variant's units over
//! control's; answers are control's units, not rounded.

use serde::Serialize;

use crate::math::{crossing, normal_cdf, normal_upper_quantile};

/// What is asked of a test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Demands {
    /// The two-sided error, usually 0.05.
    pub alpha: f64,
    /// The chance to find an effect that is there, usually 0.8; above `alpha`.
    pub power: f64,
    /// The variant's units over control's, usually 1.
    pub ratio: f64,
}

impl Default for Demands {
    fn default() -> Self {
        Self { alpha: 0.05, power: 0.8, ratio: 1.0 }
    }
}

impl Demands {
    /// Both quantiles: of the error, and of the power.
    fn quantiles(&self) -> Option<(f64, f64)> {
        let sound = 0.0 < self.alpha && self.alpha < self.power && self.power < 1.0 && self.ratio > 0.0;
        (sound && self.ratio.is_finite())
            .then(|| (normal_upper_quantile(0.5 * self.alpha), normal_upper_quantile(1.0 - self.power)))
    }
}

/// How the standard error of a difference of rates is taken under the null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum NullVariance {
    /// That of each arm's own rate: `p₁q₁ + p₂q₂ / ratio`.
    Unpooled,
    /// That of the rate of both arms together, as the pooled z test takes it.
    Pooled,
}

/// Returns control's units for two rates: `(z_α s₀ + z_β s₁)² / (p₂ - p₁)²`, `s₁² = p₁q₁ + p₂q₂ / ratio` (Fleiss, Levin and
/// Paik 2003). None for equal rates or rates outside of 0 to 1.
pub fn units_for_rates(control: f64, variant: f64, demands: &Demands, null: NullVariance) -> Option<f64> {
    let (z_alpha, z_beta) = demands.quantiles()?;
    let is_rate = |rate: f64| (0.0..=1.0).contains(&rate);
    if !(is_rate(control) && is_rate(variant)) || control == variant {
        return None;
    }
    let apart = control * (1.0 - control) + variant * (1.0 - variant) / demands.ratio;
    let under_null = match null {
        NullVariance::Unpooled => apart,
        NullVariance::Pooled => {
            let pooled = (control + demands.ratio * variant) / (1.0 + demands.ratio);
            pooled * (1.0 - pooled) * (1.0 + 1.0 / demands.ratio)
        }
    };
    let root = (z_alpha * under_null.sqrt() + z_beta * apart.sqrt()) / (variant - control);
    Some(root * root)
}

/// Returns control's units for two rates by Cohen's effect size `h = 2 asin √p₂ - 2 asin √p₁`, counting also the chance to
/// be significant in the wrong direction, as statsmodels does.
pub fn units_for_rates_by_arcsine(control: f64, variant: f64, demands: &Demands) -> Option<f64> {
    let h = 2.0 * (libm::asin(variant.sqrt()) - libm::asin(control.sqrt()));
    units_for_shift(h.abs(), 1.0, demands)
}

/// Returns control's units for a difference of means, `standard_deviation` that of a value in either arm.
///
/// The n at which `Φ(d √m - z_α) + Φ(-d √m - z_α)` is the power, with `d` the difference over the standard deviation and
/// `m = n ratio / (1 + ratio)`.
pub fn units_for_means(difference: f64, standard_deviation: f64, demands: &Demands) -> Option<f64> {
    units_for_shift(difference.abs(), standard_deviation, demands)
}

/// Returns the least difference of means that so many units in control find with the power that is demanded.
pub fn least_difference_of_means(standard_deviation: f64, control_units: f64, demands: &Demands) -> Option<f64> {
    let (z_alpha, z_beta) = demands.quantiles()?;
    let least = (z_alpha + z_beta) * standard_deviation * ((1.0 + 1.0 / demands.ratio) / control_units).sqrt();
    (least.is_finite() && least >= 0.0).then_some(least)
}

/// Returns the least rise of a rate that so many units in control find; none when even a rise to 1 is too small.
pub fn least_rise_of_rates(control: f64, control_units: f64, demands: &Demands, null: NullVariance) -> Option<f64> {
    let short = |rise: f64| {
        units_for_rates(control, control + rise, demands, null).map_or(1.0, |needed| needed - control_units)
    };
    let most = 1.0 - control;
    // Fewer units are needed for a larger rise.
    (most > 0.0 && short(most) <= 0.0).then(|| crossing(most, 0.0, &short))
}

/// Returns the days until `planned_units` at the present rate, 0 when they are there; none while nobody comes.
pub fn days_left(planned_units: f64, units_so_far: f64, units_per_day: f64) -> Option<f64> {
    let missing = planned_units - units_so_far;
    let days = if missing <= 0.0 { 0.0 } else { missing / units_per_day };
    (days.is_finite() && days >= 0.0).then_some(days)
}

fn units_for_shift(shift: f64, standard_deviation: f64, demands: &Demands) -> Option<f64> {
    let (z_alpha, z_beta) = demands.quantiles()?;
    let missing = |z: f64| demands.power - normal_cdf(z - z_alpha) - normal_cdf(-z - z_alpha);
    // The usual formula leaves the wrong direction out, and so asks for a little too much.
    let z = crossing(z_alpha + z_beta, 0.0, &missing);
    let root = z * standard_deviation / shift;
    let units = root * root * (1.0 + 1.0 / demands.ratio);
    (units.is_finite() && units > 0.0).then_some(units)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Option<f64>, expected: f64, tolerance: f64) {
        assert!(found.is_some_and(|found| (found / expected - 1.0).abs() < tolerance), "{found:?} for {expected}");
    }

    #[test]
    fn sizes_and_effects_are_one_relation() {
        for ratio in [0.25, 1.0, 3.0] {
            let demands = Demands { ratio, ..Demands::default() };
            for null in [NullVariance::Pooled, NullVariance::Unpooled] {
                let units = units_for_rates(0.1, 0.12, &demands, null).unwrap_or(f64::NAN);
                near(least_rise_of_rates(0.1, units, &demands, null), 0.02, 1e-11);
            }
            let units = units_for_means(-1.5, 7.0, &demands).unwrap_or(f64::NAN);
            near(least_difference_of_means(7.0, units, &demands), 1.5, 1e-5);
        }
    }

    #[test]
    fn what_cannot_be_planned_is_not() {
        let demands = Demands::default();
        assert_eq!(units_for_rates(0.1, 0.1, &demands, NullVariance::Pooled), None);
        assert_eq!(units_for_rates(0.1, 1.2, &demands, NullVariance::Pooled), None);
        assert_eq!(units_for_rates(0.1, 0.2, &Demands { power: 0.01, ..demands }, NullVariance::Pooled), None);
        assert_eq!(units_for_means(0.0, 1.0, &demands), None);
        assert_eq!(units_for_means(1.0, f64::NAN, &demands), None);
        assert_eq!(least_rise_of_rates(0.5, 3.0, &demands, NullVariance::Pooled), None);
        assert_eq!(least_difference_of_means(1.0, 0.0, &demands), None);
    }

    #[test]
    fn days_are_left_until_the_plan_is_met() {
        assert_eq!(days_left(1_000.0, 400.0, 120.0), Some(5.0));
        assert_eq!(days_left(1_000.0, 1_400.0, 0.0), Some(0.0));
        assert_eq!(days_left(1_000.0, 400.0, 0.0), None);
    }
}
