//! Day by day: who was exposed, and what was known until then. Days add up to the cells.

use super::definition::MetricKind;
use super::judged::EXPOSURE;
use super::shown::{DayLift, DayShown};
use super::sums::{Report, as_conversions};
use crate::analysis::{PairEstimate, Plan, Stratum, Values, estimate_conversions, estimate_values};
use crate::math::sort_list;
use crate::ports::DayCell;
use crate::types::{DAY_MS, SortedMap, format_rfc3339};

/// Sums until a day, by stratum and variant.
type Sums = SortedMap<(u32, String), Values>;

/// Longer series show only the days with anything to show.
const MOST_DAYS: i32 = 400;

/// Returns the days from the first with anything to show to the last, in their order. Before the plan's minimum there is no
/// interval.
pub(super) fn series(report: &Report, days: &[DayCell], plan: &Plan) -> Vec<DayShown> {
    let mut numbers: Vec<i32> = days.iter().map(|cell| cell.day).collect();
    sort_list(&mut numbers, Ord::cmp);
    numbers.dedup();
    // A day without anybody is shown as one.
    if let (Some(first), Some(last)) = (numbers.first().copied(), numbers.last().copied())
        && last.saturating_sub(first) < MOST_DAYS
    {
        numbers = (first..=last).collect();
    }
    let strata = report.strata();
    let names = report.variants();
    let mut sums = Sums::new();
    let mut shown = Vec::with_capacity(numbers.len());
    for day in numbers {
        let mut exposures: SortedMap<String, u64> = SortedMap::new();
        for cell in days.iter().filter(|cell| cell.day == day) {
            let epoch = report.epochs.iter().find(|epoch| epoch.epoch == cell.epoch);
            let stratum = epoch.map_or(cell.epoch, |epoch| epoch.stratum);
            let sum = sums.get_or_default((stratum, cell.variant.clone()));
            if cell.metric == EXPOSURE {
                sum.units += cell.units;
                *exposures.get_or_default(cell.variant.clone()) += cell.units;
            } else {
                sum.sum += cell.total;
                sum.sum_of_squares += cell.total_squares;
            }
        }
        let mut lift = SortedMap::new();
        for (place, name) in names.iter().enumerate().skip(1) {
            let pairs: Vec<Stratum<Values>> = strata
                .iter()
                .map(|(stratum, shares)| {
                    let arm = |name: &str| sums.get(&(*stratum, name.to_owned())).copied().unwrap_or_default();
                    Stratum {
                        control_share: shares.first().copied().unwrap_or_default(),
                        variant_share: shares.get(place).copied().unwrap_or_default(),
                        control: arm(names.first().copied().unwrap_or_default()),
                        variant: arm(name),
                    }
                })
                .collect();
            if let Some(pair) = estimated(report, &pairs) {
                lift.insert((*name).to_owned(), lift_of(&pair, plan));
            }
        }
        shown.push(DayShown { day: date_of(day), exposures, lift });
    }
    shown
}

fn estimated(report: &Report, pairs: &[Stratum<Values>]) -> Option<PairEstimate> {
    if report.kind_of(&report.definition.success_metric) == MetricKind::Value {
        return estimate_values(pairs);
    }
    estimate_conversions(&as_conversions(pairs))
}

fn lift_of(pair: &PairEstimate, plan: &Plan) -> DayLift {
    let (difference, variance) = pair.contrast(1.0);
    let minimum = plan.minimum_units as f64;
    let has_minimum = pair.control.units >= minimum && pair.variant.units >= minimum;
    let half = plan.mean_sequence().reach(pair.units(), plan.alpha) * variance.sqrt();
    let end = |end: f64| Some(end).filter(|end| has_minimum && end.is_finite());
    DayLift {
        mean: Some(difference).filter(|mean| mean.is_finite()),
        interval: [end(difference - half), end(difference + half)],
    }
}

fn date_of(day: i32) -> String {
    format_rfc3339(i64::from(day) * DAY_MS).chars().take(10).collect()
}
