//! Every metric of every variant beside the control's.

use super::definition::{MetricKind, Worse};
use super::judged::BUILT_IN;
use super::shown::{CupedShown, FixedShown, LiftShown, MetricShown, SegmentShown};
use super::sums::{Sums, as_conversions};
use crate::analysis::{
    Comparison, Guardrail, GuardrailStanding, Harm, LiftRegion, Plan, USUAL_MARGIN, compare_conversions,
    compare_values, e_benjamini_hochberg, estimate_values_with_pre_period, holm,
};

/// Fewer units than this are not split off.
const LEAST_OF_SEGMENT: u64 = 20;
/// Beyond this an e-value has no more to say, and no number to be said with.
const MOST_LOG_E: f64 = 690.0;

/// One metric of one variant.
pub(super) struct Compared {
    pub(super) metric: String,
    /// None where an arm has no units.
    pub(super) comparison: Option<Comparison>,
    pub(super) guardrail: Option<GuardrailStanding>,
    cuped: Option<Comparison>,
}

/// The metrics of a test, as they are shown.
pub(super) fn metrics_of(sums: &Sums<'_>) -> Vec<String> {
    let own = sums.report.definition.metrics.iter().map(|metric| metric.name.clone());
    BUILT_IN.iter().map(|name| (*name).to_owned()).chain(own).collect()
}

/// The plan that was made with the definition, before the data came.
pub(super) fn plan_of(sums: &Sums<'_>, metric: &str) -> Plan {
    let definition = &sums.report.definition;
    // Most of those who see something view it; few do more.
    let planned_rate = if matches!(metric, "viewed" | "engaged") { 0.5 } else { 0.05 };
    Plan::of_test(u64::from(definition.minimum_sample_size), definition.alpha, planned_rate)
}

/// Compares every metric of a variant with the control's.
pub(super) fn compared(sums: &Sums<'_>, variant: usize, segment: &str) -> Vec<Compared> {
    let compare = |metric: String| {
        let comparison = comparison(sums, variant, &metric, segment);
        let guardrail = standing(sums, variant, &metric, segment, comparison.as_ref());
        let is_conversion = sums.report.kind_of(&metric) == MetricKind::Conversion;
        let has_pre = sums.report.definition.covariate.is_some();
        let cuped = match (has_pre, is_conversion) {
            (false, _) => None,
            (true, true) => {
                let plan = Plan { planned_rate: 1.0, ..plan_of(sums, &metric) };
                compare_values(&sums.pairs(variant, &metric, segment), &plan)
            }
            (true, false) => comparison,
        };
        Compared { cuped: cuped.filter(|found| found.adjustment.is_some()), metric, comparison, guardrail }
    };
    metrics_of(sums).into_iter().map(compare).collect()
}

/// Compares one metric of a variant with the control's.
pub(super) fn comparison(sums: &Sums<'_>, variant: usize, metric: &str, segment: &str) -> Option<Comparison> {
    let plan = plan_of(sums, metric);
    match sums.report.kind_of(metric) {
        MetricKind::Conversion => compare_conversions(&as_conversions(&sums.pairs(variant, metric, segment)), &plan),
        MetricKind::Value => compare_values(&sums.pairs(variant, metric, segment), &plan),
    }
}

/// How a guardrail stands. Means say nothing before they have the minimum; who converts does.
fn standing(
    sums: &Sums<'_>,
    variant: usize,
    metric: &str,
    segment: &str,
    found: Option<&Comparison>,
) -> Option<GuardrailStanding> {
    let stated = sums.report.definition.guardrails.iter().find(|guardrail| guardrail.metric == metric)?;
    let harm = if stated.worse == Worse::Up { Harm::Rise } else { Harm::Fall };
    let margin = stated.margin.unwrap_or(USUAL_MARGIN);
    let (guardrail, plan) = (Guardrail { harm, margin }, plan_of(sums, metric));
    let evidence = match sums.report.kind_of(metric) {
        MetricKind::Conversion => guardrail
            .of_conversions(&as_conversions(&sums.pairs(variant, metric, segment)), &plan.conversion_sequence()),
        MetricKind::Value if !found.is_some_and(|found| found.has_minimum) => return Some(GuardrailStanding::Open),
        MetricKind::Value => {
            let pair = estimate_values_with_pre_period(&sums.pairs(variant, metric, segment))?;
            guardrail.of_values(&pair, &plan.mean_sequence())
        }
    };
    Some(evidence.standing(plan.alpha))
}

/// Shows the metrics of all variants; the control has means only. The adjustments are over all of them.
pub(super) fn shown(sums: &Sums<'_>, of_variants: &[Vec<Compared>], segment: &str) -> Vec<Vec<MetricShown>> {
    let p_of = |compared: &Compared| compared.comparison.map_or(1.0, |found| found.always_valid.p_value);
    let log_e_of = |compared: &Compared| {
        let usable = compared.comparison.filter(|found| found.has_minimum);
        usable.map_or(0.0, |found| found.always_valid.log_e)
    };
    let all: Vec<f64> = of_variants.iter().flatten().map(log_e_of).collect();
    let mut q_values = e_benjamini_hochberg(&all).into_iter();
    let metrics = metrics_of(sums);
    let adjusted: Vec<Vec<f64>> = (0..metrics.len())
        .map(|at| holm(&of_variants.iter().filter_map(|one| one.get(at)).map(p_of).collect::<Vec<_>>()))
        .collect();
    let names = sums.report.variants();
    let mut shown = Vec::with_capacity(names.len());
    for (place, name) in names.iter().enumerate() {
        let rows = metrics.iter().enumerate().map(|(at, metric)| {
            let (cell, exposed) = (sums.whole(name, metric, segment), sums.exposed(name, segment));
            let mean = (exposed > 0).then(|| cell.total / exposed as f64);
            let kind = sums.report.kind_of(metric);
            let metric = metric.clone();
            let mut row = MetricShown { metric, kind, units: cell.units, mean, lift: None, fixed: None, cuped: None };
            let of_variant = place.checked_sub(1).and_then(|place| of_variants.get(place)?.get(at));
            if let Some(compared) = of_variant {
                let adjusted_p = place.checked_sub(1).and_then(|place| adjusted.get(at)?.get(place).copied());
                let q = q_values.next();
                row.lift = compared.comparison.map(|found| lift_shown(&found, adjusted_p, q, compared.guardrail));
                row.fixed = compared.comparison.map(|found| FixedShown {
                    p: finite(found.fixed.p_value),
                    interval: [finite(found.fixed.difference.lower), finite(found.fixed.difference.upper)],
                    relative_interval: ends(found.fixed.lift),
                });
                row.cuped = compared.cuped.map(|found| CupedShown {
                    absolute: finite(found.difference),
                    interval: sequence(&found),
                    p: finite(found.always_valid.p_value).filter(|_| found.has_minimum),
                    theta: found.adjustment.and_then(|adjustment| finite(adjustment.theta)),
                    variance_reduction: found.adjustment.and_then(|adjustment| finite(adjustment.variance_reduction)),
                });
            }
            row
        });
        shown.push(rows.collect());
    }
    shown
}

/// The success metric of a variant in each segment of some size.
pub(super) fn segments_shown(sums: &Sums<'_>, variant: usize, name: &str) -> Vec<SegmentShown> {
    let metric = &sums.report.definition.success_metric;
    let segments = sums.segments().into_iter().filter(|segment| sums.exposed(name, segment) >= LEAST_OF_SEGMENT);
    let shown = segments.map(|segment| {
        let exposed = sums.exposed(name, segment);
        let found = if variant == 0 { None } else { comparison(sums, variant, metric, segment) };
        SegmentShown {
            segment: segment.to_owned(),
            sample_size: exposed,
            mean: finite(sums.whole(name, metric, segment).total / exposed as f64),
            absolute: found.and_then(|found| finite(found.difference)),
            interval: found.map_or([None, None], |found| sequence(&found)),
        }
    });
    shown.collect()
}

fn lift_shown(
    found: &Comparison,
    adjusted_p: Option<f64>,
    q: Option<f64>,
    guardrail: Option<GuardrailStanding>,
) -> LiftShown {
    let may = |value: f64| finite(value).filter(|_| found.has_minimum);
    LiftShown {
        absolute: finite(found.difference),
        relative: found.lift.and_then(finite),
        interval: sequence(found),
        relative_interval: ends(found.always_valid.lift),
        p: may(found.always_valid.p_value),
        e: may(libm::exp(found.always_valid.log_e.min(MOST_LOG_E))),
        adjusted_p: adjusted_p.and_then(may),
        q: q.and_then(may),
        is_guardrail: guardrail.is_some(),
        guardrail: guardrail.map(|standing| match standing {
            GuardrailStanding::Breached => "breached",
            GuardrailStanding::Held => "held",
            GuardrailStanding::Open => "open",
        }),
    }
}

fn sequence(found: &Comparison) -> [Option<f64>; 2] {
    let interval = found.always_valid.difference;
    [interval.and_then(|interval| finite(interval.lower)), interval.and_then(|interval| finite(interval.upper))]
}

fn ends(region: LiftRegion) -> [Option<f64>; 2] {
    let (lower, upper) = region.bounds();
    [lower.and_then(finite), upper.and_then(finite)]
}

/// A number that JSON can say.
pub(super) fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
