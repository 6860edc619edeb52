//! The use cases: in which order ports are asked. Consent is asked here, once, first. The only async code of the engine.

mod apply;
mod collaborative;
mod domain;
mod experiments;
mod explain;
mod export;
mod feedback;
mod learned;
mod library;
mod live_model;
mod memory_host;
mod models;
mod observe;
mod on_device;
mod overview;
mod pending;
mod person;
mod places;
mod profile;
mod recommend;
mod refusal;
mod settings;
mod upkeep;
mod without_pack;

pub use apply::{ApplyReport, PersonEvents, apply_events, apply_message};
pub use collaborative::{Collaborative, CollaborativeItem, collaborative};
pub use domain::{Domain, DomainCache, Live, ScopeRef, domain_of, live_domain};
pub use experiments::{
    AskedExposure, Definition, DefinitionSet, Flag, FlagMetadata, Flags, FlagsMetadata, FoundFault, Guardrail,
    LayerRange, Method, Metric, MetricKind, OutcomeReport, ResultsAsk, Segment, StatedOutcome, StoredTest, TestMove,
    TestPlan, TestResults, TestStatus, TestVariant, TestersReport, Validation, VariantAnswer, VariantAnswers,
    VariantAsk, Worse, decide_tests, evaluate_all, evaluate_one, force_testers, move_test, plan_test, put_test,
    record_outcome, results, set_holdout, show_tests, validate_test, variant,
};
pub use explain::explain;
pub use export::{PublicInteraction, export_interactions, export_profile_lines, public_interaction};
pub use feedback::{feedback_history, give_feedback};
pub use learned::learned;
pub use library::{CatalogueReport, PackReport, Taking, change_catalogue, commit_catalogue, publish_pack, switch};
pub use memory_host::MemoryHost;
pub use models::{move_model, upload_model};
pub use observe::{Intake, Taken, TrackReport, track};
pub use on_device::{
    Device, DevicePerson, InNumbers, ListId, NumbersHead, Observed, Published, PublishedVersions, published_part,
    published_versions,
};
pub use overview::overview;
pub use person::{Asker, HELD_BACK, Person, Readable};
pub use profile::{erase, history, own_export, refresh, set_preferences, view_profile};
pub use recommend::recommend;
pub use refusal::{Kind, Refusal};
pub use settings::{change_settings, show_settings};
pub use upkeep::{NightReport, nightly};

/// Everything that the flows ask of a host, in one value.
pub trait Host:
    crate::ports::People
    + crate::ports::InteractionLog
    + crate::ports::Library
    + crate::ports::Blobs
    + crate::ports::EventQueue
    + crate::ports::Surroundings
    + crate::ports::Signatures
    + crate::ports::Models
    + crate::ports::Neighbours
    + crate::ports::Experiments
{
    /// Prepared packs and catalogues, kept as long as the host lives.
    fn domains(&self) -> &std::cell::RefCell<DomainCache>;
}
