//! Many comparisons at once: p values adjusted so that each may be held against `α` by itself.
//!
//! All take p values in any order and answer in that order. What is no number counts as 1.

use crate::math::sort_list;

/// Bonferroni: `m p`, at most 1. The family-wise error holds under any dependence.
pub fn bonferroni(p_values: &[f64]) -> Vec<f64> {
    let number = p_values.len() as f64;
    p_values.iter().map(|p| at_most_one(number * sound(*p))).collect()
}

/// Šidák (1967): `1 - (1 - p)^m`. The family-wise error holds for independent comparisons.
pub fn sidak(p_values: &[f64]) -> Vec<f64> {
    let number = p_values.len() as f64;
    p_values.iter().map(|p| -libm::expm1(number * libm::log1p(-sound(*p)))).collect()
}

/// Holm (1979), step down: the i-th smallest times `m - i + 1`, never below the one before. The family-wise error holds
/// under any dependence, and at all times when the p values do.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let number = p_values.len();
    let mut least = 0.0_f64;
    by_rank(p_values, |sorted| {
        let adjust = |(rank, p): (usize, &f64)| {
            least = least.max(at_most_one((number - rank) as f64 * p));
            least
        };
        sorted.iter().enumerate().map(adjust).collect()
    })
}

/// Benjamini and Hochberg (1995), step up: the i-th smallest times `m / i`, never above the one after. The false discovery
/// rate holds for independent or positively dependent comparisons.
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    step_up(p_values, 1.0)
}

/// Benjamini and Yekutieli (2001): the same times `1 + 1/2 + ... + 1/m`. The false discovery rate holds under any dependence.
pub fn benjamini_yekutieli(p_values: &[f64]) -> Vec<f64> {
    step_up(p_values, (1..=p_values.len()).map(|rank| 1.0 / rank as f64).sum())
}

/// Wang and Ramdas (2022), "False discovery rate control with e-values": Benjamini and Hochberg's steps on `1 / e`, from
/// logarithms of e-values. The false discovery rate holds under any dependence, over variants, metrics and segments alike.
pub fn e_benjamini_hochberg(log_e_values: &[f64]) -> Vec<f64> {
    let p_values: Vec<f64> = log_e_values.iter().map(|log_e| super::evidence::always_valid_p(*log_e)).collect();
    step_up(&p_values, 1.0)
}

/// Hommel (1988): the closure of Simes' test, never above Holm. The family-wise error holds where Simes' test does.
pub fn hommel(p_values: &[f64]) -> Vec<f64> {
    let number = p_values.len();
    by_rank(p_values, |sorted| {
        let simes = |members: &[f64], whole: f64, first_rank: usize| {
            let ranked = members.iter().enumerate().map(|(at, p)| whole * p / (at + first_rank) as f64);
            ranked.fold(f64::INFINITY, f64::min)
        };
        let mut adjusted = vec![simes(sorted, number as f64, 1); number];
        for size in (2..number).rev() {
            let whole = size as f64;
            // The largest `size - 1`, and the rest, of which the largest bounds them.
            let (rest, largest) = sorted.split_at(number - size + 1);
            let bound = simes(largest, whole, 2);
            let capped = |p: &f64| bound.min(whole * p);
            let of_largest = rest.last().map_or(bound, capped);
            let found = rest.iter().map(capped).chain(largest.iter().map(|_| of_largest));
            adjusted.iter_mut().zip(found).for_each(|(kept, found)| *kept = kept.max(found));
        }
        adjusted.iter().zip(sorted).map(|(adjusted, p)| at_most_one(adjusted.max(*p))).collect()
    })
}

fn step_up(p_values: &[f64], factor: f64) -> Vec<f64> {
    let number = p_values.len() as f64;
    by_rank(p_values, |sorted| {
        let mut most = 1.0_f64;
        let adjust = |(rank, p): (usize, &f64)| {
            most = most.min(factor * number * p / (rank + 1) as f64);
            most
        };
        let mut adjusted: Vec<f64> = sorted.iter().enumerate().rev().map(adjust).collect();
        adjusted.reverse();
        adjusted
    })
}

/// Sorts, lets `adjust` work on the sorted ones, and puts its answers where the questions stood.
fn by_rank(p_values: &[f64], adjust: impl FnOnce(&[f64]) -> Vec<f64>) -> Vec<f64> {
    let mut ranked: Vec<(usize, f64)> = p_values.iter().map(|p| sound(*p)).enumerate().collect();
    sort_list(&mut ranked, |left, right| left.1.total_cmp(&right.1));
    let sorted: Vec<f64> = ranked.iter().map(|(_, p)| *p).collect();
    let mut answers: Vec<(usize, f64)> = ranked.iter().map(|(place, _)| *place).zip(adjust(&sorted)).collect();
    sort_list(&mut answers, |left, right| left.0.cmp(&right.0));
    answers.into_iter().map(|(_, answer)| answer).collect()
}

fn sound(p: f64) -> f64 {
    if p.is_nan() { 1.0 } else { p.clamp(0.0, 1.0) }
}

fn at_most_one(p: f64) -> f64 {
    p.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Procedure = fn(&[f64]) -> Vec<f64>;

    const PROCEDURES: [Procedure; 6] = [bonferroni, sidak, holm, benjamini_hochberg, benjamini_yekutieli, hommel];

    #[test]
    fn one_comparison_or_none_is_left_as_it_is() {
        for procedure in PROCEDURES {
            assert_eq!(procedure(&[]), Vec::<f64>::new());
            let adjusted = procedure(&[0.03]);
            assert!((adjusted.iter().sum::<f64>() - 0.03).abs() < 1e-15, "{adjusted:?}");
        }
        assert_eq!(hommel(&[0.01, 0.04]), [0.02, 0.04]);
    }

    #[test]
    fn answers_stand_where_the_questions_stood() {
        let (sorted, mixed) = ([0.001, 0.01, 0.02, 0.04], [0.04, 0.001, f64::NAN, 0.02, 0.01]);
        for procedure in PROCEDURES {
            let with_one: Vec<f64> = sorted.into_iter().chain([1.0]).collect();
            let (straight, found) = (procedure(&with_one), procedure(&mixed));
            let places = [1, 4, 3, 0, 2].map(|place: usize| found.get(place).copied());
            assert_eq!(straight.into_iter().map(Some).collect::<Vec<_>>(), places);
        }
    }

    #[test]
    fn evidence_is_discovered_as_p_values_are() {
        let log_e = [7.0, 1.0, 4.5, -2.0];
        let rejected: Vec<bool> = e_benjamini_hochberg(&log_e).into_iter().map(|p| p <= 0.05).collect();
        // Four comparisons: the largest needs e = 80, the second 40.
        assert_eq!(rejected, [true, false, true, false]);
    }
}
