//! The inverse of a symmetric positive definite matrix, in blocks and on several threads. What is inverted is the
//! caller's.
//!
//! Block Gauss-Jordan elimination by the sweep operator (Goodnight 1979, "A Tutorial on the SWEEP Operator"): for each
//! block k on the diagonal, with `D = A_kk^-1` and the column of blocks `P_i = A_ik`,
//!
//! ```text
//! A_ij <- A_ij - P_i D P_j^T   (i, j != k)      A_ik <- P_i D      A_kk <- -D
//! ```
//!
//! and when every block had its turn the matrix is `-A^-1`. Only the lower triangle is kept, so that n^3 floating-point
//! operations are done, all of them as small products of blocks. Every number is a sum in one fixed order, with separate
//! multiplication and addition: the result is the same on any number of threads and on any machine.

#![allow(
    clippy::indexing_slicing,
    reason = "dense arithmetic; every block has the length that the constructor gave it"
)]

use anyhow::{Context, Result};

use super::threads::for_each_part;
use super::wide::widely;

/// Rows of a block. 128 x 128 f32 are 64 KB: operands stay in the second-level cache, and the matrix passes through
/// memory n / 128 times.
const BLOCK: usize = 128;
/// Numbers of a block.
const BLOCK_LEN: usize = BLOCK * BLOCK;
/// Rows of the innermost product, and its columns: twice four registers of eight numbers, which the compiler finds alone.
const TILE_ROWS: usize = 4;
const TILE_COLUMNS: usize = 16;

/// A symmetric matrix: the lower triangle in blocks, row by row of blocks. Rows beyond `size` are those of a unit matrix.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Symmetric {
    size: usize,
    /// For each row of blocks the blocks up to the diagonal, each by its rows.
    block_rows: Vec<Vec<f32>>,
}

impl Symmetric {
    /// Builds the matrix from its lower triangle: `fill(row, values)` writes the columns `0..=row`.
    ///
    /// Rows are asked for on several threads.
    pub(super) fn from_lower(size: usize, threads: usize, fill: impl Fn(usize, &mut [f32]) + Sync) -> Self {
        let mut block_rows: Vec<Vec<f32>> =
            (0..size.div_ceil(BLOCK)).map(|row| vec![0.0; (row + 1) * BLOCK_LEN]).collect();
        for_each_part(threads, block_rows.iter_mut().collect(), |block_row, blocks| {
            let mut values = vec![0.0; (block_row + 1) * BLOCK];
            for inside in 0..BLOCK {
                let row = block_row * BLOCK + inside;
                values.fill(0.0);
                if row < size {
                    fill(row, &mut values[..=row]);
                } else {
                    values[row] = 1.0;
                }
                for (block, values) in blocks.chunks_exact_mut(BLOCK_LEN).zip(values.chunks_exact(BLOCK)) {
                    block[inside * BLOCK..(inside + 1) * BLOCK].copy_from_slice(values);
                }
            }
            mirror(&mut blocks[block_row * BLOCK_LEN..]);
        });
        Self { size, block_rows }
    }

    /// The number in a place.
    #[cfg(test)]
    pub(super) fn get(&self, row: usize, column: usize) -> f32 {
        let (row, column) = (row.max(column), row.min(column));
        self.block_rows[row / BLOCK][column / BLOCK * BLOCK_LEN + row % BLOCK * BLOCK + column % BLOCK]
    }

    /// Writes a whole row, which is a column as well. `values` is as long as the matrix is wide.
    pub(super) fn copy_row(&self, row: usize, values: &mut [f32]) {
        let (block, inside) = (row / BLOCK, row % BLOCK);
        for (place, values) in values.chunks_mut(BLOCK).enumerate() {
            let (from, length) = (place * BLOCK_LEN + inside * BLOCK, values.len());
            if place <= block {
                values.copy_from_slice(&self.block_rows[block][from..from + length]);
            } else {
                let below = &self.block_rows[place][block * BLOCK_LEN + inside..];
                for (value, found) in values.iter_mut().zip(below.iter().step_by(BLOCK)) {
                    *value = *found;
                }
            }
        }
    }

    /// Turns the matrix into its inverse.
    ///
    /// # Errors
    /// When it is not positive definite.
    pub(super) fn invert(&mut self, threads: usize) -> Result<()> {
        for step in 0..self.block_rows.len() {
            self.sweep(step, threads)?;
        }
        for_each_part(threads, self.block_rows.iter_mut().collect(), |_, blocks: &mut Vec<f32>| {
            blocks.iter_mut().for_each(|value| *value = -*value);
        });
        Ok(())
    }

    fn sweep(&mut self, step: usize, threads: usize) -> Result<()> {
        let inverse = inverted_block(&self.block_rows[step][step * BLOCK_LEN..])
            .with_context(|| format!("rows {} on: the matrix is not positive definite", step * BLOCK))?;
        let panel: Vec<Vec<f32>> = (0..self.block_rows.len()).map(|row| self.block(row, step)).collect();
        let packed_panel: Vec<Vec<f32>> = panel.iter().map(|block| packed(block, TILE_COLUMNS)).collect();
        let packed_inverse = packed(&inverse, TILE_COLUMNS);
        // The longest rows first, so that the threads end together.
        let rows: Vec<(usize, &mut Vec<f32>)> = self.block_rows.iter_mut().enumerate().rev().collect();
        for_each_part(threads, rows, |_, (row, blocks)| {
            let mut product = vec![0.0; BLOCK_LEN];
            let left = if row == step {
                inverse.iter().map(|value| -value).collect()
            } else {
                let negative: Vec<f32> = panel[row].iter().map(|value| -value).collect();
                subtract_product(&mut product, &packed(&negative, TILE_ROWS), &packed_inverse);
                product.clone()
            };
            let packed_left = packed(&left, TILE_ROWS);
            for (column, block) in blocks.chunks_exact_mut(BLOCK_LEN).enumerate() {
                if column == step {
                    block.copy_from_slice(&left);
                    continue;
                }
                if row == step {
                    block.fill(0.0);
                }
                subtract_product(block, &packed_left, &packed_panel[column]);
            }
        });
        Ok(())
    }

    /// A block of the whole matrix: those above the diagonal are turned ones.
    fn block(&self, row: usize, column: usize) -> Vec<f32> {
        let (low, high) = (row.min(column), row.max(column));
        let kept = &self.block_rows[high][low * BLOCK_LEN..(low + 1) * BLOCK_LEN];
        if row >= column {
            return kept.to_vec();
        }
        let mut turned = vec![0.0; BLOCK_LEN];
        for (index, value) in kept.iter().enumerate() {
            turned[index % BLOCK * BLOCK + index / BLOCK] = *value;
        }
        turned
    }
}

/// Copies the lower triangle of a block into its upper one.
fn mirror(block: &mut [f32]) {
    for row in 0..BLOCK {
        for column in row + 1..BLOCK {
            block[row * BLOCK + column] = block[column * BLOCK + row];
        }
    }
}

/// The rows of a block in groups: within a group, all numbers of the first column, then of the second.
fn packed(block: &[f32], group: usize) -> Vec<f32> {
    let mut packed = Vec::with_capacity(BLOCK_LEN);
    for rows in block.chunks_exact(group * BLOCK) {
        for column in 0..BLOCK {
            packed.extend(rows.iter().skip(column).step_by(BLOCK));
        }
    }
    packed
}

/// `block -= left x right^T`, both packed.
fn subtract_product(block: &mut [f32], left: &[f32], right: &[f32]) {
    widely(
        #[inline(always)]
        || {
            for (rows, left) in block.chunks_exact_mut(TILE_ROWS * BLOCK).zip(left.chunks_exact(TILE_ROWS * BLOCK)) {
                for (column, right) in right.chunks_exact(TILE_COLUMNS * BLOCK).enumerate() {
                    let sums = tile_product(left, right);
                    for (row, sums) in rows.chunks_exact_mut(BLOCK).zip(sums) {
                        let place = &mut row[column * TILE_COLUMNS..(column + 1) * TILE_COLUMNS];
                        for (value, sum) in place.iter_mut().zip(sums) {
                            *value -= sum;
                        }
                    }
                }
            }
        },
    );
}

/// The product of a group of rows with a group of columns. All sums stay in registers.
#[inline(always)]
fn tile_product(left: &[f32], right: &[f32]) -> [[f32; TILE_COLUMNS]; TILE_ROWS] {
    let mut sums = [[0.0_f32; TILE_COLUMNS]; TILE_ROWS];
    for (left, right) in left.as_chunks::<TILE_ROWS>().0.iter().zip(right.as_chunks::<TILE_COLUMNS>().0) {
        for (sums, left) in sums.iter_mut().zip(left) {
            for (sum, right) in sums.iter_mut().zip(right) {
                *sum += left * right;
            }
        }
    }
    sums
}

/// The inverse of one block, in f64 by Cholesky's way; None when it is not positive definite.
fn inverted_block(block: &[f32]) -> Option<Vec<f32>> {
    let wide: Vec<f64> = block.iter().map(|value| f64::from(*value)).collect();
    let inverse = super::cholesky::Cholesky::new(BLOCK, &wide)?.inverse();
    Some(inverse.into_iter().map(|value| value as f32).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may fail loudly")]
mod tests {
    use super::*;

    /// The largest difference of `matrix x inverse` from the unit matrix over some of its columns, in f64.
    fn residual(matrix: &Symmetric, inverse: &Symmetric, columns: &[usize]) -> f64 {
        let (mut left, mut right) = (vec![0.0; matrix.size], vec![0.0; matrix.size]);
        let mut largest = 0.0_f64;
        for column in columns {
            inverse.copy_row(*column, &mut right);
            for row in 0..matrix.size {
                matrix.copy_row(row, &mut left);
                let products = left.iter().zip(&right).map(|(left, right)| f64::from(*left) * f64::from(*right));
                let expected = if row == *column { 1.0 } else { 0.0 };
                largest = largest.max((products.sum::<f64>() - expected).abs());
            }
        }
        largest
    }

    /// A matrix with a strong diagonal and every kind of small number beside it.
    fn example(size: usize) -> Symmetric {
        Symmetric::from_lower(size, 2, |row, values| {
            for (column, value) in values.iter_mut().enumerate() {
                *value = ((row * 31 + column * 17) % 23) as f32 / 23.0 - 0.4;
            }
            values[row] += 40.0 + row as f32 / 10.0;
        })
    }

    #[test]
    fn a_matrix_times_its_inverse_is_the_unit_matrix() {
        for size in [1, BLOCK, 2 * BLOCK + 5] {
            let matrix = example(size);
            let mut inverse = matrix.clone();
            inverse.invert(2).unwrap();
            let columns: Vec<usize> = (0..size).step_by(29).collect();
            let error = residual(&matrix, &inverse, &columns);
            assert!(error < 1e-5, "{size}: {error}");
        }
    }

    #[test]
    fn the_number_of_threads_changes_no_bit() {
        let mut alone = example(200);
        let mut together = alone.clone();
        alone.invert(1).unwrap();
        together.invert(3).unwrap();
        assert_eq!(alone, together);
    }

    #[test]
    fn a_matrix_without_an_inverse_is_refused() {
        let mut flat = Symmetric::from_lower(3, 1, |_, values| values.fill(1.0));
        assert_eq!(flat.invert(1).unwrap_err().to_string(), "rows 0 on: the matrix is not positive definite");
    }

    #[test]
    fn rows_are_columns() {
        let matrix = example(200);
        let mut row = vec![0.0; 200];
        matrix.copy_row(70, &mut row);
        assert!((0..200).all(|column| row[column] == matrix.get(70, column) && row[column] == matrix.get(column, 70)));
    }
}
