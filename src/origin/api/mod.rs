//! Speaking to a Worker on this machine: one client, its refusals as sentences, and asking in parallel.
//! What is said is the business of `pack` and `replay`.

mod client;
mod parallel;

pub(crate) use client::{Api, ServerArgs};
pub(crate) use parallel::in_parallel;
