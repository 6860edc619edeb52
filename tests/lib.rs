//! What the test targets of this folder share: where files are, how a pack folder becomes a pack, how an expectation
//! is compared with an answer, and a calculator for expected numbers that are written as formulas.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

pub mod arithmetic;
pub mod expectations;
pub mod folders;
