//! The items' side of factors, fitted here or by another engine: what is published of them, and what solving a person's
//! vector takes. The solving itself is the engine's (`collab`), since it happens where the person is.

use anyhow::Result;
use nearside_engine::models::{self, FactorsFile, to_base64};

use super::factors::gram;
use super::quantize::quantize_vectors;

/// The edge wants something on the diagonal of everybody. So little moves no score.
const LEAST_REGULARISATION: f64 = 1e-9;

/// Items' vectors h. A person who took n items with weights w has the vector
/// `(a H^T H + c sum of w h h^T + (r + q n) I)^-1 t sum of w h`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ItemFactors {
    /// Numbers of a vector.
    pub(crate) dimensions: usize,
    /// Item by item.
    pub(crate) vectors: Vec<f32>,
    /// The weight a of what everybody has of every item.
    pub(crate) unobserved_weight: f64,
    /// The weight c of an item that the person took, on the left.
    pub(crate) confidence: f64,
    /// Its weight t on the right.
    pub(crate) target: f64,
    /// r.
    pub(crate) regularisation: f64,
    /// q.
    pub(crate) regularisation_per_item: f64,
}

impl ItemFactors {
    /// `a H^T H` in f64, by rows.
    fn weighted_gram(&self) -> Vec<f64> {
        gram(&self.vectors, self.dimensions, 1).into_iter().map(|value| value * self.unobserved_weight).collect()
    }

    /// As the engine holds them once they are read, but for the rounding to bytes.
    pub(crate) fn for_fold_in(&self) -> models::Factors {
        let mut gram = self.weighted_gram();
        gram.iter_mut().step_by(self.dimensions + 1).for_each(|value| *value += self.regularisation);
        models::Factors {
            dimensions: self.dimensions,
            gram,
            vectors: self.vectors.clone(),
            confidence: self.confidence,
            target: self.target,
            regularization_per_item: self.regularisation_per_item,
        }
    }

    /// As they are published, as bytes.
    ///
    /// # Errors
    /// More dimensions than the format has room for.
    pub(crate) fn file(&self) -> Result<FactorsFile> {
        let (quantized, size) = (quantize_vectors(&self.vectors, self.dimensions), self.dimensions);
        // What serves are the dequantised vectors, so the sum over all items is made of them.
        let gram = Self { vectors: quantized.dequantized(), ..self.clone() }.weighted_gram();
        let triangle = (0..size).flat_map(|row| (0..=row).map(move |column| row * size + column));
        let triangle = triangle.map(|at| gram.get(at).copied().unwrap_or_default() as f32);
        Ok(FactorsFile {
            dimensions: u16::try_from(size)?,
            values: to_base64(quantized.bytes.iter().map(|value| value.to_le_bytes())),
            scales: to_base64(quantized.scales.iter().map(|scale| scale.to_le_bytes())),
            gram: to_base64(triangle.map(f32::to_le_bytes)),
            confidence: self.confidence,
            target: self.target,
            regularization: self.regularisation.max(LEAST_REGULARISATION),
            regularization_per_item: self.regularisation_per_item,
        })
    }
}
