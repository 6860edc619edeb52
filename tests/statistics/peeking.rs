//! `cargo run --profile tool -p nearside-engine --example peeking [RUNS] [MINIMUM]`: experiments without a difference, looked at
//! after every event, and experiments with one of 20 %. Ten minutes with the usual 4,000 runs. MINIMUM is the minimum sample of
//! each arm that a definition states; everything else is as the route of results plans it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub,
    reason = "a command for developers"
)]

mod simulation;

use simulation::{Metric, USUAL_MINIMUM, highest_rate, median, stopped, wired, wrong};

const UNITS: u32 = 40_000;

fn main() {
    let argument = |place: usize, usual: u32| std::env::args().nth(place).map_or(usual, |text| text.parse().unwrap());
    let (runs, minimum) = (argument(1, 4_000), argument(2, USUAL_MINIMUM));
    let metrics = [
        ("2 % conversion", Metric::Conversion { rate: 0.02 }),
        ("20 % conversion", Metric::Conversion { rate: 0.2 }),
        ("revenue, s = 1.5", Metric::Revenue { buyers: 1.0, spread: 1.5 }),
        ("revenue, 3 % buy", Metric::Revenue { buyers: 0.03, spread: 1.5 }),
    ];
    let plan = wired(u64::from(minimum));
    println!(
        "{runs} experiments of {UNITS} units, looked at after every unit from the minimum of {minimum} an arm on; wrong"
    );
    println!("at least once, in per cent, with the upper end of the 95 % interval (one-sided, Clopper and Pearson)\n");
    println!("{:18} {:>6}  {:>15} {:>15} {:>15} {:>15}", "metric", "lift", "exact", "difference", "lift", "peeked z");
    // Nobody has a lift over nothing: it is for the difference only.
    let around_0 = ("balance, s = 1.5", Metric::Balance { spread: 1.5 });
    for (name, metric) in metrics.into_iter().chain([around_0]) {
        for lift in [0.0, 0.2, -0.1] {
            let found = wrong(metric, lift, &plan, runs, UNITS);
            let cell = |count: u32| {
                let share = 100.0 * f64::from(count) / f64::from(runs);
                format!("{share:.2} <= {:.2}", 100.0 * highest_rate(count, runs))
            };
            let exact = if matches!(metric, Metric::Conversion { .. }) { cell(found.exact) } else { "-".to_owned() };
            let cells = [exact, cell(found.absolute), cell(found.relative), cell(found.peeked)];
            println!("{name:18} {lift:6}  {:>15} {:>15} {:>15} {:>15}", cells[0], cells[1], cells[2], cells[3]);
        }
    }
    println!(
        "\na lift of 20 %: units of both arms until half of the experiments have found it, as parts of the fixed horizon's\n"
    );
    println!("{:18} {:>6} {:>9} {:>9} {:>13}", "metric", "power", "horizon", "its power", "stops");
    for (name, metric) in metrics {
        for power in [0.8, 0.9] {
            let horizon = metric.fixed_horizon(0.2, power);
            let found = stopped(metric, 0.2, &plan, runs / 4, horizon as u32, 6 * horizon as u32);
            let at_horizon = found.iter().filter(|one| one.at_horizon).count() as f64 / found.len() as f64;
            let stops = median(found.iter().map(|one| one.units).collect()) / horizon;
            println!("{name:18} {power:6} {horizon:9.0} {at_horizon:9.3} {stops:13.3}");
        }
    }
}
