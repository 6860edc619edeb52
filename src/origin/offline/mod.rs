//! Models on the past: trained on what came before a moment, measured on what came after it.

mod command;
mod rankers;
mod split;

pub(crate) use command::{EvaluateArgs, run};
