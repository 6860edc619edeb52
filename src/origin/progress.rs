//! How far a long job is: a bar on a terminal, else a line every few seconds; and notes on what is done. All on standard
//! error, and nothing of it with --quiet. What is over in a moment shows nothing.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Who waits for longer wants to know for what.
const BAR_AFTER: Duration = Duration::from_secs(1);
/// Often enough to see that it lives, rarely enough for a log.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Set once, before any command runs.
static IS_QUIET: AtomicBool = AtomicBool::new(false);

/// Shows no progress and no notes from now on, if that is wanted.
pub(crate) fn be_quiet_if(is_wanted: bool) {
    IS_QUIET.store(is_wanted, Ordering::Relaxed);
}

/// True when notes are to be left away.
pub(crate) fn is_quiet() -> bool {
    IS_QUIET.load(Ordering::Relaxed)
}

/// Says something on standard error that nobody misses: what is wrong is said by `eprintln!`, whoever is quiet.
macro_rules! note {
    ($($text:tt)*) => {
        if !$crate::progress::is_quiet() {
            eprintln!($($text)*);
        }
    };
}
pub(crate) use note;

/// The progress of one job; may be advanced from several threads.
pub(crate) struct Progress {
    label: &'static str,
    total: u64,
    started: Instant,
    done: AtomicU64,
    shown: Shown,
}

enum Shown {
    Nothing,
    Bar(ProgressBar),
    /// When the last line was written; None when none was.
    Lines(Mutex<Option<Instant>>),
}

impl Progress {
    /// Begins a job of so many steps.
    pub(crate) fn start(label: &'static str, total: usize) -> Self {
        let total = total as u64;
        let style = ProgressStyle::with_template("{prefix:>12} [{bar:30}] {human_pos}/{human_len} {eta}");
        Self::begin(label, total, ProgressBar::new(total), style.ok())
    }

    /// Begins a job of which nobody knows how many steps it has.
    pub(crate) fn open_ended(label: &'static str) -> Self {
        let style = ProgressStyle::with_template("{prefix:>12} {human_pos} in {elapsed}");
        Self::begin(label, 0, ProgressBar::no_length(), style.ok())
    }

    fn begin(label: &'static str, total: u64, bar: ProgressBar, style: Option<ProgressStyle>) -> Self {
        let shown = if is_quiet() {
            Shown::Nothing
        } else if std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
            bar.set_style(style.unwrap_or_else(ProgressStyle::default_bar).progress_chars("=> "));
            Shown::Bar(bar.with_prefix(label))
        } else {
            Shown::Lines(Mutex::new(None))
        };
        Self { label, total, started: Instant::now(), done: AtomicU64::new(0), shown }
    }

    /// Counts steps as done.
    pub(crate) fn advance(&self, steps: usize) {
        let steps = steps as u64;
        let done = self.done.fetch_add(steps, Ordering::Relaxed) + steps;
        match &self.shown {
            Shown::Nothing => {}
            Shown::Bar(bar) => {
                if bar.is_hidden() && self.started.elapsed() >= BAR_AFTER {
                    bar.set_draw_target(ProgressDrawTarget::stderr());
                }
                bar.inc(steps);
            }
            Shown::Lines(last) => {
                if let Ok(mut last) = last.lock()
                    && last.unwrap_or(self.started).elapsed() >= LINE_EVERY
                {
                    *last = Some(Instant::now());
                    match self.total {
                        0 => eprintln!("{}: {done}", self.label),
                        total => eprintln!("{}: {done} of {total}", self.label),
                    }
                }
            }
        }
    }

    /// Ends the job.
    pub(crate) fn finish(self) {
        match &self.shown {
            Shown::Nothing => {}
            Shown::Bar(bar) => bar.finish(),
            Shown::Lines(last) => {
                if last.lock().is_ok_and(|last| last.is_some()) {
                    eprintln!("{}: done", self.label);
                }
            }
        }
    }
}
