//! Time as the engine sees it: integer milliseconds UTC, given by the host. There is no clock here.
//!
//! Reading and writing RFC 3339 is ours: the crate for it is 3 KB of the Worker, and its judge in the tests.

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type TimeMs = i64;

/// One day in milliseconds.
pub const DAY_MS: i64 = 86_400_000;
/// One hour in milliseconds.
pub const HOUR_MS: i64 = 3_600_000;
/// Clients' clocks may be off by this much (PRODUCT).
pub const CLOCK_TOLERANCE_MS: i64 = 5 * 60_000;
const MINUTE_MS: i64 = 60_000;
const SECOND_MS: i64 = 1_000;

/// Days from 0000-03-01 to 1970-01-01. Years that begin in March have their leap day at the end.
const DAYS_BEFORE_1970: i64 = 719_468;
/// Days of 400 years, of 100 years that end without a leap day, and of 4 years that end with one.
const DAYS_OF_YEARS: (i64, i64, i64) = (146_097, 36_524, 1_461);

/// A time as its writer wrote it: the day of their own offset, and the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenTime {
    /// The year, 0 to 9999.
    pub year: i64,
    /// The month, 1 to 12.
    pub month: i64,
    /// The day of the month, from 1.
    pub day: i64,
    /// The moment.
    pub at_ms: TimeMs,
}

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
    let at_ms = parse_written(text)?.at_ms;
    (YEAR_2000..YEAR_2100).contains(&at_ms).then_some(at_ms)
}

/// Reads an RFC 3339 time of any year. A space may stand for the `T`, and a minus sign of typographers for a hyphen; of
/// fractions of a second, what is below a millisecond is dropped.
pub fn parse_written(text: &str) -> Option<WrittenTime> {
    let mut rest = text.as_bytes();
    let year = number(&mut rest, 4)?;
    let month = number(after(&mut rest, b"-")?, 2)?;
    let day = number(after(&mut rest, b"-")?, 2)?;
    let hour = number(after(&mut rest, b"Tt ")?, 2)?;
    let minute = number(after(&mut rest, b":")?, 2)?;
    let second = number(after(&mut rest, b":")?, 2)?;
    let millisecond = if after(&mut rest, b".").is_some() { fraction(&mut rest)? } else { 0 };
    let offset = offset_ms(&mut rest)?;
    let day_number = day_number(year, month, day);
    // The 31st of a shorter month is a day of the next one; a second 60 is a leap second.
    let is_day = day >= 1 && date_of(day_number) == (year, month, day);
    (is_day && hour < 24 && minute < 60 && second <= 60 && rest.is_empty()).then(|| {
        let within = hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS + millisecond;
        WrittenTime { year, month, day, at_ms: day_number * DAY_MS + within - offset }
    })
}

/// Writes a time as RFC 3339 in UTC with milliseconds only when there are any; empty for a year before 0 or after 9999.
pub fn format_rfc3339(at_ms: TimeMs) -> String {
    let (year, month, day) = date_of(at_ms.div_euclid(DAY_MS));
    if !(0..=9_999).contains(&year) {
        return String::new();
    }
    let of_day = at_ms.rem_euclid(DAY_MS);
    let (hour, minute) = (of_day / HOUR_MS, of_day / MINUTE_MS % 60);
    let (second, millisecond) = (of_day / SECOND_MS % 60, of_day % SECOND_MS);
    let mut text = String::with_capacity(24);
    for (before, number, digits) in [
        ("", year, 4),
        ("-", month, 2),
        ("-", day, 2),
        ("T", hour, 2),
        (":", minute, 2),
        (":", second, 2),
        (".", millisecond, if millisecond == 0 { 0 } else { 3 }),
    ] {
        if digits > 0 {
            text.push_str(before);
        }
        push_digits(&mut text, number, digits);
    }
    text.push('Z');
    text
}

fn push_digits(text: &mut String, number: i64, digits: u32) {
    for place in (0..digits).rev() {
        text.push(char::from(b'0' + (number / 10_i64.pow(place) % 10) as u8));
    }
}

/// Passes over one of these bytes.
fn after<'a, 'b>(rest: &'b mut &'a [u8], bytes: &[u8]) -> Option<&'b mut &'a [u8]> {
    let (first, behind) = rest.split_first()?;
    bytes.contains(first).then(|| {
        *rest = behind;
        rest
    })
}

fn number(rest: &mut &[u8], digits: usize) -> Option<i64> {
    let (head, behind) = rest.split_at_checked(digits)?;
    *rest = behind;
    head.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0')))
}

fn fraction(rest: &mut &[u8]) -> Option<i64> {
    let mut worth = 100;
    let mut milliseconds = number(rest, 1)? * worth;
    while rest.first().is_some_and(u8::is_ascii_digit) {
        worth /= 10;
        milliseconds += number(rest, 1)? * worth;
    }
    Some(milliseconds)
}

fn offset_ms(rest: &mut &[u8]) -> Option<i64> {
    if after(rest, b"Zz").is_some() {
        return Some(0);
    }
    let sign = match rest.strip_prefix("−".as_bytes()) {
        Some(behind) => {
            *rest = behind;
            -1
        }
        None if after(rest, b"+").is_some() => 1,
        None => after(rest, b"-").map(|_| -1)?,
    };
    let hours = number(rest, 2)?;
    let minutes = number(after(rest, b":")?, 2)?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * HOUR_MS + minutes * MINUTE_MS))
}

/// The number of a day, 1970-01-01 being 0.
fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let (four_hundred, _, four) = DAYS_OF_YEARS;
    // Months from March on: five of them have 153 days, wherever one begins to count.
    let months = (month + 9).rem_euclid(12);
    let year = year - i64::from(month <= 2);
    let of_400 = year.rem_euclid(400);
    let in_400 = of_400 * four / 4 - of_400 / 100 + (153 * months + 2) / 5 + day - 1;
    year.div_euclid(400) * four_hundred + in_400 - DAYS_BEFORE_1970
}

/// Year, month and day of a day.
fn date_of(day_number: i64) -> (i64, i64, i64) {
    let (four_hundred, hundred, four) = DAYS_OF_YEARS;
    let day = day_number + DAYS_BEFORE_1970;
    let in_400 = day.rem_euclid(four_hundred);
    // Without leap days, every year would have 365 days.
    let leap_days = in_400 / (four - 1) - in_400 / hundred + in_400 / (four_hundred - 1);
    let of_400 = (in_400 - leap_days) / 365;
    let of_year = in_400 - (of_400 * four / 4 - of_400 / 100);
    let months = (5 * of_year + 2) / 153;
    let month = (months + 2) % 12 + 1;
    let year = day.div_euclid(four_hundred) * 400 + of_400 + i64::from(month <= 2);
    (year, month, of_year - (153 * months + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Datelike, SecondsFormat};

    use super::*;

    #[track_caller]
    fn check(text: &str) {
        let expected = DateTime::parse_from_rfc3339(text).ok().map(|at| WrittenTime {
            year: i64::from(at.year()),
            month: i64::from(at.month()),
            day: i64::from(at.day()),
            at_ms: at.timestamp_millis(),
        });
        assert_eq!(parse_written(text), expected, "{text:?}");
    }

    #[test]
    fn times_are_read_as_the_library_reads_them() {
        let good = ["2027-04-05T22:59:59Z", "2024-02-29t00:00:60.9994z", "0000-01-01 00:00:00.1234567891−23:59"];
        for text in good {
            check(text);
            for at in 0..text.len() {
                for other in "0123456789:-+.TZz t−é".chars() {
                    let mut changed: String = text.chars().take(at).chain([other]).collect();
                    check(&changed);
                    changed.extend(text.chars().skip(at + 1));
                    check(&changed);
                    check(&format!("{changed}{other}"));
                }
                check(&text.chars().take(at).collect::<String>());
            }
        }
        for (year, month) in
            [1900, 1999, 2000, 2023, 2024, 2100, 9999].into_iter().flat_map(|y| (0..14).map(move |m| (y, m)))
        {
            for day in 0..33 {
                check(&format!("{year}-{month:02}-{day:02}T12:30:00+05:30"));
            }
        }
    }

    #[test]
    fn times_are_written_as_the_library_writes_them() {
        let expected =
            |at_ms| DateTime::from_timestamp_millis(at_ms).map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true));
        for step in -62_000..253_000 {
            // Seconds of all of them, a day and some more apart.
            let at_ms = step * 1_000_000_007 + if step % 3 == 0 { 0 } else { step % 1_000 - step * 7 % 1_000 };
            assert_eq!(Some(format_rfc3339(at_ms)), expected(at_ms), "{at_ms}");
        }
        for day in -719_528..2_932_896 {
            let (year, month, of_month) = date_of(day);
            assert_eq!(day_number(year, month, of_month), day);
        }
        assert_eq!(format_rfc3339(946_684_800_000), "2000-01-01T00:00:00Z");
        assert_eq!(format_rfc3339(1), "1970-01-01T00:00:00.001Z");
        assert_eq!(format_rfc3339(i64::MAX), "");
        assert_eq!(format_rfc3339(-62_167_219_200_001), "");
    }
}
