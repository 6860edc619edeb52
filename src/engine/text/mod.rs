//! Words a person reads: titles and descriptions adapted to the reader, tone, reasons, benefits and examples.
//! Everything that is said comes from the item or the pack; this room chooses and explains, it never rewrites.
//!
//! What always holds: a sentence is shown whole and unchanged or not at all; one with a warning or a condition is
//! always shown; the only thing ever put into a sentence is a glossary explanation, and never into a protected span.
//! A test's variant may put a text of the pack before or behind, or take words of haste out of a sentence that says
//! neither a warning, a condition nor a negation.

mod calm;
mod description;
mod fill;
mod framing;
mod glossary;
mod lexicon;
mod money;
mod numbers;
mod phrases;
mod prepare;
#[cfg(test)]
mod properties;
mod protect;
mod sentence_bounds;
mod sentence_classes;
mod sentences;
mod sentiment;
mod shorten;
mod speech;
#[cfg(test)]
mod testing;
mod title;

pub use calm::without_urgency;
pub use description::adapt_description;
pub use fill::{Fill, fill, format_date};
pub use framing::{ItemWords, LiveFacts, Telling, frame};
pub use glossary::Reader;
pub use lexicon::Lexicon;
pub use money::{format_amount, format_percentage};
pub use prepare::{PreparedText, prepare};
pub use protect::{ProtectedKind, ProtectedSpan, protected_spans};
pub use sentences::sentences;
pub use sentiment::sentiment;
pub use speech::{Speech, choose_tone, say};
pub use title::adapt_title;
