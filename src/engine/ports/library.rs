//! What is live, and the drafts of what will be.

use super::Unavailable;
use crate::types::{AdminScope, Item, SortedMap, TimeMs};

/// Names and values of what is live: `pack/finance` and `catalog/finance` are hashes of blobs,
/// `personalization_enabled` is `true` or `false`, `default_pack` names the pack for requests without one.
pub type Pointers = SortedMap<String, String>;

/// A change of a catalogue's draft.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftChange {
    /// The pack.
    pub pack: String,
    /// Added or replaced.
    pub items: Vec<Item>,
    /// Taken out, by id.
    pub remove: Vec<String>,
}

/// Pointers and drafts.
#[expect(async_fn_in_trait, reason = "hosts are single-threaded: no Send bound is wanted")]
pub trait Library {
    /// Reads every pointer.
    async fn pointers(&self) -> Result<Pointers, Unavailable>;

    /// Moves pointers, all or none, and appends to the audit trail.
    async fn point(&self, scope: AdminScope, changes: &Pointers, at_ms: TimeMs) -> Result<(), Unavailable>;

    /// Changes a draft. Returns how many items it holds now.
    async fn change_draft(&self, scope: AdminScope, change: &DraftChange, at_ms: TimeMs) -> Result<u32, Unavailable>;

    /// Reads a draft's items by id.
    async fn draft(&self, scope: AdminScope, pack: &str) -> Result<Vec<Item>, Unavailable>;
}
