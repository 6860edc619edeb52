//! The queue between taking an event and applying it.

use super::Unavailable;

/// Sends messages for later application.
#[expect(async_fn_in_trait, reason = "hosts are single-threaded: no Send bound is wanted")]
pub trait EventQueue {
    /// Sends messages in order. Returns how many were taken: on a partial failure the rest was not.
    async fn send(&self, messages: &[String]) -> Result<usize, Unavailable>;
}
