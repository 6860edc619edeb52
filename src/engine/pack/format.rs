//! The assembled pack: one JSON document. In a pack folder `pack.json` holds the plain keys and every other
//! `KEY.json` holds the value of that key.

use nearside_json::Read;
use serde::Serialize;

use super::experiments::PackExperiments;
use super::relevance::Relevance;
use super::scoring::Scoring;
use super::words::{GlossaryEntry, Words};
use crate::types::{EventKind, SortedMap};

/// A whole pack, as it is published and hashed.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// The format's version: 1.
    pub format: u16,
    /// The pack's id: lower-case letters, digits and hyphens.
    pub id: String,
    /// The publisher's version text.
    pub version: String,
    /// What the pack is for, in one line.
    pub title: String,
    /// BCP 47 language of every word in it.
    pub language: String,
    /// What holds before a person decides.
    #[serde(default)]
    pub consent_basis: Basis,
    /// Whether people below admin may see terms and tags.
    #[serde(default)]
    pub reasoning: Reasoning,
    /// True where everybody may have the pack, its catalogue and its model, so that a device can rank by itself.
    #[serde(default, skip_serializing_if = "is_off")]
    pub on_device: bool,
    /// The general order.
    #[serde(default = "default_order")]
    pub order_by: Vec<OrderKey>,
    /// What items can be.
    pub kinds: Vec<String>,
    /// The categories, in the order of display.
    pub categories: Vec<Category>,
    /// ISO 3166 countries the pack knows.
    #[serde(default)]
    pub countries: Vec<String>,
    /// Other names of countries, such as UK for GB.
    #[serde(default)]
    pub country_aliases: SortedMap<String, String>,
    /// The surfaces that may ask.
    pub scopes: Vec<Scope>,
    /// Changes to the default strengths and names of event types.
    #[serde(default)]
    pub events: SortedMap<EventKind, EventRule>,
    /// Extra typed facts of items and people.
    #[serde(default)]
    pub attributes: Attributes,
    /// How long things are kept.
    #[serde(default)]
    pub retention: Retention,
    /// Hiding, ignoring and outliers.
    #[serde(default)]
    pub rules: Rules,
    /// Weights, signals and factors.
    #[serde(default)]
    pub scoring: Scoring,
    /// Life stages and tables.
    #[serde(default)]
    pub relevance: Relevance,
    /// Every word a person reads.
    pub words: Words,
    /// Terms and their plain explanations.
    #[serde(default)]
    pub glossary: Vec<GlossaryEntry>,
    /// The words that experiments try.
    #[serde(default, skip_serializing_if = "PackExperiments::is_empty")]
    pub experiments: PackExperiments,
}

fn is_off(value: &bool) -> bool {
    !value
}

/// What holds before a person decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Nothing is personalised, tracked or read before a yes.
    #[default]
    OptIn,
    /// On until the person objects.
    OptOut,
}

/// Who may see how a score came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum Reasoning {
    /// Everybody, of their own.
    #[default]
    Visible,
    /// Admins only.
    Internal,
}

/// One key of the general order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum OrderKey {
    /// Priority, highest first.
    Priority,
    /// Popularity in the request's country, highest first.
    Popularity,
    /// Publication time, newest first.
    Newest,
    /// Deadline, nearest first; items without one last.
    Deadline,
    /// Id, ascending. Always the last key, stated or not.
    Id,
}

fn default_order() -> Vec<OrderKey> {
    vec![OrderKey::Priority, OrderKey::Popularity, OrderKey::Id]
}

/// A category of items.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Id, as items name it.
    pub id: String,
    /// The name that people read.
    pub name: String,
}

/// A surface that asks for recommendations.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Id, as requests name it.
    pub id: String,
    /// Items when the request does not say, 1 to 50.
    #[serde(default = "default_limit")]
    pub limit: u8,
    /// Only these kinds; empty means all.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Only these categories; empty means all.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Overrides the pack's reasoning.
    #[serde(default)]
    pub reasoning: Option<Reasoning>,
}

fn default_limit() -> u8 {
    10
}

/// What a pack changes about an event type.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct EventRule {
    /// Strength, -1 to 1, in place of the default.
    #[serde(default)]
    pub strength: Option<f64>,
    /// The name that this pack's clients send.
    #[serde(default)]
    pub alias: Option<String>,
}

/// Extra facts of items and people.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(deny_unknown_fields, default)]
pub struct Attributes {
    /// By name.
    pub item: SortedMap<String, AttributeDeclaration>,
    /// By name.
    pub profile: SortedMap<String, AttributeDeclaration>,
}

/// The type of an attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct AttributeDeclaration {
    /// Its type.
    #[serde(rename = "type")]
    pub attribute_type: AttributeType,
    /// The texts allowed; empty means any text id.
    #[serde(default)]
    pub values: Vec<String>,
    /// What a person's attribute is needed for: demographics when not said.
    #[serde(default)]
    pub purpose: Option<crate::types::Purpose>,
}

/// The types of attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Read)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum AttributeType {
    Flag,
    Number,
    Text,
    List,
}

/// How long things are kept, in days.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// Rows of interactions.
    pub interactions_days: u16,
    /// Feature vectors.
    pub feature_vectors_days: u16,
    /// Cached ranks, in hours.
    pub ranks_hours: u16,
    /// Evaluations.
    pub evaluations_days: u16,
    /// Messages that could not be applied.
    pub dead_letters_days: u16,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            interactions_days: 365,
            feature_vectors_days: 30,
            ranks_hours: 24,
            evaluations_days: 365,
            dead_letters_days: 30,
        }
    }
}

/// Verdicts with numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// A view without a further event for this long was ignored.
    pub ignored_after_days: u16,
    /// More events than this on one day make a person an outlier: evidence is set aside.
    pub outlier_events_per_day: u32,
    /// What goes away.
    pub hiding: HidingRules,
}

/// When items and categories go away.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields, default)]
pub struct HidingRules {
    /// An item dismissed this often goes.
    pub item_dismissals: u32,
    /// A category needs to have been shown this often …
    pub category_min_shown: u32,
    /// … within this window, in days, …
    pub category_window_days: u16,
    /// … with the 90 % lower bound of its dismissal rate above this.
    pub category_rate_above: f64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { ignored_after_days: 7, outlier_events_per_day: 2_000, hiding: HidingRules::default() }
    }
}

impl Default for HidingRules {
    fn default() -> Self {
        Self { item_dismissals: 2, category_min_shown: 5, category_window_days: 90, category_rate_above: 0.6 }
    }
}
