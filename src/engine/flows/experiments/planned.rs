//! Before a test: how many units it needs, how small a lift they see, and how long that takes.

use nearside_json::PlainNumber;

use super::compared::finite;
use super::judged::{LEAST_ALPHA, MOST_ALPHA};
use super::shown::TestPlan;
use crate::analysis::{
    Demands, NullVariance, days_left, least_difference_of_means, least_rise_of_rates, units_for_means, units_for_rates,
};
use crate::flows::refusal::Refusal;
use crate::wire::PlanRequest;

/// Rates and lifts from here on are worth a test, and nobody has as many units as beyond this.
const LEAST: f64 = 1e-6;
const MOST: f64 = 1e12;
const MOST_LIFT: f64 = 1_000.0;
const MOST_VARIANTS: u32 = 10;

/// Returns the sample that sees a lift, the least lift that this sample sees, of the same sign, and the days that it takes.
///
/// # Errors
/// `invalid-request` where a number is missing, or outside its range; the detail names both.
pub fn plan_test(request: &PlanRequest) -> Result<TestPlan, Refusal> {
    let is_value = match request.kind.as_deref() {
        None | Some("conversion") => false,
        Some("value") => true,
        Some(_) => return Err(refused("kind must be conversion or value")),
    };
    let alpha = within("alpha", request.alpha.or(Some(0.05)), LEAST_ALPHA, MOST_ALPHA)?;
    let power = within("power", request.power.or(Some(0.8)), 0.1, 0.9999)?;
    if power <= alpha {
        return Err(refused("power must be above alpha"));
    }
    let variants = within("variants", Some(f64::from(request.variants.unwrap_or(2))), 2.0, f64::from(MOST_VARIANTS))?;
    let baseline = within("baseline", request.baseline, LEAST, if is_value { MOST } else { 1.0 - LEAST })?;
    let lift = lift_of(request.relative_lift)?;
    let per_day = match request.units_per_day {
        None => None,
        stated => Some(within("units_per_day", stated, 1e-3, MOST)?),
    };
    // Each variant is compared with the control; the error is shared among them.
    let demands = Demands { alpha: alpha / (variants - 1.0), power, ratio: 1.0 };
    let (units, deviation) = if is_value {
        let deviation = within("standard_deviation", request.standard_deviation, LEAST, MOST)?;
        (units_for_means(baseline * lift, deviation, &demands), deviation)
    } else {
        let rate = baseline * (1.0 + lift);
        if !(0.0..=1.0).contains(&rate) {
            return Err(refused("relative_lift must leave a rate of 0 to 1"));
        }
        (units_for_rates(baseline, rate, &demands, NullVariance::Pooled), 0.0)
    };
    let units =
        units.filter(|units| *units < 1e15).map(libm::ceil).ok_or_else(|| refused("no sample sees such a lift"))?;
    let least = if is_value {
        least_difference_of_means(deviation, units, &demands)
    } else {
        // A fall of those who convert is a rise of those who do not.
        let rate = if lift < 0.0 { 1.0 - baseline } else { baseline };
        least_rise_of_rates(rate, units, &demands, NullVariance::Pooled)
    };
    let total = units * variants;
    Ok(TestPlan {
        sample_size_per_variant: Some(units as u64),
        total: Some(total as u64),
        minimum_detectable_lift: least.and_then(|least| finite(libm::copysign(least / baseline, lift))),
        days: per_day.and_then(|per_day| days_left(total, 0.0, per_day)).and_then(finite),
    })
}

fn lift_of(stated: Option<f64>) -> Result<f64, Refusal> {
    let lift = stated.ok_or_else(|| refused("relative_lift must be stated"))?;
    if (LEAST..=MOST_LIFT).contains(&lift.abs()) {
        return Ok(lift);
    }
    let [least, most, lift] = [LEAST, MOST_LIFT, lift].map(PlainNumber);
    Err(refused(&format!("relative_lift must be {least} to {most} or its negative, not {lift}")))
}

/// What is no number is outside every range.
fn within(name: &str, stated: Option<f64>, least: f64, most: f64) -> Result<f64, Refusal> {
    let value = stated.ok_or_else(|| refused(&format!("{name} must be stated")))?;
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    let [least, most, value] = [least, most, value].map(PlainNumber);
    Err(refused(&format!("{name} must be {least} to {most}, not {value}")))
}

fn refused(detail: &str) -> Refusal {
    Refusal::invalid("invalid-request", detail)
}
