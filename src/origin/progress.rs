//! How far a long job is: a bar on a terminal, else a line every few seconds. Both on standard error.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Often enough to see that it lives, rarely enough for a log.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// The progress of one job; may be advanced from several threads.
pub(crate) struct Progress {
    label: &'static str,
    total: u64,
    done: AtomicU64,
    shown: Shown,
}

enum Shown {
    Bar(ProgressBar),
    Lines(Mutex<Instant>),
}

impl Progress {
    /// Begins a job of so many steps.
    pub(crate) fn start(label: &'static str, total: usize) -> Self {
        let total = total as u64;
        let shown = if std::io::stderr().is_terminal() {
            let bar = ProgressBar::new(total).with_prefix(label);
            let style = ProgressStyle::with_template("{prefix:>12} [{bar:30}] {human_pos}/{human_len} {eta}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "));
            Shown::Bar(bar)
        } else {
            eprintln!("{label}: {total} to do");
            Shown::Lines(Mutex::new(Instant::now()))
        };
        Self { label, total, done: AtomicU64::new(0), shown }
    }

    /// Begins a job of which nobody knows how many steps it has.
    pub(crate) fn open_ended(label: &'static str) -> Self {
        let shown = if std::io::stderr().is_terminal() {
            let bar = ProgressBar::no_length().with_prefix(label);
            let style = ProgressStyle::with_template("{prefix:>12} {human_pos} in {elapsed}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            Shown::Bar(bar)
        } else {
            Shown::Lines(Mutex::new(Instant::now()))
        };
        Self { label, total: 0, done: AtomicU64::new(0), shown }
    }

    /// Counts steps as done.
    pub(crate) fn advance(&self, steps: usize) {
        let steps = steps as u64;
        let done = self.done.fetch_add(steps, Ordering::Relaxed) + steps;
        match &self.shown {
            Shown::Bar(bar) => bar.inc(steps),
            Shown::Lines(last) => {
                if let Ok(mut last) = last.lock()
                    && last.elapsed() >= LINE_EVERY
                {
                    *last = Instant::now();
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
            Shown::Bar(bar) => bar.finish(),
            Shown::Lines(_) if self.total == 0 => {}
            Shown::Lines(_) => eprintln!("{}: done", self.label),
        }
    }
}
