//! The two tasks of a comparison, ready to be shown: what people took, repeats allowed, and what was new to them.

use anyhow::{Context, Result};

use super::category_shares::category_shares;
use super::comparison::Compared;
use super::partings::partings;
use super::split::Split;
use crate::evaluate::{
    Measured, Metric, SegmentChart, SegmentRow, Task, Truth, by_segment, compare, compare_by_segment,
};

/// Figures whose differences are shown.
const METRICS: [Metric; 4] = [Metric::Ndcg10, Metric::Map10, Metric::Recall20, Metric::Calibration10];

/// Puts together both tasks. The last of `compared` is the candidate, the one before it what it is compared with.
///
/// # Errors
/// Without these two.
pub(super) fn tasks(split: &Split<'_>, compared: &[Compared], seed: u64) -> Result<[Task; 2]> {
    let [.., _, candidate] = compared else { anyhow::bail!("two models are needed to compare") };
    let (repeats, new) = (|one: &Compared| one.repeats.clone(), |one: &Compared| one.new.clone());
    let repeats = Asked {
        name: "Repeats allowed",
        note: "What people took in the test, whether or not they had taken it before. The gate judges this task.",
        models: compared.iter().map(repeats).collect(),
        truth: &split.repeats,
        lists: &candidate.lists.repeats,
    };
    let new = Asked {
        name: "New items",
        note: "What people took in the test and never before; lists hold nothing that they had taken.",
        models: compared.iter().map(new).collect(),
        truth: &split.new,
        lists: &candidate.lists.new,
    };
    Ok([repeats.task(split, seed)?, new.task(split, seed)?])
}

struct Asked<'a> {
    name: &'static str,
    note: &'static str,
    models: Vec<Measured>,
    truth: &'a [Truth],
    lists: &'a [Vec<u32>],
}

impl Asked<'_> {
    fn task(self, split: &Split<'_>, seed: u64) -> Result<Task> {
        let [.., base, candidate] = self.models.as_slice() else { anyhow::bail!("two models are needed to compare") };
        let differences = METRICS.into_iter().map(|metric| compare(candidate, base, metric, seed));
        let differences = differences.collect::<Result<Vec<_>>>().context("the candidate cannot be compared")?;
        let charts = partings(split, self.truth).into_iter().map(|parting| {
            let own = by_segment(candidate, Metric::Ndcg10, &parting.segments)?;
            let paired = compare_by_segment(candidate, base, Metric::Ndcg10, &parting.segments, seed)?;
            let rows = own.into_iter().zip(paired).map(|(own, paired)| SegmentRow { own, paired: paired.paired });
            let (model, parted_by) = (candidate.model.clone(), parting.by.to_owned());
            Ok(SegmentChart { model, metric: Metric::Ndcg10, parted_by, rows: rows.collect() })
        });
        Ok(Task {
            name: self.name.to_owned(),
            note: self.note.to_owned(),
            differences,
            segments: charts.collect::<Result<_>>()?,
            calibration: category_shares(split, self.truth, self.lists),
            models: self.models,
        })
    }
}

#[cfg(test)]
#[path = "tasks_tests.rs"]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
