//! What the origin job works on: people, items and events as numbers, whatever they were read from; and what every
//! reader of files needs.

mod clock;
mod dataset;
mod file;
#[cfg(test)]
mod scratch;
mod sizes;
mod times;

pub(crate) use clock::now_ms;
pub(crate) use dataset::{Dataset, Event, ItemInfo};
pub(crate) use file::{open_plain, write_whole};
#[cfg(test)]
pub(crate) use scratch::{ScratchFolder, scratch_folder};
pub(crate) use sizes::sizes;
pub(crate) use times::{TimeFault, millis, read_date, read_time, within};
