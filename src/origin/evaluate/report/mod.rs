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

pub(crate) use content::{Bar, EstimatorSection, Fact, ReliabilityPoint, Report, SegmentChart, StepTerm, Verdict};
pub(crate) use page::html;
