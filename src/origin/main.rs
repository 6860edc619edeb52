//! `nearside`: the native command line for packs, tokens, events and replays of real data.
//!
//! **In scope**: files, arguments, threads, and speaking to a Worker on this machine.
//! **Out of scope**: every decision; those are made by the engine, here as at the edge.
//!
//! Data goes to standard output, everything else to standard error.

mod api;
mod data;
mod evaluate;
mod import;
mod online_retail;
mod pack;
mod progress;
mod replay;
#[cfg_attr(not(test), expect(dead_code, reason = "training and evaluation are being built on it"))]
mod store;
mod token;
#[cfg_attr(not(test), expect(dead_code, reason = "the weekly job is being built on it"))]
mod train;
mod try_models;

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
    EvaluateLogged(evaluate::EvaluateLoggedArgs),
    TryModels(try_models::TryModelsArgs),
    Import(import::ImportArgs),
    ExportEvents(store::ExportEventsArgs),
    CheckFactors(train::CheckFactorsArgs),
    EvaluateAcceptance(evaluate::AcceptanceArgs),
}

fn main() -> ExitCode {
    let done = match CommandLine::parse().command {
        Command::Pack(command) => pack::run(command),
        Command::Token(args) => token::run(args).map(|()| ExitCode::SUCCESS),
        Command::Replay(args) => replay::run(&args).map(|()| ExitCode::SUCCESS),
        Command::EvaluateLogged(args) => evaluate::run_logged(&args).map(|()| ExitCode::SUCCESS),
        Command::TryModels(args) => try_models::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Import(args) => import::run(&args),
        Command::ExportEvents(args) => store::export_events(&args).map(|()| ExitCode::SUCCESS),
        Command::CheckFactors(args) => train::check_factors(&args),
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
