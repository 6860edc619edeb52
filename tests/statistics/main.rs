//! The statistics: equal to numbers that were worked out elsewhere, right however often somebody looks, and indifferent to
//! names and units.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub,
    reason = "tests may fail loudly"
)]

mod check;
mod properties;
mod simulation;

use nearside_engine::analysis::Plan;
use simulation::{Metric, highest_rate, median, stopped, wrong};

#[test]
fn every_figure_is_the_one_worked_out_with_fifty_digits() {
    let table = serde_json::from_str(include_str!("../vectors/statistics.json")).unwrap();
    let report = check::report(&table);
    let figures: usize = report.values().map(|section| section.figures).sum();
    assert!(figures > 270 && check::left_out(&table).is_empty(), "{figures} figures");
    for (name, section) in report {
        assert!(section.greatest_error <= 1e-11, "{name}: {:e}, {}", section.greatest_error, section.worst);
    }
}

/// Experiments without a difference, and how many of them seemed to have one at some time.
fn check_peeking(metric: Metric, runs: u32, units: u32) {
    let plan = Plan { planned_units: f64::from(units), planned_rate: metric.mean(), ..Plan::default() };
    let found = wrong(metric, 0.0, &plan, runs, units);
    let highest = |count: u32| highest_rate(count, runs);
    let always_valid = [found.exact, found.absolute, found.relative];
    assert!(always_valid.iter().all(|count| highest(*count) <= 0.05), "{found:?} of {runs}");
    assert!(f64::from(found.peeked) > 0.25 * f64::from(runs), "{found:?} of {runs}");
}

#[test]
fn peeking_at_conversions_of_2_per_cent_finds_nothing_that_is_not_there() {
    check_peeking(Metric::Conversion { rate: 0.02 }, 150, 8_000);
}

#[test]
fn peeking_at_conversions_of_20_per_cent_finds_nothing_that_is_not_there() {
    check_peeking(Metric::Conversion { rate: 0.2 }, 300, 3_000);
}

#[test]
fn peeking_at_revenue_with_heavy_tails_finds_nothing_that_is_not_there() {
    check_peeking(Metric::Revenue { buyers: 1.0, spread: 1.5 }, 300, 3_000);
}

#[test]
fn looking_at_every_event_costs_little_time() {
    let metric = Metric::Conversion { rate: 0.2 };
    let horizon = metric.fixed_horizon(0.2, 0.8);
    let plan = Plan { planned_units: horizon, planned_rate: metric.mean(), ..Plan::default() };
    let found = stopped(metric, 0.2, &plan, 101, horizon as u32, 4 * horizon as u32);
    assert!(!plan.judges_by_converters());
    let until = median(found.iter().map(|one| one.asymptotic).collect()) / horizon;
    assert!(until <= 1.15, "{until} of {horizon}");
    let power = found.iter().filter(|one| one.at_horizon).count();
    assert!((68..=92).contains(&power), "the fixed horizon finds {power} of 101");
}
