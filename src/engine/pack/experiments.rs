//! What a pack says about tests of words: framings, their variants, and the words that hurry a reader. Who gets which
//! variant is the business of `experiments`, what becomes of the words that of `text`.

use nearside_json::Read;
use serde::Serialize;

use super::words::ConditionalText;

/// The pack's part of experiments.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(deny_unknown_fields, default)]
pub struct PackExperiments {
    /// Words and phrases of haste that a sentence can lose; the longest that fits goes first. None is protected.
    pub urgency_words: Vec<String>,
    /// Ways to word an item, that a test may name.
    pub framings: Vec<Framing>,
}

/// A way to word an item, with its variants.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct Framing {
    /// Id, as tests name it.
    pub id: String,
    /// What its texts claim; none claims nothing that would need a live fact.
    #[serde(default)]
    pub claim: Option<Claim>,
    /// The variants. The first is CONTROL and changes nothing.
    pub variants: Vec<FramingVariant>,
}

/// What a text claims about the world, so that it needs a live fact and never stands on a regulated item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// That time is short: needs a deadline in the future.
    Urgency,
    /// That others did it: needs a count of more than ten real people.
    Popularity,
}

/// One variant of a framing. Of each list the first text is used that holds and can be said; none leaves the words alone.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct FramingVariant {
    /// Name, as the test's variant is named.
    pub name: String,
    /// In place of the title, which `{title}` stands for.
    #[serde(default)]
    pub title: Vec<ConditionalText>,
    /// Before the description.
    #[serde(default)]
    pub before: Vec<ConditionalText>,
    /// Behind the description, in a paragraph of its own.
    #[serde(default)]
    pub after: Vec<ConditionalText>,
    /// What is taken out of the words.
    #[serde(default)]
    pub removes: Option<Removal>,
}

/// What a variant takes out of an item's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum Removal {
    /// The pack's urgency words.
    UrgencyWords,
}

/// A variant together with the framing that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FramedVariant<'a> {
    /// The framing: its id and its claim.
    pub framing: &'a Framing,
    /// The variant.
    pub variant: &'a FramingVariant,
}

impl PackExperiments {
    /// True when the pack tries nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Finds a framing.
    pub fn framing(&self, id: &str) -> Option<&Framing> {
        self.framings.iter().find(|framing| framing.id == id)
    }

    /// Finds a variant of a framing.
    pub fn variant(&self, framing: &str, variant: &str) -> Option<FramedVariant<'_>> {
        self.framing(framing)?.framed().find(|framed| framed.variant.name == variant)
    }
}

impl Framing {
    /// Returns the variants, each with its framing.
    pub fn framed(&self) -> impl Iterator<Item = FramedVariant<'_>> {
        self.variants.iter().map(move |variant| FramedVariant { framing: self, variant })
    }
}

impl FramingVariant {
    /// True for a variant that leaves every item's words as they are.
    pub fn is_neutral(&self) -> bool {
        self.title.is_empty() && self.before.is_empty() && self.after.is_empty() && self.removes.is_none()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use nearside_json::{read_json, write_json};

    use super::*;

    const TEXT: &[u8] = br#"{"urgency_words":["hurry"],"framings":[{"id":"URGENCY","claim":"urgency","variants":[
        {"name":"CONTROL"},{"name":"CALM","removes":"urgency_words"}]}]}"#;

    #[test]
    fn a_variant_is_found_by_the_names_that_a_test_uses() {
        let experiments: PackExperiments = read_json(TEXT).unwrap();
        let calm = experiments.variant("URGENCY", "CALM").unwrap();
        assert_eq!((calm.framing.claim, calm.variant.removes), (Some(Claim::Urgency), Some(Removal::UrgencyWords)));
        assert!(!calm.variant.is_neutral());
        assert!(experiments.variant("URGENCY", "CONTROL").unwrap().variant.is_neutral());
        assert_eq!(experiments.variant("URGENCY", "OTHER"), None);
        assert_eq!(experiments.variant("OTHER", "CALM"), None);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let experiments: PackExperiments = read_json(TEXT).unwrap();
        assert_eq!(read_json::<PackExperiments>(write_json(&experiments).as_bytes()).unwrap(), experiments);
        assert_eq!(read_json::<PackExperiments>(b"{}").unwrap(), PackExperiments::default());
    }
}
