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

pub(crate) use content::{Bar, EstimatorSection, Fact, Report, SegmentChart, StepTerm};
#[expect(unused_imports, reason = "the gate and the report of acceptance are being built on these")]
pub(crate) use content::{ReliabilityPoint, Verdict};
pub(crate) use page::html;
