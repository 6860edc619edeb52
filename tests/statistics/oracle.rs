//! `cargo run -p nearside-engine --example statistics_oracle -- FILE...`: compares the engine's statistics with tables of
//! other libraries' numbers. Prints the greatest relative error of each section; ends with 1 when one is above its limit.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub,
    reason = "a command for developers"
)]

mod boundaries;
mod check;

use std::process::ExitCode;

use serde_json::Value;

/// For tables with all digits.
const LIMIT: f64 = 1e-9;

fn main() -> ExitCode {
    let mut is_good = true;
    for file in std::env::args().skip(1) {
        let table: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        // A table of boundaries says how many digits it has.
        let limit = table["tolerance"].as_f64().unwrap_or(LIMIT);
        let has_cases = table["cases"].is_array();
        let report = if has_cases { boundaries::report(&table) } else { check::report(&table) };
        println!("{file}: limit {limit:e}");
        for (name, section) in &report {
            let is_within = section.greatest_error <= limit;
            is_good &= is_within;
            let mark = if is_within { "" } else { "  TOO FAR" };
            println!(
                "  {name:40} {:3} figures  {:9.2e}{mark}  {}",
                section.figures, section.greatest_error, section.worst
            );
        }
        if !has_cases {
            println!("  not compared: {}", check::left_out(&table).join(", "));
        }
        is_good &= !report.is_empty();
    }
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
