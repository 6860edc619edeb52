//! A model, decoded and checked once: what serves.

use super::arrays::{read_f32, read_i8, read_u16, read_u32};
use super::format::{FactorsFile, ModelFile, NeighboursFile};
use super::{InvalidModel, ModelTerm};
use crate::types::{SortedMap, TimeMs};
use nearside_json::read_json_within;

/// The format that this engine reads.
const FORMAT: u16 = 1;
/// Targets are numbered by u16.
const MOST_ITEMS: usize = 65_535;
const MOST_DIMENSIONS: u16 = 128;
/// The most terms: a person could not read more.
const MOST_TERMS: usize = 64;
/// Levels of nesting.
const DEPTH: u8 = 6;

/// A model that may serve.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The pack that it was trained for.
    pub pack: String,
    /// When it was trained.
    pub trained_at_ms: TimeMs,
    /// Ids, ascending.
    pub items: Vec<String>,
    /// What is known of every item.
    pub facts: ItemFacts,
    /// Popularity by group.
    pub groups: SortedMap<String, Vec<f32>>,
    /// Which item points to which.
    pub neighbours: Option<Neighbours>,
    /// The space of the factors.
    pub factors: Option<Factors>,
    /// Keeps the sum from falling below zero.
    pub base: f64,
    /// The additive terms.
    pub terms: Vec<ModelTerm>,
}

/// Lists over items.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "each is named after the feature that reads it")]
pub struct ItemFacts {
    pub popularity: Vec<f32>,
    pub latest_popularity: Vec<f32>,
    pub recent_popularity: Vec<f32>,
    pub long_popularity: Vec<f32>,
    pub trend: Vec<f32>,
    pub first_day: Vec<f32>,
    pub days_since_sold: Vec<f32>,
}

/// A sparse matrix by the pointing item.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Neighbours {
    /// Where each item's targets begin, and the end of the last.
    pub starts: Vec<u32>,
    /// Targets.
    pub targets: Vec<u16>,
    /// `value x scale of the target` is the weight.
    pub values: Vec<i8>,
    /// One for each target.
    pub scales: Vec<f32>,
}

/// Item vectors.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Factors {
    /// Length of a vector.
    pub dimensions: usize,
    /// Item by item, dequantised.
    pub vectors: Vec<f32>,
    /// What every person starts from: a full symmetric matrix.
    pub gram: Vec<f64>,
    /// Weight of an item that the person took up.
    pub confidence: f64,
    /// Its weight on the right-hand side.
    pub target: f64,
    /// Added to the diagonal for every such item.
    pub regularization_per_item: f64,
}

impl Model {
    /// Reads the body of a signed document.
    ///
    /// # Errors
    /// `format`: another version of the format. `shape`: lists that do not fit each other, numbers out of range.
    pub fn read(body: &[u8]) -> Result<Self, InvalidModel> {
        let file: ModelFile = read_json_within(DEPTH, body)
            .map_err(|error| InvalidModel::new("shape", format!("the model does not read: {error}")))?;
        Self::decode(file)
    }

    /// Decodes and checks.
    ///
    /// # Errors
    /// As `read`.
    pub fn decode(file: ModelFile) -> Result<Self, InvalidModel> {
        if file.format != FORMAT {
            return Err(InvalidModel::new(
                "format",
                format!("the model has format {}, this engine reads {FORMAT}", file.format),
            ));
        }
        let count = file.items.len();
        let is_ascending = file.items.iter().zip(file.items.iter().skip(1)).all(|(left, right)| left < right);
        if count > MOST_ITEMS || !is_ascending {
            return Err(InvalidModel::new("shape", "items must ascend, and be 65535 at most"));
        }
        if file.terms.len() > MOST_TERMS || !file.base.is_finite() {
            return Err(InvalidModel::new("shape", "a model has 64 terms at most, and a finite base"));
        }
        file.terms.iter().try_for_each(ModelTerm::check)?;
        let list = |text: &str, name: &str| read_f32(text, name, count);
        let facts = &file.facts;
        let facts = ItemFacts {
            popularity: list(&facts.popularity, "popularity")?,
            latest_popularity: list(&facts.latest_popularity, "latest_popularity")?,
            recent_popularity: list(&facts.recent_popularity, "recent_popularity")?,
            long_popularity: list(&facts.long_popularity, "long_popularity")?,
            trend: list(&facts.trend, "trend")?,
            first_day: list(&facts.first_day, "first_day")?,
            days_since_sold: list(&facts.days_since_sold, "days_since_sold")?,
        };
        let mut groups = SortedMap::new();
        for (name, text) in file.groups {
            let values = list(&text, "groups")?;
            groups.insert(name, values);
        }
        Ok(Self {
            pack: file.pack,
            trained_at_ms: file.trained_at_ms,
            facts,
            groups,
            neighbours: file.neighbours.map(|neighbours| Neighbours::decode(&neighbours, count)).transpose()?,
            factors: file.factors.map(|factors| Factors::decode(&factors, count)).transpose()?,
            items: file.items,
            base: file.base,
            terms: file.terms,
        })
    }

    /// Returns the number of an item.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.items.binary_search_by(|known| known.as_str().cmp(id)).ok()
    }
}

impl Neighbours {
    fn decode(file: &NeighboursFile, items: usize) -> Result<Self, InvalidModel> {
        let starts = read_u32(&file.starts, "neighbours.starts", items + 1)?;
        let is_ascending = starts.iter().zip(starts.iter().skip(1)).all(|(left, right)| left <= right);
        let end = starts.last().map_or(0, |end| *end as usize);
        if starts.first() != Some(&0) || !is_ascending {
            return Err(InvalidModel::new("shape", "neighbours.starts must ascend from 0"));
        }
        let targets = read_u16(&file.targets, "neighbours.targets", end)?;
        if targets.iter().any(|target| usize::from(*target) >= items) {
            return Err(InvalidModel::new("shape", "neighbours.targets names an item that is not there"));
        }
        let values = read_i8(&file.values, "neighbours.values", end)?;
        Ok(Self { starts, targets, values, scales: read_f32(&file.scales, "neighbours.scales", items)? })
    }
}

impl Factors {
    fn decode(file: &FactorsFile, items: usize) -> Result<Self, InvalidModel> {
        let dimensions = usize::from(file.dimensions);
        if !(1..=MOST_DIMENSIONS).contains(&file.dimensions) {
            return Err(InvalidModel::new("shape", "factors.dimensions is 1 to 128"));
        }
        if !(file.regularization > 0.0 && file.regularization.is_finite() && file.confidence >= 0.0) {
            return Err(InvalidModel::new(
                "shape",
                "factors need a regularization above 0 and a confidence of 0 or more",
            ));
        }
        let scales = read_f32(&file.scales, "factors.scales", items)?;
        let values = read_i8(&file.values, "factors.values", items * dimensions)?;
        let triangle = read_f32(&file.gram, "factors.gram", dimensions * (dimensions + 1) / 2)?;
        let scaled = values.chunks_exact(dimensions).zip(&scales);
        let vectors =
            scaled.flat_map(|(vector, scale)| vector.iter().map(move |value| f32::from(*value) * scale)).collect();
        let entry = |row: usize, column: usize| {
            let (row, column) = (row.max(column), row.min(column));
            let value = triangle.get(row * (row + 1) / 2 + column).copied().map_or(0.0, f64::from);
            value + if row == column { file.regularization } else { 0.0 }
        };
        let gram = (0..dimensions * dimensions).map(|at| entry(at / dimensions, at % dimensions)).collect();
        Ok(Self {
            dimensions,
            vectors,
            gram,
            confidence: file.confidence,
            target: file.target,
            regularization_per_item: file.regularization_per_item,
        })
    }
}
