//! People's own models: what single people care for more or less than everybody does, where that can be shown.

mod choices;
mod fit;
mod learn;
mod upload;

pub(crate) use learn::{PersonalModel, PersonalSettings, personal_models};
pub(crate) use upload::send_personal_models;
