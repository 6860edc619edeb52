//! Weights of the terms, half-lives of the learned signals, context factors.

use nearside_json::Read;
use serde::Serialize;

use crate::types::{Condition, SortedMap};

/// The built-in terms, in the order in which they are added.
pub const TERMS: [&str; 11] = [
    "base",
    "category_preference",
    "sophistication_match",
    "life_stage_relevance",
    "timing",
    "recency",
    "category_affinity",
    "tag_affinity",
    "item_affinity",
    "demographics",
    "popularity",
];

/// The terms that a trained model may bring, beside those of the same names above. A pack has words for those that it
/// wants to explain.
pub const MODEL_TERMS: [&str; 18] = [
    "taken_before",
    "neighbours",
    "factors",
    "content",
    "latest_popularity",
    "recent_popularity",
    "long_popularity",
    "trend",
    "group_popularity",
    "item_age",
    "days_since_sold",
    "priority",
    "repeat_frequency",
    "days_since_taken",
    "recent_popularity_again",
    "trend_again",
    "item_age_again",
    "days_since_sold_again",
];

/// Terms that models brought once. A pack may still have words for them.
pub const FORMER_MODEL_TERMS: [&str; 2] = ["neighbours_again", "factors_again"];

/// How a pack scores.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(deny_unknown_fields, default)]
pub struct Scoring {
    /// Weights by term.
    pub weights: Weights,
    /// Strength of the prior of a category's success rate, in observations.
    pub prior_observations: PriorObservations,
    /// Half-life and scale of each learned affinity.
    pub category_affinity: SignalDecay,
    /// Half-life and scale of each learned affinity.
    pub tag_affinity: SignalDecay,
    /// Half-life and scale of each learned affinity.
    pub item_affinity: SignalDecay,
    /// Further additive terms: 1 where the condition holds, 0 where it does not or is unknown.
    pub signals: Vec<NamedSignal>,
    /// Multipliers where a condition holds.
    pub factors: Vec<ContextFactor>,
}

/// Weights of the built-in terms. The first five are the built-in priors; the cold-start pair fades with evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "each is the weight of the term of its name")]
pub struct Weights {
    pub base: f64,
    pub category_preference: f64,
    pub sophistication_match: f64,
    pub life_stage_relevance: f64,
    pub timing: f64,
    pub recency: f64,
    pub category_affinity: f64,
    pub tag_affinity: f64,
    pub item_affinity: f64,
    /// Counts fully without evidence and fades to nothing with it.
    pub demographics: f64,
    /// Counts fully without evidence and fades to `popularity_floor` of itself with it.
    pub popularity: f64,
    /// The share of the popularity weight that stays with full evidence, 0 to 1.
    pub popularity_floor: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            base: 0.0,
            category_preference: 0.40,
            sophistication_match: 0.20,
            life_stage_relevance: 0.20,
            timing: 0.10,
            recency: 0.10,
            category_affinity: 0.0,
            tag_affinity: 0.0,
            item_affinity: 0.0,
            demographics: 0.0,
            popularity: 0.0,
            popularity_floor: 0.0,
        }
    }
}

/// Half-life and scale of a decayed sum of strengths.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields, default)]
pub struct SignalDecay {
    /// Days until a strength counts half: 7 to 3650.
    pub half_life_days: f64,
    /// What a strength of 1 counts: above 0, at most 10.
    pub scale: f64,
}

impl Default for SignalDecay {
    /// 0.95 a day is a half-life of ln 0.5 / ln 0.95 days; the scale is seed 004's learning rate.
    fn default() -> Self {
        Self { half_life_days: 13.513_407_333_964_874, scale: 0.1 }
    }
}

/// The weight of the prior 0.5 against observations.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Read)]
#[serde(transparent)]
pub struct PriorObservations(pub f64);

impl Default for PriorObservations {
    /// Beta(2, 2): four imagined observations, so that one dismissal moves 0.5 to 0.4 and not to 0.
    fn default() -> Self {
        Self(4.0)
    }
}

/// A further additive term.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct NamedSignal {
    /// The term's name.
    pub name: String,
    /// When its value is 1.
    pub when: Condition,
    /// Its weight.
    pub weight: f64,
}

/// A named multiplier.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct ContextFactor {
    /// The factor's name.
    pub name: String,
    /// When it acts.
    pub when: Condition,
    /// 0.1 to 2.
    pub multiplier: f64,
}

impl Weights {
    /// The weights with their names, in the order of `TERMS`.
    pub fn by_name(&self) -> SortedMap<&'static str, f64> {
        TERMS.into_iter().zip(self.in_order()).collect()
    }

    fn in_order(&self) -> [f64; 11] {
        [
            self.base,
            self.category_preference,
            self.sophistication_match,
            self.life_stage_relevance,
            self.timing,
            self.recency,
            self.category_affinity,
            self.tag_affinity,
            self.item_affinity,
            self.demographics,
            self.popularity,
        ]
    }
}
