//! The slope of NDCG: how much each candidate's score should move.
//!
//! LambdaRank (Burges, "From RankNet to LambdaRank to LambdaMART", 2010). For a chosen candidate i and another j the
//! pair pulls by `|delta NDCG(i, j)| / (1 + exp(s_i - s_j))`; only pairs that touch the first 30 places pull. Each pull
//! is divided by `0.01 + |s_i - s_j|`, and the sum of a list's pulls P is rescaled by `log2(1 + P) / P`, so that no
//! list and no runaway score outweighs the others.
//!
//! `1 / (1 + exp(s_i - s_j))` is `o_j / (o_i + o_j)` with the odds `o = exp(s)`: one exponential a candidate instead of
//! one a pair, and loops over columns of numbers that the compiler can widen.

use std::ops::Range;

use super::lists::Lists;
use crate::train::best_first::{best_first, place_of};
use crate::train::wide::widely;

/// Places that pull.
const PLACES: usize = 30;
/// Keeps pulls finite where scores are equal.
const LEAST_DISTANCE: f32 = 0.01;
/// Keeps a pair's odds finite where both lie far below the best of their list.
const LEAST_ODDS: f32 = 1e-30;

/// The first and the second derivative by a row's score.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Slope {
    pub(crate) first: f32,
    pub(crate) second: f32,
}

/// Computes the slopes of every row, on so many threads; their number does not change a bit.
pub(crate) fn slopes(lists: &Lists, scores: &[f64], threads: usize) -> Vec<Slope> {
    let mut slopes = vec![Slope::default(); lists.rows()];
    let ranges: Vec<Range<usize>> = lists.ranges().collect();
    let share = ranges.len().div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        let mut rest = slopes.as_mut_slice();
        let mut done = 0;
        for part in ranges.chunks(share) {
            let end = part.last().map_or(done, |range| range.end);
            let (slopes, behind) = std::mem::take(&mut rest).split_at_mut(end - done);
            rest = behind;
            let offset = done;
            scope.spawn(move || {
                let mut pulls = Pulls::default();
                for range in part {
                    let local = range.start - offset..range.end - offset;
                    let rows = (scores.get(range.clone()), lists.chosen.get(range.clone()), slopes.get_mut(local));
                    if let (Some(scores), Some(chosen), Some(slopes)) = rows {
                        widely(
                            #[inline(always)]
                            || pulls.of_list(scores, chosen, slopes),
                        );
                    }
                }
            });
            done = end;
        }
    });
    slopes
}

/// The chosen candidates of a list, or the others, best first, in columns.
#[derive(Default)]
struct Side {
    rows: Vec<u32>,
    places: Vec<u32>,
    scores: Vec<f32>,
    odds: Vec<f32>,
    discounts: Vec<f32>,
    first: Vec<f32>,
    second: Vec<f32>,
}

/// One candidate that meets those of the other side below it.
#[derive(Clone, Copy)]
struct Upper {
    score: f32,
    odds: f32,
    discount: f32,
    is_chosen: bool,
}

impl Side {
    fn clear(&mut self) {
        self.rows.clear();
        self.places.clear();
        for column in [&mut self.scores, &mut self.odds, &mut self.discounts, &mut self.first, &mut self.second] {
            column.clear();
        }
    }

    fn push(&mut self, row: u32, place: u32, upper: Upper) {
        self.rows.push(row);
        self.places.push(place);
        self.scores.push(upper.score);
        self.odds.push(upper.odds);
        self.discounts.push(upper.discount);
        self.first.push(0.0);
        self.second.push(0.0);
    }

    /// Adds the pulls between one candidate and all of this side from index `from` on. Returns the sums of pulls and of
    /// their derivatives; `pulled` and `stiff` are room for them.
    #[inline(always)]
    fn meet(&mut self, upper: Upper, from: usize, pulled: &mut Vec<f32>, stiff: &mut Vec<f32>) -> (f32, f32) {
        let columns = (self.scores.get(from..), self.odds.get(from..), self.discounts.get(from..));
        let sums = (self.first.get_mut(from..), self.second.get_mut(from..));
        let ((Some(scores), Some(odds), Some(discounts)), (Some(first), Some(second))) = (columns, sums) else {
            return (0.0, 0.0);
        };
        pulled.resize(scores.len(), 0.0);
        stiff.resize(scores.len(), 0.0);
        // The pair's chosen one is pulled up, the other down.
        let direction = if upper.is_chosen { 1.0 } else { -1.0 };
        let places = scores.iter().zip(odds).zip(discounts);
        for (((score, odds), discount), (pull, stiffness)) in places.zip(pulled.iter_mut().zip(stiff.iter_mut())) {
            let (of_chosen, of_other) = if upper.is_chosen { (upper.odds, *odds) } else { (*odds, upper.odds) };
            let gain = (upper.discount - discount) / (LEAST_DISTANCE + (upper.score - score).abs());
            let share = 1.0 / (of_chosen + of_other);
            *pull = gain * of_other * share;
            *stiffness = *pull * of_chosen * share;
        }
        first.iter_mut().zip(pulled.iter()).for_each(|(first, pull)| *first += direction * pull);
        second.iter_mut().zip(stiff.iter()).for_each(|(second, stiffness)| *second += stiffness);
        (sum(pulled), sum(stiff))
    }
}

/// Eight sums side by side, then their sum: a fixed order that the compiler can widen.
#[inline(always)]
fn sum(values: &[f32]) -> f32 {
    let (chunks, rest) = values.as_chunks::<8>();
    let mut sums = [0.0_f32; 8];
    for chunk in chunks {
        sums.iter_mut().zip(chunk).for_each(|(sum, value)| *sum += value);
    }
    sums.iter().sum::<f32>() + rest.iter().sum::<f32>()
}

/// Room that is reused from list to list.
#[derive(Default)]
struct Pulls {
    order: Vec<u64>,
    /// By place.
    discounts: Vec<f32>,
    chosen: Side,
    others: Side,
    pulled: Vec<f32>,
    stiff: Vec<f32>,
}

impl Pulls {
    #[inline(always)]
    fn of_list(&mut self, scores: &[f64], chosen: &[bool], slopes: &mut [Slope]) {
        let relevant = chosen.iter().filter(|is_chosen| **is_chosen).count();
        if relevant == 0 || relevant == scores.len() {
            return;
        }
        self.lay_out(scores, chosen);
        let ideal: f32 = self.discounts.iter().take(relevant.min(PLACES)).sum();
        let mut total = 0.0;
        for place in 0..PLACES.min(scores.len()) as u32 {
            let Self { chosen, others, pulled, stiff, .. } = self;
            let (own, other, is_chosen, at) = match chosen.places.binary_search(&place) {
                Ok(at) => (chosen, others, true, at),
                Err(before) => (others, chosen, false, place as usize - before),
            };
            let numbers = (own.scores.get(at), own.odds.get(at), own.discounts.get(at));
            let (Some(score), Some(odds), Some(discount)) = numbers else { continue };
            let upper = Upper { score: *score, odds: *odds, discount: *discount, is_chosen };
            // Above this place stand `at` of its own side, and so `place - at` of the other.
            let (pull, stiffness) = other.meet(upper, place as usize - at, pulled, stiff);
            if let (Some(first), Some(second)) = (own.first.get_mut(at), own.second.get_mut(at)) {
                *first -= if is_chosen { pull } else { -pull };
                *second += stiffness;
            }
            total += 2.0 * pull / ideal;
        }
        let rescale = if total > 0.0 { (1.0 + total).log2() / total } else { 1.0 };
        let scale = rescale / ideal;
        for side in [&self.chosen, &self.others] {
            for ((row, first), second) in side.rows.iter().zip(&side.first).zip(&side.second) {
                if let Some(slope) = slopes.get_mut(*row as usize) {
                    *slope = Slope { first: first * scale, second: second * scale };
                }
            }
        }
    }

    /// Orders a list and lays its two sides out. Of equal scores the earlier row stands first.
    #[inline(always)]
    fn lay_out(&mut self, scores: &[f64], chosen: &[bool]) {
        for place in self.discounts.len()..scores.len() {
            self.discounts.push(discount(place));
        }
        self.order.clear();
        self.order.extend((0_u32..).zip(scores).map(|(row, score)| best_first(*score as f32, row)));
        self.order.sort_unstable();
        self.chosen.clear();
        self.others.clear();
        let score_of = |key: &u64| scores.get(place_of(*key) as usize).copied().unwrap_or_default() as f32;
        let best = self.order.first().map_or(0.0, score_of);
        for ((place, key), discount) in (0_u32..).zip(&self.order).zip(&self.discounts) {
            let row = place_of(*key);
            let score = score_of(key);
            let is_chosen = chosen.get(row as usize).copied().unwrap_or_default();
            let odds = (score - best).exp().max(LEAST_ODDS);
            let side = if is_chosen { &mut self.chosen } else { &mut self.others };
            side.push(row, place, Upper { score, odds, discount: *discount, is_chosen });
        }
    }
}

/// The discount of a place, from 0. Beyond the places that pull it still tells them from those above.
fn discount(place: usize) -> f32 {
    1.0 / (place as f32 + 2.0).log2()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn lists() -> Lists {
        let mut lists = Lists::new(0);
        for list in 0..7 {
            for row in 0..40 {
                lists.chosen.push((row + list) % 9 == 0);
                lists.is_taken.push(false);
            }
            lists.end_list();
        }
        lists
    }

    #[test]
    fn chosen_candidates_are_pulled_up_and_pulls_cancel() {
        let lists = lists();
        let scores: Vec<f64> = (0..lists.rows()).map(|row| ((row * 31) % 17) as f64 / 17.0).collect();
        let slopes = slopes(&lists, &scores, 1);
        for range in lists.ranges() {
            let sum: f32 = slopes[range.clone()].iter().map(|slope| slope.first).sum();
            assert!(sum.abs() < 1e-4, "{sum}");
            assert!(range.clone().filter(|row| lists.chosen[*row]).all(|row| slopes[row].first <= 0.0));
            assert!(slopes[range].iter().all(|slope| slope.second >= 0.0));
        }
    }

    #[test]
    fn threads_do_not_change_a_bit() {
        let lists = lists();
        let scores: Vec<f64> = (0..lists.rows()).map(|row| ((row * 13) % 29) as f64).collect();
        let one = slopes(&lists, &scores, 1);
        for threads in [2, 3, 20] {
            let more = slopes(&lists, &scores, threads);
            assert_eq!(one, more);
        }
    }
}
