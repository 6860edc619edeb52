//! The records of models: which versions are kept, what was done with them, what the origin job is asked to do, how models
//! did, and what it learned of people. Reports are JSON that the store makes; only what a flow decides by has a type.

use serde::Serialize;

use super::Unavailable;
use crate::types::{AdminScope, PersonScope, TimeMs};

/// What is asked of the records, each in one transaction. What it needs of the facts stands with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ModelAsk {
    /// Adds a candidate unless it is kept already: `pack`, `version`, `action`, `size_bytes`, `made_at_ms`,
    /// `data_window`, `metrics`, `importance`.
    Add,
    /// Appends to the log of a pack that is live: `pack`, `action`, `version`, `from_version`, `reason`, `details`. A
    /// `retrained` answers the feedback that asked for one until `made_at_ms`. Says nothing where there is no such pack.
    Log,
    /// Moves the pointers and the statuses, and appends to the log, where the pointers still are `was_live` and
    /// `was_canary`: `live`, `canary`, `canary_version`, `gate`, and those of `Log`. Says nothing where somebody else moved.
    Move,
    /// Reads a pack's versions, newest first: `[{"version","promoted_at_ms"}]`.
    Versions,
    /// Forgets those of the versions `names` that do not serve. Answers with those that are gone: `[version]`.
    Forget,
    /// Reports on the live packs, or on `pack`: `[…]`.
    Models,
    /// The same, with the log and the evaluations.
    Performance,
    /// Leaves a request of the kind `action` for the job, unless one is open: `id`, `pack`, `reason`. Answers with the
    /// open one; says nothing where there is no such pack.
    Request,
    /// Marks the request `id` as `action` with the result `details`; one that is finished stays as it is. Says nothing
    /// where there is none.
    Finish,
    /// Reports on open requests and due packs.
    Requests,
    /// Writes `rows` of `[pack, version, kind, at_ms, window, metrics, segments]`.
    AddEvaluations,
    /// Reports on the evaluations of `pack`, or of all.
    Evaluations,
    /// Names people who share under a hashed name, ascending after `id`: `[id]`, at most 10,000.
    HashedPeople,
    /// Replaces the neighbours of the people `names` by `rows` of `[person, neighbour, score, attributes]` as of
    /// `made_at_ms`, where both share now.
    SimilarUsers,
    /// Writes `rows` of `[person, type, version, weights, performance, importance]` of people who share and may be learned
    /// from now; each becomes the person's active one.
    UserModels,
}

/// What an ask is about. A fact that the ask does not need stays empty. Texts called JSON hold one JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct ModelFacts<'a> {
    /// A live pack; empty for all.
    pub pack: &'a str,
    /// A model's version.
    pub version: Option<&'a str>,
    /// The version that was live before.
    pub from_version: Option<&'a str>,
    /// What was done, asked for, or came of it.
    pub action: &'a str,
    /// Why, in words.
    pub reason: Option<&'a str>,
    /// JSON.
    pub details: Option<&'a str>,
    /// Of a request, or of the last person of a page.
    pub id: &'a str,
    /// Of the signed document.
    pub size_bytes: usize,
    /// When it was made, where that is not now.
    pub made_at_ms: TimeMs,
    /// JSON.
    pub data_window: &'a str,
    /// JSON.
    pub metrics: &'a str,
    /// JSON.
    pub importance: &'a str,
    /// JSON.
    pub gate: Option<&'a str>,
    /// The pointer `model/<pack>` from now on; empty for none.
    pub live: &'a str,
    /// The pointer `canary/<pack>` from now on; empty for none.
    pub canary: &'a str,
    /// The version in it.
    pub canary_version: &'a str,
    /// The pointer that the move was decided on.
    pub was_live: &'a str,
    /// The pointer that the move was decided on.
    pub was_canary: &'a str,
    /// Versions, or people.
    pub names: &'a [String],
    /// JSON: a list of rows.
    pub rows: &'a str,
    /// Who asks; the store fills it in.
    pub actor: &'a str,
    /// The host's time; the store fills it in.
    pub at_ms: TimeMs,
}

/// What the records say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModelAnswer {
    /// JSON; empty where there is nothing to say.
    pub json: String,
    /// Rows that the last write wrote.
    pub rows: u64,
}

/// The records of models.
#[expect(async_fn_in_trait, reason = "hosts are single-threaded: no Send bound is wanted")]
pub trait Models {
    /// Does what is asked, all of it or nothing.
    async fn model_records(
        &self,
        scope: AdminScope,
        ask: ModelAsk,
        facts: &ModelFacts<'_>,
        at_ms: TimeMs,
    ) -> Result<ModelAnswer, Unavailable>;
}

/// People like a person.
#[expect(async_fn_in_trait, reason = "hosts are single-threaded: no Send bound is wanted")]
pub trait Neighbours {
    /// Reads what the person's 20 nearest neighbours took up, of those who share now, and which items the person has
    /// seen, in one statement.
    async fn neighbours_choices(&self, scope: PersonScope) -> Result<NeighboursChoices, Unavailable>;
}

/// What neighbours took up.
#[derive(Debug, Clone, PartialEq, Default, nearside_json::Read)]
pub struct NeighboursChoices {
    /// The similarities of all the neighbours that were asked, added up.
    pub similarity: f64,
    /// Items that some of them took up.
    pub taken: Vec<TakenItem>,
    /// Items that the person's own log names.
    pub seen: Vec<String>,
}

/// An item that neighbours took up.
#[derive(Debug, Clone, PartialEq, nearside_json::Read)]
pub struct TakenItem {
    /// The item's id.
    pub item: String,
    /// The similarities of those who did, added up.
    pub similarity: f64,
    /// How many they are.
    pub people: u32,
}
