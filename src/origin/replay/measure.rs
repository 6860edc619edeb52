//! NDCG@10 and Recall@20, repeats allowed: the two figures of a replay. What they are is known to `evaluate`.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use serde::Serialize;

use crate::evaluate::{ndcg, recall};
use crate::online_retail::Truth;

/// The items that are asked for: what Recall@20 needs.
pub(super) const LIST_LENGTH: usize = 20;
/// The places that NDCG@10 looks at.
const PLACES: usize = 10;

/// The figures of one model; the names are those of the report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Measured {
    pub(super) model: &'static str,
    pub(super) users: usize,
    pub(super) ndcg10: f64,
    pub(super) recall20: f64,
}

/// Averages over people. `lists` are in the order of `truth`.
///
/// # Errors
/// When somebody has no list: then the figures would not compare.
pub(super) fn measure(model: &'static str, lists: &[Vec<u32>], truth: &[Truth]) -> Result<Measured> {
    ensure!(lists.len() == truth.len(), "{model}: {} lists for {} people", lists.len(), truth.len());
    let mean = |figure: fn(&[u32], &BTreeSet<u32>, usize) -> f64, places: usize| {
        let sum: f64 = lists.iter().zip(truth).map(|(list, truth)| figure(list, &truth.items, places)).sum();
        sum / truth.len().max(1) as f64
    };
    Ok(Measured { model, users: truth.len(), ndcg10: mean(ndcg, PLACES), recall20: mean(recall, LIST_LENGTH) })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn check(list: &[u32], relevant: &[u32], ndcg: f64, recall: f64) {
        let truth = [Truth { customer: 0, items: relevant.iter().copied().collect() }];
        let measured = measure("test", &[list.to_vec()], &truth).unwrap();
        assert!((measured.ndcg10 - ndcg).abs() < 1e-4, "{list:?}: {measured:?}");
        assert!((measured.recall20 - recall).abs() < 1e-4, "{list:?}: {measured:?}");
    }

    #[test]
    fn ten_places_count_for_one_and_twenty_for_the_other() {
        check(&[9, 1], &[1], 0.6309, 1.0);
        // The eleventh place counts for the recall only.
        check(&[20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 1], &[1], 0.0, 1.0);
        // More than twenty relevant items: the recall is over twenty.
        let many: Vec<u32> = (0..40).collect();
        check(&many[..5], &many, 2.9485 / 4.5436, 0.25);
    }

    #[test]
    fn a_missing_list_is_an_error() {
        assert!(measure("test", &[], &[Truth { customer: 0, items: BTreeSet::from([1]) }]).is_err());
    }
}
