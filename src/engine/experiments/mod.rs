//! Experiments: definitions, who is assigned to what, and what a client carries of it under seal.
//!
//! **In scope**: a hash becomes a variant, by our own rule or by another engine's; tokens and receipts.
//! **Out of scope**: storing assignments, what variants look like, and what came of them.

mod algorithm;
mod allocation;
mod assignments;
mod check;
mod check_condition;
mod check_ranges;
mod check_together;
mod decide;
mod definition;
mod foreign;
mod foreign_rules;
mod plan;
mod receipt;
mod salts;
mod seal;
mod token;

#[cfg(test)]
mod tests;

pub use algorithm::{Algorithm, GateRule, Hashing, VariantRange};
pub use allocation::{ALL_HASHES, Allocation, hashes_of};
pub use assignments::{Assignment, Assignments, MOST_ASSIGNMENTS, id_of_test, whole_seconds};
pub use check::{check_experiment, check_holdout};
pub use check_together::{check_beside, check_change};
pub use decide::{Asker, Reason, Verdict, decide, decide_all, is_held_out};
pub use definition::{CONTROL, Experiment, Holdout, LayerSlot, Status, UnitKind, Variant, WhenIneligible};
pub use foreign::{ForeignBucket, ForeignRule};
pub use foreign_rules::InvalidHashing;
pub use plan::{Plan, PlannedTest};
pub use receipt::{MOST_TESTS, Receipt, ReceiptPosition, ReceiptTest, item_hash};
pub use salts::{Purpose, Salt, as_fraction};
pub use seal::{Holder, InvalidSeal, SealKeys};
pub use token::{open_token, seal_token};
