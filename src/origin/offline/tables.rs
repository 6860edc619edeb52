//! The figures of a comparison, for a terminal or for programs.

use std::io::{self, Write};

use anyhow::Result;
use serde_json::{Value, json};

use super::ablations::Ablation;
use super::comparison::Compared;
use super::later_baskets::Followed;
use super::split::Split;
use crate::evaluate::{Measured, Metric, Paired, TextTable, decimals};

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
pub(super) fn print_json(split: &Split<'_>, compared: &[Compared], parts: Option<&Parts>) -> Result<()> {
    let row = |one: &Compared| {
        json!({
            "model": one.name, "seconds": one.seconds, "new": one.new, "repeats": one.repeats,
            "coverage_of_known_new": coverage(split, &one.new),
        })
    };
    let rows: Vec<Value> = compared.iter().map(row).collect();
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
