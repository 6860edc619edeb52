//! A person's row: consent, stated facts, learned state, and the live pointers that are read with them.

use super::library::Pointers;
use super::{FeedbackRow, Unavailable};
use crate::types::{PersonScope, Settings, Stated, TimeMs};

/// Everything that a personal request reads, from one statement.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PersonRecord {
    /// The person's switches; the defaults when there is no row.
    pub settings: Settings,
    /// True when there is a row of settings, or of the profile.
    pub is_known: bool,
    /// What the person stated.
    pub stated: Stated,
    /// The learned state as JSON; None when nothing was learned, or when the settings say no to reading it.
    pub state_json: Option<String>,
    /// The person's own corrections of the model as JSON (`models::PersonalWeights`), the latest; None when there are none,
    /// when the settings say no to reading them, and where several persons are read.
    pub weights_json: Option<String>,
    /// The recorded assignments as JSON, `[[environment, test, variant, epoch, assigned_at_ms, is_forced, counts_as], …]`;
    /// None when there are none, or when the settings say no to experiments.
    pub assignments_json: Option<String>,
    /// The row's revision; 0 when there never was a row. Every write of settings, statements or events adds one, and so
    /// does an erasure, so that no revision ever means two different rows.
    pub revision: u64,
    /// When the person was last erased.
    pub erased_at_ms: Option<TimeMs>,
    /// What is live.
    pub pointers: Pointers,
    /// Those of the asked-for interaction ids that are in the log already.
    pub applied_ids: Vec<String>,
}

/// A change of settings, for the audit trail.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingsChange {
    /// The settings from now on.
    pub settings: Settings,
    /// The host's time.
    pub at_ms: TimeMs,
}

/// What became of a guarded write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// Written, under this revision.
    Yes(u64),
    /// Somebody else wrote first: read again.
    Conflict,
}

/// What an erasure removed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ErasureReceipt {
    /// The receipt's id.
    pub receipt_id: String,
    /// Rows removed, by table.
    pub removed: crate::types::SortedMap<String, u64>,
    /// The host's time.
    pub erased_at: String,
    /// Until when the database's own history could still restore them.
    pub restorable_until: String,
}

/// People's rows.
#[expect(async_fn_in_trait, reason = "hosts are single-threaded: no Send bound is wanted")]
pub trait People {
    /// Reads a person in one statement, with the live pointers, and says which of `ids` the log holds already.
    async fn load(&self, scope: PersonScope, ids: &[String]) -> Result<PersonRecord, Unavailable>;

    /// Reads the live pointers and the settings of several persons, in their order, in one statement.
    async fn consents(&self, scopes: &[PersonScope]) -> Result<(Pointers, Vec<Settings>), Unavailable>;

    /// Reads several persons, in their order, in one statement.
    async fn load_many(&self, scopes: &[PersonScope]) -> Result<Vec<PersonRecord>, Unavailable>;

    /// Writes settings where the revision still is `expected`; appends to the audit trail in the same transaction.
    async fn save_settings(
        &self,
        scope: PersonScope,
        change: &SettingsChange,
        expected: u64,
    ) -> Result<Saved, Unavailable>;

    /// Writes stated facts where the revision still is `expected`.
    async fn save_stated(
        &self,
        scope: PersonScope,
        stated: &Stated,
        at_ms: TimeMs,
        expected: u64,
    ) -> Result<Saved, Unavailable>;

    /// Removes everything of the person and leaves a tombstone that keeps late messages out.
    async fn erase(&self, scope: PersonScope, receipt_id: &str, at_ms: TimeMs) -> Result<ErasureReceipt, Unavailable>;

    /// Reads everything of the person for the person's own export: JSON of an object, by table.
    async fn export(&self, scope: PersonScope) -> Result<String, Unavailable>;

    /// Reads the person's feedback, newest first.
    async fn feedback(&self, scope: PersonScope, limit: u32) -> Result<Vec<FeedbackRow>, Unavailable>;
}
