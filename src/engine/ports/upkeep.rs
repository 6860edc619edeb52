//! What scheduled jobs ask of the store: retention behind a checkpoint, feature vectors, popularity, and the purge of
//! what is past its time. No request of a person comes this way.

use serde::Serialize;

use super::{Applied, Unavailable};
use crate::types::{Interaction, PersonScope, SortedMap, TimeMs, UserId};

/// A person with interactions that are past their retention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpiredPerson {
    /// Whose.
    pub user: UserId,
    /// Interactions from before this time go.
    pub before_ms: TimeMs,
}

/// What a checkpoint is made from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Expiring {
    /// The revision that this was read under.
    pub revision: u64,
    /// The state folded from the interactions that went before, as JSON.
    pub checkpoint_json: Option<String>,
    /// The interactions that go now, oldest first.
    pub interactions: Vec<Interaction>,
}

/// A checkpoint to write in place of the interactions that it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckpointWrite {
    /// Whose.
    pub scope: PersonScope,
    /// The revision that its parts were read under.
    pub expected_revision: u64,
    /// The state folded from everything that is gone, as JSON.
    pub checkpoint_json: String,
    /// Interactions from before this time go.
    pub before_ms: TimeMs,
    /// The host's time.
    pub at_ms: TimeMs,
}

/// The times before which rows go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PurgeLimits {
    /// The host's time.
    pub now_ms: TimeMs,
    /// Feature vectors are kept this long, or shorter where the person says so; similar users and people's own models,
    /// which are made anew every week, this long.
    pub feature_vectors_days: u16,
    /// Dead letters and the events log.
    pub dead_letters_days: u16,
    /// Tombstones.
    pub tombstones_days: u16,
    /// The audit trail.
    pub audit_days: u16,
    /// Evaluations of models, and figures of days.
    pub evaluations_days: u16,
}

/// How many sharing people took an item up lately.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PopularItem {
    /// The item's pack.
    pub pack: String,
    /// The country as the events named it; empty for all countries together.
    pub country: String,
    /// The item.
    pub item_id: String,
    /// Different people.
    pub people: u32,
    /// Times it was taken up.
    pub accepts: u32,
}

/// The jobs' side of the store.
#[expect(async_fn_in_trait, reason = "hosts are single-threaded: no Send bound is wanted")]
pub trait Upkeep {
    /// Names up to `limit` people who have interactions older than `default_days`, or than their own shorter choice.
    async fn expired_people(
        &self,
        default_days: u16,
        now_ms: TimeMs,
        limit: u32,
    ) -> Result<Vec<ExpiredPerson>, Unavailable>;

    /// Reads what a person's next checkpoint is made from.
    async fn expiring(&self, scope: PersonScope, before_ms: TimeMs) -> Result<Expiring, Unavailable>;

    /// Writes a checkpoint and removes what it holds, where the revision still is the expected one.
    async fn checkpoint(&self, write: &CheckpointWrite) -> Result<Applied, Unavailable>;

    /// Names up to `limit` people, ascending after `after`, whose profile changed since `since_ms`.
    async fn active_people(
        &self,
        since_ms: TimeMs,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<UserId>, Unavailable>;

    /// Writes the feature vectors of those people who allow learning; `is_opt_out` is what an open question means.
    /// Returns how many were written.
    async fn write_features(
        &self,
        people: &[PersonScope],
        is_opt_out: bool,
        now_ms: TimeMs,
    ) -> Result<u32, Unavailable>;

    /// Counts anew which items sharing people took up since `since_ms`; items with fewer than `least_people` stay out.
    /// Returns how many rows there are.
    async fn refresh_popularity(&self, since_ms: TimeMs, now_ms: TimeMs, least_people: u32)
    -> Result<u32, Unavailable>;

    /// Reads the counts of a pack.
    async fn popularity(&self, pack: &str) -> Result<Vec<PopularItem>, Unavailable>;

    /// Removes what is past its time. Returns how many rows went, by table.
    async fn purge(&self, limits: &PurgeLimits) -> Result<SortedMap<String, u64>, Unavailable>;
}
