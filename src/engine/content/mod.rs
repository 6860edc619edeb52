//! What an item itself says: how like its tags are to those that a person engaged with.

mod similarity;

pub use similarity::content_scores;
