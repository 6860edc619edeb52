//! Work on the parts of a list, on several threads. Each part is computed by itself, so that the number of threads
//! changes the time and never the result.

use std::sync::Mutex;
use std::thread;

/// As many threads as the machine runs at once.
pub(crate) fn available_threads() -> usize {
    thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Calls `work` with each part and its place. Parts are taken one after the other by whichever thread is free.
pub(crate) fn for_each_part<T: Send>(threads: usize, parts: Vec<T>, work: impl Fn(usize, T) + Sync) {
    for_each_part_with(threads, parts, || (), |(), place, part| work(place, part));
}

/// As [`for_each_part`], with one scratch space a thread.
pub(super) fn for_each_part_with<T: Send, S>(
    threads: usize,
    parts: Vec<T>,
    scratch: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize, T) + Sync,
) {
    let threads = threads.clamp(1, parts.len().max(1));
    let queue = Mutex::new(parts.into_iter().enumerate());
    let run = || {
        let mut scratch = scratch();
        loop {
            // A poisoned lock means that another thread panicked, which the scope reports.
            let Some((place, part)) = queue.lock().ok().and_then(|mut queue| queue.next()) else { return };
            work(&mut scratch, place, part);
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(run);
        }
        run();
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_worked_on_once_with_its_place() {
        for threads in [0, 1, 2, 7] {
            let mut numbers: Vec<usize> = vec![0; 103];
            let parts: Vec<&mut [usize]> = numbers.chunks_mut(10).collect();
            for_each_part(threads, parts, |place, part| {
                for (index, number) in part.iter_mut().enumerate() {
                    *number += place * 10 + index;
                }
            });
            assert_eq!(numbers, (0..103).collect::<Vec<_>>());
        }
    }
}
