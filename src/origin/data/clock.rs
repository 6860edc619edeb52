//! The time of this machine. The engine is told it, and never asks.

use std::time::{SystemTime, UNIX_EPOCH};

use nearside_engine::types::TimeMs;

/// Milliseconds since 1970, UTC.
pub(crate) fn now_ms() -> TimeMs {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    TimeMs::try_from(since_1970.as_millis()).unwrap_or(TimeMs::MAX)
}
