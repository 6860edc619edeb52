//! *What it measures*: how strongly the items that the person took up point to another one.
//! *Why it helps*: what goes together in many baskets goes together in the next.
//! *How*: `score(j) = sum over taken i of w(i) B[i, j] / sqrt(sum of w(i)^2)`, with w what time left of the engagement, 1 at
//! most, and B from EASE^R (Steck, "Embarrassingly shallow autoencoders", 2019), its strongest entries a column kept as
//! int8. The root makes long and short histories comparable, so that one step function fits both.
//! *When it misleads*: items that are bought together once and never again.
//! *What consent it needs*: `behavioral`.

use crate::models::Neighbours;

/// Returns the score of every item, by its number. `taken` are numbers of items, each once, with what time left of them.
pub fn neighbour_scores(neighbours: &Neighbours, taken: &[(usize, f64)]) -> Vec<f64> {
    let mut sums = vec![0.0; neighbours.scales.len()];
    let mut squares = 0.0;
    for (item, weight) in taken {
        let weight = weight.min(1.0);
        squares += weight * weight;
        let bound = |at: usize| neighbours.starts.get(at).map_or(0, |start| *start as usize);
        let range = bound(*item)..bound(item + 1);
        let (targets, values) = (neighbours.targets.get(range.clone()), neighbours.values.get(range));
        for (target, value) in targets.into_iter().flatten().zip(values.into_iter().flatten()) {
            if let Some(sum) = sums.get_mut(usize::from(*target)) {
                *sum += weight * f64::from(*value);
            }
        }
    }
    let length = if squares > 0.0 { squares.sqrt() } else { 1.0 };
    sums.iter_mut().zip(&neighbours.scales).for_each(|(sum, scale)| *sum *= f64::from(*scale) / length);
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_add_up_and_long_histories_are_scaled() {
        let neighbours = Neighbours {
            starts: vec![0, 2, 3, 3],
            targets: vec![1, 2, 2],
            values: vec![100, 50, -20],
            scales: vec![0.0, 0.01, 0.02],
        };
        let close = |found: Vec<f64>, expected: [f64; 3]| {
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-7), "{found:?}");
        };
        close(neighbour_scores(&neighbours, &[(0, 1.0)]), [0.0, 1.0, 1.0]);
        close(
            neighbour_scores(&neighbours, &[(0, 0.5), (1, 3.0)]),
            [0.0, 0.5 / 1.25_f64.sqrt(), 0.1 / 1.25_f64.sqrt()],
        );
        close(neighbour_scores(&neighbours, &[]), [0.0; 3]);
        close(neighbour_scores(&neighbours, &[(7, 1.0)]), [0.0; 3]);
    }
}
