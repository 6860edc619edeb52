//! A sparse matrix by rows: people in rows, items in columns. What is learned from it lives elsewhere.

use anyhow::{Result, ensure};

/// Compressed sparse rows. Within a row columns ascend and each occurs once.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Csr {
    columns: usize,
    /// Where each row begins in `indices` and `weights`; one more than there are rows.
    starts: Vec<usize>,
    indices: Vec<u32>,
    weights: Vec<f32>,
}

impl Csr {
    /// Builds the matrix from `(row, column, weight)`. Weights of one place are added, in f64 and in ascending order, so
    /// that the order of the input does not matter.
    ///
    /// # Errors
    /// A row or column outside the matrix; a weight that is not finite.
    pub(crate) fn from_triples(rows: usize, columns: usize, mut triples: Vec<(u32, u32, f32)>) -> Result<Self> {
        for (row, column, weight) in &triples {
            let is_inside = (*row as usize) < rows && (*column as usize) < columns;
            ensure!(is_inside, "row {row}, column {column} is outside a matrix of {rows} x {columns}");
            ensure!(weight.is_finite(), "row {row}, column {column}: weight {weight} is not finite");
        }
        triples
            .sort_unstable_by(|left, right| (left.0, left.1).cmp(&(right.0, right.1)).then(left.2.total_cmp(&right.2)));
        let mut matrix =
            Self { columns, starts: Vec::with_capacity(rows + 1), indices: Vec::new(), weights: Vec::new() };
        for same in triples.chunk_by(|left, right| (left.0, left.1) == (right.0, right.1)) {
            let Some((row, column, _)) = same.first() else { continue };
            matrix.begin_rows(*row as usize);
            matrix.indices.push(*column);
            matrix.weights.push(same.iter().map(|(_, _, weight)| f64::from(*weight)).sum::<f64>() as f32);
        }
        matrix.begin_rows(rows);
        Ok(matrix)
    }

    /// Begins rows up to and including this one.
    fn begin_rows(&mut self, row: usize) {
        while self.starts.len() <= row {
            self.starts.push(self.indices.len());
        }
    }

    /// How many rows.
    pub(crate) fn rows(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// How many columns.
    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// How many places are filled.
    pub(crate) fn filled(&self) -> usize {
        self.indices.len()
    }

    /// The columns and weights of a row; empty beyond the last row.
    pub(crate) fn row(&self, row: usize) -> (&[u32], &[f32]) {
        let range = self.starts.get(row).copied().unwrap_or(0)..self.starts.get(row + 1).copied().unwrap_or(0);
        (self.indices.get(range.clone()).unwrap_or_default(), self.weights.get(range).unwrap_or_default())
    }

    /// The entries of a row.
    pub(crate) fn entries(&self, row: usize) -> impl Iterator<Item = (u32, f32)> + '_ {
        let (columns, weights) = self.row(row);
        columns.iter().copied().zip(weights.iter().copied())
    }

    /// The same matrix with another weight in each filled place, made from its row, column and weight.
    pub(crate) fn reweighted(&self, weight_of: impl Fn(usize, u32, f32) -> f32) -> Self {
        let weights = (0..self.rows())
            .flat_map(|row| self.entries(row).map(move |(column, weight)| (row, column, weight)))
            .map(|(row, column, weight)| weight_of(row, column, weight));
        Self { weights: weights.collect(), ..self.clone() }
    }

    /// Rows become columns.
    pub(crate) fn transpose(&self) -> Self {
        let mut starts = vec![0_usize; self.columns + 1];
        for column in &self.indices {
            if let Some(start) = starts.get_mut(*column as usize + 1) {
                *start += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let (mut indices, mut weights) = (vec![0; self.filled()], vec![0.0; self.filled()]);
        for row in 0..self.rows() {
            for (column, weight) in self.entries(row) {
                let Some(place) = next.get_mut(column as usize) else { continue };
                if let (Some(index), Some(slot)) = (indices.get_mut(*place), weights.get_mut(*place)) {
                    *index = row as u32;
                    *slot = weight;
                }
                *place += 1;
            }
        }
        Self { columns: self.rows(), starts, indices, weights }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may fail loudly")]
mod tests {
    use super::*;

    #[test]
    fn triples_in_any_order_give_one_matrix() {
        let triples = vec![(2, 1, 1.0), (0, 2, 0.5), (2, 0, 3.0), (0, 2, 0.25)];
        let matrix = Csr::from_triples(4, 3, triples.clone()).unwrap();
        assert_eq!(matrix.row(0), (&[2_u32][..], &[0.75_f32][..]));
        assert_eq!(matrix.row(1), (&[][..], &[][..]));
        assert_eq!(matrix.row(2), (&[0, 1][..], &[3.0, 1.0][..]));
        assert_eq!(matrix.row(3), (&[][..], &[][..]));
        assert_eq!(matrix.row(4), (&[][..], &[][..]));
        assert_eq!((matrix.rows(), matrix.columns(), matrix.filled()), (4, 3, 3));
        assert_eq!(Csr::from_triples(4, 3, triples.into_iter().rev().collect()).unwrap(), matrix);
    }

    #[test]
    fn a_matrix_turned_twice_is_itself() {
        let matrix = Csr::from_triples(4, 3, vec![(2, 1, 1.0), (0, 2, 0.5), (2, 0, 3.0), (3, 2, 9.0)]).unwrap();
        let turned = matrix.transpose();
        assert_eq!((turned.rows(), turned.columns()), (3, 4));
        assert_eq!(turned.row(2), (&[0, 3][..], &[0.5, 9.0][..]));
        assert_eq!(turned.transpose(), matrix);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let refused = |triple| Csr::from_triples(2, 2, vec![triple]).unwrap_err().to_string();
        assert_eq!(refused((2, 0, 1.0)), "row 2, column 0 is outside a matrix of 2 x 2");
        assert_eq!(refused((0, 1, f32::NAN)), "row 0, column 1: weight NaN is not finite");
    }
}
