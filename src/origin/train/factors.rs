//! Factors by implicit alternating least squares (Hu, Koren and Volinsky 2008), regularised as Rendle, Krichene, Zhang and
//! Koren (2021, "Revisiting the Performance of iALS on Item Recommendation Benchmarks") found to matter.
//!
//! People `w_u` and items `h_i` are vectors of d numbers that minimise
//!
//! ```text
//! sum over taken (u, i) of c_ui (w_u h_i - 1)^2  +  a0 sum over all (u, i) of (w_u h_i)^2
//!   + sum over u of r(n_u, items) |w_u|^2  +  sum over i of r(n_i, people) |h_i|^2
//! r(n, others) = regularisation x (n + a0 x others)
//! ```
//!
//! Given one side, each vector of the other solves `(a0 H^T H + sum c h h^T + r) w = sum c h`. A sweep improves every
//! vector by a few steps of conjugate gradients from where it was (Takacs, Pilaszy and Tikk 2011), which costs
//! `d` per entry and step instead of `d^2`; the objective never rises. Only the items are published: a person's vector is
//! solved where the person is ([`ItemFactors::for_fold_in`]).

use anyhow::{Result, ensure};

use super::item_factors::ItemFactors;
use super::matrix::Csr;
use super::threads::{available_threads, for_each_part, for_each_part_with};
use super::vectors::{add_scaled, dot};
use super::wide::widely;

/// Vectors that one thread takes at a time.
const PART: usize = 32;
/// Rows whose products are summed in f32 before they join the sum in f64.
const GRAM_PART: usize = 256;

/// How factors are trained.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FactorSettings {
    /// Numbers of a vector, d.
    pub(crate) dimensions: usize,
    /// The weight a0 of a pair that did not happen, where one that did has its entry's weight. Above 0.
    pub(crate) unobserved_weight: f64,
    /// Regularisation before it is scaled. Above 0.
    pub(crate) regularisation: f64,
    /// Passes over people and items.
    pub(crate) sweeps: usize,
    /// Steps of conjugate gradients for each vector of a pass.
    pub(crate) gradient_steps: usize,
    /// Where the items' vectors begin.
    pub(crate) seed: u64,
    /// Threads; they change the time only.
    pub(crate) threads: usize,
}

impl Default for FactorSettings {
    /// Chosen on Online Retail, fitted before 2011-09-10 and tested to 2011-10-10, with purchases that count by
    /// 2^(-age / 120 days).
    fn default() -> Self {
        Self {
            dimensions: 64,
            unobserved_weight: 0.3,
            regularisation: 0.006,
            sweeps: 16,
            gradient_steps: 3,
            seed: 1,
            threads: available_threads(),
        }
    }
}

/// Both sides, as training leaves them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Factors {
    /// The items' side.
    pub(crate) items: ItemFactors,
    /// Person by person.
    pub(crate) people: Vec<f32>,
}

/// Trains factors. Rows are people, columns items, weights the confidence c.
///
/// # Errors
/// Settings out of range; a weight below 0; numbers that grow beyond bounds.
pub(crate) fn train_factors(matrix: &Csr, settings: &FactorSettings) -> Result<Factors> {
    let FactorSettings { dimensions, unobserved_weight, regularisation, .. } = *settings;
    ensure!((1..=1024).contains(&dimensions), "{dimensions} dimensions are not in 1..=1024");
    ensure!(unobserved_weight > 0.0, "the weight {unobserved_weight} of what did not happen is not above 0");
    ensure!(regularisation > 0.0, "the regularisation {regularisation} is not above 0");
    let is_negative = |row: usize| matrix.entries(row).any(|(_, weight)| weight < 0.0);
    ensure!(!(0..matrix.rows()).any(is_negative), "a weight is below 0");
    let by_item = matrix.transpose();
    let mut items = started(matrix.columns(), dimensions, settings.seed);
    let mut people = vec![0.0; matrix.rows() * dimensions];
    for _ in 0..settings.sweeps {
        improve(&mut people, matrix, &items, settings);
        improve(&mut items, &by_item, &people, settings);
    }
    ensure!(items.iter().chain(&people).all(|value| value.is_finite()), "the factors grew beyond bounds");
    let items = ItemFactors {
        dimensions,
        vectors: items,
        unobserved_weight,
        confidence: 1.0,
        target: 1.0,
        regularisation: regularisation * unobserved_weight * matrix.columns() as f64,
        regularisation_per_item: regularisation,
    };
    Ok(Factors { items, people })
}

/// Small numbers around 0 from the seed: the sum of four uniform ones, which needs no function that differs by machine.
fn started(rows: usize, dimensions: usize, seed: u64) -> Vec<f32> {
    let scale = 0.1 / (dimensions as f64).sqrt();
    let mut state = seed;
    // SplitMix64 (Steele, Lea and Flood 2014).
    let mut uniform = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    };
    // Four uniform numbers have the variance 1/3.
    (0..rows * dimensions).map(|_| ((0..4).map(|_| uniform()).sum::<f64>() * 3.0_f64.sqrt() * scale) as f32).collect()
}

fn scaled_regularisation(regularisation: f64, count: usize, unobserved: f64, others: usize) -> f64 {
    regularisation * (count as f64 + unobserved * others as f64)
}

/// `vectors^T vectors`, summed in parts of fixed length and in their order.
pub(super) fn gram(vectors: &[f32], dimensions: usize, threads: usize) -> Vec<f64> {
    let rows: Vec<&[f32]> = vectors.chunks(GRAM_PART * dimensions).collect();
    let mut sums = vec![vec![0.0_f32; dimensions * dimensions]; rows.len()];
    for_each_part(threads, rows.into_iter().zip(&mut sums).collect(), |_, (rows, sums)| {
        for row in rows.chunks_exact(dimensions) {
            for (factor, sums) in row.iter().zip(sums.chunks_exact_mut(dimensions)) {
                add_scaled(sums, *factor, row);
            }
        }
    });
    let mut gram = vec![0.0_f64; dimensions * dimensions];
    for sums in sums {
        gram.iter_mut().zip(sums).for_each(|(gram, sum)| *gram += f64::from(sum));
    }
    gram
}

/// Improves every vector of one side, given the other.
fn improve(vectors: &mut [f32], entries: &Csr, others: &[f32], settings: &FactorSettings) {
    let dimensions = settings.dimensions;
    let gram: Vec<f32> = gram(others, dimensions, settings.threads)
        .into_iter()
        .map(|value| (value * settings.unobserved_weight) as f32)
        .collect();
    let parts = vectors.chunks_mut(PART * dimensions).collect();
    let scratch = || Scratch { product: vec![0.0; dimensions], residual: vec![0.0; dimensions], direction: Vec::new() };
    for_each_part_with(settings.threads, parts, scratch, |scratch, part, vectors| {
        for (inside, vector) in vectors.chunks_exact_mut(dimensions).enumerate() {
            let (indices, weights) = entries.row(part * PART + inside);
            let regularisation = scaled_regularisation(
                settings.regularisation,
                indices.len(),
                settings.unobserved_weight,
                entries.columns(),
            );
            let system = System { gram: &gram, regularisation: regularisation as f32, indices, weights, others };
            widely(
                #[inline(always)]
                || system.descend(vector, settings.gradient_steps, scratch),
            );
        }
    });
}

struct Scratch {
    product: Vec<f32>,
    residual: Vec<f32>,
    direction: Vec<f32>,
}

/// The normal equations of one vector, never written out.
struct System<'a> {
    gram: &'a [f32],
    regularisation: f32,
    indices: &'a [u32],
    weights: &'a [f32],
    others: &'a [f32],
}

impl System<'_> {
    /// `product = (gram + regularisation) vector + sum of c (h vector - target) h`.
    #[inline(always)]
    fn apply(&self, vector: &[f32], target: f32, product: &mut [f32]) {
        let dimensions = vector.len();
        product.iter_mut().zip(vector).for_each(|(product, value)| *product = self.regularisation * value);
        for (factor, row) in vector.iter().zip(self.gram.chunks_exact(dimensions)) {
            add_scaled(product, *factor, row);
        }
        for (index, weight) in self.indices.iter().zip(self.weights) {
            let from = *index as usize * dimensions;
            let Some(other) = self.others.get(from..from + dimensions) else { continue };
            add_scaled(product, weight * (dot(other, vector) - target), other);
        }
    }

    /// Conjugate gradients from where the vector is.
    #[inline(always)]
    fn descend(&self, vector: &mut [f32], steps: usize, scratch: &mut Scratch) {
        let Scratch { product, residual, direction } = scratch;
        self.apply(vector, 1.0, product);
        residual.iter_mut().zip(&*product).for_each(|(residual, product)| *residual = -product);
        direction.clone_from(residual);
        let mut square = dot(residual, residual);
        for _ in 0..steps {
            if square < 1e-20 {
                return;
            }
            self.apply(direction, 0.0, product);
            let length = square / dot(direction, product);
            add_scaled(vector, length, direction);
            add_scaled(residual, -length, product);
            let next = dot(residual, residual);
            let ratio = next / square;
            square = next;
            direction.iter_mut().zip(&*residual).for_each(|(value, residual)| *value = residual + ratio * *value);
        }
    }
}

#[cfg(test)]
#[path = "factors_tests.rs"]
mod tests;
