//! The mean and the spread of each number so far, so that a number of any unit counts alike.

use nearside_json::Read;
use serde::Serialize;

/// Numbers beyond so many spreads from the mean say no more than this: one wild value must not move a weight far.
const WIDEST_SPREADS: f64 = 2.0;
/// From here on the mean forgets: a unit that changed is followed within as many events again.
const LONGEST_MEMORY: f64 = 100_000.0;
/// Numbers beyond so many names are left out; their bins still count.
const MOST_SCALES: usize = 1_024;

/// Mean and variance of one number by Welford's (1962) recurrence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Read)]
pub struct Scale {
    /// The hash of the number's name.
    #[serde(rename = "k")]
    pub key: u64,
    /// How many were seen, at most the memory.
    #[serde(rename = "n")]
    pub count: f64,
    /// Their mean.
    #[serde(rename = "m")]
    pub mean: f64,
    /// Their variance, 0 or more.
    #[serde(rename = "v")]
    pub variance: f64,
}

/// All scales, by key ascending.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Scales(pub(super) Vec<Scale>);

impl Scales {
    /// True for scales that can have come from learning.
    pub(super) fn are_sound(&self) -> bool {
        let is_sound = |scale: &Scale| {
            (1.0..=LONGEST_MEMORY).contains(&scale.count)
                && scale.mean.abs() <= 1e16
                && (0.0..=1e32).contains(&scale.variance)
        };
        self.0.len() <= MOST_SCALES
            && self.0.iter().all(is_sound)
            && self.0.is_sorted_by(|before, after| before.key < after.key)
    }

    /// Returns what a number counts, in -1..1; 0 for a number that never varied.
    pub(super) fn standardised(&self, key: u64, number: f64) -> f64 {
        let scale = self.place(key).ok().and_then(|place| self.0.get(place));
        scale.map_or(0.0, |scale| scale.standardised(number))
    }

    /// Returns what a number counts by what was seen before it, and counts it.
    pub(super) fn learn(&mut self, key: u64, number: f64) -> f64 {
        match self.place(key) {
            Ok(place) => self.0.get_mut(place).map_or(0.0, |scale| scale.learn(number)),
            Err(place) => {
                if self.0.len() < MOST_SCALES {
                    self.0.insert(place, Scale { key, count: 1.0, mean: number, variance: 0.0 });
                }
                0.0
            }
        }
    }

    fn place(&self, key: u64) -> Result<usize, usize> {
        self.0.binary_search_by_key(&key, |scale| scale.key)
    }
}

impl Scale {
    /// `clamp((number - mean) / spread, -2, 2) / 2`.
    fn standardised(&self, number: f64) -> f64 {
        let spread = self.variance.sqrt();
        // A spread that is only rounding would blow up rounding.
        if spread <= 1e-12 * (1.0 + self.mean.abs()) {
            return 0.0;
        }
        ((number - self.mean) / spread).clamp(-WIDEST_SPREADS, WIDEST_SPREADS) / WIDEST_SPREADS
    }

    fn learn(&mut self, number: f64) -> f64 {
        let before = self.standardised(number);
        self.count = (self.count + 1.0).min(LONGEST_MEMORY);
        let from_old = number - self.mean;
        self.mean += from_old / self.count;
        let excess = from_old * (number - self.mean) - self.variance;
        self.variance = (self.variance + excess / self.count).max(0.0);
        before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_counts_in_spreads_from_its_mean() {
        let mut scales = Scales::default();
        assert_eq!(scales.standardised(7, 3.0), 0.0);
        for number in [1.0, 3.0, 1.0, 3.0] {
            scales.learn(7, number);
        }
        let cases = [(2.0, 0.0), (3.0, 0.5), (0.0, -1.0), (1e15, 1.0)];
        for (number, expected) in cases {
            let found = scales.standardised(7, number);
            assert!((found - expected).abs() < 1e-12, "{number}: {found}");
        }
    }

    #[test]
    fn a_number_that_never_varies_says_nothing() {
        let mut scales = Scales::default();
        (0..100).for_each(|_| assert_eq!(scales.learn(1, 5_228.1), 0.0));
        assert_eq!(scales.standardised(1, 5_228.1), 0.0);
    }
}
