//! Whether a model is worth its place: ranking figures with their errors, paired comparisons, what logs of chance say of
//! a policy that never ran, and a report that a person can read.

mod acceptance;
mod acceptance_metrics;
mod bank_marketing;
mod beliefs_file;
mod chance;
mod estimators;
mod lists;
mod logged;
mod logistic;
mod measure;
mod open_bandit;
mod paired;
mod ranking;
mod reference_draws;
mod report;
mod reward_model;
mod segments;
mod statistics;
mod table;
mod thompson;

pub(crate) use self::{
    lists::{Catalogue, ItemFacts},
    measure::{Lists, Measured, Metric, Setting, Truth, measure},
    paired::{Paired, compare},
    report::{Bar, Fact, Report, SegmentChart, StepTerm, Verdict, html},
    segments::{Segments, by_segment, compare_by_segment},
    table::{TextTable, decimals},
};
pub(crate) use acceptance::{AcceptanceArgs, run as run_acceptance};
pub(crate) use bank_marketing::Layout;
pub(crate) use logged::{EvaluateLoggedArgs, run as run_logged};
pub(crate) use ranking::{ndcg, recall};
pub(crate) use statistics::Summary;
