//! How scores become one order, and the order an answer. Where the data comes from is the business of `flows`.

mod framed;
mod general;
mod personal;
mod present;
mod texts;

pub use framed::framing_acts;
pub use general::{GeneralOrder, general_order};
pub use personal::{RankedList, rank, rank_told};
pub(crate) use present::values_for;
pub use present::{Presentation, present_general, present_personal};
pub use texts::TextCache;
