//! How often items are taken up, by country: counts of people who share their data, made nightly.

use crate::types::{SortedMap, TimeMs, day_of};
use nearside_json::Read;
use serde::Serialize;

/// A list older than this many days tells nothing of now: three missed nights are noticed elsewhere.
pub const LIVE_DAYS: i32 = 3;

/// Counts of distinct people by country and item. Items below the group limit are left out by whoever makes it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct Popularity {
    /// The format's version: 1.
    pub format: u16,
    /// People by country (`*` for everywhere) and item id.
    pub countries: SortedMap<String, SortedMap<String, u32>>,
    /// How many days up to `as_of_day` are counted; 0 in a list that does not say.
    #[serde(default)]
    pub window_days: u16,
    /// The UTC day on which it was counted, in days since 1970; 0 in a list that does not say.
    #[serde(default)]
    pub as_of_day: i32,
}

impl Popularity {
    /// Returns `0.5 + 0.5 x people / most people` for an item in a country, 0.5 where nobody knows.
    pub fn value(&self, country: Option<&str>, item: &str) -> f64 {
        let Some(list) = self.list(country) else { return 0.5 };
        let most = list.values().max().copied().unwrap_or(0).max(1);
        let people = list.get(item).copied().unwrap_or(0);
        0.5 + 0.5 * f64::from(people) / f64::from(most)
    }

    /// Returns how many distinct people took an item up, and in how many days; None where the list does not say. They
    /// are those of the country where it has a list of its own, else of everywhere.
    pub fn people(&self, country: Option<&str>, item: &str) -> Option<(u32, u16)> {
        let people = self.list(country)?.get(item).copied()?;
        (self.window_days > 0).then_some((people, self.window_days))
    }

    /// True where the list was counted today or in the three days before, so that it may be spoken of.
    pub fn is_live(&self, now_ms: TimeMs) -> bool {
        (0..=LIVE_DAYS).contains(&(day_of(now_ms) - self.as_of_day))
    }

    fn list(&self, country: Option<&str>) -> Option<&SortedMap<String, u32>> {
        country.and_then(|country| self.countries.get(country)).or_else(|| self.countries.get("*"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use nearside_json::read_json;

    use super::*;
    use crate::types::DAY_MS;

    fn list() -> Popularity {
        let text =
            br#"{"format":1,"countries":{"*":{"a":40,"b":12},"GB":{"a":30}},"window_days":90,"as_of_day":20778}"#;
        read_json(text).unwrap()
    }

    #[test]
    fn people_are_those_of_the_country_else_of_everywhere() {
        assert_eq!(list().people(Some("GB"), "a"), Some((30, 90)));
        assert_eq!(list().people(Some("GB"), "b"), None, "fewer than the group limit took it up there");
        assert_eq!(list().people(Some("ZA"), "b"), Some((12, 90)));
        assert_eq!(list().people(None, "a"), Some((40, 90)));
    }

    #[test]
    fn a_list_is_live_for_three_days() {
        let at = |days: i64| list().is_live((20_778 + days) * DAY_MS + DAY_MS / 2);
        assert_eq!([-1, 0, 3, 4].map(at), [false, true, true, false]);
    }

    #[test]
    fn a_list_from_before_says_no_number_of_people() {
        let old: Popularity = read_json(br#"{"format":1,"countries":{"*":{"a":40}}}"#).unwrap();
        assert_eq!(old.people(None, "a"), None);
        assert_eq!(old.value(None, "a"), 1.0);
    }
}
