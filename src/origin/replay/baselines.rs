//! What everybody gets without personalisation, as the published figures define it.

use std::collections::{BTreeMap, BTreeSet};

use nearside_engine::types::{TimeMs, days_between};

use crate::online_retail::Purchases;

/// Items by the number of their customers, most first.
pub(super) fn popularity(before: &Purchases) -> Vec<u32> {
    let pairs: BTreeSet<(u32, u32)> =
        before.purchases.iter().map(|purchase| (purchase.item, purchase.customer)).collect();
    ranked(pairs.into_iter().map(|(item, _)| (item, 1.0)))
}

/// Items by the sum of their purchases, each of which counts half for every half-life that it is old.
pub(super) fn recent_popularity(before: &Purchases, now_ms: TimeMs, half_life_days: f64) -> Vec<u32> {
    ranked(
        before
            .purchases
            .iter()
            .map(|purchase| (purchase.item, (-days_between(purchase.at_ms, now_ms) / half_life_days).exp2())),
    )
}

/// Sums by item, highest first, then by item.
fn ranked(counts: impl Iterator<Item = (u32, f64)>) -> Vec<u32> {
    let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
    for (item, count) in counts {
        *sums.entry(item).or_default() += count;
    }
    let mut ranked: Vec<(u32, f64)> = sums.into_iter().collect();
    ranked.sort_by(|left, right| right.1.total_cmp(&left.1).then(left.0.cmp(&right.0)));
    ranked.into_iter().map(|(item, _)| item).collect()
}

#[cfg(test)]
mod tests {
    use nearside_engine::types::DAY_MS;

    use super::*;
    use crate::online_retail::Purchase;

    #[test]
    fn customers_count_once_and_old_purchases_less() {
        let bought = |day: i64, customer, invoice, item| Purchase {
            at_ms: day * DAY_MS,
            customer,
            invoice,
            item,
            ..Purchase::default()
        };
        let before = Purchases {
            purchases: vec![
                bought(0, 0, 0, 7),
                bought(1, 0, 1, 7),
                bought(2, 0, 2, 7),
                bought(3, 1, 3, 8),
                bought(3, 2, 4, 8),
                bought(30, 0, 5, 9),
            ],
            ..Purchases::default()
        };
        assert_eq!(popularity(&before), [8, 7, 9]);
        assert_eq!(recent_popularity(&before, 31 * DAY_MS, 7.0), [9, 7, 8]);
    }
}
