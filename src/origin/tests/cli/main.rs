//! The program `nearside` as a person or a script meets it: help, settings, exit codes, what goes to which output, and
//! what it says about its surroundings. What commands compute is tested beside their code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail loudly"
)]

mod commands;
mod doctor;
#[cfg(unix)]
mod interrupt;
mod publish;
mod support;
