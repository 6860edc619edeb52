//! What is said besides the item's own words: the tone, reasons, the benefit, examples. All of it is pack data with
//! conditions; this file only chooses, so nothing is urgent or popular unless a pack's condition found it so.

use super::fill::{Fill, fill};
use crate::pack::{ConditionalText, Words};
use crate::types::Facts;

/// Returns the id of the first tone whose condition holds, the last tone's where none does.
pub fn choose_tone<'a>(words: &'a Words, facts: &impl Facts) -> &'a str {
    let fits = words.tones.iter().find(|tone| tone.when.as_ref().is_none_or(|when| when.holds(facts)));
    fits.or(words.tones.last()).map_or("", |tone| tone.id.as_str())
}

/// The texts of a pack that some item may still call for: a person's list asks each of them once, not once an item.
#[derive(Debug)]
pub struct Speech<'a> {
    words: &'a Words,
    reasons: Vec<&'a ConditionalText>,
    benefits: Vec<&'a ConditionalText>,
    examples: Vec<&'a ConditionalText>,
}

impl<'a> Speech<'a> {
    /// Leaves out what holds for no item, given the facts of the person before any item.
    pub fn of(words: &'a Words, facts: &impl Facts) -> Self {
        let possible = |texts: &'a [ConditionalText]| {
            texts.iter().filter(|text| text.when.as_ref().is_none_or(|when| when.may_hold(facts))).collect()
        };
        Self {
            words,
            reasons: possible(&words.reasons),
            benefits: possible(&words.benefits),
            examples: possible(&words.examples),
        }
    }

    /// Returns the personalised reasoning of an item, at most the pack's `max_reasons`.
    pub fn reasons(&self, tone: &str, facts: &impl Facts, values: &Fill<'_>) -> Vec<String> {
        say(&self.reasons, usize::from(self.words.max_reasons), tone, facts, values)
    }

    /// Returns how the item's benefit is presented: the first text that holds and can be said.
    pub fn benefit_presentation(&self, tone: &str, facts: &impl Facts, values: &Fill<'_>) -> Option<String> {
        say(&self.benefits, 1, tone, facts, values).pop()
    }

    /// Returns relevant examples, at most the pack's `max_examples`.
    pub fn examples(&self, tone: &str, facts: &impl Facts, values: &Fill<'_>) -> Vec<String> {
        say(&self.examples, usize::from(self.words.max_examples), tone, facts, values)
    }
}

/// Returns the texts that hold and can be said, in the pack's order, in the wanted tone, without repetition.
pub fn say(texts: &[&ConditionalText], most: usize, tone: &str, facts: &impl Facts, values: &Fill<'_>) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    for text in texts {
        if said.len() >= most {
            break;
        }
        if text.when.as_ref().is_none_or(|when| when.holds(facts))
            && let Some(sentence) = in_tone(text, tone, values)
            && !said.contains(&sentence)
        {
            said.push(sentence);
        }
    }
    said
}

/// The text in the tone, or in no particular one where that cannot be said; empty texts are not said.
pub(super) fn in_tone(text: &ConditionalText, tone: &str, values: &Fill<'_>) -> Option<String> {
    let wanted = text.by_tone.get(tone).and_then(|template| fill(template, values));
    wanted.or_else(|| fill(&text.text, values)).filter(|said| !said.trim().is_empty())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::text::testing::{facts, item, words};

    fn values() -> Fill<'static> {
        Fill { category: Some("Tax"), ..Fill::of_item(&item("Save tax", "Save."), &words()) }
    }

    #[test]
    fn the_first_tone_that_holds_is_chosen() {
        let words = words();
        assert_eq!(choose_tone(&words, &facts().number("person.literacy", 2.0)), "simple");
        assert_eq!(choose_tone(&words, &facts().number("person.literacy", 9.0)), "expert");
        assert_eq!(choose_tone(&words, &facts().number("person.literacy", 5.0)), "plain");
        assert_eq!(choose_tone(&words, &facts()), "plain", "an unknown fact holds nothing");
    }

    #[test]
    fn without_a_tone_that_holds_the_last_is_chosen_and_without_any_none() {
        let mut words = words();
        words.tones.pop();
        assert_eq!(choose_tone(&words, &facts()), "expert");
        words.tones.clear();
        assert_eq!(choose_tone(&words, &facts()), "");
    }

    #[test]
    fn reasons_come_in_the_packs_order_and_stop_at_its_limit() {
        let words = words();
        let early = facts().text("person.life_stage", "EARLY_CAREER").text("person.country", "GB");
        let said = Speech::of(&words, &early).reasons("plain", &early, &values());
        assert_eq!(said, ["Starting early gives you decades.", "This uses UK allowances."]);
        let all = early.number("history.category_accepted", 3.0).number("history.accepted", 9.0);
        assert_eq!(Speech::of(&words, &all).reasons("plain", &all, &values()).len(), 3);
        assert_eq!(Speech::of(&words, &facts()).reasons("plain", &facts(), &values()), Vec::<String>::new());
    }

    #[test]
    fn a_text_is_said_in_the_wanted_tone_where_it_has_one() {
        let early = facts().text("person.life_stage", "EARLY_CAREER");
        assert_eq!(Speech::of(&words(), &early).reasons("simple", &early, &values()), ["You have lots of time."]);
        assert_eq!(
            Speech::of(&words(), &early).reasons("expert", &early, &values()),
            ["Starting early gives you decades."]
        );
    }

    #[test]
    fn the_benefit_is_the_first_that_holds_and_can_be_said() {
        let words = words();
        let no_percentage = Speech::of(&words, &facts()).benefit_presentation("plain", &facts(), &values());
        assert_eq!(no_percentage.as_deref(), Some("Could be worth £1,200."));
        let both = Fill { percentage: Some("4".to_owned()), ..values() };
        assert_eq!(
            Speech::of(&words, &facts()).benefit_presentation("plain", &facts(), &both).as_deref(),
            Some("About 4 % or £1,200.")
        );
        assert_eq!(Speech::of(&words, &facts()).benefit_presentation("plain", &facts(), &Fill::default()), None);
    }

    #[test]
    fn examples_stop_at_the_packs_limit_and_do_not_repeat() {
        let words = words();
        assert_eq!(Speech::of(&words, &facts()).examples("plain", &facts(), &values()), ["For instance with Tax."]);
        let gb = facts().text("person.country", "GB");
        assert_eq!(
            Speech::of(&words, &gb).examples("plain", &gb, &values()),
            ["For instance with Tax.", "A UK example."]
        );
    }
}
