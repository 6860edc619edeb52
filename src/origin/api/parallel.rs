//! The same question about many things, a few at a time. What is asked is the caller's.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Result, anyhow};

use crate::progress::Progress;

/// Enough to hide the waiting; a development server works on one thing at a time anyway.
const CONNECTIONS: usize = 4;

/// Asks about every subject and returns the answers in the subjects' order.
///
/// # Errors
/// The first error; what was not asked by then is not asked any more.
pub(crate) fn in_parallel<S: Sync, A: Send>(
    subjects: &[S],
    progress: &Progress,
    ask: impl Fn(&S) -> Result<A> + Sync,
) -> Result<Vec<A>> {
    over(CONNECTIONS, subjects, progress, ask)
}

fn over<S: Sync, A: Send>(
    connections: usize,
    subjects: &[S],
    progress: &Progress,
    ask: impl Fn(&S) -> Result<A> + Sync,
) -> Result<Vec<A>> {
    let next = AtomicUsize::new(0);
    let answers: Mutex<Vec<(usize, Result<A>)>> = Mutex::new(Vec::with_capacity(subjects.len()));
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(subject) = subjects.get(index) else { return };
            let answer = ask(subject);
            if answer.is_err() {
                next.store(subjects.len(), Ordering::Relaxed);
            }
            progress.advance(1);
            if let Ok(mut answers) = answers.lock() {
                answers.push((index, answer));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..connections.min(subjects.len()) {
            scope.spawn(work);
        }
    });
    let mut answers = answers.into_inner().map_err(|_| anyhow!("a thread gave up"))?;
    answers.sort_by_key(|(index, _)| *index);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_in_the_order_of_the_questions() {
        let subjects: Vec<u32> = (0..100).collect();
        let progress = Progress::start("numbers", subjects.len());
        let answers = in_parallel(&subjects, &progress, |number| Ok(number * 2)).unwrap();
        assert_eq!(answers, (0..100).map(|number| number * 2).collect::<Vec<_>>());
    }

    #[test]
    fn the_first_error_ends_it() {
        let subjects: Vec<u32> = (0..100).collect();
        for connections in [1, 4] {
            let progress = Progress::start("numbers", subjects.len());
            let asked = AtomicUsize::new(0);
            let answers = over(connections, &subjects, &progress, |number| {
                asked.fetch_add(1, Ordering::Relaxed);
                if *number == 5 { Err(anyhow!("five")) } else { Ok(*number) }
            });
            assert_eq!(answers.unwrap_err().to_string(), "five");
            // With one connection nothing runs ahead of the error.
            assert!(connections > 1 || asked.load(Ordering::Relaxed) == 6);
        }
    }
}
