//! Weights, half-lives, named signals and factors.

use super::conditions;
use super::report::{Report, quoted};
use crate::pack::{Pack, SignalDecay, TERMS};

/// Above this a weight no longer compares with the others.
const MOST_WEIGHT: f64 = 10.0;

/// Checks `scoring`.
pub(super) fn check(pack: &Pack, report: &mut Report) {
    let scoring = &pack.scoring;
    let mut sum = 0.0;
    for (term, weight) in scoring.weights.by_name() {
        report.range(&format!("scoring.weights.{term}"), weight, 0.0..=MOST_WEIGHT);
        sum += weight;
    }
    sum += scoring.signals.iter().map(|signal| signal.weight).sum::<f64>();
    if sum == 0.0 {
        report.add("scoring.weights", "no-weight", "every weight is 0: nothing would order the items");
    }
    report.range("scoring.weights.popularity_floor", scoring.weights.popularity_floor, 0.0..=1.0);
    report.above_zero("scoring.prior_observations", scoring.prior_observations.0, 1_000.0);
    check_decay("scoring.category_affinity", scoring.category_affinity, report);
    check_decay("scoring.tag_affinity", scoring.tag_affinity, report);
    check_decay("scoring.item_affinity", scoring.item_affinity, report);
    check_signals(pack, report);
    check_factors(pack, report);
}

/// Shorter half-lives leave the range of numbers within the years that are supported; see `math::decay`.
fn check_decay(path: &str, decay: SignalDecay, report: &mut Report) {
    report.range(&format!("{path}.half_life_days"), decay.half_life_days, 7.0..=3650.0);
    report.above_zero(&format!("{path}.scale"), decay.scale, 10.0);
}

fn check_signals(pack: &Pack, report: &mut Report) {
    let signals = &pack.scoring.signals;
    report.count("scoring.signals", signals.len(), 0..=50);
    report.unique(signals.iter().map(|signal| signal.name.as_str()), |index| format!("scoring.signals[{index}].name"));
    for (index, signal) in signals.iter().enumerate() {
        let path = format!("scoring.signals[{index}]");
        let name = format!("{path}.name");
        report.name(&name, &signal.name);
        if is_reserved(&signal.name) {
            report.add(&name, "reserved-name", format!("{} is the name of a built-in term", quoted(&signal.name)));
        }
        report.range(&format!("{path}.weight"), signal.weight, 0.0..=MOST_WEIGHT);
        conditions::check(&format!("{path}.when"), &signal.when, pack, report);
    }
}

fn check_factors(pack: &Pack, report: &mut Report) {
    let (signals, factors) = (&pack.scoring.signals, &pack.scoring.factors);
    report.count("scoring.factors", factors.len(), 0..=50);
    report.unique(factors.iter().map(|factor| factor.name.as_str()), |index| format!("scoring.factors[{index}].name"));
    for (index, factor) in factors.iter().enumerate() {
        let path = format!("scoring.factors[{index}]");
        let name = format!("{path}.name");
        report.name(&name, &factor.name);
        if is_reserved(&factor.name) || signals.iter().any(|signal| signal.name == factor.name) {
            report.add(
                &name,
                "reserved-name",
                format!("{} is the name of a term or of the clamp", quoted(&factor.name)),
            );
        }
        report.range(&format!("{path}.multiplier"), factor.multiplier, 0.1..=2.0);
        conditions::check(&format!("{path}.when"), &factor.when, pack, report);
    }
}

fn is_reserved(name: &str) -> bool {
    TERMS.contains(&name) || name == "clamp"
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use serde_json::{Value, json};

    use super::super::testing::{check_broken, check_value};

    fn signal(name: &str) -> Value {
        json!({ "name": name, "when": { "fact": "item.regulated", "is": true }, "weight": 0.1 })
    }

    fn factor(name: &str, multiplier: f64) -> Value {
        json!({ "name": name, "when": { "fact": "item.regulated", "is": true }, "multiplier": multiplier })
    }

    #[test]
    fn weights_are_within_their_range_and_not_all_zero() {
        check_value("/scoring/weights", json!({ "timing": -0.1 }), "scoring.weights.timing", "range");
        check_value("/scoring/weights", json!({ "timing": 10.5 }), "scoring.weights.timing", "range");
        check_value(
            "/scoring/weights",
            json!({ "popularity_floor": 1.5 }),
            "scoring.weights.popularity_floor",
            "range",
        );
        check_broken(
            |pack| {
                pack["scoring"] = json!({ "weights": {
                    "category_preference": 0, "sophistication_match": 0, "life_stage_relevance": 0, "timing": 0, "recency": 0
                } });
                let terms = pack["words"]["explain"]["terms"].as_object_mut().unwrap();
                terms.remove("on_sale");
                terms.remove("evening");
            },
            "scoring.weights",
            "no-weight",
        );
        check_value("/scoring/prior_observations", json!(0), "scoring.prior_observations", "range");
    }

    #[test]
    fn half_lives_and_scales_keep_to_their_ranges() {
        check_value(
            "/scoring/tag_affinity",
            json!({ "half_life_days": 6 }),
            "scoring.tag_affinity.half_life_days",
            "range",
        );
        check_value(
            "/scoring/item_affinity",
            json!({ "half_life_days": 4000 }),
            "scoring.item_affinity.half_life_days",
            "range",
        );
        check_value("/scoring/category_affinity", json!({ "scale": 0 }), "scoring.category_affinity.scale", "range");
        check_value("/scoring/category_affinity", json!({ "scale": 11 }), "scoring.category_affinity.scale", "range");
    }

    #[test]
    fn signals_and_factors_have_names_of_their_own() {
        check_value("/scoring/signals/-", signal("timing"), "scoring.signals[1].name", "reserved-name");
        check_value("/scoring/signals/-", signal("on_sale"), "scoring.signals[1].name", "duplicate-id");
        check_value("/scoring/factors/-", factor("clamp", 1.0), "scoring.factors[1].name", "reserved-name");
        check_value("/scoring/factors/-", factor("on_sale", 1.0), "scoring.factors[1].name", "reserved-name");
        check_value("/scoring/factors/-", factor("evening", 1.0), "scoring.factors[1].name", "duplicate-id");
        check_value("/scoring/factors/0/multiplier", json!(2.1), "scoring.factors[0].multiplier", "range");
        check_value("/scoring/signals/0/weight", json!(-1), "scoring.signals[0].weight", "range");
    }
}
