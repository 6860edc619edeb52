//! `nearside import`: events from a Worker, from files and from a local D1 database, into the store. Each row is judged,
//! and one that cannot be used is counted, named and put aside. What is learned from events is not known here.

mod columns;
mod command;
mod csv_rows;
mod d1;
mod edge;
mod edge_lines;
mod intake;
mod judge;
mod lines;
mod ndjson;
mod parquet_rows;
mod preset;
mod pseudonyms;
mod report;
mod short_lines;

pub(crate) use command::{ImportArgs, import_from_edge, run};
