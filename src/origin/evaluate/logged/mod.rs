//! What a policy that never ran would have earned, from the log of another one: estimators, and the Open Bandit sample
//! with the policy that it is used to judge.

mod beliefs_file;
mod command;
mod estimators;
mod logistic;
mod open_bandit;
mod reference_draws;
mod reward_model;
mod thompson;

pub(crate) use command::{EvaluateLoggedArgs, run as run_logged};
pub(crate) use estimators::{Estimate, Estimates};
#[cfg(test)]
pub(crate) use estimators::{Estimator, Options, Round, estimate};
