//! The shape of a case. Bodies stay raw JSON: they go through the same reader as a request's body.

use std::collections::BTreeMap;

use nearside_engine::ports::memory::Fault;
use nearside_engine::types::{Environment, Role, SortedMap};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A case with the packs that it names.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    pub(crate) packs: BTreeMap<String, PackInput>,
    pub(crate) case: Case,
}

/// A pack put together from its folder, and its catalogue.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackInput {
    pub(crate) pack: Value,
    pub(crate) items: Vec<Value>,
}

/// One case. `name`, `why` and `then` are for its readers and for the native runner.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    #[serde(rename = "name")]
    _name: String,
    #[serde(default, rename = "why")]
    _why: Option<Value>,
    #[serde(default)]
    pub(crate) given: Given,
    pub(crate) when: Vec<Step>,
    #[serde(default, rename = "then")]
    _then: Option<Value>,
}

/// The situation before the first step.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Given {
    /// Names of packs; the first is the default pack. `tiny` alone when not said.
    pub(crate) packs: Vec<String>,
    /// Changes to the first pack.
    pub(crate) change: Option<Value>,
    /// The first pack's items in place of its catalogue.
    pub(crate) items: Option<Vec<Value>>,
    /// The clock. 2026-11-20T09:30:00Z, a Friday, when not said.
    pub(crate) now: Option<String>,
    /// Absent: the person said yes. Null: the person was never asked. Else: said yes, and after all events this.
    #[serde(deserialize_with = "said")]
    pub(crate) settings: Option<Option<Value>>,
    /// Stated facts, as PUT …/preferences takes them.
    pub(crate) stated: Option<Value>,
    /// What the person did.
    pub(crate) events: Vec<EventSeed>,
    /// Bodies of models of the first pack, made live one after the other. What a body does not say is a small good one's.
    pub(crate) models: Vec<Value>,
    /// The share of people whom the last of them is for; all when not said.
    pub(crate) canary_share: Option<u32>,
    /// People by country (`*` for everywhere) and item of the first pack.
    pub(crate) popularity: Option<SortedMap<String, SortedMap<String, u32>>>,
    /// Tests of production that run, by name: what differs from a test that shows LOUD to everybody.
    pub(crate) tests: SortedMap<String, Value>,
    /// The host has a key to seal what clients carry.
    pub(crate) has_key: bool,
}

fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Value>>, D::Error> {
    Option::<Value>::deserialize(deserializer).map(Some)
}

/// An interaction as a client sends it, or several alike at regular distances.
#[derive(Deserialize, Clone)]
pub(crate) struct EventSeed {
    /// Days before now, in place of `occurred_at`.
    #[serde(default)]
    pub(crate) ago_days: Option<f64>,
    /// How many of them; 1 when not said.
    #[serde(default)]
    pub(crate) times: Option<u32>,
    /// Days from each to the next; a minute when not said.
    #[serde(default)]
    pub(crate) every_days: Option<f64>,
    /// The interaction.
    #[serde(flatten)]
    pub(crate) fields: serde_json::Map<String, Value>,
}

/// One step: circumstances first, then at most one use case.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Step {
    /// Who asks, about the same person; `client` when not said.
    pub(crate) role: Option<Role>,
    /// Moves the clock.
    pub(crate) later_days: Option<f64>,
    /// Forgets prepared packs and pointers, as a new isolate would.
    pub(crate) new_isolate: bool,
    /// Changes one byte of the live model's stored document.
    pub(crate) damaged_model: bool,
    /// Goes back to the model before.
    pub(crate) rolled_back: bool,
    /// The deployment's own switch.
    pub(crate) deployment_enabled: Option<bool>,
    /// Whether this request and those that follow carry `Sec-GPC: 1`.
    pub(crate) privacy_signal: Option<bool>,
    /// Replaces the person's stored state by this text.
    pub(crate) stored_state: Option<String>,
    /// Moves pointers behind the engine's back, as a mistaken deployment would.
    pub(crate) pointers: SortedMap<String, String>,
    /// Troubles of this step; calls are counted from its beginning.
    pub(crate) faults: Vec<Fault>,
    /// Tells which ports were called.
    pub(crate) show_calls: bool,

    /// POST /recommend.
    pub(crate) recommend: Option<Value>,
    /// POST /explain.
    pub(crate) explain: Option<Value>,
    /// POST /track-interactions.
    pub(crate) track: Option<Vec<EventSeed>>,
    /// With `track`: `?sync=1`.
    pub(crate) sync: bool,
    /// The queue's consumer takes what is queued.
    pub(crate) deliver: bool,
    /// With `deliver`: every message comes twice.
    pub(crate) twice: bool,
    /// GET /profile/{id}.
    pub(crate) profile: bool,
    /// PUT /profile/{id}/preferences.
    pub(crate) preferences: Option<Value>,
    /// POST /profile/{id}/refresh.
    pub(crate) refresh: bool,
    /// GET /interactions/{id}.
    pub(crate) history: bool,
    /// GET /profile/{id}/export.
    pub(crate) own_export: bool,
    /// DELETE /profile/{id}.
    pub(crate) erase: bool,
    /// POST /settings.
    pub(crate) settings: Option<Value>,
    /// GET /settings.
    pub(crate) show_settings: bool,
    /// POST /feedback.
    pub(crate) feedback: Option<Value>,
    /// GET /feedback/{id}/history.
    pub(crate) feedback_history: bool,
    /// GET /export/interactions.
    pub(crate) export: bool,
    /// The global switch in the store.
    pub(crate) switch: Option<bool>,
    /// PUT /catalog/{first pack} and its commit.
    pub(crate) catalogue: Option<Value>,

    /// Asks for somebody else than the other steps.
    pub(crate) other: bool,
    /// Where the step's experiments are.
    pub(crate) environment: Option<Environment>,
    /// Sends the receipt of the answer before along.
    pub(crate) echo: bool,
    /// Sends the token of an answer before along.
    pub(crate) carry: bool,
    /// Writes or moves a test.
    pub(crate) test: Option<TestStep>,
    /// PUT /ab-test-holdout.
    pub(crate) holdout: Option<f64>,
    /// GET /ab-test/{this}/variant.
    pub(crate) variant: Option<String>,
    /// POST /ab-test/decide.
    pub(crate) decide: Option<Value>,
    /// POST /ab-test/{test_name}/outcome, the name beside the body's members.
    pub(crate) outcome: Option<Value>,
    /// GET /ab-test/{this}/results.
    pub(crate) results: Option<String>,
    /// POST /ofrep/v1/evaluate/flags/{this}.
    pub(crate) flag: Option<String>,
    /// POST /ofrep/v1/evaluate/flags.
    pub(crate) flags: bool,
}

/// What happens to a test.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TestStep {
    pub(crate) name: String,
    /// PUT: what differs from a test that shows LOUD to everybody.
    #[serde(default)]
    pub(crate) put: Option<Value>,
    /// `start`, `stop` or `archive`.
    #[serde(default)]
    pub(crate) go: Option<String>,
}
