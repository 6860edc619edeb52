//! The profile as a fold over interactions: stored state, the fold itself, and what is derived when it is read.
//! What a derived value means for an item is the business of the opinion rooms.

mod capped;
mod derive;
mod fold;
mod redact;
mod state;
mod stated;
mod success;
mod view;

pub use capped::{keep_latest, keep_smallest_hashes};
pub use derive::{
    Behaviour, Evidence, derive_behaviour, drift_divergence, evidence, has_drifted, ignored_views, is_outlier,
    is_taken, taken_weight,
};
pub use fold::{fold, strength_of};
pub use redact::{redact_state, redact_stated};
pub use state::{CategoryState, DayCount, DeviceState, FeatureState, ItemState, PackState, ProfileState, SessionState};
pub use stated::{InvalidStatement, apply_preferences};
pub use success::{CategoryRecord, category_records};
pub use view::{ProfileView, Sophistication, completeness, country_of, detail_of, life_stage_of, sophistication, view};
