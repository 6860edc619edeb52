//! The memory ports are always ready, so a future of theirs is finished at its first poll.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Returns what the future gives.
///
/// # Errors
/// When it wants to wait: then it is no future of the memory ports.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> Result<T, String> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Ok(value),
        Poll::Pending => Err("a port in memory made its caller wait".to_owned()),
    }
}
