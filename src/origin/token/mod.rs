//! `nearside token`: prints a development token. Verifying tokens is the Worker's work.

mod command;
mod secrets;

pub(crate) use command::{TokenArgs, admin_token, run};
pub(crate) use secrets::export_key;
