//! How long a store may take. One that does not answer is down: whoever waits for it is told, and what was asked of it
//! may have happened or not.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use nearside_engine::ports::Unavailable;
use worker::Delay;

/// A read. The general order later than this is of no use to the person who waits.
pub(super) const READ: Duration = Duration::from_secs(4);
/// A write: many people's events in one transaction take their time.
pub(super) const WRITE: Duration = Duration::from_secs(20);

/// Waits for an answer of `store`, but no longer than `limit`.
pub(super) async fn within<F: Future>(
    limit: Duration,
    store: &'static str,
    answer: F,
) -> Result<F::Output, Unavailable> {
    let mut answer = pin!(answer);
    let mut end = pin!(Delay::from(limit));
    poll_fn(|context| {
        if let Poll::Ready(answer) = answer.as_mut().poll(context) {
            return Poll::Ready(Ok(answer));
        }
        end.as_mut().poll(context).map(|()| Err(Unavailable { store, reason: "did not answer in time" }))
    })
    .await
}
