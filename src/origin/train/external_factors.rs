//! Factors that another engine fitted: the items' vectors as Parquet, and how they were fitted as JSON beside it. The
//! script `pkg-scripts/spark/fit_factors.py` writes both. Fitting here is the business of `factors`.
//!
//! Spark's ALS gives a person of n items the vector `(Y^T Y + alpha sum of y y^T + lambda n I)^-1 (1 + alpha) sum of y`
//! (Hu, Koren and Volinsky 2008, with the regularisation of Zhou et al. 2008), sums over the items that the person took
//! up. That is the edge's fold-in with the names of `FactorsFile`:
//!
//! | | `gram` | `confidence` | `target` | `regularization` | `regularization_per_item` |
//! |---|---|---|---|---|---|
//! | Spark | Y^T Y | alpha | 1 + alpha | none | lambda |
//! | ours (`factors`) | a0 Y^T Y | 1 | 1 | lambda a0 items | lambda |

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail, ensure};
use nearside_engine::math::sha256_hex;
use nearside_engine::types::TimeMs;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, List};
use parquet::schema::types::Type;
use serde::Deserialize;

use super::item_factors::ItemFactors;
use crate::data::read_date;

/// The format of the JSON.
const FORMAT: u16 = 1;
/// What the edge takes, `dimensions` of `FactorsFile`.
const MOST_DIMENSIONS: usize = 128;

/// Items' vectors of another engine, and its settings.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ExternalFactors {
    /// Who fitted them, such as `Spark 3.5.5 ALS`.
    pub(crate) engine: String,
    /// The pack whose events they were fitted on.
    pub(crate) pack: String,
    /// Numbers of a vector, 1 to 128.
    pub(crate) dimensions: usize,
    /// A vector for each item, by its id.
    pub(crate) items: BTreeMap<String, Vec<f32>>,
    /// lambda of the formula; above 0.
    pub(crate) regularisation: f64,
    /// alpha of the formula; above 0.
    pub(crate) alpha: f64,
    /// Events from then on were not looked at; None when all were.
    pub(crate) before_ms: Option<TimeMs>,
}

/// The JSON beside the table. What only people read of it is not looked at.
#[derive(Debug, Deserialize)]
struct Told {
    format: u16,
    engine: String,
    pack: String,
    rank: usize,
    #[serde(rename = "regParam")]
    regularisation: f64,
    alpha: f64,
    #[serde(default)]
    before: Option<String>,
    sha256: String,
}

/// Reads the table at `path`, and its JSON: the same name ending in `.json`.
///
/// # Errors
/// Files that are missing, damaged, or not of one run; settings out of range; and all that [`read_vectors`] refuses.
pub(crate) fn read(path: &Path) -> Result<ExternalFactors> {
    let beside = path.with_extension("json");
    let text = fs::read_to_string(&beside).with_context(|| format!("{} cannot be read", beside.display()))?;
    let told = read_told(&text).with_context(|| format!("{} does not describe factors", beside.display()))?;
    let bytes = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    ensure!(sha256_hex(&bytes) == told.sha256, "{} describes another file than {}", beside.display(), path.display());
    let items = read_vectors(path, "item_id", told.rank)?;
    let before_ms = told.before.as_deref().map(read_date).transpose().map_err(|error| anyhow!("before: {error}"))?;
    let Told { engine, pack, rank: dimensions, regularisation, alpha, .. } = told;
    Ok(ExternalFactors { engine, pack, dimensions, items, regularisation, alpha, before_ms })
}

fn read_told(text: &str) -> Result<Told> {
    let told: Told = serde_json::from_str(text)?;
    ensure!(told.format == FORMAT, "format {} is not {FORMAT}", told.format);
    ensure!((1..=MOST_DIMENSIONS).contains(&told.rank), "rank {} is not in 1..={MOST_DIMENSIONS}", told.rank);
    let is_above_0 = |value: f64| value > 0.0 && value.is_finite();
    ensure!(is_above_0(told.regularisation), "regParam {} is not above 0", told.regularisation);
    ensure!(is_above_0(told.alpha), "alpha {} is not above 0", told.alpha);
    Ok(told)
}

/// Reads a table of two columns: names, and a list of f32 for each in `factors`. Other columns are not looked at.
///
/// # Errors
/// What is no Parquet; a missing column or one of another type; no rows; a row without a name or vector; a name that
/// stands twice; a vector of another length, or with a number that is not finite.
pub(crate) fn read_vectors(path: &Path, name: &str, dimensions: usize) -> Result<BTreeMap<String, Vec<f32>>> {
    let file = File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
    vectors_of(file, name, dimensions).with_context(|| format!("{} holds no vectors", path.display()))
}

fn vectors_of(file: File, name: &str, dimensions: usize) -> Result<BTreeMap<String, Vec<f32>>> {
    let reader = SerializedFileReader::new(file).context("it is no whole Parquet file")?;
    let schema = reader.metadata().file_metadata().schema();
    let column = |wanted: &str| {
        let found = schema.get_fields().iter().find(|field| field.name() == wanted).cloned();
        found.with_context(|| format!("it has no column {wanted}"))
    };
    let columns = vec![column(name)?, column("factors")?];
    // The reader gives columns in the order that it is asked for, which here is not the order of the file.
    let projected = Type::group_type_builder(schema.name()).with_fields(columns).build()?;
    let mut vectors = BTreeMap::new();
    for (number, row) in (1..).zip(reader.get_row_iter(Some(projected))?) {
        let row = row.with_context(|| format!("row {number} cannot be read"))?;
        let (mut id, mut values) = (None, None);
        for (column, field) in row.get_column_iter() {
            match field {
                Field::Str(text) if column == name => id = Some(text.clone()),
                Field::ListInternal(list) if column == "factors" => values = Some(list),
                Field::Null => bail!("row {number}: {column} is null"),
                _ => bail!("row {number}: {column} is neither a text nor a list of f32"),
            }
        }
        let (Some(id), Some(values)) = (id, values) else { bail!("row {number} lacks {name} or factors") };
        let vector = vector_of(values, dimensions).with_context(|| format!("row {number}, {name} {id:?}"))?;
        ensure!(vectors.insert(id.clone(), vector).is_none(), "row {number}: {name} {id:?} stands twice");
    }
    ensure!(!vectors.is_empty(), "it has no rows");
    Ok(vectors)
}

fn vector_of(list: &List, dimensions: usize) -> Result<Vec<f32>> {
    let found = list.elements().len();
    ensure!(found == dimensions, "{found} numbers, where all have {dimensions}");
    let numbers = (1..).zip(list.elements()).map(|(place, element)| match element {
        Field::Float(value) if value.is_finite() => Ok(*value),
        Field::Float(value) => bail!("number {place} is {value}"),
        other => bail!("number {place} is {other}, not an f32"),
    });
    numbers.collect()
}

impl ExternalFactors {
    /// The vectors of these items in their order; zero for items that the engine did not know.
    pub(crate) fn of_items<'a>(&self, ids: impl Iterator<Item = &'a str>) -> ItemFactors {
        let unknown = vec![0.0; self.dimensions];
        let vectors = ids.flat_map(|id| self.items.get(id).unwrap_or(&unknown)).copied().collect();
        ItemFactors {
            dimensions: self.dimensions,
            vectors,
            unobserved_weight: 1.0,
            confidence: self.alpha,
            target: 1.0 + self.alpha,
            regularisation: 0.0,
            regularisation_per_item: self.regularisation,
        }
    }
}

#[cfg(test)]
#[path = "external_factors_tests.rs"]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
