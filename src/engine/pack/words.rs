//! Every word a person reads, and the word lists that the text room needs. How they are put together is `text`'s business.

use nearside_json::Read;
use serde::Serialize;

use crate::types::{Condition, SortedMap};

/// The pack's words.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Shown while the profile is building.
    pub building_message: String,
    /// Follows a shortened description, such as "[Show more]".
    pub show_more: String,
    /// Tones, tried in order; the last has no condition.
    pub tones: Vec<Tone>,
    /// Personalised reasoning, tried in order.
    #[serde(default)]
    pub reasons: Vec<ConditionalText>,
    /// The most reasons on one item.
    #[serde(default = "default_max_reasons")]
    pub max_reasons: u8,
    /// How a benefit is presented; the first that holds. Placeholders {amount}, {percentage}.
    #[serde(default)]
    pub benefits: Vec<ConditionalText>,
    /// Relevant examples, tried in order.
    #[serde(default)]
    pub examples: Vec<ConditionalText>,
    /// The most examples on one item.
    #[serde(default = "default_max_examples")]
    pub max_examples: u8,
    /// Additional context for DETAILED, by category.
    #[serde(default)]
    pub context: SortedMap<String, String>,
    /// Introduces the glossary lines of DETAILED; placeholders {term}, {plain}.
    #[serde(default = "default_definition")]
    pub definition: String,
    /// Introduces a term's explanation in running text; placeholders {term}, {short}.
    #[serde(default = "default_inline_definition")]
    pub inline_definition: String,
    /// Tells the deadline in DETAILED; placeholder {date}. Absent: not told.
    #[serde(default)]
    pub deadline: Option<String>,
    /// Names of the months, January first, for {date}; empty writes ISO dates.
    #[serde(default)]
    pub months: Vec<String>,
    /// Words after which a full stop does not end a sentence.
    #[serde(default)]
    pub abbreviations: Abbreviations,
    /// What a text may not lose or change.
    #[serde(default)]
    pub protected: Protected,
    /// How money is written, by ISO 4217.
    #[serde(default)]
    pub currencies: SortedMap<String, CurrencyFormat>,
    /// What explanations say.
    pub explain: ExplainWords,
    /// Words by which a free text is heard as content or not.
    #[serde(default)]
    pub sentiment: SentimentWords,
}

fn default_max_reasons() -> u8 {
    3
}

fn default_max_examples() -> u8 {
    2
}

fn default_definition() -> String {
    "{term}: {plain}".to_owned()
}

fn default_inline_definition() -> String {
    "{term} ({short})".to_owned()
}

/// A manner of speaking.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct Tone {
    /// Id, as the decision names it.
    pub id: String,
    /// When it is used; none means always.
    #[serde(default)]
    pub when: Option<Condition>,
}

/// A text that is used where a condition holds.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct ConditionalText {
    /// Id, for tests and findings.
    pub id: String,
    /// When it is used; none means always.
    #[serde(default)]
    pub when: Option<Condition>,
    /// The text, with placeholders in braces.
    pub text: String,
    /// The text in another tone, by the tone's id.
    #[serde(default)]
    pub by_tone: SortedMap<String, String>,
}

/// Words that end with a full stop in the middle of a sentence.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(transparent)]
pub struct Abbreviations(pub Vec<String>);

/// What a text may not lose or change: besides numbers, currencies and dates, which need no list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(deny_unknown_fields, default)]
pub struct Protected {
    /// Words and phrases that negate.
    pub negations: Vec<String>,
    /// Words and phrases that make a statement conditional. A sentence with one is always kept.
    pub conditions: Vec<String>,
    /// Words and phrases that warn. A sentence with one is always kept.
    pub warnings: Vec<String>,
}

/// How an amount of money is written.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct CurrencyFormat {
    /// Before the number.
    pub prefix: String,
    /// Between groups of three digits.
    pub thousands: String,
    /// Between units and hundredths.
    pub decimal: String,
}

/// A glossary entry: explains a term, never replaces it.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct GlossaryEntry {
    /// The term as it is written in texts.
    pub term: String,
    /// Other spellings.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// A few words for running text; no number, no negation, no condition.
    pub short: String,
    /// One or two plain sentences.
    pub plain: String,
    /// Readers with a literacy below this get it explained, 1 to 10.
    pub level: u8,
    /// Only where the reader's country is one of these; empty means everywhere.
    #[serde(default)]
    pub countries: Vec<String>,
}

/// What explanations say.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct ExplainWords {
    /// Primary reasons, tried in order.
    pub primary: Vec<ConditionalText>,
    /// Contributing factors, tried in order.
    #[serde(default)]
    pub contributing: Vec<ConditionalText>,
    /// How to improve relevance.
    pub improve: Vec<String>,
    /// What is said when no primary reason holds.
    pub none: String,
    /// The general logic, for those who may not see terms.
    pub logic: String,
    /// What each purpose's data is, by purpose.
    pub data_used: SortedMap<String, String>,
    /// Labels and counterfactuals of the terms, by term or factor.
    pub terms: SortedMap<String, TermWords>,
}

/// What is said of a term or factor.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct TermWords {
    /// Its plain name.
    pub name: String,
    /// What would change it.
    #[serde(default)]
    pub change: Option<String>,
}

/// A small polarity list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(deny_unknown_fields, default)]
pub struct SentimentWords {
    /// Words of content.
    pub positive: Vec<String>,
    /// Words of discontent.
    pub negative: Vec<String>,
    /// Words that turn the next two words round.
    pub negators: Vec<String>,
}
