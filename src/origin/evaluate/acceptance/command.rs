//! `nearside evaluate` of acceptance: predict, hear the answer, learn, row by row, and how good the predictions were.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Args;
use nearside_engine::acceptance::{Drift, FeatureRow, OnlineLearner};
use serde::Serialize;

use super::figures::{AcceptanceFigures, CalibrationShare, Foretold, figures};
use super::offers::{Layout, Offers, Values, read};
use crate::data::write_whole;
use crate::evaluate::report::{self, html};
use crate::evaluate::statistics::Interval;
use crate::progress::{Progress, note};

/// Acceptance of offers: each row is predicted before its answer is learned.
#[derive(Debug, Args)]
pub(crate) struct AcceptanceArgs {
    /// The column that says whether the offer was accepted (csv).
    #[arg(long, value_name = "COLUMN")]
    label: Option<String>,
    /// What stands there when it was (csv).
    #[arg(long, value_name = "VALUE", default_value = "yes")]
    positive: String,
    /// A column that is not known before the answer is; may be repeated (csv).
    #[arg(long, value_name = "COLUMN")]
    drop: Vec<String>,
    /// Two columns that count together, as FIRST:SECOND; may be repeated (csv).
    #[arg(long, value_name = "PAIR", value_parser = read_pair)]
    pair: Vec<(String, String)>,
    /// Measures the rows from this one on, counted from 1, besides all rows. Default: the last fifth.
    #[arg(long, value_name = "ROW")]
    from_row: Option<usize>,
}

/// What was measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Report {
    columns: usize,
    all: AcceptanceFigures,
    measured: AcceptanceFigures,
    alarms: Vec<Alarm>,
}

/// When the drift alarm rang.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Alarm {
    /// Counted from 1.
    row: usize,
    drift: Drift,
}

impl AcceptanceArgs {
    /// How any CSV file is to be read.
    ///
    /// # Errors
    /// Without the name of the label.
    pub(crate) fn layout(&self) -> Result<Layout> {
        let label =
            self.label.clone().context("--label must name the column that says whether the offer was accepted")?;
        let (positive, dropped, pairs) = (self.positive.clone(), self.drop.clone(), self.pair.clone());
        Ok(Layout { label, positive, dropped, pairs })
    }
}

/// Reads, predicts and learns row by row, and reports.
///
/// # Errors
/// Data that cannot be read; a first row that the data does not have.
pub(crate) fn run(data: &Path, layout: &Layout, args: &AcceptanceArgs, page: Option<&Path>, json: bool) -> Result<()> {
    let offers = read(data, layout)?;
    let rows = offers.accepted.len();
    let from_row = args.from_row.unwrap_or(rows * 4 / 5 + 1);
    ensure!((1..=rows).contains(&from_row), "row {from_row} is not among the {rows} rows");
    let (foretold, alarms, took) = foretell(&offers)?;
    note!("{rows} rows, {:.2} µs a row for naming, predicting and learning", took.as_secs_f64() * 1e6 / rows as f64);
    let report = Report {
        columns: offers.columns.len(),
        all: figures(&foretold, 1),
        measured: figures(&foretold, from_row),
        alarms,
    };
    if let Some(path) = page {
        write_whole(path, html(&written(data, layout, &report)).as_bytes())?;
        note!("{} is the report", path.display());
    }
    if json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print(&report);
    }
    Ok(())
}

/// The report as a page: the figures of the measured rows, and how near the probabilities came.
fn written(data: &Path, layout: &Layout, report: &Report) -> report::Report {
    let fact = |name: &str, value: String| report::Fact { name: name.to_owned(), value };
    let measured = &report.measured;
    let with_error = |value: f64, error: f64| format!("{value:.4} ± {error:.4}");
    let auc = measured.auc.zip(measured.auc_standard_error).map(|(auc, error)| fact("AUC", with_error(auc, error)));
    let facts = [
        fact("Data", data.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())),
        fact("Accepted when", format!("{} is {}", layout.label, layout.positive)),
        fact("Columns", report.columns.to_string()),
        fact("Rows", format!("{} to {}", measured.from_row, measured.from_row + measured.rows - 1)),
        fact("Accepted", measured.accepted.to_string()),
        fact("Log-loss", with_error(measured.log_loss, measured.log_loss_standard_error)),
        fact("Log-loss of the rate alone", format!("{:.4}", measured.rate_log_loss)),
        fact("Calibration error", format!("{:.4}", measured.calibration_error)),
        fact("Drift alarms", report.alarms.len().to_string()),
    ];
    report::Report {
        title: "Acceptance, foretold before each answer".to_owned(),
        facts: facts.into_iter().chain(auc).collect(),
        reliability: measured.calibration.iter().map(point).collect(),
        ..report::Report::default()
    }
}

/// A tenth of the rows; the interval is that of a mean.
fn point(share: &CalibrationShare) -> report::ReliabilityPoint {
    let error = (share.observed * (1.0 - share.observed) / share.rows.max(1) as f64).sqrt();
    let interval = Interval::normal(share.observed, error);
    report::ReliabilityPoint {
        predicted: share.foretold,
        observed: share.observed,
        interval: Interval { lower: interval.lower.max(0.0), upper: interval.upper.min(1.0) },
        count: share.rows,
    }
}

/// Predicts each row and then learns its answer.
fn foretell(offers: &Offers) -> Result<(Vec<Foretold>, Vec<Alarm>, Duration)> {
    let mut learner = OnlineLearner::new(OnlineLearner::USUAL_BITS)?;
    let (mut foretold, mut alarms) = (Vec::with_capacity(offers.accepted.len()), Vec::new());
    let progress = Progress::start("learning", offers.accepted.len());
    let mut row = FeatureRow::new();
    let mut took = Duration::ZERO;
    for (index, &accepted) in offers.accepted.iter().enumerate() {
        let begun = Instant::now();
        fill(&mut row, offers, index);
        let learned = learner.learn(&row, accepted);
        took += begun.elapsed();
        let (logit, probability) = (learned.prediction.logit, learned.prediction.probability);
        foretold.push(Foretold { logit, probability, loss: learned.loss, accepted });
        alarms.extend(learned.drift.map(|drift| Alarm { row: index + 1, drift }));
        progress.advance(1);
    }
    progress.finish();
    Ok((foretold, alarms, took))
}

/// Names the features of a row.
fn fill(row: &mut FeatureRow, offers: &Offers, index: usize) {
    row.clear();
    for column in &offers.columns {
        match &column.values {
            Values::Numbers(numbers) => row.number(&column.name, numbers.get(index).copied().unwrap_or(f64::NAN)),
            Values::Categories(texts) => row.category(&column.name, texts.get(index).map_or("", String::as_str)),
        }
    }
    for (first, second) in &offers.pairs {
        let sides =
            [first, second].map(|place| offers.columns.get(*place).map(|column| (&column.name, &column.values)));
        let text = |values: &Values| match values {
            Values::Numbers(numbers) => numbers.get(index).map(f64::to_string).unwrap_or_default(),
            Values::Categories(texts) => texts.get(index).cloned().unwrap_or_default(),
        };
        if let [Some((first, of_first)), Some((second, of_second))] = sides {
            row.pair((first, &text(of_first)), (second, &text(of_second)));
        }
    }
}

fn print(report: &Report) {
    println!(
        "{:<22}{:>9}{:>10}{:>18}{:>18}{:>11}{:>13}",
        "rows", "accepted", "rate", "AUC", "log-loss", "rate only", "calibration"
    );
    for part in [&report.all, &report.measured] {
        let rows = format!("{} to {}", part.from_row, part.from_row + part.rows - 1);
        let rate = part.accepted as f64 / part.rows as f64;
        let auc = match (part.auc, part.auc_standard_error) {
            (Some(auc), Some(error)) => format!("{auc:.4} ± {error:.4}"),
            _ => "-".to_owned(),
        };
        let loss = format!("{:.4} ± {:.4}", part.log_loss, part.log_loss_standard_error);
        let (known, calibration) = (part.rate_log_loss, part.calibration_error);
        println!("{rows:<22}{:>9}{rate:>10.4}{auc:>18}{loss:>18}{known:>11.4}{calibration:>13.4}", part.accepted);
    }
    println!("\nforetold and observed rate, rows {} on, in tenths:", report.measured.from_row);
    for share in &report.measured.calibration {
        println!("{:>9.4}{:>9.4}{:>8}", share.foretold, share.observed, share.rows);
    }
    println!("\ndrift alarms: {}", report.alarms.len());
    for alarm in &report.alarms {
        let what = match alarm.drift {
            Drift::MoreAccepted => "more are accepted than were",
            Drift::FewerAccepted => "fewer are accepted than were",
            Drift::Surprise => "the learner is wrong more often than it expects",
        };
        println!("{:>9}  {what}", alarm.row);
    }
}

fn read_pair(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once(':').map(|(first, second)| (first.to_owned(), second.to_owned()));
    pair.ok_or_else(|| format!("{text:?} is not FIRST:SECOND"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may fail loudly")]
mod tests {
    use super::super::offers::parse;
    use super::*;

    #[test]
    fn a_rule_in_the_data_is_found_and_two_runs_agree() {
        // Students accept four times in five, others once in ten; the number says nothing.
        let mut text = "job,n,y\n".to_owned();
        for index in 0..4_000_u32 {
            let is_student = index % 3 == 0;
            let draw = index.wrapping_mul(2_654_435_761) >> 16 & 1_023;
            let accepted = if is_student { draw < 819 } else { draw < 102 };
            let (job, answer) = (if is_student { "student" } else { "clerk" }, if accepted { "yes" } else { "no" });
            text.push_str(&format!("{job},{},{answer}\n", draw % 7));
        }
        let offers = parse(&text, &Layout::bank_marketing()).unwrap();
        let (foretold, alarms, _) = foretell(&offers).unwrap();
        let found = figures(&foretold, 2_001);
        assert!(found.auc.unwrap() > 0.83 && found.log_loss < 0.44, "{found:?}");
        assert_eq!(alarms, []);
        assert_eq!(foretell(&offers).unwrap().0, foretold);
    }
}
