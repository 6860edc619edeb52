//! Every port in memory: deterministic, with faults on order. What the use cases are tested on, natively and in wasm.
//! It keeps the same promises as the adapters of a real store: guarded revisions, tombstones, consent before reading.

mod experiment_tables;
mod experiments;
mod faults;
mod figures;
mod interactions;
mod library;
mod models;
mod neighbours;
mod people;
mod signatures;
mod store;
mod surroundings;
mod upkeep;

pub use faults::{Fault, Port, Trouble};
pub use signatures::memory_signature;
pub use store::Memory;
