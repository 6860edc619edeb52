//! The embedded store of the origin job: one SQLite file with the events, items, profiles and tombstones that were
//! imported, and how far each source was read. Reading sources is the business of `import`.

mod baskets;
mod dataset;
mod export;
mod items;
mod open;
mod profiles;
mod survey;
mod writer;

pub(crate) use dataset::Kinds;
pub(crate) use export::{ExportEventsArgs, export_events};
pub(crate) use open::{Store, StoreArgs};
pub(crate) use survey::{Survey, survey};
pub(crate) use writer::{Known, RejectedRow, Taken, Writer};
