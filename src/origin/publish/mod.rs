//! `nearside publish`: a candidate that passed the gate is signed, uploaded, read back, tried, and only then a pointer
//! moves. Killed at any moment it leaves a Worker that serves. What a candidate is worth is judged in `gate`.

mod candidate;
mod command;
#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "it is part of tests, which fail loudly")]
mod fake;
mod golden;
mod key;
mod signed;
mod smoke;
mod steps;
mod summary;

pub(crate) use candidate::CandidateArgs;
pub(crate) use command::{PublishArgs, run};
#[cfg(test)]
pub(crate) use fake::FakeWorker;
pub(crate) use key::ModelKey;
pub(crate) use signed::Signed;
pub(crate) use steps::{Outcome, Published};
pub(crate) use summary::{json_of, text_of};
