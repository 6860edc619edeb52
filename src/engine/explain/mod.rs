//! Why a person sees an item: the terms of the very path that ranked it, in the pack's words.

mod explanation;

pub use explanation::{ExplainedTerm, Explanation, explain};
