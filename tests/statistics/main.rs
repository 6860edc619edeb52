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

use nearside_engine::analysis::{Conversions, Stratum, compare_conversions};
use simulation::{Chance, Metric, USUAL_MINIMUM, highest_rate, median, stopped, wired, wrong};

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

/// Experiments without a difference whose shares change midway: a thousand an arm first, then an arm that gets next to nothing,
/// or that starts with next to nothing.
#[test]
fn shares_that_change_midway_find_nothing_that_is_not_there() {
    let runs = 100;
    for (rate, first, share) in
        [(0.1, 0, 0.001), (0.1, 2_000, 0.001), (0.02, 2_000, 0.01), (0.1, 2_000, 0.01), (0.1, 2_000, 0.1)]
    {
        let wrong = (0..runs).filter(|seed| is_wrong_after_a_change(rate, first, share, *seed)).count() as u32;
        println!("{rate} after {first} units at a half, then {share}: {wrong} of {runs} were wrong at least once");
        // Weighed by its units, the second epoch made up to 97 of 100 wrong.
        assert!(wrong <= 6, "{wrong} of {runs} at {rate}, then {share}");
    }
}

/// Says whether a difference is seen at some of the looks, one after each forty units of the second epoch. Where the first
/// epoch is empty, a ramp of a thin arm to a half is looked at instead.
fn is_wrong_after_a_change(rate: f64, first: u32, share: f64, seed: u32) -> bool {
    let plan = wired(u64::from(USUAL_MINIMUM));
    let mut chance = Chance(u64::from(seed).wrapping_mul(0xd134_2543_de82_ef95));
    let shares = if first > 0 { [0.5, share] } else { [share.max(0.01), 0.5] };
    let mut strata = shares.map(|variant_share| Stratum::<Conversions> {
        control_share: 1.0 - variant_share,
        variant_share,
        ..Stratum::default()
    });
    let lengths = if first > 0 { [first, 4_000] } else { [1_000, 2_000] };
    let mut is_wrong = false;
    for (epoch, length) in lengths.into_iter().enumerate() {
        for unit in 0..length {
            let stratum = &mut strata[epoch];
            let is_variant = chance.uniform() < stratum.variant_share;
            let arm = if is_variant { &mut stratum.variant } else { &mut stratum.control };
            arm.units += 1;
            arm.conversions += u64::from(chance.uniform() < rate);
            if unit % 40 == 39 {
                let found = compare_conversions(&strata[..=epoch], &plan);
                is_wrong |= found.is_some_and(|found| found.has_minimum && found.always_valid.p_value <= 0.05);
            }
        }
    }
    is_wrong
}
