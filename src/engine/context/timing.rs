//! *What it measures*: whether this is an hour at which the person is usually active, and how near the deadline is.
//! *Why it helps*: a thing is taken up when there is time for it and before it is too late.
//! *How*: the mean of the two. Hours: the share of activity within an hour of now against the busiest such window,
//! shrunk to 0.5 by ten imagined events. Deadline: 1 within a week, falling evenly to 0.5 at 90 days; 0.5 without one.
//! *When it misleads*: shift work and travel.
//! *What consent it needs*: `behavioral` for the hours; none for the deadline.

use crate::types::{HOUR_MS, TimeMs, days_between};

/// Imagined events at no particular hour.
const PRIOR_EVENTS: f64 = 10.0;
/// Within this many days a deadline is as near as it gets.
const NEAR_DAYS: f64 = 7.0;
/// Beyond this many days a deadline does not matter yet.
const FAR_DAYS: f64 = 90.0;

/// What the hour says; the same for every item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HourOpinion(f64);

impl HourOpinion {
    /// Compares the local hour with the person's hours. Neutral where the offset or the hours are unknown.
    pub fn new(hours: &[u32], utc_offset_minutes: Option<i16>, now_ms: TimeMs) -> Self {
        let (Some(offset), 24) = (utc_offset_minutes, hours.len()) else { return Self(0.5) };
        let window = |hour: usize| -> f64 {
            let around = [hour + 23, hour, hour + 1];
            around.iter().filter_map(|hour| hours.get(hour % 24)).map(|count| f64::from(*count)).sum()
        };
        let busiest = (0..24).map(window).fold(0.0, f64::max);
        if busiest == 0.0 {
            return Self(0.5);
        }
        let events: f64 = hours.iter().map(|count| f64::from(*count)).sum();
        let relative = window(local_hour(now_ms, offset)) / busiest;
        Self((events * relative + PRIOR_EVENTS * 0.5) / (events + PRIOR_EVENTS))
    }

    /// Returns the timing term of an item, 0 to 1.
    pub fn timing(self, deadline_ms: Option<TimeMs>, now_ms: TimeMs) -> f64 {
        0.5 * self.0 + 0.5 * deadline_nearness(deadline_ms, now_ms)
    }
}

/// Returns how near a deadline is: 1 within a week, 0.5 beyond 90 days or without one, 0 after it.
pub fn deadline_nearness(deadline_ms: Option<TimeMs>, now_ms: TimeMs) -> f64 {
    let Some(deadline_ms) = deadline_ms else { return 0.5 };
    let days = days_between(now_ms, deadline_ms);
    if days < 0.0 {
        return 0.0;
    }
    let share = ((days - NEAR_DAYS) / (FAR_DAYS - NEAR_DAYS)).clamp(0.0, 1.0);
    1.0 - 0.5 * share
}

/// Returns the hour of the day, 0 to 23, at an offset from UTC.
pub fn local_hour(now_ms: TimeMs, utc_offset_minutes: i16) -> usize {
    let local_ms = now_ms + i64::from(utc_offset_minutes) * 60_000;
    usize::try_from(local_ms.div_euclid(HOUR_MS).rem_euclid(24)).unwrap_or(0)
}
