//! Lists of numbers as unpadded base64url of little-endian bytes (the alphabet of tokens: one decoder
//! does): a quarter of what their decimals take, and exact.

use base64ct::{Base64UrlUnpadded, Encoding};

use super::InvalidModel;

fn bytes(text: &str, name: &str) -> Result<Vec<u8>, InvalidModel> {
    Base64UrlUnpadded::decode_vec(text).map_err(|_| InvalidModel::new("shape", format!("{name} is not base64")))
}

fn wrong_length(name: &str, length: usize, expected: usize) -> InvalidModel {
    InvalidModel::new("shape", format!("{name} holds {length} bytes where {expected} belong"))
}

/// Reads numbers of `N` bytes each, `count` of them.
fn numbers<const N: usize, T>(
    text: &str,
    name: &str,
    count: usize,
    number: fn([u8; N]) -> T,
) -> Result<Vec<T>, InvalidModel> {
    let bytes = bytes(text, name)?;
    if bytes.len() != count.saturating_mul(N) {
        return Err(wrong_length(name, bytes.len(), count.saturating_mul(N)));
    }
    Ok(bytes.chunks_exact(N).filter_map(|chunk| chunk.try_into().ok().map(number)).collect())
}

/// Reads `count` finite f32.
pub(super) fn read_f32(text: &str, name: &str, count: usize) -> Result<Vec<f32>, InvalidModel> {
    let values = numbers(text, name, count, f32::from_le_bytes)?;
    if values.iter().all(|value| value.is_finite()) {
        Ok(values)
    } else {
        Err(InvalidModel::new("shape", format!("{name} holds a number that is not finite")))
    }
}

/// Reads `count` u32.
pub(super) fn read_u32(text: &str, name: &str, count: usize) -> Result<Vec<u32>, InvalidModel> {
    numbers(text, name, count, u32::from_le_bytes)
}

/// Reads `count` u16.
pub(super) fn read_u16(text: &str, name: &str, count: usize) -> Result<Vec<u16>, InvalidModel> {
    numbers(text, name, count, u16::from_le_bytes)
}

/// Reads `count` i8.
pub(super) fn read_i8(text: &str, name: &str, count: usize) -> Result<Vec<i8>, InvalidModel> {
    numbers(text, name, count, i8::from_le_bytes)
}

/// Writes numbers as the readers read them.
pub fn to_base64<const N: usize>(numbers: impl Iterator<Item = [u8; N]>) -> String {
    let bytes: Vec<u8> = numbers.flatten().collect();
    Base64UrlUnpadded::encode_string(&bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_as_they_went() {
        let text = to_base64([1.5_f32, -0.0, f32::MIN_POSITIVE].into_iter().map(f32::to_le_bytes));
        assert_eq!(read_f32(&text, "x", 3).unwrap(), [1.5, -0.0, f32::MIN_POSITIVE]);
        let text = to_base64([-128_i8, 127].into_iter().map(i8::to_le_bytes));
        assert_eq!(read_i8(&text, "x", 2).unwrap(), [-128, 127]);
    }

    #[test]
    fn a_wrong_length_a_wrong_letter_and_infinity_are_refused() {
        let text = to_base64([f32::INFINITY].into_iter().map(f32::to_le_bytes));
        assert!(read_f32(&text, "x", 1).unwrap_err().detail.contains("finite"));
        assert!(read_f32(&text, "x", 2).unwrap_err().detail.contains("4 bytes where 8"));
        assert!(read_u32("?", "x", 1).unwrap_err().detail.contains("base64"));
    }
}
