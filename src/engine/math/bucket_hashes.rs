//! The short hashes by which other experiment engines bucket people, and the seeded one of ours.
//! Which text is hashed, and what the number means, is known to `experiments`.

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Returns xxh3-64 over the UTF-8 of a text under a seed. Texts of 128 bytes and less cost a few nanoseconds.
pub fn hash64_seeded(text: &str, seed: u64) -> u64 {
    xxh3_64_with_seed(text.as_bytes(), seed)
}

/// Returns FNV-1a (32 bits) over the UTF-16 code units of texts that follow each other, each unit taken as a whole.
///
/// Over ASCII it is the published FNV-1a; beyond, it is what JavaScript's `charCodeAt` makes of it, and differs from
/// FNV-1a over bytes.
pub fn fnv1a32_utf16(parts: &[&str]) -> u32 {
    let units = parts.iter().flat_map(|part| part.encode_utf16());
    units.fold(0x811c_9dc5, |hash: u32, unit| (hash ^ u32::from(unit)).wrapping_mul(0x0100_0193))
}

/// Returns MurmurHash3 x86 32 (Austin Appleby, public domain) over the bytes under a seed.
#[expect(clippy::indexing_slicing, reason = "every block has 4 bytes")]
pub fn murmur3_32(bytes: &[u8], seed: u32) -> u32 {
    let mixed = |block: u32| block.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593);
    let mut hash = seed;
    let mut blocks = bytes.chunks_exact(4);
    for block in &mut blocks {
        hash ^= mixed(u32::from_le_bytes([block[0], block[1], block[2], block[3]]));
        hash = hash.rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64);
    }
    let tail = blocks.remainder().iter().rev().fold(0, |tail: u32, byte| (tail << 8) | u32::from(*byte));
    hash ^= mixed(tail);
    hash ^= bytes.len() as u32;
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fnv_is_the_published_one_over_ascii() {
        // Landon Curt Noll's test suite: "", "a", "foobar".
        assert_eq!(fnv1a32_utf16(&[]), 0x811c_9dc5);
        assert_eq!(fnv1a32_utf16(&["a"]), 0xe40c_292c);
        assert_eq!(fnv1a32_utf16(&["foobar"]), 0xbf9c_f968);
        assert_eq!(fnv1a32_utf16(&["foo", "", "bar"]), 0xbf9c_f968);
    }

    #[test]
    fn fnv_takes_whole_code_units_beyond_ascii() {
        // (0x811c9dc5 ^ 0xe9) * prime, and the two surrogates of U+1F600, d83d and de00.
        assert_eq!(fnv1a32_utf16(&["é"]), (0x811c_9dc5_u32 ^ 0xe9).wrapping_mul(0x0100_0193));
        let first = (0x811c_9dc5_u32 ^ 0xd83d).wrapping_mul(0x0100_0193);
        assert_eq!(fnv1a32_utf16(&["\u{1f600}"]), (first ^ 0xde00).wrapping_mul(0x0100_0193));
    }

    #[test]
    fn murmur_matches_published_values() {
        let check =
            |text: &str, seed: u32, expected: u32| assert_eq!(murmur3_32(text.as_bytes(), seed), expected, "{text}");
        check("", 0, 0);
        check("", 1, 0x514e_28b7);
        check("", 0xffff_ffff, 0x81f1_6f39);
        check("test", 0, 0xba6b_d213);
        check("test", 0x9747_b28c, 0x704b_81dc);
        check("Hello, world!", 0, 0xc036_3e43);
        check("Hello, world!", 0x9747_b28c, 0x2488_4cba);
        check("The quick brown fox jumps over the lazy dog", 0x9747_b28c, 0x2fa8_26cd);
    }

    #[test]
    fn a_seed_of_zero_is_the_plain_hash() {
        for text in ["", "a", "0192f0c1-2d3e-7a4b-8c5d-6e7f80912a3b", "ключ 😀"] {
            assert_eq!(hash64_seeded(text, 0), super::super::hash64_of(text));
        }
    }
}
