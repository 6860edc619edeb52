//! How good lists are: figures of single people and of all of them with their errors, paired comparisons, and segments.

mod lists;
mod measure;
mod paired;
mod ranking;
mod segments;

pub(crate) use lists::{Catalogue, ItemFacts};
#[cfg(test)]
pub(crate) use measure::Figure;
pub(crate) use measure::{Lists, Measured, Metric, Setting, Truth, measure};
pub(crate) use paired::{Paired, compare};
pub(crate) use ranking::{ndcg, recall};
pub(crate) use segments::{SegmentFigure, Segments, by_segment, compare_by_segment};
