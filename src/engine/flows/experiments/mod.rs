//! Experiments as use cases: what is live, who is in it, what is asked, counted, changed and concluded.

mod chosen;
mod counter;
mod counting;
mod definition;
mod definitions;
mod happened;
mod judged;
mod known_facts;
mod live;
mod seals;
mod standing;

pub use definition::{
    Definition, DefinitionSet, Guardrail, LayerRange, Metric, MetricKind, Segment, StoredTest, TestStatus, TestVariant,
    Worse,
};

pub use definitions::{
    FoundFault, TestMove, TestersReport, Validation, force_testers, move_test, put_test, set_holdout, show_tests,
    validate_test,
};
pub use happened::{AskedExposure, StatedOutcome};

pub(super) use counter::{Counter, Fresh};
pub(super) use live::ExperimentsCache;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
