//! `nearside run`: the weekly job, from the Worker's events to a published model, one run at a time. What each step does
//! is the business of its own room.

mod command;
mod due;
mod lock;
mod train_and_evaluate;
mod weekly;

pub(crate) use command::{RunArgs, run};
