//! Models on the past: trained on what came before a moment, measured on what came after it; and the candidate, trained on
//! all of it.

mod ablations;
mod baselines;
mod category_shares;
mod command;
mod comparison;
mod dates;
mod evaluation;
mod later_baskets;
mod live_evaluation;
mod msweb;
mod page;
mod partings;
mod past;
mod rankers;
mod source;
mod split;
mod tables;
mod tasks;
mod train_command;
mod trial;
mod weekly;

pub(crate) use baselines::RECENT_HALF_LIFE_DAYS;
pub(crate) use command::{EvaluateArgs, run};
pub(crate) use dates::check_until;
pub(crate) use live_evaluation::{LiveFigures, evaluate_live};
pub(crate) use past::{Past, Taken};
pub(crate) use rankers::best_of;
pub(crate) use source::{SourceArgs, online_retail_world, stored_world};
pub(crate) use train_command::{TrainArgs, run as train};
pub(crate) use weekly::train_and_evaluate;
