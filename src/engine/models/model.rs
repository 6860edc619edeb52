//! A model, decoded and checked once: what serves.

use super::arrays::{read_f32, read_i8, read_u16, read_u32};
use super::format::{FactorsFile, ModelFile, NeighboursFile};
use super::{InvalidModel, ModelTerm};
use crate::types::SortedMap;
use nearside_json::{Read, read_json_within};

/// Targets are numbered by u16.
const MOST_ITEMS: usize = 65_535;
const MOST_DIMENSIONS: u16 = 128;
/// The most terms: a person could not read more.
const MOST_TERMS: usize = 64;
/// Levels of nesting.
const DEPTH: u8 = 6;
/// More than all steps of all terms together would need.
const GREATEST_BASE: f64 = 64_000.0;
/// Lists over items: those of features, and groups of people.
const MOST_LISTS: usize = 512;
const LONGEST_LIST_NAME: usize = 80;

/// The part of the document that serves; what stands before it is the head's (`ModelHeader`).
#[derive(Debug, Read)]
struct Body {
    items: Vec<String>,
    #[serde(default)]
    lists: SortedMap<String, String>,
    #[serde(default)]
    neighbours: Option<NeighboursFile>,
    #[serde(default)]
    factors: Option<FactorsFile>,
    base: f64,
    terms: Vec<ModelTerm>,
}

/// A model that may serve.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Ids, ascending.
    pub items: Vec<String>,
    /// Lists over items by name.
    pub lists: SortedMap<String, Vec<f32>>,
    /// Which item points to which.
    pub neighbours: Option<Neighbours>,
    /// The space of the factors.
    pub factors: Option<Factors>,
    /// Keeps the sum from falling below zero.
    pub base: f64,
    /// The additive terms.
    pub terms: Vec<ModelTerm>,
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
    /// Reads the body of a signed document whose head was found good.
    ///
    /// # Errors
    /// `shape`: lists that do not fit each other, numbers out of range.
    pub fn read(body: &[u8]) -> Result<Self, InvalidModel> {
        let body = read_json_within(DEPTH, body)
            .map_err(|error| InvalidModel::new("shape", format!("the model does not read at byte {}", error.at)))?;
        Self::decode(body)
    }

    /// Takes a model that was just trained.
    ///
    /// # Errors
    /// As `read`.
    pub fn of(file: ModelFile) -> Result<Self, InvalidModel> {
        let ModelFile { items, lists, neighbours, factors, base, terms, .. } = file;
        Self::decode(Body { items, lists, neighbours, factors, base, terms })
    }

    fn decode(body: Body) -> Result<Self, InvalidModel> {
        let count = body.items.len();
        let is_ascending = body.items.iter().zip(body.items.iter().skip(1)).all(|(left, right)| left < right);
        if count > MOST_ITEMS || !is_ascending {
            return Err(InvalidModel::new("shape", "items must ascend, and be 65535 at most"));
        }
        let is_base = body.base.abs() <= GREATEST_BASE;
        if body.terms.len() > MOST_TERMS || !is_base {
            return Err(InvalidModel::new("shape", "a model has 64 terms at most, and a base within 64000"));
        }
        body.terms.iter().try_for_each(ModelTerm::check)?;
        let is_second =
            |(at, term): (usize, &ModelTerm)| body.terms.iter().take(at).any(|other| other.name == term.name);
        if body.terms.iter().enumerate().any(is_second) {
            return Err(InvalidModel::new("shape", "two terms have the same name"));
        }
        if body.lists.len() > MOST_LISTS || body.lists.keys().any(|name| name.len() > LONGEST_LIST_NAME) {
            return Err(InvalidModel::new("shape", "a model has 512 lists at most, with names of 80 bytes at most"));
        }
        let mut lists = SortedMap::new();
        for (name, text) in body.lists {
            let list = read_f32(&text, "lists", count)?;
            lists.insert(name, list);
        }
        Ok(Self {
            lists,
            neighbours: body.neighbours.map(|neighbours| Neighbours::decode(&neighbours, count)).transpose()?,
            factors: body.factors.map(|factors| Factors::decode(&factors, count)).transpose()?,
            items: body.items,
            base: body.base,
            terms: body.terms,
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
        let is_amount = |value: f64| value >= 0.0 && value.is_finite();
        let amounts = [file.regularization, file.regularization_per_item, file.confidence, file.target];
        if !amounts.into_iter().all(is_amount) || file.regularization == 0.0 {
            return Err(InvalidModel::new(
                "shape",
                "factors need a regularization above 0; the one per item, confidence and target of 0 or more",
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const TERM: &str = r#"{"name":"trend","feature":"trend","cuts":[],"values":[1],"unknown":0}"#;

    fn read(base: &str, terms: &str, lists: &str, factors: &str) -> Result<Model, InvalidModel> {
        let body =
            format!(r#"{{"items":["a"],"lists":{{{lists}}},"factors":{factors},"base":{base},"terms":[{terms}]}}"#);
        Model::read(body.as_bytes())
    }

    #[test]
    fn what_no_answer_could_carry_is_refused() {
        let factors = |own: &str, each: &str| {
            format!(
                r#"{{"dimensions":1,"values":"AQ","scales":"AACAPw","gram":"AACAPw","confidence":1,"target":1,"regularization":{own},"regularization_per_item":{each}}}"#
            )
        };
        assert!(read("1.5", TERM, r#""trend":"AACAPw""#, &factors("0.1", "0")).is_ok());
        let refused = [
            read("1.7e308", TERM, "", "null"),
            read("-64001", TERM, "", "null"),
            read("0", &format!("{TERM},{TERM}"), "", "null"),
            read("0", &TERM.replace(r#""name":"trend""#, r#""name":"""#), "", "null"),
            read("0", &TERM.replace(r#""name":"trend""#, r#""name":"<b>""#), "", "null"),
            read("0", &TERM.replace(r#""name":"trend""#, &format!(r#""name":"{}""#, "x".repeat(65))), "", "null"),
            read("0", TERM, &format!(r#""{}":"AACAPw""#, "x".repeat(81)), "null"),
            read("0", TERM, "", &factors("0", "0")),
            read("0", TERM, "", &factors("0.1", "-1")),
        ];
        for (at, model) in refused.into_iter().enumerate() {
            assert_eq!(model.unwrap_err().code, "shape", "{at}");
        }
    }
}
