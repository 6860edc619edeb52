//! Figures for the admin's overview: what people who share did on each day, what people chose, and how the service
//! answered. The store counts and writes the JSON; figures of fewer than twenty people never come out of it.

use super::{ModelFacts, Unavailable};
use crate::types::{AdminScope, TimeMs};

/// What is asked of the figures, each in one transaction. What it needs of the facts stands with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FiguresAsk {
    /// Counts the days that are over and not closed yet, and the last three once more for events that came late; then what
    /// people chose: `kinds`, the names of all event types, and for each live pack `pack/ID`, the items of its catalogue (0
    /// is not known). Twice is as good as once. Says nothing.
    Close,
    /// Reports on the last `days`, today among them, for the packs that are named and the answers of `environment`; `kinds`
    /// and `pack/ID` as above. Only the events of today are read from the log.
    Show,
    /// Adds the answers of an isolate: `day`, `environment`, and `counts`: `[[measure, at_most_ms, n]]`. Says nothing.
    AddAnswers,
}

/// The figures of the overview.
#[expect(async_fn_in_trait, reason = "hosts are single-threaded: no Send bound is wanted")]
pub trait Figures {
    /// Does what is asked, all of it or nothing, and answers with JSON; empty where there is nothing to say.
    async fn figures(
        &self,
        scope: AdminScope,
        ask: FiguresAsk,
        facts: &ModelFacts,
        at_ms: TimeMs,
    ) -> Result<String, Unavailable>;
}
