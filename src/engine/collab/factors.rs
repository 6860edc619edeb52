//! *What it measures*: how near an item lies to the person in the space of implicit factors.
//! *Why it helps*: it carries over from items that nobody has seen together.
//! *How*: `u = (G + sum of c y yᵀ + r n I)⁻¹ sum of t y` over the vectors y of the n items that the person took up, with G,
//! the weighted sum over all items with the regularisation on its diagonal (Hu, Koren, Volinsky 2008; Rendle et al.
//! 2021). That is the half step of training for one person, so a new click moves u at once. `score(j) = u · y(j)`.
//! *When it misleads*: a person of one or two clicks lies where everybody lies.
//! *What consent it needs*: `behavioral`.

use crate::math::{dot, solve_symmetric};
use crate::models::Factors;

/// Returns the person's vector; zero when nothing was taken. `taken` are numbers of items, each once.
pub fn fold_in(factors: &Factors, taken: &[usize]) -> Vec<f32> {
    let size = factors.dimensions;
    let mut matrix = factors.gram.clone();
    let mut vector = vec![0.0; size];
    for item in taken {
        let Some(item) = factors.vectors.get(item * size..(item + 1) * size) else { continue };
        matrix.iter_mut().step_by(size + 1).for_each(|entry| *entry += factors.regularization_per_item);
        for ((row, left), sum) in item.iter().enumerate().zip(&mut vector) {
            let weighted = factors.confidence * f64::from(*left);
            *sum += factors.target * f64::from(*left);
            let columns = matrix.iter_mut().skip(row * size).take(row + 1);
            for (entry, right) in columns.zip(item) {
                *entry += weighted * f64::from(*right);
            }
        }
    }
    if solve_symmetric(&mut matrix, &mut vector) {
        vector.iter().map(|value| *value as f32).collect()
    } else {
        vec![0.0; size]
    }
}

/// Returns the score of every item, by its number.
pub fn factor_scores(factors: &Factors, person: &[f32]) -> Vec<f64> {
    factors.vectors.chunks_exact(factors.dimensions.max(1)).map(|item| f64::from(dot(item, person))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_lies_near_what_they_took() {
        // Two axes, an item on each, a third between them; all of them weigh into G with 0.1, and 0.5 on the diagonal.
        let factors = Factors {
            dimensions: 2,
            vectors: vec![1.0, 0.0, 0.0, 1.0, 0.5, 0.5],
            gram: vec![0.525, 0.025, 0.025, 0.525],
            confidence: 10.0,
            target: 11.0,
            regularization_per_item: 0.1,
        };
        let person = fold_in(&factors, &[0]);
        // (0.625 + 10) x + 0.025 y = 11; 0.025 x + 0.625 y = 0.
        let (a, b, d) = (10.625, 0.025, 0.625);
        let determinant = a * d - b * b;
        let expected = [11.0 * d / determinant, -11.0 * b / determinant];
        assert!(person.iter().zip(expected).all(|(found, value)| (f64::from(*found) - value).abs() < 1e-6));
        let scores = factor_scores(&factors, &person);
        assert!(scores.first() > scores.get(2) && scores.get(2) > scores.get(1), "{scores:?}");
        assert_eq!(fold_in(&factors, &[]), [0.0, 0.0]);
        assert_eq!(fold_in(&factors, &[9]), [0.0, 0.0]);
    }
}
