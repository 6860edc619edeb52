//! `nearside pack`: a pack folder put together, checked and published. The rules are the engine's.

mod command;
mod folder;
mod live;
mod publish;
mod report;

pub(crate) use command::{PackCommand, run};
pub(crate) use folder::{CheckedFolder, PackFolder};
pub(crate) use live::{Ask, live_items, live_pack};
pub(crate) use publish::{publish_catalogue, publish_pack};
