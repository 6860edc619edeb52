//! What the comparison of models needs of a replay: purchases as numbers, and the figures of a list.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use nearside_engine::types::TimeMs;

use super::measure::measure;
use crate::online_retail::{self, Truth};

/// One purchase: when, by whom, of what.
pub(crate) type Bought = (TimeMs, u32, u32);

/// Reads Online Retail, in time order.
///
/// # Errors
/// The line and column that cannot be read.
pub(crate) fn online_retail_purchases(path: &Path) -> Result<Vec<Bought>> {
    let replay = online_retail::read(path)?;
    let purchases = replay.purchases.iter().map(|purchase| (purchase.at_ms, purchase.customer, purchase.item));
    Ok(purchases.collect())
}

/// NDCG@10 and Recall@20, averaged over people; lists stand in the order of the truth.
///
/// # Errors
/// When somebody has no list.
pub(crate) fn accuracy(lists: &[Vec<u32>], truth: &[BTreeSet<u32>]) -> Result<(f64, f64)> {
    let truth: Vec<Truth> = truth.iter().map(|items| Truth { customer: 0, items: items.clone() }).collect();
    let measured = measure("trial", lists, &truth)?;
    Ok((measured.ndcg10, measured.recall20))
}
