//! How opinions become one score: a weighted sum of terms times named factors, told to a trace by the path that computes it.

mod facts;
mod model_view;
mod opinions;
mod score;
mod subject;

pub use facts::Situation;
pub use model_view::{ItemView, ModelView, ServedModel};
pub use score::{Scored, adjusted_priority, score};
pub use subject::{Subject, SubjectInput};
