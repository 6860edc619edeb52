//! `nearside assign`: which variant would each of these ids see, by our hash or by another engine's. It reads what other
//! engines call things; the rules themselves are the engine's.

mod command;
mod engines;
mod fields;
mod native;
mod unleash;

pub(crate) use command::{AssignArgs, run};
