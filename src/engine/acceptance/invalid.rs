//! Why a learner cannot be made, or not be brought back.

use std::fmt;

/// What is wrong, in words and with the numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidLearner(pub(super) String);

impl fmt::Display for InvalidLearner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for InvalidLearner {}
