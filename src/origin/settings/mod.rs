//! Settings from `nearside.toml`, the environment and flags, each stronger than the one before. A setting is a flag that
//! several commands share; what it means is the business of the command. Secrets are no settings: they are neither flags
//! nor in the file.

mod apply;
mod file;
mod keys;

pub(crate) use apply::{CommonArgs, Settings};
pub(crate) use keys::names;
