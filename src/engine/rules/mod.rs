//! Verdicts: which items may be shown at all, and which the person has had enough of.

mod eligibility;
mod hiding;

pub use eligibility::{Eligibility, is_eligible};
pub use hiding::{Hidden, hidden_items};
