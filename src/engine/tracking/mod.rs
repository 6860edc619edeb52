//! Events from outside: judging one and resolving its target. Applying it is the profile's business.

mod validate;

pub use validate::{InvalidInteraction, TakingRules, validate, validate_context};
