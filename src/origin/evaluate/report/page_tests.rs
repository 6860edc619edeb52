//! The report as a whole: nothing hostile gets through, nothing is left open, nothing is fetched.

use super::super::content::{
    Bar, CategoryShare, EstimatorSection, Fact, ReliabilityPoint, Report, SegmentChart, SegmentRow, StepTerm, Task,
    Verdict,
};
use super::html;
use crate::evaluate::logged::{Estimator, Options, Round, estimate};
use crate::evaluate::metrics::{Figure, Measured, Metric, SegmentFigure, compare};
use crate::evaluate::statistics::{Interval, Summary};

const HOSTILE: &str = "</style><script>alert(1)</script>\" onload='x' &amp; http://example.org/\u{7}";

fn measured(model: &str, shift: f64) -> Measured {
    let figure = |metric: Metric| {
        let value = |person: u32| Some(f64::from(person * 37 % 11) / 20.0 + shift * f64::from(person % 3));
        let per_person: Vec<Option<f64>> = (0..300).map(value).collect();
        Figure { metric, summary: Summary::of(per_person.iter().copied().flatten()), per_person }
    };
    Measured { model: model.to_owned(), people: 300, figures: Metric::ALL.map(figure).to_vec() }
}

/// A report with every section; `name` stands wherever a name may stand.
fn full(name: &str) -> Report {
    let (base, better, worse) = (measured("popularity", 0.0), measured(name, 0.01), measured("stale", -0.005));
    let differences = Metric::ALL.into_iter().flat_map(|metric| {
        [&better, &worse]
            .into_iter()
            .filter_map(move |model| compare(model, &measured("popularity", 0.0), metric, 1).ok())
    });
    let segment = |label: &str, shift: f64| SegmentRow {
        own: SegmentFigure {
            segment: format!("{label} {name}"),
            summary: Summary::of((0..40).map(|person| f64::from(person % 7) / 10.0 + shift)),
        },
        paired: compare(&better, &base, Metric::Ndcg10, 1).unwrap(),
    };
    let share = |at: u32| CategoryShare {
        category: format!("category {at} {name}"),
        of_histories: f64::from(at) / 10.0,
        of_lists: Summary::of((0..40).map(|person| f64::from(at * (person % 3)) / 10.0)),
    };
    let rounds: Vec<Round> = (0..500)
        .map(|index| Round {
            reward: f64::from(u8::from(index % 23 == 0)),
            propensity: 0.25,
            target: f64::from(index % 4) / 6.0,
            predicted: 0.05,
            expected: 0.06,
        })
        .collect();
    let options = Options { largest_weight: None, resamples: 50, seed: 1 };
    let point = |index: u32| {
        let predicted = f64::from(index) / 20.0;
        let interval = Interval::normal(predicted + 0.01, 0.02);
        ReliabilityPoint { predicted, observed: predicted + 0.01, interval, count: 1_000 / (index as usize + 1) }
    };
    let term = |index: u32| StepTerm {
        feature: format!("feature {index} {name}"),
        cuts: (0..index * 2).map(|cut| f64::from(cut * cut) + 0.5).collect(),
        values: (0..=index * 2).map(|step| 0.4 - f64::from(step) / 7.0).collect(),
    };
    let mut report = Report {
        title: format!("retail {name}"),
        facts: vec![Fact { name: "Data".to_owned(), value: name.to_owned() }],
        gate: [true, false]
            .map(|has_passed| Verdict {
                rule: name.to_owned(),
                figure: "0.01".to_owned(),
                limit: "0".to_owned(),
                has_passed,
            })
            .to_vec(),
        tasks: vec![Task {
            name: format!("new items {name}"),
            note: name.to_owned(),
            differences: differences.collect(),
            segments: vec![SegmentChart {
                model: name.to_owned(),
                metric: Metric::Ndcg10,
                parted_by: "country".to_owned(),
                rows: vec![segment("new", 0.1), segment("old", 0.0)],
            }],
            calibration: (0..4).map(share).collect(),
            models: Vec::new(),
        }],
        estimators: vec![EstimatorSection {
            title: name.to_owned(),
            estimates: estimate(&rounds, &options, &Estimator::ALL).unwrap(),
            own_log: Some(Summary::of([0.0, 0.1, 0.0])),
        }],
        reliability: (0..8).map(point).collect(),
        importance: (1..6)
            .map(|index| Bar { name: format!("{name} {index}"), value: 1.0 / f64::from(index) })
            .collect(),
        terms: (0..5).map(term).collect(),
    };
    report.tasks[0].models = vec![base, better, worse];
    report.tasks.push(Task { name: "repeats".to_owned(), ..report.tasks[0].clone() });
    report
}

/// Checks that every element is closed by its own name, and returns the names.
fn elements(page: &str) -> Vec<String> {
    let mut open: Vec<String> = Vec::new();
    let mut seen = Vec::new();
    for part in page.strip_prefix("<!DOCTYPE html>").unwrap().split('<').skip(1) {
        let (tag, _) = part.split_once('>').unwrap();
        let name: String = tag.trim_start_matches('/').chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
        assert!(!name.is_empty() && tag.matches('"').count() % 2 == 0, "<{tag}>");
        if tag.starts_with('/') {
            assert_eq!(open.pop().as_deref(), Some(name.as_str()));
        } else {
            seen.push(name.clone());
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
    }
    assert!(open.is_empty(), "{open:?}");
    seen
}

#[test]
fn every_section_is_there_and_well_formed() {
    let page = html(&full("candidate"));
    let names = elements(&page);
    let count = |name: &str| names.iter().filter(|other| *other == name).count();
    assert_eq!((count("h1"), count("h2"), count("section"), count("title")), (1, 9, 9, 1));
    assert_eq!(count("table"), count("caption"));
    assert_eq!(count("svg"), page.matches("role=\"img\" aria-label=\"").count());
    assert_eq!((count("script"), count("img"), count("link")), (0, 0, 0));
    assert!(!page.contains("NaN") && !page.contains("inf"), "numbers that are none are not drawn");
}

#[test]
fn hostile_names_stay_text() {
    let page = html(&full(HOSTILE));
    let names = elements(&page);
    assert!(!names.iter().any(|name| name == "script"));
    assert_eq!(names.iter().filter(|name| *name == "style").count(), 1);
    assert!(!page.contains("onload='") && !page.contains('\u{7}'));
    assert!(page.contains("&lt;/style&gt;&lt;script&gt;"));
}

#[test]
fn nothing_is_fetched() {
    let page = html(&full("candidate"));
    assert!(
        !page.contains("http://") && !page.contains("https://") && !page.contains("url(") && !page.contains("@import")
    );
    assert!(page.matches("href=").count() == page.matches("href=\"#").count());
    assert!(!page.contains(" src="));
}

#[test]
fn empty_sections_vanish() {
    let bare = html(&Report { title: "retail".to_owned(), ..Report::default() });
    let names = elements(&bare);
    let absent = ["section", "nav", "svg", "table", "dl", "h2"];
    assert!(!names.iter().any(|name| absent.contains(&name.as_str())), "{names:?}");
    assert!(html(&Report::default()).contains("<h1>Evaluation</h1>"));
    let gate = Report { gate: full("candidate").gate, ..Report::default() };
    assert_eq!(elements(&html(&gate)).iter().filter(|name| *name == "h2").count(), 1);
}

#[test]
fn figures_without_an_error_are_drawn_without_an_interval() {
    let mut report = full("candidate");
    let task = &mut report.tasks[0];
    let segment = &mut task.segments[0].rows[0];
    for paired in task.differences.iter_mut().chain([&mut segment.paired]) {
        paired.difference.standard_error = f64::INFINITY;
        paired.normal = paired.difference.interval();
    }
    segment.own.summary = Summary::of([0.5]);
    task.calibration[0].of_lists = Summary::of([0.5]);
    let page = html(&report);
    elements(&page);
    assert!(!page.contains("NaN") && !page.contains("inf"));
}
