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

use simulation::{Metric, USUAL_MINIMUM, highest_rate, median, stopped, wired, wrong};

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

/// Experiments without a difference, judged by the plan of the route, and how many of them seemed to have one at some time.
fn check_peeking(name: &str, metric: Metric, runs: u32, units: u32) {
    let found = wrong(metric, 0.0, &wired(u64::from(USUAL_MINIMUM)), runs, units);
    let share = |count: u32| f64::from(count) / f64::from(runs);
    let per_cent =
        |count: u32| format!("{:.1} % (<= {:.1} %)", 100.0 * share(count), 100.0 * highest_rate(count, runs));
    println!(
        "{name}, {runs} experiments of {units} units, wrong at least once: exact {}, difference {}, lift {}; z peeked at {}",
        per_cent(found.exact),
        per_cent(found.absolute),
        per_cent(found.relative),
        per_cent(found.peeked)
    );
    // The exact half by itself is looked at from the first event on, and promises no more than 5 %.
    assert!(share(found.exact) <= 0.05, "{found:?} of {runs}");
    let decided = [found.absolute, found.relative];
    assert!(decided.iter().all(|count| highest_rate(*count, runs) <= 0.05), "{found:?} of {runs}");
    assert!(share(found.peeked) > 0.25, "{found:?} of {runs}");
}

#[test]
fn peeking_at_conversions_of_2_per_cent_finds_nothing_that_is_not_there() {
    check_peeking("2 % conversion", Metric::Conversion { rate: 0.02 }, 150, 8_000);
}

#[test]
fn peeking_at_conversions_of_20_per_cent_finds_nothing_that_is_not_there() {
    check_peeking("20 % conversion", Metric::Conversion { rate: 0.2 }, 600, 3_000);
}

#[test]
fn peeking_at_revenue_with_heavy_tails_finds_nothing_that_is_not_there() {
    check_peeking("revenue, s = 1.5", Metric::Revenue { buyers: 1.0, spread: 1.5 }, 300, 3_000);
}

#[test]
fn looking_at_every_event_costs_little_time() {
    for metric in [Metric::Conversion { rate: 0.2 }, Metric::Revenue { buyers: 1.0, spread: 1.5 }] {
        let horizon = metric.fixed_horizon(0.2, 0.8);
        let plan = wired(u64::from(USUAL_MINIMUM));
        let found = stopped(metric, 0.2, &plan, 101, horizon as u32, 4 * horizon as u32);
        let until = median(found.iter().map(|one| one.units).collect()) / horizon;
        println!(
            "{metric:?}: half have found a lift of 20 % after {until:.3} of the fixed horizon's {horizon:.0} units"
        );
        assert!(until <= 1.15, "{until} of {horizon}");
        let power = found.iter().filter(|one| one.at_horizon).count();
        assert!((68..=96).contains(&power), "the fixed horizon finds {power} of 101");
    }
}
