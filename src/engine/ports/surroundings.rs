//! What only a host can tell: the time, fresh ids, and what a time-zone name means.

use crate::types::{Environment, TimeMs, UserId};

/// The host's own facts, fixed for one request.
pub trait Surroundings {
    /// The time of this request.
    fn now_ms(&self) -> TimeMs;

    /// A new UUID, version 7.
    fn fresh_id(&self) -> String;

    /// The deployment's own switch; false turns everybody to the general order.
    fn is_personalization_enabled(&self) -> bool;

    /// Whether this request carries the privacy signal (`Sec-GPC: 1`). Where nobody asks for somebody there is none.
    fn has_privacy_signal(&self) -> bool {
        false
    }

    /// The keys of tokens and receipts: the first signs, all verify. Without one nothing is signed.
    fn experiment_keys(&self) -> &[Vec<u8>];

    /// Where this request's experiments are.
    fn environment(&self) -> Environment;

    /// The name under which a person's data leaves: a keyed hash that only this deployment can make.
    fn pseudonym(&self, user: UserId) -> String;

    /// The offset of a time zone from UTC at a moment, in minutes; None when the name is unknown.
    fn utc_offset_minutes(&self, time_zone: &str, at_ms: TimeMs) -> Option<i16>;
}
