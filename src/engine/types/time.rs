//! Time as the engine sees it: integer milliseconds UTC, given by the host. There is no clock here.

use chrono::{DateTime, SecondsFormat};

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type TimeMs = i64;

/// One day in milliseconds.
pub const DAY_MS: i64 = 86_400_000;
/// One hour in milliseconds.
pub const HOUR_MS: i64 = 3_600_000;
/// Clients' clocks may be off by this much (PRODUCT).
pub const CLOCK_TOLERANCE_MS: i64 = 5 * 60_000;

/// Returns the number of the UTC day that holds this moment (1970-01-01 is 0).
pub fn day_of(at_ms: TimeMs) -> i32 {
    i32::try_from(at_ms.div_euclid(DAY_MS)).unwrap_or(i32::MAX)
}

/// Returns the days from `from_ms` to `to_ms`, negative when `to_ms` is earlier.
pub fn days_between(from_ms: TimeMs, to_ms: TimeMs) -> f64 {
    (to_ms - from_ms) as f64 / DAY_MS as f64
}

/// Reads an RFC 3339 time between the years 2000 and 2100; anything else is a mistake of its sender.
pub fn parse_rfc3339(text: &str) -> Option<TimeMs> {
    const YEAR_2000: i64 = 946_684_800_000;
    const YEAR_2100: i64 = 4_102_444_800_000;
    let at_ms = DateTime::parse_from_rfc3339(text).ok()?.timestamp_millis();
    (YEAR_2000..YEAR_2100).contains(&at_ms).then_some(at_ms)
}

/// Writes a time as RFC 3339 in UTC with milliseconds only when there are any.
pub fn format_rfc3339(at_ms: TimeMs) -> String {
    match DateTime::from_timestamp_millis(at_ms) {
        Some(at) => at.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        None => String::new(),
    }
}
