//! The words that a tested variant puts to an item's own. A claim of urgency or popularity is said only with a live fact
//! behind it and never of a regulated item; whatever cannot be said leaves the neutral words.

use super::fill::Fill;
use super::speech::in_tone;
use crate::pack::{Claim, ConditionalText, FramedVariant};
use crate::types::{DAY_MS, Facts, Item, TimeMs};

/// So many people are too few to be spoken of.
const TOO_FEW_PEOPLE: u32 = 10;

/// What is true of an item now, and may therefore be claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LiveFacts {
    /// `{days}`: the whole days to the deadline and one more, so that "less than so many days" is true until the last
    /// moment; None without a deadline in the future.
    pub days: Option<i64>,
    /// `{count}`: distinct people who took the item up, rounded down to tens; None for ten or fewer.
    pub count: Option<u32>,
    /// `{window_days}`: in how many days they did; None where there is no count.
    pub window_days: Option<u16>,
}

/// How a text is told, besides the facts that its conditions read.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'a> {
    /// The reader's tone.
    pub tone: &'a str,
    /// What the item is worth.
    pub values: &'a Fill<'a>,
    /// What may be claimed.
    pub live: LiveFacts,
}

/// An item's words as a reader sees them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemWords {
    /// The title.
    pub title: String,
    /// The description.
    pub description: String,
}

impl LiveFacts {
    /// Judges a deadline and a live count of people with its window in days.
    pub fn new(now_ms: TimeMs, deadline_ms: Option<TimeMs>, people: Option<(u32, u16)>) -> Self {
        let left_ms = deadline_ms.map(|deadline_ms| deadline_ms.saturating_sub(now_ms));
        let people = people.filter(|(count, window_days)| *count > TOO_FEW_PEOPLE && *window_days > 0);
        Self {
            days: left_ms.filter(|left_ms| *left_ms > 0).map(|left_ms| left_ms / DAY_MS + 1),
            count: people.map(|(count, _)| count - count % 10),
            window_days: people.map(|(_, window_days)| window_days),
        }
    }

    fn allow(&self, claim: Option<Claim>, item: &Item) -> bool {
        match claim {
            None => true,
            Some(Claim::Urgency) => self.days.is_some() && !item.regulated,
            Some(Claim::Popularity) => self.count.is_some() && !item.regulated,
        }
    }
}

/// Returns the words with what a variant puts to them, or None where it adds nothing: no text of it holds, a value is
/// missing, its claim has no live fact, or the item is regulated.
pub fn frame(
    words: &ItemWords,
    framed: FramedVariant<'_>,
    item: &Item,
    facts: &impl Facts,
    telling: &Telling<'_>,
) -> Option<ItemWords> {
    let live = telling.live;
    if !live.allow(framed.framing.claim, item) {
        return None;
    }
    let values = Fill {
        title: Some(&words.title),
        days: live.days.map(|days| days.to_string()),
        count: live.count.map(|count| count.to_string()),
        window_days: live.window_days.map(|days| days.to_string()),
        ..telling.values.clone()
    };
    let first = |texts: &[ConditionalText]| {
        let mut fitting = texts.iter().filter(|text| text.when.as_ref().is_none_or(|when| when.holds(facts)));
        fitting.find_map(|text| in_tone(text, telling.tone, &values))
    };
    let variant = framed.variant;
    let (title, before, after) = (first(&variant.title), first(&variant.before), first(&variant.after));
    if title.is_none() && before.is_none() && after.is_none() {
        return None;
    }
    let mut description = String::with_capacity(words.description.len() + 80);
    for (separator, text) in
        [("", before.as_deref()), (" ", Some(words.description.as_str())), ("\n\n", after.as_deref())]
    {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            description.push_str(if description.is_empty() { "" } else { separator });
            description.push_str(text);
        }
    }
    Some(ItemWords { title: title.unwrap_or_else(|| words.title.clone()), description })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#[path = "framing_tests.rs"]
mod tests;
