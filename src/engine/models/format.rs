//! The model as JSON: what stands in the signed document. Format 1 never changes its meaning; a later one has a number
//! of its own. Golden file: `tests/vectors/model-1.json`.

use nearside_json::Read;
use serde::Serialize;

use super::{EngineRange, ModelTerm};
use crate::types::{SortedMap, TimeMs};

/// Everything that training produced. Nothing in it is of one person.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// The format's version: 1.
    pub format: u16,
    /// The pack that it was trained for.
    pub pack: String,
    /// The engines that may serve it.
    pub engine: EngineRange,
    /// When it was trained.
    pub trained_at_ms: TimeMs,
    /// What it was trained on.
    pub window: DataWindow,
    /// The seed of everything random in training.
    pub seed: u64,
    /// The version that it was made from, where a job makes one from another; training from events makes none.
    #[serde(default)]
    pub parent: Option<String>,
    /// SHA-256 of what went in: `data`, `pack`, `catalog`.
    #[serde(default)]
    pub hashes: SortedMap<String, String>,
    /// Figures, by name, that training itself found. Those of tests are kept beside the version: they come after it.
    #[serde(default)]
    pub metrics: SortedMap<String, f64>,
    /// What each term moves: the standard deviation of its contribution over candidates.
    #[serde(default)]
    pub importance: SortedMap<String, f64>,
    /// Ids, ascending. Every list over items is in this order.
    pub items: Vec<String>,
    /// Lists over items by name, as of the end of the window, f32 in base64url: those that `Feature` reads (`popularity`,
    /// `latest_popularity`, `recent_popularity`, `long_popularity`, `trend`, `first_day`, `days_since_sold`), and
    /// `recent_popularity` within a group, such as `country:GB` or `life_stage:EARLY_CAREER`.
    #[serde(default)]
    pub lists: SortedMap<String, String>,
    /// Which item points to which.
    #[serde(default)]
    pub neighbours: Option<NeighboursFile>,
    /// The space of the factors.
    #[serde(default)]
    pub factors: Option<FactorsFile>,
    /// Keeps the sum of all terms from falling below zero.
    pub base: f64,
    /// The additive terms.
    pub terms: Vec<ModelTerm>,
}

/// The data behind a model.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct DataWindow {
    /// The first event.
    pub from_ms: TimeMs,
    /// Events before this time.
    pub to_ms: TimeMs,
    /// How many.
    pub interactions: u64,
    /// Of how many people.
    pub people: u64,
    /// With how many items.
    pub items: u64,
}

/// A sparse matrix of which item points to which, by the pointing item. `weight = value x scale of the target`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct NeighboursFile {
    /// Where each item's targets begin, and the end of the last: u32 in base64url, one more than there are items.
    pub starts: String,
    /// Targets: u16 in base64url, ascending within an item.
    pub targets: String,
    /// Values: i8 in base64url.
    pub values: String,
    /// One scale for each target: f32 in base64url.
    pub scales: String,
}

/// Item vectors, and what is needed to solve a person's.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct FactorsFile {
    /// Length of a vector, 1 to 128.
    pub dimensions: u16,
    /// Values: i8 in base64url, item by item.
    pub values: String,
    /// One scale for each item: f32 in base64url.
    pub scales: String,
    /// The weighted sum of all items' outer products, which every person starts from: f32 in base64url, the lower triangle
    /// by rows.
    pub gram: String,
    /// Weight of an item that the person took up, on top of what every item has: `c` in `collab::fold_in`.
    pub confidence: f64,
    /// Weight of such an item on the right-hand side: `t` there.
    pub target: f64,
    /// Added to the diagonal; above 0.
    pub regularization: f64,
    /// Added to the diagonal for every item that the person took up.
    pub regularization_per_item: f64,
}
