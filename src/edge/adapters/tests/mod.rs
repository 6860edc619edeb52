//! The adapters on SQLite: the same migrations, statements and Rust as in the Worker.

mod apply;
mod apply_races;
mod build;
mod erasure;
mod experiment_records;
mod experiment_units;
mod experiments;
mod export;
mod figures;
mod library;
mod migrations;
mod model_rows;
mod models;
mod people;
mod plans;
mod ports;
mod sqlite;
mod upkeep;
