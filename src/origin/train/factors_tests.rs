//! What factors must do: lower their objective, fold in to the vectors that training finds, and not depend on threads.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fail loudly")]

use nearside_engine::collab::{factor_scores, fold_in};

use super::*;

fn settings() -> FactorSettings {
    FactorSettings {
        dimensions: 6,
        unobserved_weight: 0.2,
        regularisation: 0.05,
        sweeps: 3,
        gradient_steps: 3,
        seed: 7,
        threads: 2,
    }
}

/// Two tastes, with a little of the other one.
fn people() -> Csr {
    let takes = |row: usize, column: usize| row % 2 == column % 2 && (row * 5 + column * 3) % 7 < 4;
    let pairs = (0..70).flat_map(|row| (0..45).map(move |column| (row, column)));
    let taken = pairs.filter(|(row, column)| takes(*row, *column) || (row + column * 11) % 37 == 0);
    let weight = |row: usize, column: usize| 1.0 + ((row + column) % 3) as f32;
    let triples = taken.map(|(row, column)| (row as u32, column as u32, weight(row, column)));
    Csr::from_triples(70, 45, triples.collect()).unwrap()
}

fn objective(matrix: &Csr, factors: &Factors) -> f64 {
    let FactorSettings { dimensions, unobserved_weight, regularisation, .. } = settings();
    let wide = |vector: &[f32]| -> Vec<f64> { vector.iter().map(|value| f64::from(*value)).collect() };
    let product = |left: &[f64], right: &[f64]| -> f64 { left.iter().zip(right).map(|(a, b)| a * b).sum() };
    let people: Vec<Vec<f64>> = factors.people.chunks_exact(dimensions).map(wide).collect();
    let items: Vec<Vec<f64>> = factors.items.vectors.chunks_exact(dimensions).map(wide).collect();
    let mut sum = 0.0;
    for (row, person) in people.iter().enumerate() {
        sum += items.iter().map(|item| unobserved_weight * product(person, item).powi(2)).sum::<f64>();
        for (item, weight) in matrix.entries(row) {
            sum += f64::from(weight) * (product(person, &items[item as usize]) - 1.0).powi(2);
        }
    }
    let added = |count, others| scaled_regularisation(regularisation, count, unobserved_weight, others);
    let by_item = matrix.transpose();
    let of_people =
        people.iter().enumerate().map(|(row, vector)| added(matrix.row(row).0.len(), 45) * product(vector, vector));
    let of_items =
        items.iter().enumerate().map(|(row, vector)| added(by_item.row(row).0.len(), 70) * product(vector, vector));
    sum + of_people.sum::<f64>() + of_items.sum::<f64>()
}

#[test]
fn every_sweep_lowers_the_objective() {
    let matrix = people();
    let after = |sweeps| objective(&matrix, &train_factors(&matrix, &FactorSettings { sweeps, ..settings() }).unwrap());
    let values: Vec<f64> = (1..8).map(after).collect();
    assert!(values.windows(2).all(|pair| pair[1] < pair[0]), "{values:?}");
    assert!(values[6] < after(0) * 0.5, "{values:?}");
}

#[test]
fn folding_in_finds_the_vector_that_training_finds() {
    let matrix = people();
    let FactorSettings { dimensions, .. } = settings();
    let factors = train_factors(&matrix, &settings()).unwrap();
    let served = factors.items.for_fold_in();
    let mut solved = factors.people.clone();
    let exact = FactorSettings { gradient_steps: 40, ..settings() };
    improve(&mut solved, &matrix, &factors.items.vectors, &exact);
    for (row, vector) in solved.chunks_exact(dimensions).enumerate() {
        let taken: Vec<(usize, f64)> =
            matrix.entries(row).map(|(item, weight)| (item as usize, f64::from(weight))).collect();
        for (folded, solved) in fold_in(&served, &taken).iter().zip(vector) {
            assert!((folded - solved).abs() < 1e-4, "{row}: {folded} {solved}");
        }
    }
}

#[test]
fn own_tastes_score_higher_than_the_other_one() {
    let factors = train_factors(&people(), &FactorSettings { sweeps: 10, ..settings() }).unwrap().items;
    let served = factors.for_fold_in();
    let scores = factor_scores(&served, &fold_in(&served, &[(0, 1.0), (2, 1.0), (4, 1.0)]));
    let mean = |odd: usize| (0..22).map(|half| scores[half * 2 + odd]).sum::<f64>() / 22.0;
    assert!(mean(0) > 3.0 * mean(1).abs(), "{} {}", mean(0), mean(1));
}

#[test]
fn what_is_published_reads_as_the_bytes_stand_for() {
    let factors = train_factors(&people(), &settings()).unwrap().items;
    let (file, FactorSettings { regularisation, unobserved_weight, .. }) = (factors.file().unwrap(), settings());
    assert_eq!((file.dimensions, file.confidence, file.target), (6, 1.0, 1.0));
    assert_eq!(file.regularization_per_item, regularisation);
    assert!((file.regularization - regularisation * unobserved_weight * 45.0).abs() < 1e-12);
    let none = ItemFactors { regularisation: 0.0, ..factors };
    assert!(none.file().unwrap().regularization > 0.0, "the edge takes no 0");
}

#[test]
fn threads_change_no_bit_and_the_seed_does() {
    let matrix = people();
    let one = train_factors(&matrix, &FactorSettings { threads: 1, ..settings() }).unwrap();
    assert_eq!(one, train_factors(&matrix, &FactorSettings { threads: 3, ..settings() }).unwrap());
    assert_ne!(one, train_factors(&matrix, &FactorSettings { seed: 8, ..settings() }).unwrap());
}

#[test]
fn settings_out_of_range_are_refused() {
    let refused = |settings| train_factors(&people(), &settings).unwrap_err().to_string();
    assert_eq!(refused(FactorSettings { dimensions: 0, ..settings() }), "0 dimensions are not in 1..=1024");
    assert_eq!(refused(FactorSettings { regularisation: 0.0, ..settings() }), "the regularisation 0 is not above 0");
}
