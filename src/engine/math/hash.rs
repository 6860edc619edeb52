//! Hashing for shares, canaries and content addresses. Which salt belongs to what is the caller's business.

use std::fmt::Write;

use sha2::{Digest, Sha256};
use xxhash_rust::xxh3::xxh3_64;

/// Separates fields, so that ("ab", "c") and ("a", "bc") differ. It cannot occur in an id.
const SEPARATOR: char = '\u{1f}';

/// Returns xxh3-64 over the UTF-8 of the fields, joined by U+001F. Vectors: `tests/vectors/hash64.json`.
pub fn hash64(fields: &[&str]) -> u64 {
    let mut text = String::with_capacity(fields.iter().map(|field| field.len() + 1).sum());
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            text.push(SEPARATOR);
        }
        text.push_str(field);
    }
    xxh3_64(text.as_bytes())
}

/// Returns xxh3-64 over the UTF-8 of one field, as `hash64` does, and without a copy of it.
pub fn hash64_of(field: &str) -> u64 {
    xxh3_64(field.as_bytes())
}

/// Returns the bucket of a hash among `buckets` equal shares of the 64-bit range, 0 to `buckets - 1`.
///
/// The high half of a 128-bit product is taken, which has no modulo bias; zero buckets give 0.
pub fn bucket(hash: u64, buckets: u32) -> u32 {
    ((u128::from(hash) * u128::from(buckets)) >> 64) as u32
}

/// Returns the SHA-256 of the bytes in lower-case hexadecimal: the content address of packs, catalogues and models.
pub fn sha256_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
