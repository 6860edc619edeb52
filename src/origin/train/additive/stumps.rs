//! Boosted stumps: step functions of one feature each, whose sum ranks.
//!
//! Gradient boosting (Friedman 2001) with trees of one split, on the slopes of NDCG (`lambdas`). In every round each
//! slot (a feature, for all, new or repeated items) offers its best split: the cut, and the side of what is not known,
//! with the largest `G_left^2 / H_left + G_right^2 / H_right - G^2 / H`. The best slots, each of another feature, take the
//! step `-rate x G / H` on either side: several at once, because the slopes cost as much as all splits together. Where
//! a person would expect an order (more frequent is better), splits against it are not offered, so that the sum of a slot's
//! steps is monotone.

use nearside_engine::models::{Among, Feature, ModelTerm};

use super::lambdas::{Slope, slopes};
use super::lists::{Binned, Lists, UNKNOWN_BIN};
use crate::train::threads::for_each_part;

/// How boosting goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Boosting {
    /// How often slopes are computed.
    pub(crate) rounds: usize,
    /// Splits that are taken at once.
    pub(crate) splits_a_round: usize,
    /// How much of each best step is taken.
    pub(crate) rate: f64,
    /// Rows on either side of a split, at least.
    pub(crate) least_rows: u32,
    /// Threads; their number does not change the result.
    pub(crate) threads: usize,
}

/// The order that a person would expect of a feature's steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// None.
    Any,
    /// More is better.
    Rising,
    /// Less is better.
    Falling,
}

/// A feature for one kind of items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slot {
    /// The term's name.
    pub(crate) name: &'static str,
    /// The feature.
    pub(crate) feature: Feature,
    /// For which items.
    pub(crate) among: Among,
    /// The expected order.
    pub(crate) expected: Expected,
    /// The column of `Lists` that holds the feature.
    pub(crate) column: usize,
}

/// The rows of one kind of items.
struct Kind {
    among: Among,
    rows: Vec<u32>,
}

impl Kind {
    fn new(among: Among, lists: &Lists) -> Self {
        let rows = (0..).zip(&lists.is_taken).filter(|(_, is_taken)| among.holds(**is_taken)).map(|(row, _)| row);
        Self { among, rows: rows.collect() }
    }

    /// What a column holds of these rows.
    fn of<T: Copy + Default>(&self, column: &[T]) -> Vec<T> {
        self.rows.iter().map(|row| column.get(*row as usize).copied().unwrap_or_default()).collect()
    }
}

/// A slot while it learns.
struct Learning<'a> {
    slot: &'a Slot,
    kind: &'a Kind,
    cuts: &'a [f64],
    /// Bins by row of the kind.
    bins: Vec<u8>,
    /// How many rows lie in each bin.
    counts: [u32; BINS],
    steps: Vec<f64>,
    unknown: f64,
}

/// Every value of a bin's byte.
const BINS: usize = 256;

/// A split: bins up to `last_left` go left, and the unknown ones too where it says so.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Split {
    gain: f64,
    last_left: usize,
    is_unknown_left: bool,
    left: f64,
    right: f64,
}

/// Slopes and rows of one bin.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    first: f64,
    second: f64,
    rows: u32,
}

impl Sums {
    fn add(&mut self, other: Self) {
        self.first += other.first;
        self.second += other.second;
        self.rows += other.rows;
    }

    fn less(self, other: Self) -> Self {
        Self { first: self.first - other.first, second: self.second - other.second, rows: self.rows - other.rows }
    }

    fn gain(self) -> f64 {
        if self.second > 0.0 { self.first * self.first / self.second } else { 0.0 }
    }

    fn step(self) -> f64 {
        if self.second > 0.0 { -self.first / self.second } else { 0.0 }
    }
}

/// Curvature on either side of a split, at least: below it a step would be a leap.
const LEAST_SECOND: f64 = 1e-3;

/// Learns the terms. `told` hears of every round.
pub(crate) fn boost(lists: &Lists, slots: &[Slot], how: Boosting, mut told: impl FnMut(usize)) -> Vec<ModelTerm> {
    let binned: Vec<Binned> = lists.columns.iter().map(|column| Binned::new(column)).collect();
    let kinds = [Among::All, Among::New, Among::Again].map(|among| Kind::new(among, lists));
    let mut learning: Vec<Learning<'_>> = slots
        .iter()
        .filter_map(|slot| {
            let binned = binned.get(slot.column)?;
            let kind = kinds.iter().find(|kind| kind.among == slot.among)?;
            Some(Learning::new(slot, kind, binned))
        })
        .collect();
    let mut scores = vec![0.0; lists.rows()];
    for round in 0..how.rounds {
        let slopes = slopes(lists, &scores, how.threads);
        let slopes = kinds.each_ref().map(|kind| (kind.among, kind.of(&slopes)));
        let splits = best_splits(&learning, &slopes, how);
        let mut offers: Vec<(usize, Split)> =
            (0..).zip(splits).filter_map(|(at, split): (usize, _)| Some((at, split?))).collect();
        // Of equal gains the first slot wins: the order of the slots is part of the method.
        offers.sort_by(|left, right| right.1.gain.total_cmp(&left.1.gain).then(left.0.cmp(&right.0)));
        if offers.is_empty() {
            break;
        }
        for (at, split) in offers.into_iter().take(how.splits_a_round.max(1)) {
            if let Some(slot) = learning.get_mut(at) {
                slot.take(split, how.rate, &mut scores);
            }
        }
        told(round + 1);
    }
    learning.into_iter().filter_map(Learning::into_term).collect()
}

fn best_splits(learning: &[Learning<'_>], slopes: &[(Among, Vec<Slope>)], how: Boosting) -> Vec<Option<Split>> {
    let mut splits = vec![None; learning.len()];
    let parts: Vec<(&Learning<'_>, &mut Option<Split>)> = learning.iter().zip(&mut splits).collect();
    for_each_part(how.threads, parts, |_, (slot, split)| {
        let slopes = slopes.iter().find(|(among, _)| *among == slot.kind.among);
        *split = slopes.and_then(|(_, slopes)| slot.best_split(slopes, how.least_rows));
    });
    splits
}

impl<'a> Learning<'a> {
    fn new(slot: &'a Slot, kind: &'a Kind, binned: &'a Binned) -> Self {
        let bins = kind.of(&binned.bins);
        let mut counts = [0; BINS];
        for bin in &bins {
            if let Some(count) = counts.get_mut(usize::from(*bin)) {
                *count += 1;
            }
        }
        Self { slot, kind, cuts: &binned.cuts, bins, counts, steps: vec![0.0; binned.cuts.len() + 1], unknown: 0.0 }
    }

    /// Sums of slopes by bin. Rows take turns between two tables, so that one sum need not wait for the other when
    /// neighbours lie in the same bin.
    fn sums(&self, slopes: &[Slope]) -> [Sums; BINS] {
        let mut tables = [[[0.0_f64; 2]; BINS]; 2];
        let (bins, slopes) = (self.bins.as_chunks::<2>(), slopes.as_chunks::<2>());
        let pairs = bins.0.iter().zip(slopes.0);
        let [even, odd] = &mut tables;
        let add = |table: &mut [[f64; 2]; BINS], bin: u8, slope: Slope| {
            if let Some([first, second]) = table.get_mut(usize::from(bin)) {
                *first += f64::from(slope.first);
                *second += f64::from(slope.second);
            }
        };
        for ([even_bin, odd_bin], [even_slope, odd_slope]) in pairs {
            add(even, *even_bin, *even_slope);
            add(odd, *odd_bin, *odd_slope);
        }
        bins.1.iter().zip(slopes.1).for_each(|(bin, slope)| add(even, *bin, *slope));
        let mut sums = [Sums::default(); BINS];
        for (((sum, count), even), odd) in sums.iter_mut().zip(&self.counts).zip(even).zip(odd) {
            let ([first, second], [more_first, more_second]) = (*even, *odd);
            *sum = Sums { first: first + more_first, second: second + more_second, rows: *count };
        }
        sums
    }

    fn best_split(&self, slopes: &[Slope], least_rows: u32) -> Option<Split> {
        let bins = self.sums(slopes);
        let unknown = bins.last().copied().unwrap_or_default();
        let mut known = Sums::default();
        bins.iter().take(self.steps.len()).for_each(|sums| known.add(*sums));
        let mut best: Option<Split> = None;
        let mut left = Sums::default();
        for (last_left, sums) in bins.iter().enumerate().take(self.steps.len()) {
            left.add(*sums);
            let right = known.less(left);
            // Without unknown rows both sides offer the same; with them the split between known and unknown counts too.
            let sides = if unknown.rows > 0 { &[true, false][..] } else { &[true][..] };
            for is_unknown_left in sides {
                let (mut left, mut right) = (left, right);
                if *is_unknown_left {
                    left.add(unknown)
                } else {
                    right.add(unknown)
                }
                let is_fit = |sums: Sums| sums.rows >= least_rows && sums.second >= LEAST_SECOND;
                if !is_fit(left) || !is_fit(right) {
                    continue;
                }
                let split = Split {
                    gain: left.gain() + right.gain(),
                    last_left,
                    is_unknown_left: *is_unknown_left,
                    left: left.step(),
                    right: right.step(),
                };
                let rises = split.right >= split.left;
                let is_expected = match self.slot.expected {
                    Expected::Any => true,
                    Expected::Rising => rises,
                    Expected::Falling => !rises,
                };
                if is_expected && best.is_none_or(|best| split.gain > best.gain) {
                    best = Some(split);
                }
            }
        }
        let mut all = known;
        all.add(unknown);
        best.map(|split| Split { gain: split.gain - all.gain(), ..split }).filter(|split| split.gain > 0.0)
    }

    fn take(&mut self, split: Split, rate: f64, scores: &mut [f64]) {
        let (left, right) = (split.left * rate, split.right * rate);
        for (bin, step) in self.steps.iter_mut().enumerate() {
            *step += if bin <= split.last_left { left } else { right };
        }
        self.unknown += if split.is_unknown_left { left } else { right };
        for (row, bin) in self.kind.rows.iter().zip(&self.bins) {
            if let Some(score) = scores.get_mut(*row as usize) {
                let is_left =
                    if *bin == UNKNOWN_BIN { split.is_unknown_left } else { usize::from(*bin) <= split.last_left };
                *score += if is_left { left } else { right };
            }
        }
    }

    /// The steps as a term, with equal neighbours joined; None where the slot was never chosen.
    fn into_term(self) -> Option<ModelTerm> {
        let is_flat = self.unknown == 0.0 && self.steps.iter().all(|step| *step == 0.0);
        if is_flat {
            return None;
        }
        let mut values: Vec<f64> = Vec::new();
        let mut cuts = Vec::new();
        for (bin, step) in self.steps.iter().enumerate() {
            if values.last() == Some(step) {
                continue;
            }
            if let Some(cut) = bin.checked_sub(1).and_then(|at| self.cuts.get(at)) {
                cuts.push(*cut);
            }
            values.push(*step);
        }
        Some(ModelTerm {
            name: self.slot.name.to_owned(),
            feature: self.slot.feature,
            among: self.slot.among,
            cuts,
            values,
            unknown: self.unknown,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn slot(feature: Feature, column: usize, expected: Expected) -> Slot {
        Slot { name: "x", feature, among: Among::All, expected, column }
    }

    /// What is chosen has a high first feature; the second is noise.
    fn lists() -> Lists {
        let mut lists = Lists::new(2);
        for list in 0..60_u64 {
            for row in 0..50_u64 {
                let noise = nearside_engine::math::hash64(&["noise", &list.to_string(), &row.to_string()]) % 1_000;
                let told = nearside_engine::math::hash64(&["told", &list.to_string(), &row.to_string()]) % 1_000;
                lists.columns[0].push(if row == 7 { f32::NAN } else { told as f32 });
                lists.columns[1].push(noise as f32);
                lists.chosen.push(told > 900 && row != 7);
                lists.is_taken.push(row % 2 == 0);
            }
            lists.end_list();
        }
        lists
    }

    const HOW: Boosting = Boosting { rounds: 40, splits_a_round: 1, rate: 0.1, least_rows: 20, threads: 2 };

    #[test]
    fn the_feature_that_tells_is_found_and_its_steps_rise() {
        let slots = [slot(Feature::Neighbours, 0, Expected::Rising), slot(Feature::Trend, 1, Expected::Any)];
        let terms = boost(&lists(), &slots, HOW, |_| ());
        let told = terms.iter().find(|term| term.feature == Feature::Neighbours).unwrap();
        assert!(told.values.windows(2).all(|pair| pair[0] < pair[1]), "{told:?}");
        assert!(told.value(Some(950.0)) > told.value(Some(100.0)) + 0.5);
        assert!(told.value(None) < told.value(Some(950.0)), "what nobody knew was never chosen");
        let noise = terms.iter().find(|term| term.feature == Feature::Trend);
        let spread = |term: &ModelTerm| term.values.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
        assert!(noise.is_none_or(|noise| spread(noise) < spread(told) / 4.0));
    }

    #[test]
    fn an_order_that_is_not_there_is_not_learned() {
        let slots = [slot(Feature::Neighbours, 0, Expected::Falling)];
        for term in boost(&lists(), &slots, HOW, |_| ()) {
            assert!(term.values.windows(2).all(|pair| pair[0] >= pair[1]), "{term:?}");
        }
    }

    #[test]
    fn threads_do_not_change_a_bit() {
        let slots = [slot(Feature::Neighbours, 0, Expected::Any), slot(Feature::Trend, 1, Expected::Any)];
        let one = boost(&lists(), &slots, Boosting { threads: 1, ..HOW }, |_| ());
        assert_eq!(one, boost(&lists(), &slots, Boosting { threads: 3, ..HOW }, |_| ()));
    }
}
