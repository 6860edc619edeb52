//! The sections of a report: which figures go into which table or chart, and the words around them.

use super::axis::short;
use super::bars::{self, bars, short_error, with_error};
use super::content::{Bar, EstimatorSection, Fact, ReliabilityPoint, Report, StepTerm, Task, Verdict};
use super::forest::{self, forest};
use super::markup::Markup;
use super::reliability::{Axes, reliability};
use super::steps::steps;
use super::tables::{Cell, table};
use super::tasks::{calibration, differences, models, segments};
use crate::evaluate::logged::Estimate;
use crate::evaluate::statistics::Interval;

/// The head: facts by name.
pub(super) fn facts(markup: &mut Markup, facts: &[Fact]) {
    if facts.is_empty() {
        return;
    }
    markup.element("dl", &[], |markup| {
        for fact in facts {
            markup.element("div", &[], |markup| {
                markup.leaf("dt", &[], &fact.name);
                markup.leaf("dd", &[], &fact.value);
            });
        }
    });
}

/// The rules of promotion.
pub(super) fn gate(markup: &mut Markup, verdicts: &[Verdict]) {
    let failed = verdicts.iter().filter(|verdict| !verdict.has_passed).count();
    let sum = match failed {
        0 => "Every rule is met.".to_owned(),
        1 => format!("1 of {} rules is not met.", verdicts.len()),
        _ => format!("{failed} of {} rules are not met.", verdicts.len()),
    };
    markup.leaf("p", &[("class", if failed == 0 { "good" } else { "bad" })], &sum);
    let row = |verdict: &Verdict| {
        let (text, class) = if verdict.has_passed { ("✓ passed", "good") } else { ("✗ failed", "bad") };
        let end = Cell { class, ..Cell::plain(text) };
        vec![Cell::plain(&verdict.rule), Cell::plain(&verdict.figure), Cell::plain(&verdict.limit), end]
    };
    let rows: Vec<Vec<Cell>> = verdicts.iter().map(row).collect();
    table(markup, "Rules of promotion", &["Rule", "Found", "Limit", "Verdict"], &rows);
}

/// Bars in words.
pub(super) fn said(title: &str, rows: &[bars::Row]) -> String {
    let rows: Vec<String> = rows.iter().map(|row| format!("{}: {}", row.name, row.note)).collect();
    format!("{title}. {}.", rows.join("; "))
}

/// A plot and a table for each policy.
pub(super) fn estimators(markup: &mut Markup, all: &[EstimatorSection]) {
    for section in all {
        markup.leaf("h3", &[], &section.title);
        let row = |estimate: &Estimate| {
            let range = |interval: &Interval| format!("{} to {}", short(interval.lower), short(interval.upper));
            let cells = [
                short(estimate.value),
                short_error(estimate.standard_error),
                range(&estimate.normal),
                range(&estimate.bootstrap),
            ];
            std::iter::once(Cell::plain(estimate.estimator)).chain(cells.map(Cell::plain)).collect()
        };
        let rows: Vec<Vec<Cell>> = section.estimates.estimates.iter().map(row).collect();
        let header = ["Estimator", "Reward per round", "Standard error", "95 %, normal", "95 %, resampled"];
        table(markup, &format!("Estimates: {}", section.title), &header, &rows);
        charts(markup, [section].into_iter(), |markup, section| {
            figure(markup, "Reward per round, 95 %", |markup| estimator_plot(markup, section));
        });
        markup.leaf("p", &[("class", "note")], &diagnosis(section));
    }
}

fn estimator_plot(markup: &mut Markup, section: &EstimatorSection) {
    let row = |estimate: &Estimate| forest::Row {
        name: estimate.estimator.to_owned(),
        value: estimate.value,
        interval: estimate.normal,
        note: with_error(estimate.value, estimate.standard_error),
        tone: "",
    };
    let own = section.own_log.map(|own| forest::Row {
        name: "own log".to_owned(),
        value: own.mean,
        interval: own.interval(),
        note: with_error(own.mean, own.standard_error),
        tone: "",
    });
    let rows: Vec<forest::Row> = section.estimates.estimates.iter().map(row).chain(own).collect();
    let said: Vec<String> = rows.iter().map(|row| format!("{} {}", row.name, row.note)).collect();
    let marked: Vec<f64> = section.own_log.map(|own| own.mean).into_iter().collect();
    forest(markup, &format!("Estimates with intervals: {}.", said.join("; ")), &rows, &marked);
}

fn diagnosis(section: &EstimatorSection) -> String {
    let found = &section.estimates.diagnostics;
    format!(
        "{} logged rounds, worth about {:.0} of the policy's own. Weights: mean {} (1 when probabilities are right), largest \
         {}, {}\u{a0}% clipped, {}\u{a0}% zero. The error of DM is \
         that of its mean; how uncertain its reward model is, it does not know.",
        found.rounds,
        found.effective_rounds,
        short(found.mean_weight),
        short(found.largest_weight),
        short(100.0 * found.clipped_ratio),
        short(100.0 * found.unused_ratio)
    )
}

/// The reliability plot.
pub(super) fn acceptance(markup: &mut Markup, points: &[ReliabilityPoint]) {
    let axes = Axes {
        name: "predicted share; upwards: share that accepted",
        across: "predicted",
        up: "accepted",
        of: "offers",
    };
    charts(markup, [points].into_iter(), |markup, points| {
        figure(markup, "Predicted and observed acceptance", |markup| reliability(markup, points, &axes));
    });
    let row = |point: &ReliabilityPoint| {
        let cells = [short(point.observed), short(point.interval.lower), short(point.interval.upper)];
        let cells = [short(point.predicted)].into_iter().chain(cells).chain([point.count.to_string()]);
        cells.map(Cell::plain).collect()
    };
    let rows: Vec<Vec<Cell>> = points.iter().map(row).collect();
    table(markup, "Predicted and observed shares", &["Predicted", "Accepted", "95 % from", "to", "Offers"], &rows);
    markup.leaf(
        "p",
        &[("class", "note")],
        "On the diagonal, predictions are kept. Larger points: more people. Lines: 95 %.",
    );
}

/// Bars of importance.
pub(super) fn importance(markup: &mut Markup, all: &[Bar]) {
    let row = |bar: &Bar| bars::Row { name: bar.name.clone(), value: bar.value, note: short(bar.value), whisker: None };
    let rows: Vec<bars::Row> = all.iter().map(row).collect();
    charts(markup, [rows].into_iter(), |markup, rows| {
        figure(markup, "Importance", |markup| bars(markup, &said("Importance", &rows), &rows));
    });
}

/// Small multiples of step functions.
pub(super) fn terms(markup: &mut Markup, all: &[StepTerm]) {
    markup.leaf(
        "p",
        &[("class", "note")],
        "What each term adds to the score, by the value of its feature. Cuts stand at equal distances; a step holds from its \
         cut up to the next. Each chart has its own scale.",
    );
    charts(markup, all.iter(), |markup, term| figure(markup, &term.feature, |markup| steps(markup, term)));
}

/// Charts side by side, as many as fit.
pub(super) fn charts<T>(markup: &mut Markup, all: impl Iterator<Item = T>, mut draw: impl FnMut(&mut Markup, T)) {
    markup.element("div", &[("class", "charts")], |markup| all.for_each(|each| draw(markup, each)));
    markup.line();
}

/// A chart with its title.
pub(super) fn figure(markup: &mut Markup, title: &str, draw: impl FnOnce(&mut Markup)) {
    markup.element("figure", &[], |markup| {
        markup.leaf("figcaption", &[], title);
        draw(markup);
    });
    markup.line();
}

/// How one section is drawn.
pub(super) type Draw = fn(&mut Markup, &Report);

/// Sections that have something to say: id, heading and how to draw them, the most important first.
pub(super) fn present(report: &Report) -> Vec<(&'static str, &'static str, Draw)> {
    let says = |has: fn(&Task) -> bool| report.tasks.iter().any(has);
    let all: [(&str, &str, bool, Draw); 9] = [
        ("gate", "Gate", report.gate.is_empty(), |markup, report| gate(markup, &report.gate)),
        ("models", "Models", !says(|task| !task.models.is_empty()), |markup, report| models(markup, &report.tasks)),
        ("differences", "Differences", !says(|task| !task.differences.is_empty()), |markup, report| {
            differences(markup, &report.tasks);
        }),
        ("segments", "Segments", !says(|task| !task.segments.is_empty()), |markup, report| {
            segments(markup, &report.tasks);
        }),
        ("calibration", "Calibration", !says(|task| !task.calibration.is_empty()), |markup, report| {
            calibration(markup, &report.tasks);
        }),
        ("estimators", "Logged choices", report.estimators.is_empty(), |markup, report| {
            estimators(markup, &report.estimators);
        }),
        ("acceptance", "Acceptance", report.reliability.is_empty(), |markup, report| {
            acceptance(markup, &report.reliability);
        }),
        ("importance", "What matters", report.importance.is_empty(), |markup, report| {
            importance(markup, &report.importance);
        }),
        ("terms", "Terms of the model", report.terms.is_empty(), |markup, report| terms(markup, &report.terms)),
    ];
    all.into_iter().filter(|(.., is_empty, _)| !is_empty).map(|(id, title, _, draw)| (id, title, draw)).collect()
}
