//! Day by day: who was exposed, and what was known until then. Days add up to the cells.

use super::compared::finite;
use super::definition::MetricKind;
use super::judged::EXPOSURE;
use super::shown::{DayLift, DayShown};
use super::sums::{Report, as_conversions};
use crate::analysis::{
    ArmCount, CONCENTRATIONS, Interval, Plan, Stratum, Values, difference_of_conversions, difference_of_values,
    sample_ratio,
};
use crate::math::sort_list;
use crate::ports::DayCell;
use crate::types::{DAY_MS, SortedMap, format_rfc3339};

/// Sums until a day, by stratum and variant.
type Sums = SortedMap<(u32, String), Values>;

/// Longer series show only the days with anything to show.
const MOST_DAYS: i32 = 400;

/// Returns the days from the first with anything to show to the last, in their order. A day has an interval where
/// the headline would have had one: from the minimum on, and while the groups are as large as their shares say.
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
                sum.active_units += cell.units;
                sum.sum += cell.total;
                sum.sum_of_squares += cell.total_squares;
            }
        }
        let is_broken = is_broken(&strata, &names, &sums);
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
            if let Some((mean, interval)) = difference(report, &pairs, plan) {
                let interval = interval.filter(|_| !is_broken);
                let ends = [interval.map(|interval| interval.lower), interval.map(|interval| interval.upper)];
                lift.insert((*name).to_owned(), DayLift { mean: finite(mean), interval: ends.map(|end| finite(end?)) });
            }
        }
        shown.push(DayShown { day: date_of(day), exposures, lift });
    }
    shown
}

/// The difference as the headline would have given it at the end of that day.
fn difference(report: &Report, pairs: &[Stratum<Values>], plan: &Plan) -> Option<(f64, Option<Interval>)> {
    if report.kind_of(&report.definition.success_metric) == MetricKind::Value {
        return difference_of_values(pairs, plan);
    }
    difference_of_conversions(&as_conversions(pairs), plan)
}

/// True where the groups were not what the shares say on that day: what is read off them then is read off two crowds.
fn is_broken(strata: &[(u32, Vec<f64>)], names: &[&str], sums: &Sums) -> bool {
    let mut counts: Vec<Vec<ArmCount>> = Vec::with_capacity(strata.len());
    for (stratum, shares) in strata {
        let units = |name: &str| sums.get(&(*stratum, name.to_owned())).map_or(0, |sum| sum.units);
        counts.push(names.iter().zip(shares).map(|(name, share)| (units(name), *share)).collect());
    }
    sample_ratio(counts.iter().map(Vec::as_slice), &CONCENTRATIONS).is_broken()
}

fn date_of(day: i32) -> String {
    format_rfc3339(i64::from(day) * DAY_MS).chars().take(10).collect()
}
