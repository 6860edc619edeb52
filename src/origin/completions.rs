//! `nearside completions`: the script by which a shell completes the names of commands and options.

use std::io::{self, Write};

use anyhow::{Context, Result};
use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

/// Prints the completion script of a shell to standard output.
///
/// For this session of bash: source <(nearside completions bash). For every later one, put what it prints where the shell
/// looks, such as ~/.local/share/bash-completion/completions/nearside, or ~/.config/fish/completions/nearside.fish.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// Which shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the script for the commands of `C`.
///
/// # Errors
/// When nobody reads standard output.
pub(crate) fn run<C: CommandFactory>(args: &CompletionsArgs) -> Result<()> {
    // Made in memory: the generator panics when its reader leaves early.
    let mut script = Vec::new();
    generate(args.shell, &mut C::command(), "nearside", &mut script);
    io::stdout().write_all(&script).context("the script cannot be printed")
}
