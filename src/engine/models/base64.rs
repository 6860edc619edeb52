//! Short texts of padded base64 (RFC 4648 section 4), read through the decoder that tokens need anyway: a second alphabet
//! would be a two-hundredth of the Worker.

use base64ct::{Base64UrlUnpadded, Encoding};

/// Reads the one text of `N` bytes; None for any other.
pub fn base64_bytes<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let padding = (3 - N % 3) % 3;
    let digits = text.len().checked_sub(padding)?;
    let (digits, rest) = text.split_at_checked(digits)?;
    if !text.len().is_multiple_of(4) || rest.iter().any(|byte| *byte != b'=') {
        return None;
    }
    let translated = digits.iter().map(|byte| match byte {
        b'+' => b'-',
        b'/' => b'_',
        b'-' | b'_' => b'=',
        other => *other,
    });
    let mut bytes = [0; N];
    let length = Base64UrlUnpadded::decode(translated.collect::<Vec<u8>>(), &mut bytes).ok()?.len();
    (length == N).then_some(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use base64ct::Base64;

    use super::*;

    #[test]
    fn it_reads_what_another_decoder_reads_and_nothing_else() {
        let bytes: [u8; 64] = std::array::from_fn(|at| [0xfb, 0xef, 0xff, at as u8][at % 4]);
        let text = Base64::encode_string(&bytes);
        assert!(text.contains('+') && text.contains('/'));
        assert_eq!(base64_bytes(text.as_bytes()), Some(bytes));
        assert_eq!(base64_bytes::<63>(text.as_bytes()), None);
        let last = text.trim_end_matches('=').len() - 1;
        for byte in 0..=255 {
            for at in [0, 40, last, last + 1, text.len() - 1] {
                let mut other = text.clone().into_bytes();
                other[at] = byte;
                let mut buffer = [0; 66];
                let expected = Base64::decode(&other, &mut buffer).ok().and_then(|read| read.try_into().ok());
                assert_eq!(base64_bytes::<64>(&other), expected, "{byte} at {at}");
            }
        }
        for other in [&text[..87], &text[..86], "", "===="] {
            assert_eq!(base64_bytes::<64>(other.as_bytes()), None, "{other}");
        }
        assert_eq!(
            base64_bytes::<32>(Base64::encode_string(&bytes[..32]).as_bytes()),
            Some(bytes[..32].try_into().unwrap())
        );
        assert_eq!(base64_bytes::<3>(b"AAAA"), Some([0; 3]));
    }
}
