//! Speaking to a Worker: one client, its refusals as sentences, and asking in parallel.
//! What is said is the business of `pack`, `replay` and `doctor`.

mod client;
mod clocks;
mod parallel;
mod probe;
mod rows;

pub(crate) use client::{Api, ServerArgs, own_token};
pub(crate) use clocks::TOKEN_SKEW_S;
pub(crate) use parallel::in_parallel;
pub(crate) use probe::{Answer, probe};
pub(crate) use rows::{Put, Written, put_rows};
