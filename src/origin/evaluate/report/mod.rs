//! The report of an evaluation: one HTML file that needs nothing else, no script, no request.

mod axis;
mod bars;
mod content;
mod forest;
mod markup;
mod page;
mod reliability;
mod sections;
mod steps;
mod tables;
mod tasks;

pub(crate) use content::{
    Bar, CategoryShare, EstimatorSection, Fact, ReliabilityPoint, Report, SegmentChart, SegmentRow, StepTerm, Task,
    Verdict,
};
pub(crate) use page::html;
