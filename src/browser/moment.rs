//! What only a host can tell, fixed for one call. Time zones are resolved by the JavaScript around the engine.

use nearside_engine::ports::Surroundings;
use nearside_engine::types::{Environment, TimeMs, UserId};
use uuid::{NoContext, Timestamp, Uuid};

/// One call's time, and the id that it may give away.
pub(crate) struct Moment {
    /// Milliseconds since 1970, UTC.
    pub(crate) now_ms: f64,
    /// The id of what the call makes; a fresh one where it is None.
    pub(crate) id: Option<String>,
}

impl Moment {
    /// A call at a time.
    pub(crate) fn at(now_ms: f64) -> Self {
        Self { now_ms, id: None }
    }
}

impl Surroundings for Moment {
    fn now_ms(&self) -> TimeMs {
        self.now_ms as TimeMs
    }

    fn fresh_id(&self) -> String {
        if let Some(id) = &self.id {
            return id.clone();
        }
        let seconds = u64::try_from(self.now_ms().div_euclid(1_000)).unwrap_or(0);
        let nanoseconds = u32::try_from(self.now_ms().rem_euclid(1_000)).unwrap_or(0) * 1_000_000;
        Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, nanoseconds)).to_string()
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
