//! Life stages, bands and the tables that say which category suits whom.

use nearside_json::Read;
use serde::Serialize;

use crate::types::{Expertise, SortedMap};

/// What the pack knows about people in general.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(deny_unknown_fields, default)]
pub struct Relevance {
    /// Life stages by age, ascending, without gaps between first and last.
    pub life_stages: Vec<LifeStage>,
    /// Bands of literacy, ascending; the last reaches 10.
    pub literacy_bands: Vec<Band>,
    /// What a self-reported expertise means on the scale 1 to 10.
    pub expertise_literacy: SortedMap<Expertise, f64>,
    /// How much a category suits a life stage, 0 to 1, by category and life stage. Missing means 0.5.
    pub life_stage_table: SortedMap<String, SortedMap<String, f64>>,
    /// How much a category suits an income level (LOW, MEDIUM, HIGH), 0 to 1. Missing means 0.5.
    pub income_table: SortedMap<String, SortedMap<String, f64>>,
    /// How much a category suits a country, 0 to 1. Missing means 0.5.
    pub country_table: SortedMap<String, SortedMap<String, f64>>,
}

/// A life stage: everybody from this age up to the next stage's.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct LifeStage {
    /// Id, as items name it.
    pub id: String,
    /// The name that people read.
    pub name: String,
    /// First age.
    pub from_age: u8,
    /// Last age.
    pub to_age: u8,
}

/// A band of literacy.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Id.
    pub id: String,
    /// The highest literacy in it.
    pub up_to: f64,
}

impl Relevance {
    /// Returns the life stage of an age.
    pub fn life_stage_of(&self, age: u8) -> Option<&str> {
        self.life_stages
            .iter()
            .find(|stage| (stage.from_age..=stage.to_age).contains(&age))
            .map(|stage| stage.id.as_str())
    }
}
