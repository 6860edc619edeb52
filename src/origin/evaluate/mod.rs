//! `nearside evaluate-acceptance`: how well the online learner foretells who accepts, on data with known answers.

mod acceptance;
mod acceptance_metrics;
mod bank_marketing;

pub(crate) use acceptance::{AcceptanceArgs, run as run_acceptance};
