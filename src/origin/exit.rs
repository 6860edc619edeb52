//! What a command ends with: every exit code of this program has its name and its meaning here, and nowhere else.

use std::fmt;
use std::io;
use std::panic;
use std::process::{self, ExitCode};

/// How a command ended. The numbers are a contract with scripts and schedules: none ever changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// What was asked for is done.
    Done,
    /// It could not be done; standard error says why.
    Failed,
    /// The command line or the configuration file cannot be understood. clap ends with the same number.
    Usage,
    /// Everything was read, and --strict asked to hear of rows that were put aside.
    RowsPutAside,
    /// The gate refused the candidate: what was live still is.
    GateRefused,
    /// `run --if-due` found nothing to do.
    NothingDue,
    /// `check-factors` found scores that are not the other engine's.
    FactorsDiffer,
    /// Ctrl-C: 128 and the number of the signal, as shells count.
    Interrupted,
    /// Whoever read the output stopped reading, as `head` does: 128 and the number of SIGPIPE, as shells count.
    NobodyReads,
}

impl Exit {
    const ALL: [(Self, &'static str); 9] = [
        (Self::Done, "done"),
        (Self::Failed, "failed; standard error says why"),
        (Self::Usage, "the command line or the configuration file cannot be understood"),
        (Self::RowsPutAside, "rows were put aside, and --strict was given"),
        (Self::GateRefused, "the gate refused the candidate; what was live still is"),
        (Self::NothingDue, "nothing was due"),
        (Self::FactorsDiffer, "the edge's scores are not those of the engine that made the factors"),
        (Self::Interrupted, "interrupted; run the command again to go on"),
        (Self::NobodyReads, "nobody reads the output any more, as behind `| head`"),
    ];

    /// The number.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::RowsPutAside => 3,
            Self::GateRefused => 4,
            Self::NothingDue => 5,
            Self::FactorsDiffer => 6,
            Self::Interrupted => 130,
            Self::NobodyReads => 141,
        }
    }

    /// An error that ends the program with this code instead of 1.
    pub(crate) fn because(self, reason: impl Into<String>) -> anyhow::Error {
        anyhow::Error::new(Ending { exit: self, reason: reason.into() })
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// An error with an exit code of its own. Context may be added to it: the code stays.
#[derive(Debug)]
struct Ending {
    exit: Exit,
    reason: String,
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Ending {}

/// From now on a reader that stops reading ends the program without a word, as it ends other programs. Rust ignores the
/// signal and lets `println!` panic instead, so that is where it is told: without unsafe code, and on every system.
pub(crate) fn end_when_nobody_reads() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |what| {
        let said = what.payload().downcast_ref::<String>().map_or("", String::as_str);
        if is_of_closed_pipe(said) {
            process::exit(Exit::NobodyReads.code().into());
        }
        usual(what);
    }));
}

/// The standard library's words, with the system's own for a closed pipe on Unix or on Windows.
fn is_of_closed_pipe(said: &str) -> bool {
    said.starts_with("failed printing to std") && (said.contains("Broken pipe") || said.contains("os error 232"))
}

/// Says on standard error what went wrong and returns the code to end with: that of [`Exit::because`], else 1.
#[expect(clippy::needless_pass_by_value, reason = "it is what a Result hands over when it is unwrapped")]
pub(crate) fn report(error: anyhow::Error) -> ExitCode {
    let exit = exit_of(&error);
    if exit != Exit::NobodyReads {
        eprintln!("error: {error:#}");
    }
    exit.into()
}

fn exit_of(error: &anyhow::Error) -> Exit {
    // Only output is written as such: a line to a Worker that breaks is an error of the client.
    if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
        return Exit::NobodyReads;
    }
    error.downcast_ref::<Ending>().map_or(Exit::Failed, |ending| ending.exit)
}

/// The table of codes for `--help`.
pub(crate) fn help() -> String {
    let lines = Exit::ALL.map(|(exit, meaning)| format!("  {:>3}  {meaning}", exit.code()));
    format!("Exit codes:\n{}", lines.join("\n"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn an_error_keeps_its_code_under_context() {
        let refused = Exit::GateRefused.because("NDCG@10 falls by 0.02");
        assert_eq!(exit_of(&refused), Exit::GateRefused);
        let told: anyhow::Result<()> = Err(refused).context("retail");
        let told = told.unwrap_err();
        assert_eq!((exit_of(&told), format!("{told:#}")), (Exit::GateRefused, "retail: NDCG@10 falls by 0.02".into()));
        assert_eq!(exit_of(&anyhow::anyhow!("anything else")), Exit::Failed);
    }

    #[test]
    fn only_a_closed_pipe_ends_without_a_word() {
        let error = |kind: io::ErrorKind| exit_of(&anyhow::Error::new(io::Error::from(kind)).context("the script"));
        assert_eq!(error(io::ErrorKind::BrokenPipe), Exit::NobodyReads);
        assert_eq!(error(io::ErrorKind::StorageFull), Exit::Failed);
        assert!(is_of_closed_pipe("failed printing to stdout: Broken pipe (os error 32)"));
        assert!(!is_of_closed_pipe("failed printing to stdout: No space left on device (os error 28)"));
        assert!(!is_of_closed_pipe("Broken pipe"));
    }

    #[test]
    fn no_two_endings_share_a_code() {
        let codes = Exit::ALL.map(|(exit, _)| exit.code());
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 130, 141]);
        assert!(help().contains("  130  interrupted"));
    }
}
