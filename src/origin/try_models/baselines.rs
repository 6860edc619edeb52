//! Scores without a model: popularity, recent popularity, and what the person takes most.

use super::problem::Problem;
use crate::train::Csr;

/// How many people took each item.
pub(super) fn popularity(seen: &Csr) -> Vec<f64> {
    let by_item = seen.transpose();
    (0..by_item.rows()).map(|item| by_item.row(item).0.len() as f64).collect()
}

/// The sum of each item's events, each of which counts half for every half-life that it is old.
pub(super) fn recent_popularity(problem: &Problem, half_life_days: f64) -> Vec<f64> {
    let mut scores = vec![0.0; problem.items];
    for taken in &problem.taken {
        if let Some(score) = scores.get_mut(taken.item as usize) {
            *score += (-taken.age_days / half_life_days).exp2();
        }
    }
    scores
}

/// The person's own decayed counts; behind them, everything else by popularity.
pub(super) fn personal_frequency(own: &Csr, person: u32, popularity: &[f64]) -> Vec<f64> {
    let most = popularity.iter().copied().fold(1.0, f64::max);
    // Below every own count: those are at least 2^-20 for what was taken within twenty half-lives.
    let mut scores: Vec<f64> = popularity.iter().map(|count| count / most * 1e-9).collect();
    for (item, count) in own.entries(person as usize) {
        if let Some(score) = scores.get_mut(item as usize) {
            *score += f64::from(count);
        }
    }
    scores
}
