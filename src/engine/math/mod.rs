//! Arithmetic without a domain: decay, hashing, bounds of rates, the best k, small systems. The only room that may index slices.

mod bucket_hashes;
mod decay;
mod digest_blocks;
mod hash;
mod linear;
mod mac;
mod md5;
mod sha1;
mod sort;
mod statistics;
mod top_k;

pub use bucket_hashes::{fnv1a32_utf16, hash64_seeded, murmur3_32};
pub use decay::{REFERENCE_MS, decay_factor, softsign, weight_at_reference};
pub use hash::{bucket, hash64, hash64_of, sha256_hex};
pub use linear::{dot, solve_symmetric};
pub use mac::{MacKey, is_same_code};
pub use md5::md5;
pub use sha1::sha1;
pub use sort::{sort_list, sort_numbers};
pub use statistics::{Z_90_ONE_SIDED, rounded, wilson_lower_bound};
pub use top_k::top_k_indices;
