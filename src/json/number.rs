//! Digits become a number: an integer where it is written as one and fits, else the nearest double.

/// A number of a document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    /// Zero or above, without fraction and exponent.
    Unsigned(u64),
    /// Below zero, without fraction and exponent.
    Signed(i64),
    /// Everything else.
    Float(f64),
}

/// Why digits are no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InvalidNumber {
    /// A digit is missing after so many bytes.
    Digit(usize),
    /// No double is as large.
    TooLarge,
}

/// The powers of ten that a double holds exactly.
const TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// An exponent beyond every double.
const FAR: u64 = 100_000;

/// The most digits whose number a double holds exactly.
const SHORT_DIGITS: usize = 15;

/// Reads what nearly every number is: a few digits, perhaps with a point between them, before a comma or a bracket. With
/// so few digits both the digits and the power of ten are exact, so that one division gives the nearest double. None
/// sends the rest, and every mistake, to `parse_number`.
#[inline]
pub(super) fn parse_short_number(bytes: &[u8]) -> Option<(Number, usize)> {
    let mut significand = 0_u64;
    let mut point = None;
    for (at, byte) in bytes.iter().enumerate().take(SHORT_DIGITS + 1) {
        match byte {
            b'0'..=b'9' => significand = significand * 10 + u64::from(byte - b'0'),
            b'.' if point.is_none() && at > 0 => point = Some(at),
            b',' | b']' | b'}' => {
                let starts_well = at > 0 && (bytes.first() != Some(&b'0') || at == 1 || point == Some(1));
                return match point {
                    _ if !starts_well => None,
                    None => Some((Number::Unsigned(significand), at)),
                    Some(point) => {
                        let decimals = at - point - 1;
                        let ten = TENS.get(decimals).filter(|_| decimals > 0)?;
                        Some((Number::Float(significand as f64 / ten), at))
                    }
                };
            }
            _ => return None,
        }
    }
    None
}

/// Reads the number at the head of `bytes`, and how many bytes it takes.
///
/// # Errors
/// Where a digit is missing, or that the number is too large.
pub(super) fn parse_number(bytes: &[u8]) -> Result<(Number, usize), InvalidNumber> {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let is_negative = byte(0) == b'-';
    let start = usize::from(is_negative);
    let mut digits = Digits::default();
    let mut at = if byte(start) == b'0' { start + 1 } else { digits.take(bytes, start, false)? };
    let whole_ends = at;
    if byte(at) == b'.' {
        at = digits.take(bytes, at + 1, true)?;
    }
    if matches!(byte(at), b'e' | b'E') {
        let sign = byte(at + 1);
        let mut exponent = Digits::default();
        at = exponent.take(bytes, at + 1 + usize::from(matches!(sign, b'+' | b'-')), false)?;
        let exponent = if exponent.is_full { FAR } else { exponent.significand.min(FAR) } as i32;
        digits.exponent = digits.exponent.saturating_add(if sign == b'-' { -exponent } else { exponent });
    }
    let is_integer = at == whole_ends && !digits.is_full;
    let number = match (is_integer, is_negative, digits.significand) {
        (true, false, whole) => Number::Unsigned(whole),
        (true, true, whole @ 1..=0x8000_0000_0000_0000) => Number::Signed((whole as i64).wrapping_neg()),
        (_, _, significand) => {
            let size = scaled(significand, digits.exponent);
            if !size.is_finite() {
                return Err(InvalidNumber::TooLarge);
            }
            Number::Float(if is_negative { -size } else { size })
        }
    };
    Ok((number, at))
}

/// The digits that fit, and the power of ten that stands for the decimal point and the digits that do not.
#[derive(Default)]
struct Digits {
    significand: u64,
    exponent: i32,
    is_full: bool,
}

impl Digits {
    /// Takes one digit or more, and returns where they end.
    fn take(&mut self, bytes: &[u8], from: usize, is_fraction: bool) -> Result<usize, InvalidNumber> {
        let mut at = from;
        while let Some(digit) = bytes.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
            // A checked product costs as much as all the rest, and nearly every number is far from the limit.
            let grown = if self.significand < u64::MAX / 10 {
                Some(self.significand * 10 + u64::from(digit))
            } else {
                self.significand.checked_mul(10).and_then(|tens| tens.checked_add(u64::from(digit)))
            };
            match grown {
                Some(grown) if !self.is_full => {
                    self.significand = grown;
                    self.exponent -= i32::from(is_fraction);
                }
                _ => {
                    self.is_full = true;
                    self.exponent += i32::from(!is_fraction);
                }
            }
            at += 1;
        }
        if at == from { Err(InvalidNumber::Digit(at)) } else { Ok(at) }
    }
}

/// Returns `significand * 10^exponent`, in pairs of doubles: what a double loses is carried in the second one. So up to
/// 10^22 either way, which is where our numbers lie, the result is the nearest double, and a number that was written in
/// its shortest form reads back to the same bits.
fn scaled(significand: u64, exponent: i32) -> f64 {
    let mut high = significand as f64;
    let mut low = significand.wrapping_sub(high as u64) as i64 as f64;
    let mut left = exponent.unsigned_abs();
    while left > 0 && high != 0.0 && high.is_finite() {
        let step = left.min(22);
        left -= step;
        let ten = TENS.get(step as usize).copied().unwrap_or(1.0);
        if exponent < 0 {
            let quotient = high / ten;
            let (product, lost) = exact_product(quotient, ten);
            let rest = (((high - product) - lost) + low) / ten;
            high = quotient + rest;
            low = rest - (high - quotient);
        } else {
            let (product, lost) = exact_product(high, ten);
            let rest = lost + low * ten;
            high = product + rest;
            low = rest - (high - product);
        }
    }
    high
}

/// Returns the product and what rounding took from it (Dekker); at the far ends of the doubles, the product alone.
fn exact_product(left: f64, right: f64) -> (f64, f64) {
    let halves = |number: f64| {
        let shifted = 134_217_729.0 * number;
        let high = shifted - (shifted - number);
        (high, number - high)
    };
    let product = left * right;
    let ((left_high, left_low), (right_high, right_low)) = (halves(left), halves(right));
    let lost =
        ((left_high * right_high - product) + left_high * right_low + left_low * right_high) + left_low * right_low;
    (product, if lost.is_finite() { lost } else { 0.0 })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn check(text: &str, number: Number) {
        assert_eq!(parse_number(text.as_bytes()), Ok((number, text.trim_end_matches(',').len())), "{text}");
    }

    #[test]
    fn integers_stay_integers_while_they_fit() {
        check("0", Number::Unsigned(0));
        check("7,", Number::Unsigned(7));
        check("18446744073709551615", Number::Unsigned(u64::MAX));
        check("-9223372036854775808", Number::Signed(i64::MIN));
        check("18446744073709551616", Number::Float(18_446_744_073_709_551_616.0));
        check("-9223372036854775809", Number::Float(-9_223_372_036_854_775_808.0));
        assert!(matches!(parse_number(b"-0"), Ok((Number::Float(zero), 2)) if zero.is_sign_negative()));
    }

    #[test]
    fn doubles_read_back_to_the_same_bits() {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        for round in 0..200_000_u32 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let unit = (state >> 11) as f64 / (1_u64 << 53) as f64;
            let number = unit * [1.0, 1e-6, 1e5, 3e9, 1e-3, 1e15][round as usize % 6];
            let text = format!("{number:?}");
            let (read, _) = parse_number(text.as_bytes()).unwrap();
            let read = match read {
                Number::Float(read) => read,
                other => panic!("{text} is {other:?}"),
            };
            assert_eq!(read.to_bits(), number.to_bits(), "{text}");
        }
    }

    #[test]
    fn a_short_number_is_what_a_long_look_finds() {
        let parts = ["", "0", "00", "1", "7", "20651", "123456789012345", "1234567890123456", "-3"];
        for whole in parts {
            for rest in ["", ".", ".0", ".3", ".25", ".000000000000001", ".1.2", "e5", ".5e1", "x", " "] {
                for end in [",", "]", "}", "", "\"", ":"] {
                    let text = format!("{whole}{rest}{end}");
                    let Some((number, length)) = parse_short_number(text.as_bytes()) else { continue };
                    assert_eq!(parse_number(text.as_bytes()), Ok((number, length)), "{text}");
                }
            }
        }
        assert_eq!(parse_short_number(b"20651,"), Some((Number::Unsigned(20_651), 5)));
        assert_eq!(parse_short_number(b"0.3]"), Some((Number::Float(0.3), 3)));
    }

    #[test]
    fn the_far_ends_are_near() {
        for text in ["1e308", "1.7e308", "2.5e-300", "4.9e-320", "123456789012345678901234567890.5", "0.1e1"] {
            let Ok((Number::Float(read), _)) = parse_number(text.as_bytes()) else { panic!("{text}") };
            let exact: f64 = text.parse().unwrap();
            assert!((read - exact).abs() <= exact * 1e-15 + 1e-323, "{text}: {read:e}");
        }
        check("0e999999999999999999999", Number::Float(0.0));
        check("1e-999999999999999999999", Number::Float(0.0));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for (text, at) in [("-", 1), ("", 0), ("+1", 0), ("1.", 2), ("1.e5", 2), ("1e", 2), ("1e+", 3), (".5", 0)] {
            assert_eq!(parse_number(text.as_bytes()), Err(InvalidNumber::Digit(at)), "{text}");
        }
        assert_eq!(parse_number(b"1e999"), Err(InvalidNumber::TooLarge));
        // What follows is the reader's to judge: a second digit after a leading zero is no comma.
        check("0", Number::Unsigned(0));
        assert_eq!(parse_number(b"07"), Ok((Number::Unsigned(0), 1)));
    }
}
