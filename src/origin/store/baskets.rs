//! Names become numbers: in the order of their texts, so that the order of importing changes nothing.

use std::collections::HashMap;

use nearside_engine::types::{TimeMs, day_of};

/// Texts with numbers in the order in which they came. Only looked up by text and sorted at the end, so that the
/// table's own order never shows.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<String, u32>);

impl Names {
    /// The number of a name.
    pub(super) fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.0.get(name) {
            return *number;
        }
        let number = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.insert(name.to_owned(), number);
        number
    }

    /// The texts, ascending, and for each number its place there.
    pub(super) fn in_order(self) -> (Vec<String>, Vec<u32>) {
        let mut names: Vec<(String, u32)> = self.0.into_iter().collect();
        names.sort_unstable();
        let mut places = vec![0; names.len()];
        for (place, (_, number)) in (0..).zip(&names) {
            if let Some(slot) = places.get_mut(*number as usize) {
                *slot = place;
            }
        }
        (names.into_iter().map(|(name, _)| name).collect(), places)
    }
}

/// What ties events of a person together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// Events without a session: those of one UTC day.
    Day(i32),
    /// A session, an order or an invoice, by its number.
    Session(u32),
}

impl Group {
    /// The group of an event.
    pub(super) fn of(session: Option<u32>, at_ms: TimeMs) -> Self {
        session.map_or_else(|| Self::Day(day_of(at_ms)), Self::Session)
    }
}

/// Numbers every group of every person: `groups` are all pairs of person and group, in any order, repeated or not.
/// A pair's basket is its place in the returned list.
pub(super) fn baskets(mut groups: Vec<(u32, Group)>) -> Vec<(u32, Group)> {
    groups.sort_unstable();
    groups.dedup();
    groups
}

#[cfg(test)]
mod tests {
    use nearside_engine::types::DAY_MS;

    use super::*;

    #[test]
    fn numbers_follow_the_order_of_texts() {
        let mut names = Names::default();
        let numbers: Vec<u32> = ["pear", "apple", "pear", "fig"].iter().map(|name| names.number(name)).collect();
        assert_eq!(numbers, [0, 1, 0, 2]);
        let (texts, places) = names.in_order();
        assert_eq!(texts, ["apple", "fig", "pear"]);
        assert_eq!(places, [2, 0, 1]);
    }

    #[test]
    fn a_day_is_the_basket_of_what_has_no_session() {
        let (today, tomorrow) = (Group::of(None, 5), Group::of(None, DAY_MS));
        assert_eq!(Group::of(Some(3), 5), Group::Session(3));
        assert_eq!(
            baskets(vec![(1, today), (0, tomorrow), (0, today), (1, today)]),
            [(0, today), (0, tomorrow), (1, today)]
        );
    }
}
