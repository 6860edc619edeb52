//! How likely is it that this person accepts this? An additive logistic model that learns from one answer at a time:
//! it predicts, hears what happened, and learns, so that the next prediction knows it already.
//!
//! The logit is the sum of the terms that are told to the trace, to 1e-9. Which facts make a row is the caller's to say.

mod drift;
mod features;
mod invalid;
mod learner;
mod odds;
mod scales;
mod state;
mod weights;

#[cfg(test)]
mod learner_tests;

pub use drift::{Drift, DriftAlarm};
pub use features::FeatureRow;
pub use invalid::InvalidLearner;
pub use learner::{Learned, OnlineLearner, Prediction};
pub use state::{LearnerState, SlotState};
pub use weights::{MEMBERS, Weights};
