//! Before a test: how many units it needs, how small a lift they see, and how long that takes.

use super::compared::finite;
use super::shown::TestPlan;
use crate::analysis::{
    Demands, NullVariance, days_left, least_difference_of_means, least_rise_of_rates, units_for_means, units_for_rates,
};
use crate::flows::refusal::Refusal;
use crate::wire::PlanRequest;

/// A lift is asked for, or a sample is; the other is what comes out.
///
/// # Errors
/// `invalid-request` where a number is missing, or outside its range.
pub fn plan_test(request: &PlanRequest) -> Result<TestPlan, Refusal> {
    let refuse = |detail: &str| Refusal::invalid("invalid-request", detail);
    let within =
        |value: Option<f64>, default: f64| Some(value.unwrap_or(default)).filter(|value| (0.0..1.0).contains(value));
    let alpha = within(request.alpha, 0.05).filter(|alpha| *alpha > 0.0);
    let power = within(request.power, 0.8).filter(|power| *power > 0.0);
    let (Some(alpha), Some(power)) = (alpha, power) else { return Err(refuse("alpha and power lie between 0 and 1")) };
    let variants = request.variants.unwrap_or(2);
    if !(2..=10).contains(&variants) || power <= alpha {
        return Err(refuse("variants is 2 to 10, and power above alpha"));
    }
    // Each variant is compared with the control; the error is shared among them.
    let demands = Demands { alpha: alpha / f64::from(variants - 1), power, ratio: 1.0 };
    let baseline = request.baseline.filter(|baseline| baseline.is_finite() && *baseline != 0.0);
    let baseline = baseline.ok_or_else(|| refuse("baseline is the control's rate or mean, and not 0"))?;
    let lift = request.relative_lift.filter(|lift| lift.is_finite() && *lift != 0.0);
    let lift = lift.ok_or_else(|| refuse("relative_lift is the least lift that is to be seen, and not 0"))?;
    let is_value = match request.kind.as_deref() {
        None | Some("conversion") => false,
        Some("value") => true,
        Some(_) => return Err(refuse("kind is conversion or value")),
    };
    let units = if is_value {
        let deviation = request.standard_deviation.filter(|deviation| deviation.is_finite() && *deviation > 0.0);
        let deviation = deviation.ok_or_else(|| refuse("standard_deviation is needed for a value, above 0"))?;
        units_for_means(baseline * lift, deviation, &demands)
    } else {
        units_for_rates(baseline, baseline * (1.0 + lift), &demands, NullVariance::Pooled)
    };
    let units =
        units.filter(|units| *units < 1e15).map(f64::ceil).ok_or_else(|| refuse("no sample sees such a lift"))?;
    let least = match request.standard_deviation {
        Some(deviation) if is_value => {
            least_difference_of_means(deviation, units, &demands).map(|least| least / baseline.abs())
        }
        _ => least_rise_of_rates(baseline, units, &demands, NullVariance::Pooled).map(|rise| rise / baseline),
    };
    let total = units * f64::from(variants);
    let per_day = request.units_per_day.filter(|per_day| *per_day > 0.0);
    Ok(TestPlan {
        sample_size_per_variant: Some(units as u64),
        total: Some(total as u64),
        minimum_detectable_lift: least.and_then(finite),
        days: per_day.and_then(|per_day| days_left(total, 0.0, per_day)).and_then(finite),
    })
}
