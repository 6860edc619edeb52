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
    if number.is_finite() {
        target.push_str(zmij::Buffer::new().format_finite(number));
    } else {
        target.push_str("null");
    }
}
