//! Arithmetic without a domain: decay, hashing, bounds of rates, distributions and their tails, the best k, small systems.
//! The only room that may index slices.

mod beta;
mod bucket_hashes;
mod decay;
mod digest_blocks;
mod gamma;
mod hash;
mod linear;
mod mac;
mod md5;
mod normal;
mod roots;
mod sha1;
mod sort;
mod statistics;
mod student;
mod top_k;

pub use beta::{incomplete_beta, log_incomplete_beta};
pub use bucket_hashes::{fnv1a32_utf16, hash64_seeded, murmur3_32};
pub use decay::{REFERENCE_MS, decay_factor, softsign, weight_at_reference};
pub use gamma::{chi_square_sf, deviance, log_gamma_sf, stirling_error};
pub use hash::{bucket, hash64, hash64_of, sha256_hex};
pub use linear::{dot, solve_symmetric};
pub use mac::{MacKey, is_same_code};
pub use md5::md5;
pub use normal::{
    at_least_the_smallest, log_normal_sf, normal_cdf, normal_quantile, normal_sf, normal_upper_quantile, two_sided_p,
};
pub use roots::crossing;
pub use sha1::sha1;
pub use sort::{sort_list, sort_numbers, sort_pairs};
pub use statistics::{Z_90_ONE_SIDED, is_exact, rounded, wilson_lower_bound};
pub use student::{log_student_sf, student_sf, student_upper_quantile};
pub use top_k::top_k_indices;
