//! The ids under which people and purchases go in: UUIDs of version 5, so that a second run sends the same ones.

use nearside_engine::types::{TimeMs, format_rfc3339};
use uuid::Uuid;

use crate::online_retail::{Purchase, Purchases};

/// The root of all names of replays: an arbitrary fixed UUID.
const REPLAYS: Uuid = Uuid::from_u128(0x6e65_6172_7369_4e64_8000_7265_706c_6179);

/// The names of one test date.
///
/// The date is part of every name: after a replay with a later date the same Worker would else know what the people of
/// an earlier one bought next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names {
    root: Uuid,
}

impl Names {
    /// Returns the names for a test from this time on.
    pub(super) fn of_test(from_ms: TimeMs) -> Self {
        Self { root: Uuid::new_v5(&REPLAYS, format!("online-retail/{}", format_rfc3339(from_ms)).as_bytes()) }
    }

    /// The user id of a customer.
    pub(super) fn user(&self, customer: &str) -> Uuid {
        Uuid::new_v5(&self.root, customer.as_bytes())
    }

    /// The interaction id of a purchase.
    pub(super) fn purchase(&self, replay: &Purchases, purchase: &Purchase) -> Uuid {
        let name = |list: &[String], index: u32| list.get(index as usize).cloned().unwrap_or_default();
        let customer = name(&replay.customers, purchase.customer);
        let (invoice, item) = (name(&replay.invoices, purchase.invoice), name(&replay.items, purchase.item));
        Uuid::new_v5(&self.root, format!("{customer}|{invoice}|{item}").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_test_gives_the_same_names_and_another_gives_others() {
        let october = Names::of_test(1_318_204_800_000);
        assert_eq!(october.user("17850"), Names::of_test(1_318_204_800_000).user("17850"));
        assert_ne!(october.user("17850"), october.user("17851"));
        assert_ne!(october.user("17850"), Names::of_test(1_318_204_800_001).user("17850"));
        assert_eq!(october.user("17850").get_version_num(), 5);
    }
}
