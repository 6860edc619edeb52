//! `nearside`: the native command line. It checks and publishes packs, keeps events in a store of its own, trains models
//! of them, measures them on the past, judges and publishes them, and takes them back.
//!
//! **In scope**: files, arguments, threads, training, and speaking to a Worker.
//! **Out of scope**: every decision on what a person sees; those are made by the engine, here as at the edge.
//!
//! Data goes to standard output, everything else to standard error. How commands end is listed in `exit`.

mod api;
mod assign;
mod completions;
mod data;
mod doctor;
mod evaluate;
mod exit;
mod gate;
mod import;
mod interrupt;
mod job;
mod models;
mod offline;
mod online_retail;
mod pack;
mod personal_models;
mod progress;
mod publish;
mod replay;
mod settings;
mod similar_users;
mod store;
mod terminal;
mod token;
mod train;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Publishes packs, imports events, trains, evaluates and publishes models, and takes them back.
///
/// A week's work in its order is `nearside run`: import what is new, train, evaluate, ask the gate, publish. `doctor` says
/// what is missing. Everything runs on this machine; only the Worker is spoken to.
#[derive(Debug, Parser)]
#[command(name = "nearside", version)]
struct CommandLine {
    #[command(flatten)]
    common: settings::CommonArgs,
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
    Import(import::ImportArgs),
    Train(offline::TrainArgs),
    Evaluate(Box<offline::EvaluateArgs>),
    Verify(verify::VerifyArgs),
    ExportEvents(store::ExportEventsArgs),
    CheckFactors(train::CheckFactorsArgs),
    Publish(publish::PublishArgs),
    /// Lists, shows or compares the models that the Worker keeps.
    #[command(subcommand)]
    Models(models::ModelsCommand),
    Promote(models::PromoteArgs),
    Rollback(models::RollbackArgs),
    Run(job::RunArgs),
    PersonalModels(personal_models::PersonalModelsArgs),
    SimilarUsers(similar_users::SimilarUsersArgs),
    Assign(assign::AssignArgs),
    Doctor(doctor::DoctorArgs),
    Completions(completions::CompletionsArgs),
}

fn main() -> ExitCode {
    interrupt::end_on_ctrl_c();
    exit::end_when_nobody_reads();
    let settings = settings::Settings::find::<CommandLine>();
    let line: CommandLine = settings.parse();
    progress::be_quiet_if(line.common.quiet);
    run(line.command, &settings).unwrap_or_else(exit::report)
}

fn run(command: Command, settings: &settings::Settings) -> anyhow::Result<ExitCode> {
    if !matches!(command, Command::Doctor(_) | Command::Completions(_)) {
        settings.check()?;
    }
    match command {
        Command::Pack(command) => pack::run(command),
        Command::Token(args) => token::run(args).map(|()| ExitCode::SUCCESS),
        Command::Replay(args) => replay::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Import(args) => import::run(&args),
        Command::Train(args) => offline::train(&args).map(|()| ExitCode::SUCCESS),
        Command::Evaluate(args) => offline::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Verify(args) => verify::run(&args),
        Command::ExportEvents(args) => store::export_events(&args).map(|()| ExitCode::SUCCESS),
        Command::CheckFactors(args) => train::check_factors(&args),
        Command::Publish(args) => publish::run(&args),
        Command::Models(command) => models::run(&command),
        Command::Promote(args) => models::promote(&args),
        Command::Rollback(args) => models::roll_back(&args),
        Command::Run(args) => job::run(&args),
        Command::PersonalModels(args) => personal_models::run(&args),
        Command::SimilarUsers(args) => similar_users::run(&args),
        Command::Assign(args) => assign::run(&args),
        Command::Doctor(args) => doctor::run(&args, settings),
        Command::Completions(args) => completions::run::<CommandLine>(&args).map(|()| ExitCode::SUCCESS),
    }
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
