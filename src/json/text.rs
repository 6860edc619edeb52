//! Texts and numbers on their way out.

/// How many bytes are looked at together: as many as a register of the wasm target holds.
const BLOCK: usize = 16;

/// Writes a text between quotes.
pub(crate) fn push_quoted(target: &mut String, text: &str) {
    target.reserve(text.len() + 2);
    target.push('"');
    let mut rest = text;
    loop {
        let plain = plain_length(rest.as_bytes());
        let Some((before, after)) = rest.split_at_checked(plain) else { break };
        target.push_str(before);
        let mut characters = after.chars();
        let Some(special) = characters.next() else { break };
        push_escape(target, special);
        rest = characters.as_str();
    }
    target.push('"');
}

fn needs_escape(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

/// Returns how many bytes at the head need no escape.
fn plain_length(bytes: &[u8]) -> usize {
    let blocks = bytes.chunks_exact(BLOCK);
    let whole = blocks.take_while(|block| !block.iter().fold(false, |found, byte| found | needs_escape(*byte))).count();
    let tail = bytes.get(whole * BLOCK..).unwrap_or_default();
    whole * BLOCK + tail.iter().position(|byte| needs_escape(*byte)).unwrap_or(tail.len())
}

#[cold]
fn push_escape(target: &mut String, special: char) {
    let short = match special {
        '"' | '\\' => special,
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\u{8}' => 'b',
        '\u{c}' => 'f',
        _ => {
            target.push_str("\\u00");
            for shift in [4, 0] {
                target.extend(char::from_digit(u32::from(special) >> shift & 0xF, 16));
            }
            return;
        }
    };
    target.push('\\');
    target.push(short);
}

/// Writes an integer.
pub(crate) fn push_integer(target: &mut String, number: impl itoa::Integer) {
    target.push_str(itoa::Buffer::new().format(number));
}

/// Writes a double in the shortest form that reads back to the same bits; JSON has no other way to say "not a number"
/// than `null`.
pub(crate) fn push_float(target: &mut String, number: f64) {
    if let Some((whole, millionths)) = in_millionths(number) {
        push_decimal(target, number.is_sign_negative(), whole, millionths);
    } else if number.is_finite() {
        target.push_str(zmij::Buffer::new().format_finite(number));
    } else {
        target.push_str("null");
    }
}

/// Splits the size of a number that six decimals say exactly. Of the texts of up to 15 digits no two are the same double,
/// so what reads back to the number is its shortest text, and most of our numbers need no search for it.
fn in_millionths(number: f64) -> Option<(u64, u64)> {
    const MILLION: f64 = 1e6;
    let size = number.abs();
    if !(1e-3..1e6).contains(&size) {
        return None;
    }
    let millionths = (size * MILLION + 0.5) as u64;
    (millionths as f64 / MILLION == size).then_some((millionths / 1_000_000, millionths % 1_000_000))
}

fn push_decimal(target: &mut String, is_negative: bool, whole: u64, mut millionths: u64) {
    if is_negative {
        target.push('-');
    }
    push_integer(target, whole);
    target.push('.');
    loop {
        let digit = millionths / 100_000;
        target.push(char::from(b'0' + digit as u8));
        millionths = millionths % 100_000 * 10;
        if millionths == 0 {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, rng_seed: RngSeed::Fixed(77), failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn short_and_long_numbers_are_written_alike(any in any::<f64>(), near in -2e6..2e6f64, digits in 0..9_u32) {
            let scale = f64::from(10_u32.pow(digits));
            let short = (near * scale).trunc() / scale;
            let neighbour = f64::from_bits(short.to_bits() ^ 1);
            for number in [any, near, short, neighbour, near / 1e6, short / 1e3, near.trunc()] {
                let mut text = String::new();
                push_float(&mut text, number);
                prop_assert_eq!(&text, &serde_json::to_string(&number).unwrap_or_default());
            }
        }
    }
}
