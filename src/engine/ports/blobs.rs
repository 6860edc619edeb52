//! Immutable blobs by name, shared by everybody. Nothing personal goes in.

use super::Unavailable;

/// Packs, catalogues, models, popularity lists.
#[expect(async_fn_in_trait, reason = "hosts are single-threaded: no Send bound is wanted")]
pub trait Blobs {
    /// Reads a blob; None when there is none of that name (yet: stores of this kind are late).
    async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, Unavailable>;

    /// Writes a blob.
    async fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Unavailable>;

    /// Removes a blob that nothing points at any more; one that is not there is none the less gone.
    async fn remove(&self, name: &str) -> Result<(), Unavailable>;
}
