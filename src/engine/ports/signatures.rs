//! Who may sign models: the host's keys.

/// Public keys by their ids, several during a rotation.
#[expect(async_fn_in_trait, reason = "hosts are single-threaded: no Send bound is wanted")]
pub trait Signatures {
    /// Says whether an Ed25519 signature was made over `message` with the key of that id; false for an unknown id, and
    /// whenever in doubt.
    async fn has_signed(&self, key_id: &str, message: &[u8], signature: &[u8; 64]) -> bool;
}
