//! Gives settings to the commands: each flag of that name, in whichever command, gets its environment variable and, when
//! the file says one, its default. clap then does the rest: a flag beats the environment, and that beats a default.

use std::env;
use std::path::{Path, PathBuf};

use clap::builder::FalseyValueParser;
use clap::{Arg, Args, Command, CommandFactory, FromArgMatches};

use super::file::{self, Entry, USUAL_NAME};
use super::keys::{KEYS, key_of_flag};
use crate::exit::{self, Exit};

/// What every command has.
#[derive(Debug, Args)]
pub(crate) struct CommonArgs {
    /// Settings to read instead of nearside.toml in this folder, or of the file that NEARSIDE_CONFIG names.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Shows no progress and no notes on standard error; what is wrong is still said.
    #[arg(long, global = true, value_parser = FalseyValueParser::new())]
    pub(crate) quiet: bool,
}

/// What the configuration file says.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    path: Option<PathBuf>,
    entries: Vec<Entry>,
    refusal: Option<String>,
}

impl Settings {
    /// Reads the file that the arguments, the environment or the folder name; what is wrong with it is kept for later,
    /// so that help and `doctor` work with a broken one too.
    pub(crate) fn find<C: CommandFactory>() -> Self {
        let Some(path) = file::find(env::args_os().skip(1)) else { return Self::default() };
        let read = file::read(&path).and_then(|entries| {
            let command = C::command();
            let fault = entries.iter().find_map(|entry| Some((entry.line, fault(entry, &command)?)));
            match fault {
                Some((line, fault)) => Err(format!("{}, line {line}: {fault}", path.display())),
                None => Ok(entries),
            }
        });
        match read {
            Ok(entries) => Self { path: Some(path), entries, refusal: None },
            Err(refusal) => Self { path: Some(path), entries: Vec::new(), refusal: Some(refusal) },
        }
    }

    /// Reads the command line on top of the environment and the file; ends the program when it cannot be understood.
    pub(crate) fn parse<C: CommandFactory + FromArgMatches>(&self) -> C {
        let mut command = self.apply(C::command()).after_help(help());
        let matches = command.get_matches_mut();
        C::from_arg_matches(&matches).unwrap_or_else(|error| error.format(&mut command).exit())
    }

    /// Where the settings are from; None when there is no file.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The names of what the file sets.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.entries.iter().map(|entry| entry.key.name).collect()
    }

    /// What is wrong with the file.
    pub(crate) fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }

    /// Refuses a file that cannot be understood: half of it must not hold.
    ///
    /// # Errors
    /// With the exit code for usage.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        self.refusal().map_or(Ok(()), |refusal| Err(Exit::Usage.because(refusal)))
    }

    fn apply(&self, command: Command) -> Command {
        command.mut_args(|arg| self.apply_to(arg)).mut_subcommands(|command| self.apply(command))
    }

    fn apply_to(&self, arg: Arg) -> Arg {
        let Some(key) = arg.get_long().and_then(key_of_flag) else { return arg };
        let arg = if arg.get_env().is_some() { arg } else { arg.env(key.environment) };
        match self.entries.iter().find(|entry| entry.key == key) {
            // clap counts a default as not given, so what must be given would still be missed.
            Some(entry) => arg.required(false).default_value(entry.value.clone()),
            None => arg,
        }
    }
}

/// What the flag's own parser has against the value. Every command with that flag is asked, so that a file is right or
/// wrong whatever is run.
fn fault(entry: &Entry, command: &Command) -> Option<String> {
    let here = command.get_arguments().filter(|arg| arg.get_long() == Some(&entry.key.flag()));
    let mut below = command.get_subcommands();
    here.map(|arg| fault_for(entry, arg)).find(Option::is_some).unwrap_or_else(|| below.find_map(|c| fault(entry, c)))
}

fn fault_for(entry: &Entry, arg: &Arg) -> Option<String> {
    let alone = Arg::new("value").long(entry.key.flag()).value_parser(arg.get_value_parser().clone()).num_args(1);
    let command = Command::new("nearside").no_binary_name(true).disable_help_flag(true).arg(alone);
    let error = command.try_get_matches_from([format!("--{}={}", entry.key.flag(), entry.value)]).err()?;
    let said = error.to_string();
    let said = said.lines().next().unwrap_or_default();
    Some(format!("{}: {}", entry.key.name, said.trim_start_matches("error: ")))
}

fn help() -> String {
    let lines = KEYS.iter().map(|key| format!("  {:<15} {:<24} {}\n", key.name, key.environment, key.meaning));
    format!(
        "Settings, in {USUAL_NAME} as NAME = VALUE, or in the environment; a flag is stronger than the environment, and \
         that than the file:\n{}\
         Secrets are neither flags nor in that file: NEARSIDE_TOKEN, AUTH_KEYS and EXPORT_KEY in the environment or \
         .dev.vars, and the key file.\n\n{}",
        lines.collect::<String>(),
        exit::help()
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use clap::Parser;

    use super::super::keys::key;
    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        common: CommonArgs,
        #[command(subcommand)]
        command: Below,
    }

    #[derive(Debug, clap::Subcommand)]
    enum Below {
        /// Has a setting that must be given, and one with a default.
        Learn {
            #[arg(long)]
            pack: String,
            #[arg(long, default_value_t = 1, requires = "pack")]
            seed: u8,
        },
        /// Has a setting that is in the way of another argument.
        Look {
            #[arg(long, conflicts_with = "all")]
            pack: Option<String>,
            #[arg(long)]
            all: bool,
        },
    }

    fn settings(said: &[(&str, &str)]) -> Settings {
        let entry = |(index, (name, value)): (usize, &(&str, &str))| Entry {
            key: key(name).unwrap(),
            value: (*value).to_owned(),
            line: index + 1,
        };
        Settings { entries: said.iter().enumerate().map(entry).collect(), ..Settings::default() }
    }

    fn parsed(said: &[(&str, &str)], line: &str) -> Result<Line, clap::Error> {
        let command = settings(said).apply(Line::command());
        Line::from_arg_matches(&command.try_get_matches_from(line.split_whitespace())?)
    }

    #[test]
    fn a_setting_counts_as_given_where_it_must_be_and_as_not_given_where_it_would_be_in_the_way() {
        assert!(parsed(&[], "nearside learn").is_err());
        let said = [("pack", "retail"), ("seed", "7"), ("quiet", "true")];
        let line = parsed(&said, "nearside learn").unwrap();
        assert!(line.common.quiet && matches!(line.command, Below::Learn { pack, seed: 7 } if pack == "retail"));
        let line = parsed(&said, "nearside learn --seed 8 --pack finance").unwrap();
        assert!(matches!(line.command, Below::Learn { pack, seed: 8 } if pack == "finance"));
        let line = parsed(&said, "nearside look --all").unwrap();
        assert!(matches!(line.command, Below::Look { all: true, pack: Some(pack) } if pack == "retail"));
    }

    #[test]
    fn a_value_must_suit_every_flag_of_its_name() {
        let check = |name: &str, value: &str, said: Option<&str>| {
            let fault = fault(&settings(&[(name, value)]).entries[0], &Line::command());
            assert_eq!(fault.is_some(), said.is_some(), "{fault:?}");
            assert!(said.is_none_or(|said| fault.as_deref().unwrap().contains(said)), "{fault:?}");
        };
        check("seed", "255", None);
        check("seed", "256", Some("seed: invalid value '256' for '--seed <value>': 256 is not in 0..=255"));
        check("seed", "-1", Some("seed: "));
        check("pack", "--odd", None);
        check("threads", "a flag that no command has is not judged", None);
    }
}
