//! What a move makes of a test. Whether it may be written then is the business of `definitions`.

use super::definition::{StoredTest, TestStatus};
use crate::flows::refusal::Refusal;
use crate::ports::TestAction;
use crate::types::TimeMs;

/// What becomes of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestMove {
    /// A draft, or what was stopped, assigns from now on.
    Start,
    /// It assigns no more; its results stay.
    Stop,
    /// It leaves the lists for good.
    Archive,
}

/// A test after a move, which opens an epoch.
pub(super) fn moved(known: StoredTest, to: TestMove, now_ms: TimeMs) -> Result<(TestAction, StoredTest), Refusal> {
    let mut next = StoredTest { epoch: known.epoch + 1, opened_at_ms: now_ms, ..known };
    let action = match (to, next.status) {
        (TestMove::Start, TestStatus::Draft | TestStatus::Stopped) => {
            next.start(now_ms);
            TestAction::Started
        }
        (TestMove::Stop, TestStatus::Active) => {
            next.status = TestStatus::Stopped;
            next.stopped_at_ms = Some(now_ms);
            TestAction::Stopped
        }
        (TestMove::Archive, status) => {
            next.stopped_at_ms = if status == TestStatus::Active { Some(now_ms) } else { next.stopped_at_ms };
            next.status = TestStatus::Archived;
            TestAction::Archived
        }
        _ => {
            let detail = "only a draft or a stopped test starts, only an active one stops";
            return Err(Refusal::invalid("test-status", detail));
        }
    };
    Ok((action, next))
}
