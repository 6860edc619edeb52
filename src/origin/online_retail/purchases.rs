//! Purchases without their file format: who bought what when, and what came after a date.

use std::collections::{BTreeMap, BTreeSet};

use nearside_engine::types::TimeMs;

/// One customer x invoice x item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Purchase {
    pub(crate) at_ms: TimeMs,
    /// Index into `Purchases::customers`.
    pub(crate) customer: u32,
    /// Index into `Purchases::invoices`.
    pub(crate) invoice: u32,
    /// Index into `Purchases::items`.
    pub(crate) item: u32,
    /// Index into `Purchases::countries`.
    pub(crate) country: u32,
    /// Quantity times price over all its lines, in hundredths of a pound.
    pub(crate) amount_pence: i64,
}

/// Everything that was bought, in time order. Names are kept once, in the order of their texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Purchases {
    pub(crate) customers: Vec<String>,
    pub(crate) invoices: Vec<String>,
    pub(crate) items: Vec<String>,
    pub(crate) descriptions: Vec<String>,
    pub(crate) countries: Vec<String>,
    pub(crate) purchases: Vec<Purchase>,
    /// Lines by item and description, from which titles are made: `(time, item, description)`.
    pub(crate) described: Vec<(TimeMs, u32, u32)>,
}

/// What one customer bought from the test date on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Truth {
    pub(crate) customer: u32,
    pub(crate) items: BTreeSet<u32>,
}

impl Purchases {
    /// Keeps what happened in a span of time: from its begin on, before its end.
    pub(crate) fn keep(&mut self, from_ms: TimeMs, before_ms: TimeMs) {
        self.purchases.retain(|purchase| (from_ms..before_ms).contains(&purchase.at_ms));
        self.described.retain(|(line_ms, _, _)| (from_ms..before_ms).contains(line_ms));
    }

    /// The first and the last time; None without purchases.
    pub(crate) fn span_ms(&self) -> Option<(TimeMs, TimeMs)> {
        Some((self.purchases.first()?.at_ms, self.purchases.last()?.at_ms))
    }

    /// Splits at a time. What comes after it holds customers and items only that occur before it.
    pub(crate) fn split(mut self, at_ms: TimeMs) -> (Self, Vec<Truth>) {
        let (before, after): (Vec<Purchase>, Vec<Purchase>) =
            self.purchases.iter().partition(|purchase| purchase.at_ms < at_ms);
        let customers: BTreeSet<u32> = before.iter().map(|purchase| purchase.customer).collect();
        let items: BTreeSet<u32> = before.iter().map(|purchase| purchase.item).collect();
        let mut truth: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for purchase in after {
            if customers.contains(&purchase.customer) && items.contains(&purchase.item) {
                truth.entry(purchase.customer).or_default().insert(purchase.item);
            }
        }
        self.purchases = before;
        self.described.retain(|(line_ms, _, _)| *line_ms < at_ms);
        (self, truth.into_iter().map(|(customer, items)| Truth { customer, items }).collect())
    }

    /// The items that were bought, ascending.
    pub(crate) fn sold_items(&self) -> BTreeSet<u32> {
        self.purchases.iter().map(|purchase| purchase.item).collect()
    }

    /// How many items were bought.
    pub(crate) fn item_count(&self) -> usize {
        self.sold_items().len()
    }

    /// The customers who bought, ascending.
    pub(crate) fn buyers(&self) -> BTreeSet<u32> {
        self.purchases.iter().map(|purchase| purchase.customer).collect()
    }

    /// How many customers bought.
    pub(crate) fn customer_count(&self) -> usize {
        self.buyers().len()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn the_truth_holds_known_customers_and_items_only() {
        let bought = |at_ms, customer, item| Purchase { at_ms, customer, item, ..Purchase::default() };
        let replay = Purchases {
            purchases: vec![
                bought(1, 0, 0),
                bought(2, 1, 1),
                bought(10, 0, 1),
                bought(10, 0, 2),
                bought(11, 2, 0),
                bought(12, 0, 0),
            ],
            described: vec![(1, 0, 0), (10, 1, 1)],
            ..Purchases::default()
        };
        let (before, truth) = replay.split(10);
        assert_eq!(before.purchases.len(), 2);
        assert_eq!(before.described, [(1, 0, 0)]);
        assert_eq!(truth, [Truth { customer: 0, items: BTreeSet::from([0, 1]) }]);
    }
}
