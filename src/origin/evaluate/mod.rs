//! Whether a model is worth its place: `metrics` of lists, `acceptance` of offers, what `logged` choices say of another
//! policy, and the `report` that a person can read. Chance, statistics and the table on a terminal are shared by them.

mod acceptance;
mod chance;
mod logged;
mod metrics;
mod report;
mod statistics;
mod table;

pub(crate) use acceptance::{AcceptanceArgs, Layout, run_acceptance};
pub(crate) use logged::{EvaluateLoggedArgs, run_logged};
pub(crate) use metrics::{
    Catalogue, ItemFacts, Lists, Measured, Metric, Paired, SegmentFigure, Segments, Setting, Truth, by_segment,
    compare, compare_by_segment, measure, ndcg, recall,
};
pub(crate) use report::{Bar, CategoryShare, Fact, Report, SegmentChart, SegmentRow, StepTerm, Task, Verdict, html};
pub(crate) use statistics::Summary;
pub(crate) use table::{TextTable, decimals};
