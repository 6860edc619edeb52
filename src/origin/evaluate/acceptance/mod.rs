//! How well the online learner foretells who accepts an offer: each row is foretold before its answer is heard.

mod command;
mod figures;
mod offers;

pub(crate) use command::{AcceptanceArgs, run as run_acceptance};
pub(crate) use offers::Layout;
