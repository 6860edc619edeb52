//! Tests of the room as a whole, by what they show.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

mod build;
mod checks;
mod foreign_moves;
mod precedence;
mod seals;
mod shares;
mod stays;
