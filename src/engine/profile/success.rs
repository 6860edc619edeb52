//! How a person's record with each category stands: accepted against dismissed and ignored.

use super::derive::{has_drifted, ignored_views};
use super::state::PackState;
use crate::pack::Pack;
use crate::types::{SortedMap, TimeMs, day_of};

/// The counts behind a category's preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CategoryRecord {
    /// Items taken up.
    pub accepted: u32,
    /// Items dismissed.
    pub dismissed: u32,
    /// Views that nothing followed.
    pub ignored: u32,
}

impl CategoryRecord {
    /// How often something was seen to happen.
    pub fn observations(&self) -> u32 {
        self.accepted + self.dismissed + self.ignored
    }

    /// Returns the mean of the Beta posterior: `(n0 / 2 + accepted) / (n0 + observations)`, 0.5 without observations.
    pub fn success_rate(&self, pack: &Pack) -> f64 {
        let prior = pack.scoring.prior_observations.0;
        (prior / 2.0 + f64::from(self.accepted)) / (prior + f64::from(self.observations()))
    }
}

/// Returns the record of every category heard of. After a drift only the last 30 days count, so that a person who
/// changed is not held to what they were.
pub fn category_records<'a>(part: &'a PackState, pack: &Pack, now_ms: TimeMs) -> SortedMap<&'a str, CategoryRecord> {
    let today = day_of(now_ms);
    let drifted = has_drifted(part, today);
    let since_day = if drifted { today - 29 } else { i32::MIN };
    let mut records: SortedMap<&str, CategoryRecord> = SortedMap::new();
    for (id, category) in &part.categories {
        let record = if drifted {
            let recent = category.days.iter().filter(|count| count.day >= since_day);
            recent.fold(CategoryRecord::default(), |sum, count| CategoryRecord {
                accepted: sum.accepted + count.accepted,
                dismissed: sum.dismissed + count.dismissed,
                ignored: 0,
            })
        } else {
            CategoryRecord { accepted: category.accepted, dismissed: category.dismissed, ignored: 0 }
        };
        records.insert(id, record);
    }
    for item in part.items.values().filter(|item| !item.viewed_days.is_empty()) {
        if let Some(record) = records.get_mut(item.category.as_str()) {
            record.ignored += ignored_views(item, since_day, today, pack.rules.ignored_after_days);
        }
    }
    records
}
