//! `nearside try-models`: the linear models beside the baselines, in one table. For development: no model is kept.

mod baselines;
mod command;
mod models;
mod msweb;
mod problem;
mod ranking;

pub(crate) use command::{TryModelsArgs, evaluate_msweb, run};
