//! The log of interactions and the state folded from it: written together, or not at all.

use nearside_json::Read;
use serde::Serialize;

use super::{ExperimentWrite, Unavailable};
use crate::types::{AdminScope, Cursor, Environment, Interaction, PersonScope, TimeMs, UserId};

/// New events of one person and the state after them.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonWrite {
    /// Whose.
    pub scope: PersonScope,
    /// The revision that the state was read under.
    pub expected_revision: u64,
    /// Events that the log does not hold yet, in the order they came.
    pub events: Vec<Interaction>,
    /// Feedback that came with them.
    pub feedback: Vec<FeedbackRow>,
    /// When the host took them.
    pub received_at_ms: TimeMs,
    /// The learned state with the events in it, as JSON.
    pub state_json: String,
    /// What the seeds' columns show of that state.
    pub snapshot: Snapshot,
    /// What the events count in tests.
    pub experiments: ExperimentWrite,
}

/// The derived values that the seeds' tables keep in columns of their own, for queries and dashboards.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
#[expect(missing_docs, reason = "the names are the columns'")]
pub struct Snapshot {
    pub engagement_level: Option<&'static str>,
    pub financial_literacy_score: Option<u8>,
    pub profile_completeness: f64,
    pub dismissed_categories: Vec<String>,
    pub categories: Vec<CategorySnapshot>,
    /// The packs of whose feedback this write crossed a multiple of 20 pieces: the origin may retrain them. Feedback on
    /// nothing that a pack holds is the default pack's.
    pub significant_feedback: Vec<String>,
}

/// One row of `category_preferences`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the columns'")]
pub struct CategorySnapshot {
    pub category: String,
    pub preference_score: f64,
    pub acceptance_count: u32,
    pub dismissal_count: u32,
    pub total_shown: u32,
    pub last_interaction: TimeMs,
}

/// One row of `recommendation_feedback`.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[expect(missing_docs, reason = "the names are the columns'")]
pub struct FeedbackRow {
    pub id: String,
    pub recommendation_id: Option<String>,
    pub feedback_type: String,
    pub rating: Option<u8>,
    pub feedback_text: Option<String>,
    /// Milliseconds; the API writes RFC 3339.
    pub timestamp: TimeMs,
}

/// What became of a person's write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// Events and state are in.
    Yes,
    /// The revision had moved: nothing was written for this person; read again.
    Conflict,
}

/// A page of a person's history.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LoggedPage {
    /// Newest first.
    pub interactions: Vec<Interaction>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// A page of the export.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExportPage {
    /// Rows by ascending sequence.
    pub rows: Vec<ExportedRow>,
    /// The sequence to ask for next.
    pub last_sequence: Option<i64>,
}

/// One line of the export: an interaction of a consenting person, or a tombstone.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the fields are what their types are")]
#[expect(clippy::large_enum_variant, reason = "tombstones are few, and a page lives for one answer")]
pub enum ExportedRow {
    /// An interaction. `hash_user_id`: only a keyed hash of the id may leave.
    Interaction { sequence: i64, user: UserId, hash_user_id: bool, event: Interaction },
    /// A person was erased; `hash_user_id` is what held until then.
    Erased { sequence: i64, user: UserId, hash_user_id: bool, at_ms: TimeMs },
}

/// One line of the export of profiles: a profile, or a tombstone.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedProfile {
    /// Its place in the export.
    pub sequence: i64,
    /// Whose.
    pub user: UserId,
    /// Only a keyed hash of the id may leave.
    pub hash_user_id: bool,
    /// What leaves beside the name, as a JSON object with members.
    pub json: String,
}

/// An id that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownId {
    /// Whose.
    pub user: UserId,
    /// The id.
    pub id: String,
    /// The test that an outcome with this id was recorded for; None: the log holds an interaction with it.
    pub test: Option<(Environment, String)>,
}

/// The log.
#[expect(async_fn_in_trait, reason = "hosts are single-threaded: no Send bound is wanted")]
pub trait InteractionLog {
    /// Says where these (person, id) pairs are known from, in one statement.
    async fn known(&self, ids: &[(PersonScope, String)]) -> Result<Vec<KnownId>, Unavailable>;

    /// Writes each person's events and state where the revision still is the expected one and no tombstone is newer
    /// than the events. The answers are in the order of the writes.
    ///
    /// One transaction holds many people, never a part of one; a store may need several for all of them. Which events
    /// are `known` must be asked after the revision was read: then whoever adds one in between moves the revision.
    async fn apply(&self, writes: &[PersonWrite]) -> Result<Vec<Applied>, Unavailable>;

    /// Reads a page of history, newest first.
    async fn page(&self, scope: PersonScope, after: Option<Cursor>, limit: u32) -> Result<LoggedPage, Unavailable>;

    /// Reads the checkpoint and every logged interaction of a person, oldest first, for a rebuild.
    async fn all(&self, scope: PersonScope) -> Result<(Option<String>, Vec<Interaction>), Unavailable>;

    /// Writes a rebuilt state where the revision still is the expected one.
    async fn replace_state(&self, write: &PersonWrite) -> Result<Applied, Unavailable>;

    /// Reads a page of everybody's interactions that may be shared, and of tombstones, after a sequence number.
    async fn export(&self, scope: AdminScope, after: i64, limit: u32) -> Result<ExportPage, Unavailable>;

    /// Reads a page of the profiles of people who share them, and of tombstones, after a sequence number.
    async fn export_profiles(
        &self,
        scope: AdminScope,
        after: i64,
        limit: u32,
    ) -> Result<Vec<SharedProfile>, Unavailable>;
}
