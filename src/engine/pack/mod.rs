//! A domain as data: categories, strengths, life stages, weights, words, glossary, rules, scopes.
//! The checker lives here too; what the data means is the business of the rooms that read it.

mod catalogue;
mod check;
mod experiments;
mod format;
mod popularity;
mod relevance;
mod scoring;
mod shelf;
mod words;

pub use catalogue::{Catalogue, attribute_fits, check_item, parse_catalogue};
pub use check::{Finding, InvalidPack, check_condition, check_pack, parse_pack};
pub use experiments::{Claim, FramedVariant, Framing, FramingVariant, PackExperiments, Removal};
pub use format::{
    AttributeDeclaration, AttributeType, Attributes, Basis, Category, EventRule, HidingRules, OrderKey, Pack,
    Reasoning, Retention, Rules, Scope,
};
pub use popularity::{LIVE_DAYS, Popularity};
pub use relevance::{Band, LifeStage, Relevance};
pub use scoring::{ContextFactor, MODEL_TERMS, NamedSignal, Scoring, SignalDecay, TERMS, Weights};
pub use shelf::{Shelf, ShelvedItem};
pub use words::{
    Abbreviations, ConditionalText, CurrencyFormat, ExplainWords, GlossaryEntry, Protected, SentimentWords, TermWords,
    Tone, Words,
};
