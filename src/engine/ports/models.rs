//! The records of models: which versions are kept, what was done with them, what the origin job is asked to do, how models
//! did, and what it learned of people. What the job sends goes in as it came, and the store's tables check it; answers are
//! JSON that the store makes. Only what a flow decides by has a type.

use nearside_json::write_json;

use super::Unavailable;
use crate::types::{AdminScope, PersonScope, TimeMs};

/// What is asked of the records, each in one transaction. What it needs of the facts stands with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ModelAsk {
    /// Adds a candidate unless it is kept already: `pack`, `version`, `action`, `size_bytes`, and the JSON `body` with
    /// `trained_at_ms`, `window`, `metrics`, `importance`. Forgets the versions `names` that no pointer names by now.
    /// Answers with those of `names` that are not kept: `[version]`.
    Add,
    /// Appends to the log: `pack`, `action`, `version`, `was_live`, `reason`, the JSON `details`.
    Log,
    /// Notes a retraining of `pack`: `body` with `version`, `data_until`, `details`. Feedback that asked for one until then
    /// is answered. Answers as `ModelsOfPack`.
    Retrained,
    /// Moves the pointers to `live`, `canary` and `previous`, the statuses with them, appends to the log as `Log`, and forgets the
    /// versions `names`, where the pointers still are `was_live` and `was_canary` and `version` is still kept. Answers as `ModelsOfPack`; says nothing
    /// where somebody else moved.
    Move,
    /// Reads what a move of `pack` is decided on: `{"live","canary","previous","versions":[{"version","promoted_at_ms"}],
    /// "moves":[{"is_promotion","version","from"}]}`: versions the newest first, and of the moves that the log has the last
    /// hundred, the oldest first. An empty name is none. Says nothing where there is no such pack.
    State,
    /// Reports on every live pack.
    Models,
    /// Reports on `pack`; says nothing where it is not live.
    ModelsOfPack,
    /// The same with the log and the evaluations, of `pack` or of all (the empty name).
    Performance,
    /// Leaves a request of the kind `action` under `id` for the job, unless one is open: `body` with `pack`, `reason`.
    /// Answers with the open one; says nothing where there is no such pack.
    Request,
    /// Marks the request `id`: `body` with `status`, `result`; one that is finished stays as it is. Says nothing where
    /// there is none.
    Finish,
    /// Reports on open requests and due packs.
    Requests,
    /// Writes the evaluations of `body`. Answers with `{"written","withheld"}`.
    AddEvaluations,
    /// Reports on the evaluations of `pack`, or of all (the empty name).
    Evaluations,
    /// Names the hashed names in `body`, ascending: `[name]`.
    HashedNames,
    /// Names people who share under a hashed name, ascending after `id`: `[id]`, at most 10,000.
    HashedPeople,
    /// Replaces the neighbours of the people of `body`, where both share now; `found` (`[[name, id]]`) says who the hashed
    /// names are.
    /// Answers with `{"written","withheld"}`.
    SimilarUsers,
    /// Writes the models of the people of `body` who share and may be learned from now, each as the person's active one.
    /// Answers as `SimilarUsers`.
    UserModels,
}

/// What an ask is about: members of a JSON object, as `ModelAsk` names them. A store reads them where it needs them, so
/// that nothing is copied from struct to struct on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFacts(String);

impl ModelFacts {
    /// Facts about a pack; the empty name is all of them, or none.
    #[must_use]
    pub fn of(pack: &str) -> Self {
        Self(String::from("{\"pack\":") + &write_json(pack))
    }

    /// Adds a text.
    #[must_use]
    pub fn text(self, name: &str, text: &str) -> Self {
        self.json(name, &write_json(text))
    }

    /// Adds one JSON value, as it is.
    #[must_use]
    pub fn json(mut self, name: &str, json: &str) -> Self {
        for part in [",\"", name, "\":", json] {
            self.0.push_str(part);
        }
        self
    }

    /// Returns the object, with who asks (`actor`) and when (`at_ms`).
    #[must_use]
    pub fn asked(&self, scope: AdminScope, at_ms: TimeMs) -> String {
        let mut asked = self.clone().text("actor", &scope.actor().to_string()).json("at_ms", &at_ms.to_string()).0;
        asked.push('}');
        asked
    }
}

/// The records of models.
#[expect(async_fn_in_trait, reason = "hosts are single-threaded: no Send bound is wanted")]
pub trait Models {
    /// Does what is asked, all of it or nothing, and answers with JSON; empty where there is nothing to say.
    async fn model_records(
        &self,
        scope: AdminScope,
        ask: ModelAsk,
        facts: &ModelFacts,
        at_ms: TimeMs,
    ) -> Result<String, Unavailable>;
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
