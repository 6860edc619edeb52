//! A number in a sentence, written out: "0.5", "12", never "1e3". JSON has a writer of its own.

use std::fmt;

/// Writes a double with its shortest digits and no exponent, as the standard library's `{}` does.
///
/// Its digits come from the printer that JSON uses; the standard library's own would be 8 KB of the compressed Worker.
/// Where a double lies exactly between two shortest texts, that printer may choose the other one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlainNumber(pub f64);

impl fmt::Display for PlainNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // "12.0", "0.05", "1.5e-7" or "NaN".
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format(self.0);
        let size = text.trim_start_matches('-');
        if size.len() < text.len() {
            f.write_str("-")?;
        }
        let (digits, exponent) = size.split_once('e').unwrap_or((size, "0"));
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let decimals = if decimals == "0" { "" } else { decimals };
        let exponent: i32 = exponent.parse().map_err(|_| fmt::Error)?;
        let moved = exponent.unsigned_abs() as usize;
        if exponent < 0 {
            // An exponent stands after a single whole digit only.
            write!(f, "0.{:0<1$}{whole}{decimals}", "", moved.saturating_sub(1))
        } else if let Some((more, left)) = decimals.split_at_checked(moved).filter(|(_, left)| !left.is_empty()) {
            write!(f, "{whole}{more}.{left}")
        } else {
            write!(f, "{whole}{decimals}{:0<1$}", "", moved.saturating_sub(decimals.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    #[test]
    fn numbers_are_written_out() {
        let cases = [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (-12.5, "-12.5"),
            (0.05, "0.05"),
            (100.0, "100"),
            (1e21, "1000000000000000000000"),
            (1.5e17, "150000000000000000"),
            (1.25e-7, "0.000000125"),
            (5e-324, &format!("0.{}5", "0".repeat(323))),
            (0.1 + 0.2, "0.30000000000000004"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
        ];
        for (number, expected) in cases {
            assert_eq!(PlainNumber(number).to_string(), expected);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 5_000, rng_seed: RngSeed::Fixed(20_260), failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_standard_library_writes_the_same(number in any::<f64>(), near in -1e6..1e6f64, digits in 0..7i32) {
            let scale = f64::from(10_u32.pow(digits.unsigned_abs()));
            let short = (near * scale).trunc() / scale;
            for number in [number, near, short, near.trunc(), number.trunc()] {
                let (ours, theirs) = (PlainNumber(number).to_string(), number.to_string());
                let is_tie = ours.len() == theirs.len() && number.abs() > 1e15 && ours.parse() == Ok(number);
                prop_assert!(ours == theirs || is_tie, "{ours} {theirs}");
            }
        }
    }
}
