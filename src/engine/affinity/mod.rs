//! What a person's own record says of an item: category preference, learned affinities, recent attention, fatigue.

mod affinities;
mod recency;

pub use affinities::{Affinities, category_preferences};
pub use recency::{Recency, attention};
