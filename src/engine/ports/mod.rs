//! What the engine needs from outside: one small trait a file. Each moves nouns or versioned bytes and asks for a scope
//! that only `privacy::access` can make. Adapters: `edge/adapters`, and memory for tests.

mod blobs;
mod experiments;
mod figures;
mod interactions;
mod library;
pub mod memory;
mod models;
mod people;
mod queue;
mod signatures;
mod surroundings;
mod upkeep;

pub use blobs::Blobs;
pub use experiments::{
    DayCell, ExperimentWrite, Experiments, Exposure, ExposureSource, HealthCount, HealthName, StatisticsCell,
    TestAction, TestChange, TestOutcome, TestRow, TestStatistics, Tester, TotalChange,
};
pub use figures::{Figures, FiguresAsk};
pub use interactions::{
    Applied, CategorySnapshot, ExportPage, ExportedRow, FeedbackRow, InteractionLog, KnownId, LoggedPage, PersonWrite,
    SharedProfile, Snapshot,
};
pub use library::{DraftChange, Library, Pointers};
pub use models::{ModelAsk, ModelFacts, Models, Neighbours, NeighboursChoices, TakenItem};
pub use people::{ErasureReceipt, People, PersonRecord, Saved, SettingsChange};
pub use queue::EventQueue;
pub use signatures::Signatures;
pub use surroundings::Surroundings;
pub use upkeep::{CheckpointWrite, ExpiredPerson, Expiring, PopularItem, PurgeLimits, Upkeep};

/// The reason of a store whose tables do not take what was sent.
pub const BROKEN_CONSTRAINT: &str = "a constraint was broken";

/// A store did not answer: down, late or broken. What it held is unknown, never assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unavailable {
    /// The store's name, such as `d1` or `kv`.
    pub store: &'static str,
    /// What went wrong, in one of our own words: it repeats no data.
    pub reason: &'static str,
}
