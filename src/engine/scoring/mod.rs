//! How opinions become one score: a weighted sum of terms times named factors, told to a trace by the path that computes it.

mod facts;
mod score;
mod subject;

pub use facts::Situation;
pub use score::{Scored, adjusted_priority, score};
pub use subject::{Subject, SubjectInput};
