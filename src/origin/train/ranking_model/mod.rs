//! The ranking model as a whole: what is known of items, their linear models, and the additive terms over both.

mod choices;
mod facts;
mod linear;
mod settings;
mod train;

pub(crate) use choices::{ALLOWED, served, with_exact_factors};
pub(crate) use linear::first_stage;
pub(crate) use settings::TrainSettings;
pub(crate) use train::{Trained, base_of, train, train_until};
