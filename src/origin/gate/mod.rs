//! Whether a candidate may take the place of what is live: the evaluation that it is judged by, and the rules. Measuring
//! is the business of `evaluate`, and moving pointers that of `publish`.

mod evaluation;
mod folder;
mod judge;

pub(crate) use evaluation::{Difference, Evaluation, Exposure, FORMAT, SegmentDifference};
pub(crate) use folder::ModelsArgs;
pub(crate) use judge::{
    Limits, has_passed, judge, judge_origin, missing_evaluation, record, unreadable_evaluation, verdict_table,
};
