//! Times as files write them: RFC 3339, dates with or without a time, and whole seconds or milliseconds.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use nearside_engine::types::{DAY_MS, TimeMs};

/// 1990-01-01: what is older is a number that is no time.
const EARLIEST_MS: TimeMs = 631_152_000_000;
/// 2100-01-01.
const LATEST_MS: TimeMs = 4_102_444_800_000;
/// Numbers below it are seconds: as milliseconds they would lie in 1970.
const SECONDS_BELOW: i64 = 10_000_000_000;

const WITH_OFFSET: [&str; 3] = ["%Y-%m-%d %H:%M:%S%.f%:z", "%Y-%m-%dT%H:%M:%S%.f%:z", "%Y-%m-%d %H:%M:%S%.f %z"];
const WITHOUT: [&str; 4] = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];

/// Why a time is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeFault {
    /// It is written in no known way.
    Unreadable,
    /// It lies outside the years 1990 to 2099.
    OutOfRange,
}

/// Reads a time; those without an offset are UTC, and a date is its midnight.
///
/// # Errors
/// What is no time, or lies outside 1990 to 2099.
pub(crate) fn read_time(text: &str) -> Result<TimeMs, TimeFault> {
    if let Ok(number) = text.parse::<i64>() {
        return millis(number);
    }
    let with_offset = || WITH_OFFSET.iter().find_map(|format| DateTime::parse_from_str(text, format).ok());
    let without = || WITHOUT.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    let at_ms = DateTime::parse_from_rfc3339(text)
        .ok()
        .or_else(with_offset)
        .map(|at| at.timestamp_millis())
        .or_else(|| without().map(|at| at.and_utc().timestamp_millis()))
        .or_else(|| midnight(text));
    within(at_ms.ok_or(TimeFault::Unreadable)?)
}

/// Reads a number of seconds or milliseconds, told apart by its size.
///
/// # Errors
/// Numbers that lie outside 1990 to 2099 either way.
pub(crate) fn millis(number: i64) -> Result<TimeMs, TimeFault> {
    let is_seconds = number.checked_abs().is_some_and(|size| size < SECONDS_BELOW);
    within(if is_seconds { number * 1_000 } else { number })
}

/// Reads a date or a time of the command line.
///
/// # Errors
/// A sentence for the user.
pub(crate) fn read_date(text: &str) -> Result<TimeMs, String> {
    match read_time(text) {
        Ok(at_ms) if text.parse::<i64>().is_err() => Ok(at_ms),
        _ => Err("must be a date such as 2011-10-10, or an RFC 3339 time".to_owned()),
    }
}

fn midnight(text: &str) -> Option<TimeMs> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some(date.signed_duration_since(NaiveDate::default()).num_days() * DAY_MS)
}

/// Insists on a time that can be one.
///
/// # Errors
/// What lies outside 1990 to 2099.
pub(crate) fn within(at_ms: TimeMs) -> Result<TimeMs, TimeFault> {
    if (EARLIEST_MS..LATEST_MS).contains(&at_ms) { Ok(at_ms) } else { Err(TimeFault::OutOfRange) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_one_moment_is_that_moment() {
        for text in [
            "2010-12-01T08:26:00Z",
            "2010-12-01T09:26:00+01:00",
            "2010-12-01 09:26:00+01:00",
            "2010-12-01 08:26:00 +0000",
            "2010-12-01 08:26:00",
            "2010-12-01T08:26:00.000",
            "2010-12-01 08:26",
            "1291191960",
            "1291191960000",
        ] {
            assert_eq!(read_time(text), Ok(1_291_191_960_000), "{text}");
        }
        assert_eq!(read_time("2010-12-01"), Ok(1_291_161_600_000));
        assert_eq!(read_time("2010-12-01T08:26:00.250Z"), Ok(1_291_191_960_250));
    }

    #[test]
    fn what_is_no_time_says_which_way() {
        for text in ["", "yesterday", "NaN", "12/1/2010 8:26", "2010-13-01", "1e9"] {
            assert_eq!(read_time(text), Err(TimeFault::Unreadable), "{text}");
        }
        for text in [
            "0",
            "-1",
            "12",
            "1969-12-31",
            "2100-01-01",
            "9999-12-31T00:00:00Z",
            "9223372036854775807",
            "-9223372036854775808",
        ] {
            assert_eq!(read_time(text), Err(TimeFault::OutOfRange), "{text}");
        }
    }

    #[test]
    fn a_date_of_the_command_line_is_no_bare_number() {
        assert_eq!(read_date("2011-10-10"), Ok(1_318_204_800_000));
        assert_eq!(read_date("2011-10-10T00:00:00Z"), Ok(1_318_204_800_000));
        assert!(read_date("10/10/2011").is_err() && read_date("1318204800").is_err());
    }
}
