//! Dates of the command line against the span of the data: a date that leaves nothing to look at is named before anything
//! is trained, with the span that would do.

use anyhow::{Result, ensure};
use nearside_engine::types::{TimeMs, format_rfc3339};

/// Checks the end of what is learned from: something must lie before it. `span` is the time of the first and of the last
/// event.
///
/// # Errors
/// Nothing lies before it.
pub(crate) fn check_until(flag: &str, until_ms: TimeMs, span: (TimeMs, TimeMs)) -> Result<()> {
    let (until, first, last) = (format_rfc3339(until_ms), format_rfc3339(span.0), format_rfc3339(span.1));
    ensure!(
        until_ms > span.0,
        "{flag} {until} leaves nothing to learn from: the events go from {first} to {last}; name a later date"
    );
    Ok(())
}

/// Checks the span of a test: something must lie before it, and something in it. `to_ms` is None where nobody named an end.
///
/// # Errors
/// An end that is not after the beginning; a test that begins at the first event, after the last one or ends before there
/// is any in it.
pub(crate) fn check_test(from_ms: TimeMs, to_ms: Option<TimeMs>, span: (TimeMs, TimeMs)) -> Result<()> {
    let (from, first, last) = (format_rfc3339(from_ms), format_rfc3339(span.0), format_rfc3339(span.1));
    if let Some(to_ms) = to_ms {
        let to = format_rfc3339(to_ms);
        ensure!(
            to_ms > from_ms,
            "--test-to {to} is not after the first moment of the test, {from}: name a later end, or an earlier --test-from; \
             the events go from {first} to {last}"
        );
    }
    check_until("--test-from", from_ms, span)?;
    ensure!(
        from_ms <= span.1,
        "--test-from {from} leaves nothing to test on: the events go from {first} to {last}; name an earlier date"
    );
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use nearside_engine::types::DAY_MS;

    use super::*;

    /// Events on the 1st to the 11th of January 2026.
    const SPAN: (TimeMs, TimeMs) = (1_767_225_600_000, 1_767_225_600_000 + 10 * DAY_MS);

    fn at(day: TimeMs) -> TimeMs {
        SPAN.0 + (day - 1) * DAY_MS
    }

    fn check(from_day: TimeMs, to_day: Option<TimeMs>, said: &[&str]) {
        let refused = check_test(at(from_day), to_day.map(at), SPAN).unwrap_err().to_string();
        for words in said.iter().chain(&["the events go from 2026-01-01T00:00:00Z to 2026-01-11T00:00:00Z"]) {
            assert!(refused.contains(words), "{from_day} to {to_day:?}: {refused}");
        }
    }

    #[test]
    fn a_date_that_leaves_nothing_is_named_with_the_span_that_would_do() {
        let end = ["--test-to 2026-01-05T00:00:00Z is not after", "2026-01-06T00:00:00Z", "a later end"];
        check(6, Some(5), &end);
        check(5, Some(5), &["--test-to 2026-01-05T00:00:00Z is not after"]);
        check(1, None, &["--test-from 2026-01-01T00:00:00Z leaves nothing to learn from", "name a later date"]);
        check(12, Some(20), &["--test-from 2026-01-12T00:00:00Z leaves nothing to test on", "an earlier date"]);
        let refused = check_until("--until", at(0), SPAN).unwrap_err().to_string();
        assert!(refused.starts_with("--until 2025-12-31T00:00:00Z leaves nothing to learn from"), "{refused}");
    }

    #[test]
    fn dates_within_the_data_are_fine() {
        for (from_day, to_day) in [(2, None), (11, None), (2, Some(3)), (11, Some(30))] {
            check_test(at(from_day), to_day.map(at), SPAN).unwrap();
        }
        check_until("--until", at(40), SPAN).unwrap();
    }
}
