//! Tested variants before one item: the live facts that they may claim, what they make of its words, and whether any of a
//! framing's variants would make something of them. Which text is said is the business of `text`.

use super::present::{Presentation, values_for};
use crate::pack::{FramedVariant, Framing, Removal, ShelvedItem};
use crate::scoring::{Situation, Subject};
use crate::text::{ItemWords, LiveFacts, Telling, choose_tone, frame};

/// Returns what is true of an item now: its deadline, and how many people took it up where the count is a live one.
pub(super) fn live_facts(subject: &Subject<'_>, shelved: &ShelvedItem) -> LiveFacts {
    let now_ms = subject.input.now_ms;
    let counted = subject.input.popularity.filter(|popularity| popularity.is_live(now_ms));
    let people = counted.and_then(|popularity| popularity.people(subject.country, &shelved.item.id));
    LiveFacts::new(now_ms, shelved.deadline_ms, people)
}

/// Returns the words after all variants, one after the other, and the names of those that changed them.
/// `is_calmed` says that the words of haste were already taken out of `words`.
pub(super) fn with_framings(
    words: ItemWords,
    is_calmed: bool,
    framings: &[FramedVariant<'_>],
    situation: &Situation<'_>,
    telling: &Telling<'_>,
) -> (ItemWords, Vec<String>) {
    let mut shown = words;
    let mut names = Vec::new();
    for framed in framings {
        let changed = frame(&shown, *framed, &situation.shelved.item, situation, telling);
        let has_removed = framed.variant.removes == Some(Removal::UrgencyWords) && is_calmed;
        if changed.is_some() || has_removed {
            names.push(format!("{}:{}", framed.framing.id, framed.variant.name));
        }
        shown = changed.unwrap_or(shown);
    }
    (shown, names)
}

/// True where some variant of a framing would change an item's words for this person. It is the same for everybody of
/// one test whatever variant they have, so that those whose words could not differ are left out of every arm alike.
pub fn framing_acts(subject: &Subject<'_>, index: usize, how: &Presentation<'_>, framing: &Framing) -> bool {
    let Some(shelved) = subject.shelf.items.get(index) else { return false };
    let item = &shelved.item;
    let situation = Situation { subject, index, shelved };
    let values = values_for(subject, item);
    let tone = choose_tone(&subject.pack.words, &situation);
    let telling = Telling { tone, values: &values, live: live_facts(subject, shelved) };
    let own = ItemWords { title: item.title.clone(), description: item.description.clone() };
    framing.framed().any(|framed| {
        frame(&own, framed, item, &situation, &telling).is_some()
            || (framed.variant.removes.is_some() && how.texts.has_haste(index, item, how.lexicon))
    })
}
