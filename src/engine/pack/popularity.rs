//! How often items are taken up, by country: counts of people who share their data, made nightly.

use crate::types::SortedMap;
use nearside_json::Read;
use serde::Serialize;

/// Counts of distinct people by country and item. Items below the group limit are left out by whoever makes it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct Popularity {
    /// The format's version: 1.
    pub format: u16,
    /// People by country (`*` for everywhere) and item id.
    pub countries: SortedMap<String, SortedMap<String, u32>>,
}

impl Popularity {
    /// Returns `0.5 + 0.5 x people / most people` for an item in a country, 0.5 where nobody knows.
    pub fn value(&self, country: Option<&str>, item: &str) -> f64 {
        let list = country.and_then(|country| self.countries.get(country)).or_else(|| self.countries.get("*"));
        let Some(list) = list else { return 0.5 };
        let most = list.values().max().copied().unwrap_or(0).max(1);
        let people = list.get(item).copied().unwrap_or(0);
        0.5 + 0.5 * f64::from(people) / f64::from(most)
    }
}
