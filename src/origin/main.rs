//! `nearside`: the native command line for packs, tokens and replays of real data.
//!
//! **In scope**: files, arguments, threads, and speaking to a Worker on this machine.
//! **Out of scope**: every decision; those are made by the engine, here as at the edge.
//!
//! Data goes to standard output, everything else to standard error.

mod api;
mod data;
mod evaluate;
mod pack;
mod progress;
mod replay;
mod token;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Checks, builds and publishes packs, makes development tokens, and replays real data.
#[derive(Debug, Parser)]
#[command(name = "nearside", version)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Checks, builds or publishes a pack: a domain as data.
    #[command(subcommand)]
    Pack(pack::PackCommand),
    Token(token::TokenArgs),
    Replay(replay::ReplayArgs),
    EvaluateAcceptance(evaluate::AcceptanceArgs),
}

fn main() -> ExitCode {
    let done = match CommandLine::parse().command {
        Command::Pack(command) => pack::run(command),
        Command::Token(args) => token::run(args).map(|()| ExitCode::SUCCESS),
        Command::Replay(args) => replay::run(&args).map(|()| ExitCode::SUCCESS),
        Command::EvaluateAcceptance(args) => evaluate::run_acceptance(&args).map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::CommandLine;

    #[test]
    fn the_command_line_holds_together() {
        CommandLine::command().debug_assert();
    }
}
