//! The pack checker: reads a pack strictly and names everything in it that cannot work, by path and rule.
//! What a pack's data does at run time is the business of the rooms that read it.
//!
//! `parse` goes from bytes to the typed pack; `structure`, `scoring`, `relevance`, `words`, `explain`, `glossary` and
//! `experiments` each check the part of the pack with that name; `conditions`, `texts` and `report` are what they share.

mod conditions;
mod experiments;
mod explain;
mod finding;
mod glossary;
mod parse;
mod relevance;
mod report;
mod scoring;
mod structure;
mod texts;
mod whole;
mod words;

#[cfg(test)]
mod testing;

pub use conditions::check_condition;
pub use finding::{Finding, InvalidPack};
pub use parse::parse_pack;
pub use whole::check_pack;
