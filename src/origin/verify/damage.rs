//! Damage: a signed document with one byte changed, or cut short, must be refused by the same checks that the Worker makes.

use std::sync::atomic::{AtomicUsize, Ordering};

use nearside_engine::math::hash64;
use nearside_engine::types::TimeMs;

use crate::publish::{ModelKey, Signed};
use crate::train::{available_threads, for_each_part};

/// How often damage was tried, and how often it was taken all the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Damage {
    /// Changed bytes.
    pub(super) flips: usize,
    /// Cuts.
    pub(super) cuts: usize,
    /// Damaged documents that would have been taken.
    pub(super) taken: usize,
}

/// Tries so many flips and as many cuts, at places that chance picks.
pub(super) fn damage(signed: &Signed, key: &ModelKey, samples: usize, seed: u64, now_ms: TimeMs) -> Damage {
    let document = signed.document.as_bytes();
    let taken = AtomicUsize::new(0);
    for_each_part(available_threads(), (0..samples).collect(), |_, sample: usize| {
        let draw = |what: &str, below: usize| {
            (hash64(&[what, &seed.to_string(), &sample.to_string()]) % below.max(1) as u64) as usize
        };
        let mut flipped = document.to_vec();
        if let Some(byte) = flipped.get_mut(draw("place", document.len())) {
            // Any other value of the byte.
            *byte ^= 1 + draw("bits", 255) as u8;
        }
        let cut = document.get(..draw("length", document.len())).unwrap_or_default();
        let number =
            [flipped.as_slice(), cut].iter().filter(|damaged| signed.would_be_taken(damaged, key, now_ms)).count();
        taken.fetch_add(number, Ordering::Relaxed);
    });
    Damage { flips: samples, cuts: samples, taken: taken.into_inner() }
}
