//! Amounts and percentages as people write them. Currencies come from the pack; there is none in this file.

use crate::pack::Words;

/// Above this, in hundredths, a number cannot be told exactly.
const MOST_HUNDREDTHS: f64 = 9_000_000_000_000_000.0;

/// The space between groups of three where the pack says nothing of a currency: a no-break space, as ISO 80000 asks.
const NEUTRAL_SPACE: &str = "\u{a0}";

/// Writes an amount as the pack writes its currency, with hundredths only when there are any.
///
/// A currency that the pack does not know is written with its code behind the number: "1 200 XYZ". None for what is
/// no amount: not finite, or beyond ninety thousand thousand million.
pub fn format_amount(amount: f64, currency: &str, words: &Words) -> Option<String> {
    match words.currencies.get(currency) {
        Some(format) => {
            let number = grouped(amount, &format.thousands, &format.decimal)?;
            Some(match number.strip_prefix('-') {
                Some(positive) => format!("-{}{positive}", format.prefix),
                None => format!("{}{number}", format.prefix),
            })
        }
        None => Some(format!("{}{NEUTRAL_SPACE}{currency}", grouped(amount, NEUTRAL_SPACE, ".")?)),
    }
}

/// Writes a percentage without its sign, with at most two decimals and none that are nought.
pub fn format_percentage(percentage: f64) -> Option<String> {
    let number = grouped(percentage, "", ".")?;
    Some(match number.split_once('.') {
        Some((whole, decimals)) => format!("{whole}.{}", decimals.trim_end_matches('0')),
        None => number,
    })
}

fn grouped(amount: f64, thousands: &str, decimal: &str) -> Option<String> {
    let hundredths = libm::round(amount * 100.0);
    if !hundredths.is_finite() || hundredths.abs() > MOST_HUNDREDTHS {
        return None;
    }
    // The limit above keeps the cast exact.
    let hundredths = hundredths as i64;
    let digits = (hundredths.unsigned_abs() / 100).to_string();
    let cents = hundredths.unsigned_abs() % 100;
    let mut out = String::with_capacity(digits.len() * 2 + 4);
    if hundredths < 0 {
        out.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push_str(thousands);
        }
        out.push(digit);
    }
    if cents > 0 {
        out.push_str(decimal);
        out.push_str(&format!("{cents:02}"));
    }
    Some(out)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::text::testing::words;

    #[track_caller]
    fn check(amount: f64, currency: &str, expected: Option<&str>) {
        assert_eq!(format_amount(amount, currency, &words()).as_deref(), expected, "{amount} {currency}");
    }

    #[test]
    fn amounts_are_written_as_the_pack_writes_their_currency() {
        check(1200.0, "GBP", Some("£1,200"));
        check(0.0, "GBP", Some("£0"));
        check(999.0, "GBP", Some("£999"));
        check(1000.5, "ZAR", Some("R1 000.50"));
        check(1_234_567.891, "GBP", Some("£1,234,567.89"));
        check(36_000.0, "ZAR", Some("R36 000"));
        check(0.005, "GBP", Some("£0.01"));
        check(0.004, "GBP", Some("£0"));
        check(0.1 + 0.2, "GBP", Some("£0.30"));
        check(-50.0, "GBP", Some("-£50"));
        check(-0.001, "GBP", Some("£0"));
        check(12_345_678.0, "EUR", Some("12.345.678".replacen("12", "€12", 1).as_str()));
        check(9.5, "EUR", Some("€9,50"));
    }

    #[test]
    fn an_unknown_currency_keeps_its_code_and_gets_no_sign() {
        check(1200.0, "XYZ", Some("1\u{a0}200\u{a0}XYZ"));
        check(9.5, "XYZ", Some("9.50\u{a0}XYZ"));
    }

    #[test]
    fn what_is_no_amount_is_not_written() {
        check(f64::NAN, "GBP", None);
        check(f64::INFINITY, "GBP", None);
        check(1e300, "GBP", None);
    }

    #[test]
    fn percentages_are_short() {
        let cases = [
            (3.5, "3.5"),
            (4.0, "4"),
            (27.25, "27.25"),
            (0.1, "0.1"),
            (33.333_333, "33.33"),
            (1200.0, "1200"),
            (10.0, "10"),
        ];
        for (percentage, expected) in cases {
            assert_eq!(format_percentage(percentage).as_deref(), Some(expected), "{percentage}");
        }
        assert_eq!(format_percentage(f64::NAN), None);
    }
}
