//! Arithmetic without a domain: decay, hashing, bounds of rates, the best k, small systems. The only room that may index slices.

mod decay;
mod hash;
mod linear;
mod sort;
mod statistics;
mod top_k;

pub use decay::{REFERENCE_MS, decay_factor, softsign, weight_at_reference};
pub use hash::{bucket, hash64, hash64_of, sha256_hex};
pub use linear::{dot, solve_symmetric};
pub use sort::{sort_list, sort_numbers};
pub use statistics::{Z_90_ONE_SIDED, rounded, wilson_lower_bound};
pub use top_k::top_k_indices;
