//! The slope of NDCG: how much each candidate's score should move.
//!
//! LambdaRank (Burges, "From RankNet to LambdaRank to LambdaMART", 2010). For a chosen candidate i and another j the
//! pair pulls by `|delta NDCG(i, j)| / (1 + exp(s_i - s_j))`; only pairs that touch the first 30 places pull. Each pull
//! is divided by `0.01 + |s_i - s_j|`, and the sum of a list's pulls P is rescaled by `log2(1 + P) / P`, so that no
//! list and no runaway score outweighs the others.

use std::ops::Range;

use super::lists::Lists;

/// Places that pull.
const PLACES: usize = 30;
/// Keeps pulls finite where scores are equal.
const LEAST_DISTANCE: f64 = 0.01;

/// First and second derivatives by row.
#[derive(Debug, Clone)]
pub(crate) struct Slopes {
    pub(crate) first: Vec<f32>,
    pub(crate) second: Vec<f32>,
}

/// Computes the slopes of every row, on so many threads; their number does not change a bit.
pub(crate) fn slopes(lists: &Lists, scores: &[f64], threads: usize) -> Slopes {
    let rows = lists.rows();
    let mut slopes = Slopes { first: vec![0.0; rows], second: vec![0.0; rows] };
    let ranges: Vec<Range<usize>> = lists.ranges().collect();
    let share = ranges.len().div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        let (mut first, mut second) = (slopes.first.as_mut_slice(), slopes.second.as_mut_slice());
        let mut done = 0;
        for part in ranges.chunks(share) {
            let end = part.last().map_or(done, |range| range.end);
            let (first_part, first_rest) = std::mem::take(&mut first).split_at_mut(end - done);
            let (second_part, second_rest) = std::mem::take(&mut second).split_at_mut(end - done);
            (first, second) = (first_rest, second_rest);
            let offset = done;
            scope.spawn(move || {
                let mut pulls = Pulls::default();
                for range in part {
                    let local = range.start - offset..range.end - offset;
                    let (Some(first), Some(second)) = (first_part.get_mut(local.clone()), second_part.get_mut(local))
                    else {
                        continue;
                    };
                    pulls.of_list(lists, scores, range.clone(), first, second);
                }
            });
            done = end;
        }
    });
    slopes
}

/// Room that is reused from list to list.
#[derive(Default)]
struct Pulls {
    order: Vec<usize>,
    first: Vec<f64>,
    second: Vec<f64>,
    /// By place.
    discounts: Vec<f64>,
}

impl Pulls {
    fn of_list(&mut self, lists: &Lists, scores: &[f64], range: Range<usize>, first: &mut [f32], second: &mut [f32]) {
        for place in self.discounts.len()..range.len() {
            self.discounts.push(discount(place));
        }
        let discounts = |place: usize| self.discounts.get(place).copied().unwrap_or_default();
        let (Some(scores), Some(chosen)) = (scores.get(range.clone()), lists.chosen.get(range)) else { return };
        let score = |at: usize| scores.get(at).copied().unwrap_or_default();
        let is_chosen = |at: usize| chosen.get(at).copied().unwrap_or_default();
        let relevant = chosen.iter().filter(|is_chosen| **is_chosen).count();
        let ideal: f64 = (0..relevant.min(PLACES)).map(discount).sum();
        if relevant == 0 || relevant == scores.len() {
            return;
        }
        self.order.clear();
        self.order.extend(0..scores.len());
        self.order.sort_unstable_by(|a, b| score(*b).total_cmp(&score(*a)).then(a.cmp(b)));
        self.first.clear();
        self.first.resize(scores.len(), 0.0);
        self.second.clear();
        self.second.resize(scores.len(), 0.0);
        let mut sum = 0.0;
        // Of a list, few are chosen: a candidate that is not meets those below it only, a chosen one all others below.
        let places = self.order.iter().enumerate();
        let (chosen_places, others): (Vec<(usize, usize)>, Vec<_>) =
            places.map(|(place, at)| (place, *at)).partition(|(_, at)| is_chosen(*at));
        for (place, upper) in self.order.iter().enumerate().take(PLACES) {
            let lower_ones = if is_chosen(*upper) { &others } else { &chosen_places };
            let below = lower_ones.partition_point(|(lower_place, _)| *lower_place <= place);
            for (lower_place, lower) in lower_ones.iter().skip(below) {
                let (high, low) = if is_chosen(*upper) { (*upper, *lower) } else { (*lower, *upper) };
                let distance = score(high) - score(low);
                let gain = (discounts(place) - discounts(*lower_place)) / ideal / (LEAST_DISTANCE + distance.abs());
                let doubt = 1.0 / (1.0 + distance.exp());
                let pull = gain * doubt;
                let stiffness = pull * (1.0 - doubt);
                for (at, direction) in [(high, -1.0), (low, 1.0)] {
                    if let (Some(first), Some(second)) = (self.first.get_mut(at), self.second.get_mut(at)) {
                        *first += direction * pull;
                        *second += stiffness;
                    }
                }
                sum += 2.0 * pull;
            }
        }
        let scale = if sum > 0.0 { (1.0 + sum).log2() / sum } else { 1.0 };
        for (slope, value) in first.iter_mut().zip(&self.first).chain(second.iter_mut().zip(&self.second)) {
            *slope = (value * scale) as f32;
        }
    }
}

/// The discount of a place, from 0. Beyond the places that pull it still tells them from those above.
fn discount(place: usize) -> f64 {
    1.0 / (place as f64 + 2.0).log2()
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
            let sum: f32 = slopes.first[range.clone()].iter().sum();
            assert!(sum.abs() < 1e-4, "{sum}");
            assert!(range.clone().filter(|row| lists.chosen[*row]).all(|row| slopes.first[row] <= 0.0));
            assert!(slopes.second[range].iter().all(|second| *second >= 0.0));
        }
    }

    #[test]
    fn threads_do_not_change_a_bit() {
        let lists = lists();
        let scores: Vec<f64> = (0..lists.rows()).map(|row| ((row * 13) % 29) as f64).collect();
        let one = slopes(&lists, &scores, 1);
        for threads in [2, 3, 20] {
            let more = slopes(&lists, &scores, threads);
            assert_eq!(one.first, more.first);
            assert_eq!(one.second, more.second);
        }
    }
}
