//! The figures of a comparison, for a terminal or for programs.

use std::io::{self, Write};

use anyhow::Result;
use serde_json::{Value, json};

use super::comparison::Compared;
use super::split::Split;
use crate::evaluate::{Measured, Metric, TextTable, decimals};

fn figure(measured: &Measured, metric: Metric) -> (f64, f64) {
    measured.figure(metric).map_or((f64::NAN, f64::NAN), |found| (found.summary.mean, found.summary.standard_error))
}

/// The share of items known before the test that some list of ten shows.
fn coverage(split: &Split<'_>, measured: &Measured) -> f64 {
    let known = split.known_items.iter().filter(|known| **known).count();
    figure(measured, Metric::Coverage10).0 * split.known_items.len() as f64 / known.max(1) as f64
}

/// Prints one line a model.
///
/// # Errors
/// A closed standard output.
pub(super) fn print(split: &Split<'_>, compared: &[Compared]) -> Result<()> {
    let header = [
        "model",
        "new NDCG@10",
        "±",
        "Recall@20",
        "coverage",
        "repeats NDCG@10",
        "±",
        "Recall@20",
        "MAP@10",
        "diversity",
        "novelty",
        "seconds",
    ];
    let mut table = TextTable::new(header);
    for one in compared {
        let ((new, new_error), (repeats, repeats_error)) =
            (figure(&one.new, Metric::Ndcg10), figure(&one.repeats, Metric::Ndcg10));
        table.row([
            one.name.clone(),
            decimals(new, 4),
            decimals(new_error, 4),
            decimals(figure(&one.new, Metric::Recall20).0, 4),
            decimals(coverage(split, &one.new), 3),
            decimals(repeats, 4),
            decimals(repeats_error, 4),
            decimals(figure(&one.repeats, Metric::Recall20).0, 4),
            decimals(figure(&one.repeats, Metric::Map10).0, 4),
            decimals(figure(&one.repeats, Metric::Diversity10).0, 3),
            decimals(figure(&one.repeats, Metric::Novelty10).0, 2),
            decimals(one.seconds, 1),
        ]);
    }
    writeln!(io::stdout(), "{}", table.for_terminal().trim_end())?;
    writeln!(io::stdout(), "{} people with new items, {} with any", split.new.len(), split.repeats.len())?;
    Ok(())
}

/// Prints everything as one JSON array.
///
/// # Errors
/// A closed standard output.
pub(super) fn print_json(split: &Split<'_>, compared: &[Compared]) -> Result<()> {
    let row = |one: &Compared| {
        json!({
            "model": one.name, "seconds": one.seconds, "new": one.new, "repeats": one.repeats,
            "coverage_of_known_new": coverage(split, &one.new),
        })
    };
    let rows: Vec<Value> = compared.iter().map(row).collect();
    writeln!(io::stdout(), "{}", serde_json::to_string(&rows)?)?;
    Ok(())
}
