//! What a report says, before it is drawn. Every part but the title may be empty: then its section is left out.

use serde::Serialize;

use crate::evaluate::logged::Estimates;
use crate::evaluate::metrics::{Measured, Metric, Paired, SegmentFigure};
use crate::evaluate::statistics::{Interval, Summary};

/// An evaluation, ready to be read.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub(crate) struct Report {
    /// What was evaluated, such as "retail: candidate 2011-10-10".
    pub(crate) title: String,
    /// Pack, data window, seed, versions, time and whatever else belongs at the head.
    pub(crate) facts: Vec<Fact>,
    /// The rules of promotion and how they came out.
    pub(crate) gate: Vec<Verdict>,
    /// What models were asked, and how they did.
    pub(crate) tasks: Vec<Task>,
    /// What logged probabilities say of policies.
    pub(crate) estimators: Vec<EstimatorSection>,
    /// Probabilities of acceptance against what happened.
    pub(crate) reliability: Vec<ReliabilityPoint>,
    /// How much each feature matters, most first.
    pub(crate) importance: Vec<Bar>,
    /// The terms of the model, as it adds them up.
    pub(crate) terms: Vec<StepTerm>,
}

/// One line of the head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Fact {
    /// Such as "Data".
    pub(crate) name: String,
    /// Such as "2010-12-01 to 2011-10-09".
    pub(crate) value: String,
}

/// One rule of the gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Verdict {
    /// What is asked, such as "NDCG@10 is not worse than the live model's".
    pub(crate) rule: String,
    /// What was found.
    pub(crate) figure: String,
    /// What was allowed.
    pub(crate) limit: String,
    /// Whether it is met.
    pub(crate) has_passed: bool,
}

/// One thing that models were asked.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub(crate) struct Task {
    /// Such as "New items".
    pub(crate) name: String,
    /// What counts in it, in a sentence.
    pub(crate) note: String,
    /// The models and their figures.
    pub(crate) models: Vec<Measured>,
    /// Differences to the live or base model.
    pub(crate) differences: Vec<Paired>,
    /// Figures by part of the people.
    pub(crate) segments: Vec<SegmentChart>,
    /// Categories in histories and in the candidate's lists.
    pub(crate) calibration: Vec<CategoryShare>,
}

/// A category's share of what people took before, and of what they are shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct CategoryShare {
    /// The category's name.
    pub(crate) category: String,
    /// The mean over people of its share of their history, from 0 to 1.
    pub(crate) of_histories: f64,
    /// The same of the ten first places of their lists, with its error.
    pub(crate) of_lists: Summary,
}

/// A figure of one model by segment, and its difference to another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct SegmentChart {
    /// The model.
    pub(crate) model: String,
    /// The figure.
    pub(crate) metric: Metric,
    /// By what people are parted, such as "purchases before the split".
    pub(crate) parted_by: String,
    /// The segments.
    pub(crate) rows: Vec<SegmentRow>,
}

/// One segment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct SegmentRow {
    /// The model's own figure.
    #[serde(flatten)]
    pub(crate) own: SegmentFigure,
    /// Its difference to the base over the same people.
    pub(crate) paired: Paired,
}

/// Estimates of one policy.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct EstimatorSection {
    /// The policy and the log, such as "Thompson sampling, from the log of random".
    pub(crate) title: String,
    /// The estimates.
    #[serde(flatten)]
    pub(crate) estimates: Estimates,
    /// What the policy earned in its own log, where there is one.
    pub(crate) own_log: Option<Summary>,
}

/// People with about the same predicted probability.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ReliabilityPoint {
    /// The mean probability that was predicted, from 0 to 1.
    pub(crate) predicted: f64,
    /// The share that accepted, from 0 to 1.
    pub(crate) observed: f64,
    /// 95 % of the share.
    pub(crate) interval: Interval,
    /// How many they are.
    pub(crate) count: usize,
}

/// A named amount.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Bar {
    /// Of what.
    pub(crate) name: String,
    /// How much; below 0 is drawn to the left.
    pub(crate) value: f64,
}

/// A term that depends on one feature by steps.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct StepTerm {
    /// The feature, with its unit.
    pub(crate) feature: String,
    /// Where the steps are, ascending.
    pub(crate) cuts: Vec<f64>,
    /// What is added between them: one value more than cuts. The first holds below the first cut.
    pub(crate) values: Vec<f64>,
}
