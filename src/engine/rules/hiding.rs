//! What a person dismissed consistently goes, until they take it back. Never the last eligible item (`ranking` sees to
//! that), never a regulated one.

use crate::math::{Z_90_ONE_SIDED, sort_numbers, wilson_lower_bound};
use crate::pack::{HidingRules, Pack, Shelf};
use crate::profile::{CategoryState, ItemState, PackState};
use crate::types::{TimeMs, Verdict, day_of};

/// Which items of a shelf are hidden, by index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hidden {
    items: Vec<usize>,
    categories: Vec<usize>,
}

impl Hidden {
    /// True when the item at this index, of this category, is hidden.
    pub fn contains(&self, item: usize, category: usize) -> bool {
        self.items.binary_search(&item).is_ok() || self.categories.contains(&category)
    }

    /// The hidden categories, by index.
    pub fn categories(&self) -> &[usize] {
        &self.categories
    }
}

/// Returns what goes: items dismissed often enough or marked done or not relevant, categories dismissed consistently.
pub fn hidden_items(part: Option<&PackState>, pack: &Pack, shelf: &Shelf, now_ms: TimeMs) -> Hidden {
    let Some(part) = part else { return Hidden::default() };
    let rules = &pack.rules.hiding;
    let mut items: Vec<usize> =
        part.items.iter().filter(|(_, item)| is_hidden(item, rules)).filter_map(|(id, _)| shelf.position(id)).collect();
    sort_numbers(&mut items);
    let categories = pack.categories.iter().enumerate().filter(|(_, category)| {
        part.categories.get(&category.id).is_some_and(|state| is_dismissed_consistently(state, rules, now_ms))
    });
    Hidden { items, categories: categories.map(|(index, _)| index).collect() }
}

fn is_hidden(item: &ItemState, rules: &HidingRules) -> bool {
    if item.verdict.is_some_and(|(_, verdict)| verdict != Verdict::Restored) {
        return true;
    }
    let taken_back_ms = item.restored_ms.max(item.last_accepted_ms);
    let dismissals = item.dismissed_ms.iter().filter(|at_ms| taken_back_ms.is_none_or(|back| **at_ms > back)).count();
    dismissals >= usize::try_from(rules.item_dismissals).unwrap_or(usize::MAX)
}

/// Shown often enough in the window, and the 90 % lower bound of its dismissal rate is above the limit.
fn is_dismissed_consistently(category: &CategoryState, rules: &HidingRules, now_ms: TimeMs) -> bool {
    let from = day_of(now_ms) - i32::from(rules.category_window_days) + 1;
    let window = category.days.iter().filter(|count| count.day >= from);
    let (shown, accepted, dismissed) = window.fold((0, 0, 0), |(shown, accepted, dismissed), count| {
        (shown + count.shown, accepted + count.accepted, dismissed + count.dismissed)
    });
    // A dismissal without a reported view was a showing all the same.
    let shown = shown.max(accepted + dismissed);
    shown >= rules.category_min_shown
        && wilson_lower_bound(f64::from(dismissed), f64::from(shown), Z_90_ONE_SIDED) > rules.category_rate_above
}
