//! A clock that stands still until it is set, ids that count, and a table of time zones.

use super::store::Memory;
use crate::math::hash64;
use crate::ports::Surroundings;
use crate::types::{Environment, TimeMs, UserId};

impl<Cache> Memory<Cache> {
    /// Sets the clock.
    pub fn set_now(&self, now_ms: TimeMs) {
        self.now_ms.set(now_ms);
    }

    /// Turns the deployment's own switch.
    pub fn set_enabled(&self, is_enabled: bool) {
        self.is_enabled.set(is_enabled);
    }

    /// Says whether the requests that follow carry the privacy signal.
    pub fn set_privacy_signal(&self, has_privacy_signal: bool) {
        self.has_privacy_signal.set(has_privacy_signal);
    }

    /// Gives the keys of tokens and receipts.
    pub fn set_experiment_keys(&mut self, keys: Vec<Vec<u8>>) {
        self.experiment_keys = keys;
    }

    /// Moves the requests that follow to an environment.
    pub fn set_environment(&self, environment: Environment) {
        self.environment.set(environment);
    }

    /// Makes a time zone known, with one offset all the year round.
    pub fn set_time_zone(&self, name: &str, utc_offset_minutes: i16) {
        self.zones.borrow_mut().insert(name.to_owned(), utc_offset_minutes);
    }
}

impl<Cache> Surroundings for Memory<Cache> {
    fn now_ms(&self) -> TimeMs {
        self.now_ms.get()
    }

    /// A UUID of version 7 whose random part counts up.
    fn fresh_id(&self) -> String {
        let number = self.ids.get() + 1;
        self.ids.set(number);
        let at_ms = self.now_ms.get();
        format!("{:08x}-{:04x}-7000-8000-{number:012x}", (at_ms >> 16) & 0xffff_ffff, at_ms & 0xffff)
    }

    fn is_personalization_enabled(&self) -> bool {
        self.is_enabled.get()
    }

    fn has_privacy_signal(&self) -> bool {
        self.has_privacy_signal.get()
    }

    fn experiment_keys(&self) -> &[Vec<u8>] {
        &self.experiment_keys
    }

    fn environment(&self) -> Environment {
        self.environment.get()
    }

    fn utc_offset_minutes(&self, time_zone: &str, _at_ms: TimeMs) -> Option<i16> {
        self.zones.borrow().get(time_zone).copied()
    }

    /// A stand-in for the keyed hash: the same person always has the same name, and nobody keeps a key in memory.
    fn pseudonym(&self, user: UserId) -> String {
        format!("{:016x}", hash64(&["memory", &user.to_string()]))
    }
}
