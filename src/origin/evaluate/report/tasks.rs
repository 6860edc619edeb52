//! The sections that are told task by task: figures of models, differences, segments, calibration.

use super::axis::short;
use super::bars::{self, as_exact, bars, with_error};
use super::content::{CategoryShare, ReliabilityPoint, SegmentChart, SegmentRow, Task};
use super::forest::{self, forest};
use super::markup::Markup;
use super::reliability::{Axes, reliability};
use super::sections::{charts, figure, said};
use super::tables::{Cell, table};
use crate::evaluate::metrics::{Measured, Metric, Paired};
use crate::evaluate::statistics::Interval;

/// Models against figures; the best mean of each is bold.
pub(super) fn models(markup: &mut Markup, tasks: &[Task]) {
    for task in tasks.iter().filter(|task| !task.models.is_empty()) {
        markup.leaf("h3", &[], &task.name);
        markup.leaf("p", &[("class", "note")], &task.note);
        figures(markup, task);
    }
    markup.leaf(
        "p",
        &[("class", "note")],
        "Small: standard errors. Calibration is a distance: less is better. For all others more is better.",
    );
}

fn figures(markup: &mut Markup, task: &Task) {
    let models = &task.models;
    let has = |metric: &Metric| models.iter().any(|model| model.figure(*metric).is_some());
    let metrics: Vec<Metric> = Metric::ALL.into_iter().filter(has).collect();
    // Many narrow columns: a header may break before its number of places.
    let titles: Vec<String> = metrics.iter().map(|metric| metric.title().replace('@', "\u{200b}@")).collect();
    let mut header = vec!["Model", "People"];
    header.extend(titles.iter().map(String::as_str));
    let cell = |model: &Measured, metric: Metric| {
        let Some(figure) = model.figure(metric) else { return Cell::plain("–") };
        let (value, error) = (figure.summary.mean, figure.summary.standard_error);
        let class = if is_best(models, metric, value) { "best" } else { "" };
        Cell { class, ..with_error_below(value, error) }
    };
    let row = |model: &Measured| {
        let head = [Cell::plain(&model.model), Cell::plain(model.people.to_string())];
        head.into_iter().chain(metrics.iter().map(|metric| cell(model, *metric))).collect()
    };
    let rows: Vec<Vec<Cell>> = models.iter().map(row).collect();
    let caption = format!("{}: figures of each model; the best of a column is bold", task.name);
    table(markup, &caption, &header, &rows);
}

fn with_error_below(value: f64, error: f64) -> Cell {
    match with_error(value, error).split_once(" ± ") {
        Some((text, error)) => Cell { below: format!("± {error}"), ..Cell::plain(text) },
        None => Cell::plain(short(value)),
    }
}

fn is_best(models: &[Measured], metric: Metric, mean: f64) -> bool {
    let sign = if metric.is_a_distance() { -1.0 } else { 1.0 };
    let others = models.iter().filter_map(|model| model.figure(metric));
    models.len() > 1 && others.map(|figure| sign * figure.summary.mean).all(|other| other <= sign * mean)
}

/// For each task one forest plot for each figure, and all of them as a table.
pub(super) fn differences(markup: &mut Markup, tasks: &[Task]) {
    markup.leaf(
        "p",
        &[("class", "note")],
        "Candidate less base, person by person, with 95 % intervals. An interval that does not reach the line at 0 is a \
         difference that chance would rarely make.",
    );
    for task in tasks.iter().filter(|task| !task.differences.is_empty()) {
        markup.leaf("h3", &[], &task.name);
        charts(markup, Metric::ALL.into_iter(), |markup, metric| {
            let of_metric: Vec<&Paired> = task.differences.iter().filter(|paired| paired.metric == metric).collect();
            if !of_metric.is_empty() {
                differences_of(markup, metric, &of_metric);
            }
        });
        let row = |paired: &Paired| {
            let head = [paired.metric.title().to_owned(), paired.candidate.clone(), paired.base.clone()];
            head.into_iter().map(Cell::plain).chain(difference_cells(paired)).collect()
        };
        let rows: Vec<Vec<Cell>> = task.differences.iter().map(row).collect();
        let header = ["Figure", "Candidate", "Base", "People", "Base's mean", "Difference", "95 %"];
        table(markup, &format!("{}: differences", task.name), &header, &rows);
    }
}

/// People, the base's mean, the difference with its error, its interval.
fn difference_cells(paired: &Paired) -> [Cell; 4] {
    let Paired { difference, normal, .. } = paired;
    let exact = |value: f64| as_exact(value, difference.standard_error);
    [
        Cell::plain(difference.count.to_string()),
        Cell::plain(exact(paired.base_mean)),
        Cell { class: tone(paired), ..with_error_below(difference.mean, difference.standard_error) },
        Cell::plain(format!("{} to {}", exact(normal.lower), exact(normal.upper))),
    ]
}

fn differences_of(markup: &mut Markup, metric: Metric, all: &[&Paired]) {
    let base = all.first().map_or("", |paired| paired.base.as_str());
    let has_one_base = all.iter().all(|paired| paired.base == base);
    let title = if has_one_base { format!("{} against {base}", metric.title()) } else { metric.title().to_owned() };
    figure(markup, &title, |markup| {
        let name = |paired: &Paired| match has_one_base {
            true => paired.candidate.clone(),
            false => format!("{} − {}", paired.candidate, paired.base),
        };
        let rows: Vec<forest::Row> = all.iter().map(|paired| difference_row(name(paired), paired)).collect();
        let said = all.iter().map(|paired| described(paired)).collect::<Vec<_>>().join(" ");
        forest(markup, &said, &rows, &[0.0]);
    });
}

/// `good` or `bad` where the interval does not reach 0.
fn tone(paired: &Paired) -> &'static str {
    let sign = if paired.metric.is_a_distance() { -1.0 } else { 1.0 };
    match (sign * paired.normal.lower, sign * paired.normal.upper) {
        (lower, upper) if lower.min(upper) > 0.0 => "good",
        (lower, upper) if lower.max(upper) < 0.0 => "bad",
        _ => "",
    }
}

fn difference_row(name: String, paired: &Paired) -> forest::Row {
    forest::Row {
        name,
        value: paired.difference.mean,
        interval: paired.normal,
        note: with_error(paired.difference.mean, paired.difference.standard_error),
        tone: tone(paired),
    }
}

fn described(paired: &Paired) -> String {
    format!(
        "{} less {}: {}, 95 % from {} to {}, over {} people.",
        paired.candidate,
        paired.base,
        short(paired.difference.mean),
        short(paired.normal.lower),
        short(paired.normal.upper),
        paired.difference.count
    )
}

/// For each task and parting the candidate's figures as bars and its differences as a forest plot, and both as a table.
pub(super) fn segments(markup: &mut Markup, tasks: &[Task]) {
    for task in tasks.iter().filter(|task| !task.segments.is_empty()) {
        markup.leaf("h3", &[], &task.name);
        for chart in &task.segments {
            let draw: [fn(&mut Markup, &SegmentChart); 2] = [segment_bars, segment_forest];
            charts(markup, draw.into_iter(), |markup, draw| draw(markup, chart));
        }
        let rows: Vec<Vec<Cell>> = task.segments.iter().flat_map(segment_rows).collect();
        let header = ["Segment", "Parted by", "Candidate", "People", "Base's mean", "Difference", "95 %"];
        table(markup, &format!("{}: {} by segment", task.name, Metric::Ndcg10.title()), &header, &rows);
    }
    markup.leaf(
        "p",
        &[("class", "note")],
        "In brackets: people. Whiskers and intervals: 95 %. Segments of fewer than 20 people count as other.",
    );
}

fn segment_bars(markup: &mut Markup, chart: &SegmentChart) {
    let title = format!("{}, {}, by {}", chart.model, chart.metric.title(), chart.parted_by);
    figure(markup, &title, |markup| {
        let rows: Vec<bars::Row> = chart.rows.iter().map(segment_bar).collect();
        bars(markup, &said(&title, &rows), &rows);
    });
}

fn segment_forest(markup: &mut Markup, chart: &SegmentChart) {
    let base = chart.rows.first().map_or("", |row| row.paired.base.as_str());
    let title = format!("{} less {base}, by {}", chart.model, chart.parted_by);
    figure(markup, &title, |markup| {
        let rows: Vec<forest::Row> =
            chart.rows.iter().map(|row| difference_row(segment_name(row), &row.paired)).collect();
        let said: Vec<String> =
            chart.rows.iter().map(|row| format!("{}: {}", row.own.segment, described(&row.paired))).collect();
        forest(markup, &said.join(" "), &rows, &[0.0]);
    });
}

fn segment_name(row: &SegmentRow) -> String {
    format!("{} ({})", row.own.segment, row.own.summary.count)
}

fn segment_bar(row: &SegmentRow) -> bars::Row {
    let interval = row.own.summary.interval();
    bars::Row {
        name: segment_name(row),
        value: row.own.summary.mean,
        note: with_error(row.own.summary.mean, row.own.summary.standard_error),
        whisker: Some((interval.lower, interval.upper)),
    }
}

fn segment_rows(chart: &SegmentChart) -> Vec<Vec<Cell>> {
    let row = |row: &SegmentRow| {
        let own = with_error_below(row.own.summary.mean, row.own.summary.standard_error);
        let head = [Cell::plain(&row.own.segment), Cell::plain(&chart.parted_by), own];
        head.into_iter().chain(difference_cells(&row.paired)).collect()
    };
    chart.rows.iter().map(row).collect()
}

/// For each task a point a category: its share of what people took before, and of the candidate's lists.
pub(super) fn calibration(markup: &mut Markup, tasks: &[Task]) {
    for task in tasks.iter().filter(|task| !task.calibration.is_empty()) {
        markup.leaf("h3", &[], &task.name);
        charts(markup, [task].into_iter(), |markup, task| {
            let axes = Axes {
                name: "share of histories; upwards: share of lists",
                across: "of histories",
                up: "of lists",
                of: "people",
            };
            figure(markup, "Categories in histories and lists", |markup| {
                let points: Vec<ReliabilityPoint> = task.calibration.iter().map(category_point).collect();
                reliability(markup, &points, &axes);
            });
        });
        let row = |share: &CategoryShare| {
            let CategoryShare { category, of_histories, of_lists } = share;
            let percent = |ratio: f64| 100.0 * ratio;
            vec![
                Cell::plain(category),
                Cell::plain(as_exact(percent(*of_histories), percent(of_lists.standard_error))),
                with_error_below(percent(of_lists.mean), percent(of_lists.standard_error)),
            ]
        };
        let rows: Vec<Vec<Cell>> = task.calibration.iter().map(row).collect();
        let header = ["Category", "% of histories", "% of the ten first places"];
        table(markup, &format!("{}: categories", task.name), &header, &rows);
    }
    markup.leaf(
        "p",
        &[("class", "note")],
        "Means over people. On the diagonal, lists hold as much of a category as people took of it. Lines: 95 %.",
    );
}

fn category_point(share: &CategoryShare) -> ReliabilityPoint {
    let interval = share.of_lists.interval();
    // A share is from 0 to 1, whatever its error.
    let interval = Interval { lower: interval.lower.max(0.0), upper: interval.upper.min(1.0) };
    ReliabilityPoint {
        predicted: share.of_histories,
        observed: share.of_lists.mean,
        interval,
        count: share.of_lists.count,
    }
}
