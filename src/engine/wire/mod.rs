//! Formats that cross a border or outlive a process: request bodies, queue messages, and the limits on bytes
//! from outside. What the bodies mean is the business of `flows`.

mod experiments;
mod limits;
mod message;
mod models;
mod ofrep;
mod raw;
mod requests;

pub use experiments::{
    DecideRequest, HoldoutUpdate, OutcomeRequest, PlanRequest, Reasoned, TesterUpdate, TestersUpdate,
};
pub use limits::{BULK_ENTRIES, BodyLimits, BodyRefused, fill_body, read_argument, read_body};
pub use message::{QueueMessage, QueuedEvent, chunk_messages};
pub use models::{MoveRequest, check_members};
pub use ofrep::{EvaluationContext, EvaluationRequest};
pub use raw::RawInteraction;
pub use requests::{
    Candidate, CatalogUpload, ExplainRequest, FeedbackRequest, Mode, PreferencesUpdate, RecommendRequest,
    SettingsUpdate, StatedDemographics, StatedPreferences, StatedSophistication, SwitchUpdate, TrackBatch,
};
