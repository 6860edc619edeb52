//! The Worker's registry of models: what is kept there, what serves, and moving that. Making a model and judging it is not
//! done here.

mod command;
mod diff;
mod kept;
mod moves;
mod registry;

pub(crate) use command::{ModelsCommand, PromoteArgs, RollbackArgs, promote, roll_back, run};
pub(crate) use kept::{PackModels, find_pack, models_of};
pub(crate) use moves::{COMPARED_WITH, Promotion, Seen, move_back, move_to};
pub(crate) use registry::{Method, Registry};
