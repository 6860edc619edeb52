//! `nearside personal-models`: learns people's own corrections of the live model, and gives the Worker those that hold on
//! what was held out. How they are learned is training's to say.

mod base;
mod command;
mod job;

pub(crate) use command::{PersonalModelsArgs, run};
