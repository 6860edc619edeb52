//! Experiments as use cases: what is live, who is in it, what is asked, counted, changed and concluded.

mod adding;
mod analysed;
mod asked;
mod cells;
mod chosen;
mod compared;
mod counter;
mod counting;
mod definition;
mod definitions;
mod exposed;
mod for_devices;
mod happened;
mod judged;
mod known_facts;
mod live;
mod moved;
mod ofrep;
mod outcome;
mod planned;
mod progress;
mod seals;
mod series;
mod shown;
mod standing;
mod sums;

pub use analysed::results;
pub use asked::{VariantAnswer, VariantAnswers, VariantAsk, decide_tests, variant};
pub use definition::{
    Definition, DefinitionSet, Guardrail, LayerRange, Metric, MetricKind, Segment, StoredTest, TestStatus, TestVariant,
    Worse,
};

pub use outcome::{OutcomeReport, record_outcome};
pub use planned::plan_test;
pub use shown::{Method, ResultsAsk, TestPlan, TestResults};

pub use ofrep::{Flag, FlagMetadata, Flags, FlagsMetadata, evaluate_all, evaluate_one};

pub(super) use chosen::{Carrier, Chosen, choose};
pub use definitions::{
    FoundFault, TestMove, TestersReport, Validation, force_testers, move_test, put_test, set_holdout, show_tests,
    validate_test,
};
pub use happened::{AskedExposure, StatedOutcome};
pub(super) use known_facts::KnownFacts;

pub(super) use counter::{Counter, Fresh};
pub(super) use live::{ExperimentsCache, Ids, LiveExperiments, live_experiments, parsed as parsed_set, pointer_name};
pub(super) use seals::{Echoed, Receipts};

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
