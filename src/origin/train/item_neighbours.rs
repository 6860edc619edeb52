//! Item neighbours by EASE^R (Steck 2019, "Embarrassingly Shallow Autoencoders for Sparse Data").
//!
//! With `X` people x items, `G = X^T X` and `P = (G + L)^-1`, the weights are `B_ij = -P_ij / P_jj` off the diagonal and 0
//! on it: the ridge regression of every item on all others, in closed form. A person's score for item j is
//! `sum over their items i of x_i B_ij`, a sum that can be listed term by term. `L` is diagonal,
//! `L_ii = regularisation + dropout / (1 - dropout) G_ii`; the second part is that of EDLAE (Steck 2020, "Autoencoders that
//! don't Overfit towards the Identity"). Of each column the `keep` weights of the largest size stay.
//!
//! Memory is 2 n^2 bytes for n items while it runs, time grows with n^3: 20,000 items are 0.8 GB and minutes.

use std::sync::Mutex;

use anyhow::{Result, ensure};
use nearside_engine::math::top_k_indices;

use super::matrix::Csr;
use super::symmetric::Symmetric;
use super::threads::{available_threads, for_each_part};

/// Above this many items the matrix no longer fits a small machine (3.2 GB).
const MOST_ITEMS: usize = 40_000;

/// How neighbours are trained.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NeighbourSettings {
    /// Added to every item's count: how many people an item needs before its weights are believed. Above 0.
    pub(crate) regularisation: f64,
    /// The share of an item's own count that is added as well, as if so many of its entries were dropped: 0 to below 1.
    pub(crate) dropout: f64,
    /// How many weights a column keeps.
    pub(crate) keep: usize,
    /// Threads; they change the time only.
    pub(crate) threads: usize,
}

impl Default for NeighbourSettings {
    /// The regularisation of the published figures on Online Retail. A catalogue of a few hundred items, of which people
    /// take few, wants 50.
    fn default() -> Self {
        Self { regularisation: 250.0, dropout: 0.0, keep: 200, threads: available_threads() }
    }
}

/// For each item the items that speak for it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Neighbours {
    /// By item j: input items i and their weights `B_ij`, by item ascending.
    pub(crate) columns: Vec<Vec<(u32, f32)>>,
}

/// Trains neighbours. Rows are people, columns items; a weight of 1 for an item that the person took is usual.
///
/// # Errors
/// Settings out of range; more than 40,000 items; numbers so large that the matrix has no inverse.
pub(crate) fn train_neighbours(matrix: &Csr, settings: &NeighbourSettings) -> Result<Neighbours> {
    let inverse = inverted_gram(matrix, settings)?;
    let size = matrix.columns();
    let columns = Mutex::new(vec![Vec::new(); size]);
    let items: Vec<Vec<usize>> = (0..size).collect::<Vec<_>>().chunks(64).map(<[usize]>::to_vec).collect();
    for_each_part(settings.threads, items, |_, items| {
        let mut values = vec![0.0; size];
        for item in items {
            inverse.copy_row(item, &mut values);
            let column = strongest(&values, item, settings.keep);
            if let Some(slot) = columns.lock().ok().as_mut().and_then(|columns| columns.get_mut(item)) {
                *slot = column;
            }
        }
    });
    Ok(Neighbours { columns: columns.into_inner().unwrap_or_default() })
}

/// `P = (X^T X + L)^-1`.
fn inverted_gram(matrix: &Csr, settings: &NeighbourSettings) -> Result<Symmetric> {
    let NeighbourSettings { regularisation, dropout, .. } = *settings;
    ensure!(regularisation > 0.0, "the regularisation {regularisation} is not above 0");
    ensure!((0.0..1.0).contains(&dropout), "the dropout {dropout} is not in 0..1");
    ensure!(matrix.columns() <= MOST_ITEMS, "{} items are above the limit {MOST_ITEMS}", matrix.columns());
    let mut gram = gram(matrix, regularisation, dropout, settings.threads);
    gram.invert(settings.threads)?;
    Ok(gram)
}

/// `X^T X + L`.
fn gram(matrix: &Csr, regularisation: f64, dropout: f64, threads: usize) -> Symmetric {
    let by_item = matrix.transpose();
    Symmetric::from_lower(matrix.columns(), threads, |item, values| {
        for (person, own) in by_item.entries(item) {
            for (other, weight) in matrix.entries(person as usize) {
                // Columns ascend: what follows is above the diagonal.
                let Some(value) = values.get_mut(other as usize) else { break };
                *value += own * weight;
            }
        }
        if let Some(diagonal) = values.get_mut(item) {
            let count = f64::from(*diagonal);
            *diagonal = (count + regularisation + count * dropout / (1.0 - dropout)) as f32;
        }
    })
}

/// The weights of a column from its column of `P`: those of the largest size, by item.
fn strongest(column: &[f32], item: usize, keep: usize) -> Vec<(u32, f32)> {
    let at = |index: usize| column.get(index).copied().unwrap_or(0.0);
    let own = at(item);
    let size = |index: usize| if index == item { -1.0 } else { at(index).abs() };
    let others = column.len().saturating_sub(1);
    let best = if keep < others {
        let stronger = |left, right| size(right).total_cmp(&size(left)).then(left.cmp(&right));
        let mut best = top_k_indices(column.len(), keep, stronger);
        best.sort_unstable();
        best
    } else {
        (0..column.len()).filter(|index| *index != item).collect()
    };
    let weight = |index: usize| (index as u32, -at(index) / own);
    best.into_iter().map(weight).filter(|(_, weight)| *weight != 0.0).collect()
}

impl Neighbours {
    /// The same weights by input item: which items it speaks for, and how strongly.
    pub(crate) fn by_input(&self) -> Vec<Vec<(u32, f32)>> {
        let mut rows = vec![Vec::new(); self.columns.len()];
        for (item, column) in self.columns.iter().enumerate() {
            for (input, weight) in column {
                if let Some(row) = rows.get_mut(*input as usize) {
                    row.push((item as u32, *weight));
                }
            }
        }
        rows
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fail loudly")]
mod tests {
    use nearside_engine::math::hash64;

    use super::*;

    fn settings() -> NeighbourSettings {
        NeighbourSettings { regularisation: 2.0, dropout: 0.0, keep: 200, threads: 2 }
    }

    fn people(rows: usize, columns: usize) -> Csr {
        let takes = |row: usize, column: usize| hash64(&[&row.to_string(), &column.to_string()]) % 5 < 2;
        let pairs = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
        let taken = pairs.filter(|(row, column)| takes(*row, *column));
        Csr::from_triples(rows, columns, taken.map(|(row, column)| (row as u32, column as u32, 1.0)).collect()).unwrap()
    }

    /// Each column as the ridge regression that it stands for, by Gaussian elimination in f64.
    fn ridge_column(matrix: &Csr, item: usize, regularisation: f64) -> Vec<f64> {
        let size = matrix.columns();
        let dense: Vec<Vec<f64>> = (0..matrix.rows())
            .map(|row| {
                let mut values = vec![0.0; size];
                matrix.entries(row).for_each(|(column, weight)| values[column as usize] = f64::from(weight));
                values
            })
            .collect();
        let others: Vec<usize> = (0..size).filter(|other| *other != item).collect();
        let product = |a: usize, b: usize| -> f64 { dense.iter().map(|row| row[a] * row[b]).sum() };
        let mut system: Vec<Vec<f64>> = others
            .iter()
            .map(|a| {
                let left = others.iter().map(|b| product(*a, *b) + if a == b { regularisation } else { 0.0 });
                left.chain([product(*a, item)]).collect()
            })
            .collect();
        for step in 0..others.len() {
            let pivot = system[step].clone();
            for (row, line) in system.iter_mut().enumerate().filter(|(row, _)| *row != step) {
                let factor = line[step] / pivot[step];
                assert!(row < others.len());
                line.iter_mut().zip(&pivot).for_each(|(value, pivot)| *value -= factor * pivot);
            }
        }
        let mut column = vec![0.0; size];
        for (place, other) in others.iter().enumerate() {
            column[*other] = system[place][others.len()] / system[place][place];
        }
        column
    }

    #[test]
    fn columns_are_the_ridge_regressions_of_items_on_all_others() {
        let matrix = people(30, 9);
        let neighbours = train_neighbours(&matrix, &settings()).unwrap();
        for item in 0..9 {
            let expected = ridge_column(&matrix, item, 2.0);
            assert!(neighbours.columns[item].iter().all(|(input, _)| *input as usize != item));
            for (input, weight) in &neighbours.columns[item] {
                let error = (f64::from(*weight) - expected[*input as usize]).abs();
                assert!(error < 1e-5, "{item} {input}: {error}");
            }
        }
    }

    #[test]
    fn the_strongest_stay_in_the_order_of_items() {
        let matrix = people(60, 40);
        let all = train_neighbours(&matrix, &settings()).unwrap();
        let few = train_neighbours(&matrix, &NeighbourSettings { keep: 5, ..settings() }).unwrap();
        for (all, few) in all.columns.iter().zip(&few.columns) {
            let mut sorted = all.clone();
            sorted.sort_by(|left, right| right.1.abs().total_cmp(&left.1.abs()).then(left.0.cmp(&right.0)));
            sorted.truncate(5);
            sorted.sort_by_key(|(input, _)| *input);
            assert_eq!(*few, sorted);
        }
        assert_eq!(few.columns.concat().len(), 200);
        let by_input = few.by_input();
        assert_eq!(by_input.iter().map(Vec::len).sum::<usize>(), 200);
        let (input, weight) = few.columns[3][0];
        assert!(by_input[input as usize].contains(&(3, weight)));
    }

    #[test]
    fn threads_change_no_bit() {
        let matrix = people(80, 150);
        let one = train_neighbours(&matrix, &NeighbourSettings { threads: 1, ..settings() }).unwrap();
        assert_eq!(one, train_neighbours(&matrix, &NeighbourSettings { threads: 3, ..settings() }).unwrap());
    }

    #[test]
    fn settings_out_of_range_are_refused() {
        let refused = |settings| train_neighbours(&people(3, 3), &settings).unwrap_err().to_string();
        let none = NeighbourSettings { regularisation: 0.0, ..settings() };
        assert_eq!(refused(none), "the regularisation 0 is not above 0");
        let all = NeighbourSettings { dropout: 1.0, ..settings() };
        assert_eq!(refused(all), "the dropout 1 is not in 0..1");
    }
}
