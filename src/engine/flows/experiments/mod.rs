//! Experiments as use cases: what is live, who is in it, what is asked, counted, changed and concluded.

mod chosen;
mod definition;
mod known_facts;
mod live;
mod seals;
mod standing;

pub use definition::{
    Definition, DefinitionSet, Guardrail, LayerRange, Metric, MetricKind, Segment, StoredTest, TestStatus, TestVariant,
    Worse,
};

pub(super) use chosen::{Carrier, Chosen, choose};
pub(super) use known_facts::KnownFacts;
pub(super) use live::ExperimentsCache;
pub(super) use seals::Receipts;
