//! What others' behaviour says of an item: items that go together, and the space of the factors. Both start from what
//! the person has taken up until this moment, so that a click counts now and not after the next training.

mod factors;
mod neighbours;

pub use factors::{factor_scores, fold_in};
pub use neighbours::neighbour_scores;
