//! `nearside replay`: real purchases go through a running Worker, and its recommendations are measured against what
//! the same people bought next. Baselines are computed here; what Nearside recommends is asked, never computed.

mod ask;
mod command;
mod import;
mod measure;
mod names;
mod report;

pub(crate) use command::{ReplayArgs, run};
