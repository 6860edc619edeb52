//! Small dense systems in f64: Cholesky's decomposition `A = L L^T` of a symmetric positive definite matrix.

#![allow(clippy::indexing_slicing, reason = "dense arithmetic; the constructor checks the length once")]

/// The lower triangle `L`.
#[derive(Debug, Clone)]
pub(super) struct Cholesky {
    size: usize,
    /// By rows; what is above the diagonal is not read.
    lower: Vec<f64>,
}

impl Cholesky {
    /// Decomposes a matrix that is given by its rows. None when it is not positive definite or of another size.
    pub(super) fn new(size: usize, matrix: &[f64]) -> Option<Self> {
        if matrix.len() != size * size {
            return None;
        }
        let mut lower = matrix.to_vec();
        for row in 0..size {
            let (above, below) = lower.split_at_mut(row * size);
            let own = &mut below[..size];
            for column in 0..row {
                let other = &above[column * size..(column + 1) * size];
                own[column] = (own[column] - dot(&own[..column], &other[..column])) / other[column];
            }
            let pivot = own[row] - dot(&own[..row], &own[..row]);
            // A value that is not a number fails this as well.
            if !(pivot > 0.0 && pivot.is_finite()) {
                return None;
            }
            own[row] = pivot.sqrt();
        }
        Some(Self { size, lower })
    }

    /// Solves `A x = b` in place.
    pub(super) fn solve(&self, vector: &mut [f64]) {
        for row in 0..self.size {
            let own = &self.lower[row * self.size..];
            vector[row] = (vector[row] - dot(&own[..row], &vector[..row])) / own[row];
        }
        for row in (0..self.size).rev() {
            let own = &self.lower[row * self.size..];
            vector[row] /= own[row];
            let found = vector[row];
            for (value, factor) in vector[..row].iter_mut().zip(own) {
                *value -= found * factor;
            }
        }
    }

    /// The inverse of the matrix, by rows.
    pub(super) fn inverse(&self) -> Vec<f64> {
        let mut inverse = vec![0.0; self.size * self.size];
        for (row, column) in inverse.chunks_exact_mut(self.size).enumerate() {
            column[row] = 1.0;
            self.solve(column);
        }
        inverse
    }
}

/// A sum of products in eight lanes of fixed order, which the compiler can put side by side.
fn dot(left: &[f64], right: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (left, left_rest) = left.as_chunks::<8>();
    let (right, right_rest) = right.as_chunks::<8>();
    for (left, right) in left.iter().zip(right) {
        for ((sum, left), right) in sums.iter_mut().zip(left).zip(right) {
            *sum += left * right;
        }
    }
    let rest: f64 = left_rest.iter().zip(right_rest).map(|(left, right)| left * right).sum();
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may fail loudly")]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_solved() {
        let matrix = [4.0, 2.0, 0.6, 2.0, 5.0, 1.0, 0.6, 1.0, 3.0];
        let cholesky = Cholesky::new(3, &matrix).unwrap();
        let mut vector = [1.0, -2.0, 0.5];
        cholesky.solve(&mut vector);
        for (row, expected) in matrix.chunks_exact(3).zip([1.0, -2.0, 0.5]) {
            assert!((dot(row, &vector) - expected).abs() < 1e-12);
        }
        let inverse = cholesky.inverse();
        for (row, line) in matrix.chunks_exact(3).enumerate() {
            for column in 0..3 {
                let product: f64 = (0..3).map(|index| line[index] * inverse[index * 3 + column]).sum();
                assert!((product - f64::from(u8::from(row == column))).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn what_is_not_positive_definite_is_none() {
        assert!(Cholesky::new(2, &[1.0, 2.0, 2.0, 1.0]).is_none());
        assert!(Cholesky::new(2, &[1.0, f64::NAN, f64::NAN, 1.0]).is_none());
        assert!(Cholesky::new(2, &[1.0]).is_none());
    }
}
