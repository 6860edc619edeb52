//! What is known of people like this person: life stage, literacy, demographics.

mod demographics;
mod life_stage;
mod sophistication;

pub use demographics::demographics;
pub use life_stage::{life_stage_in_general, life_stage_relevance};
pub use sophistication::sophistication_match;
