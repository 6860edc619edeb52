//! What only a host can tell, fixed for one call. Time zones are resolved by the JavaScript around the engine.

use nearside_engine::ports::Surroundings;
use nearside_engine::types::{Environment, TimeMs, UserId};

/// One call's time, and the id that it may give away.
pub(crate) struct Moment {
    /// Milliseconds since 1970, UTC.
    pub(crate) now_ms: f64,
    /// The id of what the call makes. Chance is the JavaScript's: an event that comes without an id needs none here.
    pub(crate) id: String,
}

impl Moment {
    /// A call at a time, which makes nothing that needs an id.
    pub(crate) fn at(now_ms: f64) -> Self {
        Self { now_ms, id: String::new() }
    }
}

impl Surroundings for Moment {
    fn now_ms(&self) -> TimeMs {
        self.now_ms as TimeMs
    }

    fn fresh_id(&self) -> String {
        self.id.clone()
    }

    fn is_personalization_enabled(&self) -> bool {
        true
    }

    fn experiment_keys(&self) -> &[Vec<u8>] {
        &[]
    }

    fn environment(&self) -> Environment {
        Environment::Production
    }

    fn pseudonym(&self, _user: UserId) -> String {
        String::new()
    }

    fn utc_offset_minutes(&self, _time_zone: &str, _at_ms: TimeMs) -> Option<i16> {
        None
    }
}
