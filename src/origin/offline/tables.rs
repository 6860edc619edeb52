//! The figures of a comparison, for a terminal or for programs.

use std::io::{self, Write};

use anyhow::Result;
use serde_json::{Value, json};

use super::ablations::Ablation;
use super::comparison::Compared;
use super::later_baskets::Followed;
use super::split::Split;
use crate::evaluate::{Measured, Metric, Paired, SegmentRow, Summary, Task, TextTable, decimals};

fn figure(measured: &Measured, metric: Metric) -> (f64, f64) {
    measured.figure(metric).map_or((f64::NAN, f64::NAN), |found| (found.summary.mean, found.summary.standard_error))
}

/// The share of items known before the test that some list of ten shows.
fn coverage(split: &Split<'_>, measured: &Measured) -> f64 {
    let known = split.known_items.iter().filter(|known| **known).count();
    figure(measured, Metric::Coverage10).0 * split.known_items.len() as f64 / known.max(1) as f64
}

/// Prints one line a model for each task.
///
/// # Errors
/// A closed standard output.
pub(super) fn print(split: &Split<'_>, compared: &[Compared]) -> Result<()> {
    let repeats: Vec<&Measured> = compared.iter().map(|one| &one.repeats).collect();
    let new: Vec<&Measured> = compared.iter().map(|one| &one.new).collect();
    print_task(&format!("repeats allowed, {} people", split.repeats.len()), split, compared, &repeats)?;
    print_task(&format!("new items, {} people", split.new.len()), split, compared, &new)
}

fn print_task(name: &str, split: &Split<'_>, compared: &[Compared], task: &[&Measured]) -> Result<()> {
    let header =
        [name, "NDCG@10", "±", "MAP@10", "Recall@20", "coverage", "diversity", "novelty", "calibration", "seconds"];
    let mut table = TextTable::new(header);
    for (one, measured) in compared.iter().zip(task) {
        let (ndcg, error) = figure(measured, Metric::Ndcg10);
        let mean = |metric, places| decimals(figure(measured, metric).0, places);
        table.row([
            one.name.clone(),
            decimals(ndcg, 4),
            decimals(error, 4),
            mean(Metric::Map10, 4),
            mean(Metric::Recall20, 4),
            decimals(coverage(split, measured), 3),
            mean(Metric::Diversity10, 3),
            mean(Metric::Novelty10, 2),
            mean(Metric::Calibration10, 3),
            decimals(one.seconds, 1),
        ]);
    }
    writeln!(io::stdout(), "{}", table.for_terminal())?;
    Ok(())
}

/// Prints the candidate's NDCG@10 and its difference to the base by part of the people, for each task.
///
/// # Errors
/// A closed standard output.
pub(super) fn print_segments(tasks: &[Task]) -> Result<()> {
    for task in tasks {
        let name = format!("{}, by segment", task.name.to_lowercase());
        let mut table = TextTable::new([&name, "people", "NDCG@10", "±", "base", "difference", "±"]);
        for chart in &task.segments {
            for SegmentRow { own, paired } in &chart.rows {
                let Summary { mean, standard_error, .. } = paired.difference;
                let figures = [own.summary.mean, own.summary.standard_error, paired.base_mean, mean, standard_error];
                let head = [format!("{} {}", chart.parted_by, own.segment), own.summary.count.to_string()];
                table.row(head.into_iter().chain(figures.map(|value| decimals(value, 4))));
            }
        }
        writeln!(io::stdout(), "{}", table.for_terminal())?;
    }
    Ok(())
}

/// What is measured with --ablations.
pub(super) struct Parts {
    /// One thing changed each.
    pub(super) ablations: Vec<Ablation>,
    /// Each group of people, with repeats and of new items only.
    pub(super) later: Vec<Followed>,
}

/// Prints what the parts are worth.
///
/// # Errors
/// A closed standard output.
pub(super) fn print_parts(parts: &Parts) -> Result<()> {
    let header = ["one thing changed", "new NDCG@10", "change", "±", "repeats NDCG@10", "change", "±", "bytes", "gzip"];
    let mut table = TextTable::new(header);
    for one in &parts.ablations {
        let cells = |paired: &Paired| {
            let Paired { difference, base_mean, .. } = paired;
            [base_mean + difference.mean, difference.mean, difference.standard_error].map(|value| decimals(value, 4))
        };
        let size = |of: fn((usize, usize)) -> usize| one.bytes.map_or_else(String::new, |bytes| of(bytes).to_string());
        let sizes = [size(|(plain, _)| plain), size(|(_, gzip)| gzip)];
        let cells = [cells(&one.new), cells(&one.repeats)].concat();
        table.row([vec![one.name.clone()], cells, sizes.to_vec()].concat());
    }
    writeln!(io::stdout(), "\n{}", table.for_terminal().trim_end())?;
    let mut table = TextTable::new([
        "later baskets",
        "people who are",
        "baskets",
        "people",
        "frozen",
        "followed",
        "gain",
        "±",
        "per cent",
    ]);
    for one in &parts.later {
        let figures = [one.frozen.mean, one.followed.mean, one.gain.mean, one.gain.standard_error];
        let [frozen, followed, gain, error] = figures.map(|value| decimals(value, 4));
        let name = if one.may_repeat { "repeats NDCG@10" } else { "new NDCG@10" };
        let per_cent = decimals(100.0 * one.gain.mean / one.frozen.mean, 1);
        let counts = [one.baskets.to_string(), one.gain.count.to_string()];
        let [baskets, people] = counts;
        table.row([name.to_owned(), one.people.to_owned(), baskets, people, frozen, followed, gain, error, per_cent]);
    }
    writeln!(io::stdout(), "\n{}", table.for_terminal().trim_end())?;
    Ok(())
}

fn parts_json(parts: &Parts) -> Value {
    let ablation = |one: &Ablation| {
        let of = |paired: &Paired| json!({ "ndcg_10": paired.base_mean + paired.difference.mean, "change": paired.difference });
        let (bytes, gzip) = one.bytes.unzip();
        json!({ "change": one.name, "new": of(&one.new), "repeats": of(&one.repeats), "bytes": bytes, "gzip_bytes": gzip })
    };
    let later = |one: &Followed| {
        json!({
            "people": one.people, "may_repeat": one.may_repeat, "baskets": one.baskets,
            "frozen": one.frozen, "followed": one.followed, "gain": one.gain,
        })
    };
    json!({
        "ablations": parts.ablations.iter().map(ablation).collect::<Vec<_>>(),
        "later_baskets": parts.later.iter().map(later).collect::<Vec<_>>(),
    })
}

/// Prints everything as JSON: an array of models, or with parts an object that holds it as `models`.
///
/// # Errors
/// A closed standard output.
pub(super) fn print_json(
    split: &Split<'_>,
    compared: &[Compared],
    tasks: &[Task],
    parts: Option<&Parts>,
) -> Result<()> {
    let row = |one: &Compared| {
        json!({
            "model": one.name, "seconds": one.seconds, "new": one.new, "repeats": one.repeats,
            "coverage_of_known_new": coverage(split, &one.new),
        })
    };
    let mut rows: Vec<Value> = compared.iter().map(row).collect();
    // Segments are of the candidate, which stands last, against the one before it.
    if let Some(candidate) = rows.last_mut().and_then(Value::as_object_mut).filter(|_| !tasks.is_empty()) {
        let of_task = |task: &Task| json!({ "task": task.name, "partings": task.segments });
        candidate.insert("segments".to_owned(), tasks.iter().map(of_task).collect());
    }
    let answer = match parts.map(parts_json) {
        Some(Value::Object(mut parts)) => {
            parts.insert("models".to_owned(), Value::Array(rows));
            Value::Object(parts)
        }
        _ => Value::Array(rows),
    };
    writeln!(io::stdout(), "{}", serde_json::to_string(&answer)?)?;
    Ok(())
}

/// Prints one line a model of those that look for what was hidden: its figures and its seconds of training.
///
/// # Errors
/// A closed standard output.
pub(super) fn print_hidden(rows: &[(Measured, f64)]) -> Result<()> {
    let mut table = TextTable::new(["model", "NDCG@10", "±", "Recall@20", "MAP@10", "coverage", "novelty", "seconds"]);
    for (measured, seconds) in rows {
        let (ndcg, error) = figure(measured, Metric::Ndcg10);
        let mean = |metric| figure(measured, metric).0;
        table.row([
            measured.model.clone(),
            decimals(ndcg, 4),
            decimals(error, 4),
            decimals(mean(Metric::Recall20), 4),
            decimals(mean(Metric::Map10), 4),
            decimals(mean(Metric::Coverage10), 3),
            decimals(mean(Metric::Novelty10), 2),
            decimals(*seconds, 2),
        ]);
    }
    writeln!(io::stdout(), "{}", table.for_terminal().trim_end())?;
    Ok(())
}

/// Prints the same as one JSON array.
///
/// # Errors
/// A closed standard output.
pub(super) fn print_hidden_json(rows: &[(Measured, f64)]) -> Result<()> {
    let row =
        |(measured, seconds): &(Measured, f64)| json!({ "model": measured.model, "seconds": seconds, "new": measured });
    let rows: Vec<Value> = rows.iter().map(row).collect();
    writeln!(io::stdout(), "{}", serde_json::to_string(&rows)?)?;
    Ok(())
}
