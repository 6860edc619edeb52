//! Compares the engine's confidence sequences with a table of boundaries of uniform confidence sequences.

use nearside_engine::analysis::{
    Sides, log_e_needed, log_e_of_normal_sum, log_e_of_successes, log_e_of_too_many, probability_sequence,
    tuning_constant,
};
use nearside_engine::math::crossing;
use serde_json::Value;

use super::check::{Report, note};

/// Compares the cases whose function the engine has. Their numbers are given with six or seven digits.
pub fn report(table: &Value) -> Report {
    let mut report = Report::new();
    for case in table["cases"].as_array().unwrap() {
        let name = case["fn"].as_str().unwrap();
        let (found, expected) = (found(name, case), &case["value"]);
        let expected: Vec<f64> = match expected.as_array() {
            Some(values) => values.iter().map(|value| value.as_f64().unwrap()).collect(),
            None => vec![expected.as_f64().unwrap()],
        };
        for (found, expected) in found.into_iter().zip(expected) {
            // Six digits after the point: the error that counts is the absolute one, of numbers below 1.
            let lifted = if expected.abs() < 1.0 { 1.0 } else { 0.0 };
            note(report.entry(name.to_owned()).or_default(), name, found + lifted, expected + lifted);
        }
    }
    report
}

/// The two-sided tuning: `ρ` for the information at which the boundary is to be lowest.
fn rho(case: &Value, one_sided: bool) -> f64 {
    number(case, "v_opt") / tuning_constant(if one_sided { 0.1 } else { 0.05 })
}

fn number(case: &Value, name: &str) -> f64 {
    case[name].as_f64().unwrap()
}

fn found(name: &str, case: &Value) -> Vec<f64> {
    let one_sided = case["one_sided"].as_bool().unwrap_or(false);
    let sides = if one_sided { Sides::Above } else { Sides::Both };
    let normal = |sum: f64| log_e_of_normal_sum(sum, number(case, "v"), rho(case, one_sided), sides);
    // Steps of +h with the chance g / (g + h), else of -g: a sum of them is a number of successes.
    let binomial = |sum: f64| {
        let (g, h, variance) = (number(case, "g"), number(case, "h"), number(case, "v"));
        let (won, lost) = ((sum + variance / h) / (g + h), (variance / g - sum) / (g + h));
        let concentration = (rho(case, one_sided) - g * h).max(1e-3 * g * h) / (g * h);
        let log_e = if one_sided { log_e_of_too_many } else { log_e_of_successes };
        log_e(won, lost, g / (g + h), concentration)
    };
    let bound = |log_e: &dyn Fn(f64) -> f64, most: f64| {
        let needed = log_e_needed(number(case, "alpha"));
        vec![crossing(0.0, most, &|sum| log_e(sum) - needed)]
    };
    match name {
        "two_sided_normal_best_rho" => vec![rho(case, false)],
        "normal_log_mixture" => vec![normal(number(case, "s"))],
        "normal_mixture_bound" => bound(&normal, 1e3),
        "beta_binomial_log_mixture" => vec![binomial(number(case, "s"))],
        "beta_binomial_mixture_bound" => bound(&binomial, number(case, "v") / number(case, "g") - 1e-9),
        "bernoulli_confidence_interval" => {
            let (won, trials) = (number(case, "successes"), number(case, "trials"));
            let (lower, upper) = probability_sequence(won, trials - won, number(case, "alpha"), number(case, "t_opt"));
            vec![lower, upper]
        }
        // Boundaries that no metric of ours asks for.
        _ => Vec::new(),
    }
}
