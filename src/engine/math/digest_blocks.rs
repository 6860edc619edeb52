//! The padding that SHA-1 and MD5 share: a one bit, zeros, and the length in bits at the end of the last block.

/// Calls `each` with every block of 64 bytes; `length_of` puts the number of bits into the digest's byte order.
#[expect(clippy::indexing_slicing, reason = "a remainder is shorter than a block")]
pub(super) fn each_block(bytes: &[u8], length_of: fn(u64) -> [u8; 8], each: &mut dyn FnMut(&[u8; 64])) {
    let mut blocks = bytes.chunks_exact(64);
    let mut block = [0; 64];
    for whole in &mut blocks {
        block.copy_from_slice(whole);
        each(&block);
    }
    let rest = blocks.remainder();
    block = [0; 64];
    block[..rest.len()].copy_from_slice(rest);
    block[rest.len()] = 0x80;
    if rest.len() >= 56 {
        each(&block);
        block = [0; 64];
    }
    block[56..].copy_from_slice(&length_of((bytes.len() as u64).wrapping_mul(8)));
    each(&block);
}
