//! Verdicts on consent, purpose, access and retention. Where the data is kept is the ports' business.

mod access;
mod consent;
mod switches;

pub use access::{Audience, Denied, Principal, for_admin, for_jobs, for_person, for_system};
pub use consent::{NOTHING, allowed, in_force, may_apply, may_count, may_track};
pub use switches::{InvalidSetting, SaidAt, apply_settings};
