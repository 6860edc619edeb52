//! Experiments as use cases: what is live, who is in it, what is asked, counted, changed and concluded.

mod definition;

pub use definition::{
    Definition, DefinitionSet, Guardrail, LayerRange, Metric, MetricKind, Segment, StoredTest, TestStatus, TestVariant,
    Worse,
};
