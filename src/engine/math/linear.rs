//! Small dense linear algebra: dot products and symmetric systems.

/// Returns the sum of products, in eight lanes that are added in a fixed order: the same bits on every host, and fast
/// where the host has vectors.
#[expect(clippy::indexing_slicing, reason = "every index is below 8")]
pub fn dot(left: &[f32], right: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    let (heads, tails) = (left.chunks_exact(8), right.chunks_exact(8));
    let (left_rest, right_rest) = (heads.remainder(), tails.remainder());
    for (left, right) in heads.zip(tails) {
        for lane in 0..8 {
            lanes[lane] += left[lane] * right[lane];
        }
    }
    let mut sum = 0.0;
    for lane in lanes {
        sum += lane;
    }
    for (left, right) in left_rest.iter().zip(right_rest) {
        sum += left * right;
    }
    sum
}

/// Solves `A x = b` for a symmetric positive definite `A` (n x n, row by row; only the lower triangle is read, and
/// overwritten) by Cholesky; `b` becomes `x`. False, and nothing of use in `b`, when `A` is not positive definite or the
/// sizes do not fit.
#[expect(clippy::indexing_slicing, reason = "every index is below size x size, which is checked first")]
pub fn solve_symmetric(matrix: &mut [f64], vector: &mut [f64]) -> bool {
    let size = vector.len();
    if matrix.len() != size * size {
        return false;
    }
    for row in 0..size {
        for column in 0..=row {
            let mut sum = matrix[row * size + column];
            for at in 0..column {
                sum -= matrix[row * size + at] * matrix[column * size + at];
            }
            if row == column {
                if !(sum > 0.0 && sum.is_finite()) {
                    return false;
                }
                matrix[row * size + row] = sum.sqrt();
            } else {
                matrix[row * size + column] = sum / matrix[column * size + column];
            }
        }
    }
    for row in 0..size {
        let mut sum = vector[row];
        for at in 0..row {
            sum -= matrix[row * size + at] * vector[at];
        }
        vector[row] = sum / matrix[row * size + row];
    }
    for row in (0..size).rev() {
        let mut sum = vector[row];
        for at in row + 1..size {
            sum -= matrix[at * size + row] * vector[at];
        }
        vector[row] = sum / matrix[row * size + row];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_solved() {
        let mut matrix = vec![4.0, 0.0, 0.0, 2.0, 5.0, 0.0, 1.0, 3.0, 6.0];
        let mut vector = vec![11.0, 21.0, 25.0];
        assert!(solve_symmetric(&mut matrix, &mut vector));
        for (found, expected) in vector.iter().zip([1.0, 2.0, 3.0]) {
            assert!((found - expected).abs() < 1e-12, "{vector:?}");
        }
    }

    #[test]
    fn what_is_not_positive_definite_is_not_solved() {
        assert!(!solve_symmetric(&mut [1.0, 0.0, 2.0, 1.0], &mut [1.0, 1.0]));
        assert!(!solve_symmetric(&mut [f64::NAN], &mut [1.0]));
        assert!(!solve_symmetric(&mut [1.0], &mut [1.0, 1.0]));
    }

    #[test]
    fn products_of_any_length_are_summed() {
        let left: Vec<f32> = (0..19).map(|value| value as f32).collect();
        assert_eq!(dot(&left, &left), (0..19).map(|value| (value * value) as f32).sum::<f32>());
        assert_eq!(dot(&[], &[]), 0.0);
    }
}
