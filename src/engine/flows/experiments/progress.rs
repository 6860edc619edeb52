//! How far a test is: who has the minimum, how many come a day, and how long it takes at that rate.

use super::definition::TestStatus;
use super::judged::EXPOSURE;
use super::shown::Progress;
use super::sums::Report;
use crate::analysis::days_left;
use crate::ports::DayCell;
use crate::types::{DAY_MS, TimeMs};

/// The present rate is that of the last days, those without anybody among them.
const DAYS_OF_RATE: i64 = 7;

/// True when the control and every live variant have their minimum.
pub(super) fn has_minimum(report: &Report, exposed: &[u64]) -> bool {
    let minimum = u64::from(report.definition.minimum_sample_size);
    exposed.iter().enumerate().all(|(place, units)| !report.is_compared(place) || *units >= minimum)
}

/// Returns how far a test is. The slowest of the arms that are compared decides how long it takes, since each needs the
/// minimum; a test that does not run takes no time.
pub(super) fn progress(report: &Report, exposed: &[u64], days: &[DayCell], now_ms: TimeMs) -> Progress {
    let minimum = u64::from(report.definition.minimum_sample_size);
    let is_active = report.status == TestStatus::Active;
    let per_day = rate_of(days, is_active.then_some(now_ms));
    let (mut target, mut left) = (0, Some(0.0_f64));
    for (place, variant) in report.definition.variants.iter().enumerate() {
        if report.is_compared(place) {
            target += minimum;
            let of_arm = per_day.filter(|_| is_active).unwrap_or_default() * variant.traffic_percentage / 100.0;
            let units = exposed.get(place).copied().unwrap_or_default();
            let of_arm = days_left(minimum as f64, units as f64, of_arm);
            left = left.and_then(|left| Some(left.max(of_arm?)));
        }
    }
    Progress { exposed: exposed.iter().sum(), target, per_day, days_left: left }
}

/// Exposed units a day, over the last seven days or since the first exposure, one day at least: until now, or until the end
/// of the last day with exposures of a test that does not run. None before the first.
fn rate_of(days: &[DayCell], now_ms: Option<TimeMs>) -> Option<f64> {
    let exposures = || days.iter().filter(|cell| cell.metric == EXPOSURE && cell.units > 0);
    let first = i64::from(exposures().map(|cell| cell.day).min()?);
    let last = i64::from(exposures().map(|cell| cell.day).max()?);
    let end_ms = now_ms.unwrap_or((last + 1) * DAY_MS);
    let from = first.max((end_ms - 1).div_euclid(DAY_MS) - DAYS_OF_RATE + 1);
    let units: u64 = exposures().filter(|cell| i64::from(cell.day) >= from).map(|cell| cell.units).sum();
    let elapsed_days = ((end_ms - from * DAY_MS) as f64 / DAY_MS as f64).max(1.0);
    Some(units as f64 / elapsed_days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(day: i32, units: u64) -> DayCell {
        DayCell { metric: EXPOSURE.to_owned(), day, units, ..DayCell::default() }
    }

    #[test]
    fn days_without_anybody_are_days_too() {
        let days = [cell(10, 60), cell(10, 40), cell(14, 100)];
        // Four days and a half since the first began.
        assert_eq!(rate_of(&days, Some(14 * DAY_MS + DAY_MS / 2)), Some(200.0 / 4.5));
        assert_eq!(rate_of(&days, None), Some(40.0));
        assert_eq!(rate_of(&days, Some(18 * DAY_MS + DAY_MS / 2)), Some(100.0 / 6.5));
        assert_eq!(rate_of(&days, Some(30 * DAY_MS)), Some(0.0));
        assert_eq!(rate_of(&days[..2], Some(10 * DAY_MS + 1)), Some(100.0));
        assert_eq!(rate_of(&[cell(10, 0)], Some(11 * DAY_MS)), None);
    }
}
