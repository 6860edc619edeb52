//! What the origin job works on: people, items and events as numbers, whatever they were read from.

mod dataset;

#[expect(unused_imports, reason = "import and training are being built on it")]
pub(crate) use dataset::{Dataset, Event, ItemInfo};
