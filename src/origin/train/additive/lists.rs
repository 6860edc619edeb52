//! What an additive model learns from: one list of candidates for each person and moment, with what was chosen of them.

/// The bin of what is not known.
pub(crate) const UNKNOWN_BIN: u8 = u8::MAX;
/// The most bounds between the bins of a feature.
const MOST_CUTS: usize = 63;

/// Candidates of many lists, row after row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lists {
    /// One column a feature: values by row, NaN where nobody knows.
    pub(crate) columns: Vec<Vec<f32>>,
    /// Where each list begins, and the end of the last.
    pub(crate) starts: Vec<usize>,
    /// True where the candidate was chosen.
    pub(crate) chosen: Vec<bool>,
    /// True where the person had taken the item up before.
    pub(crate) is_taken: Vec<bool>,
}

impl Lists {
    /// No list yet, of so many features.
    pub(crate) fn new(features: usize) -> Self {
        Self { columns: vec![Vec::new(); features], starts: vec![0], ..Self::default() }
    }

    /// Ends a list at the rows pushed so far.
    pub(crate) fn end_list(&mut self) {
        self.starts.push(self.chosen.len());
    }

    /// Appends lists of the same features.
    pub(crate) fn append(&mut self, other: Self) {
        let offset = self.rows();
        self.columns.iter_mut().zip(other.columns).for_each(|(column, more)| column.extend(more));
        self.starts.extend(other.starts.iter().skip(1).map(|start| start + offset));
        self.chosen.extend(other.chosen);
        self.is_taken.extend(other.is_taken);
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.chosen.len()
    }

    /// The mean over the lists of NDCG at `places`, 0 where there is none. Of equal scores the earlier row stands first.
    pub(crate) fn ndcg(&self, scores: &[f64], places: usize) -> f64 {
        let mut order: Vec<usize> = Vec::new();
        let discount = |place: usize| 1.0 / (place as f64 + 2.0).log2();
        let of_list = |range: std::ops::Range<usize>| {
            let is_chosen = |row: &usize| self.chosen.get(*row).copied().unwrap_or_default();
            let score = |row: &usize| scores.get(*row).copied().unwrap_or_default();
            let ideal: f64 = (0..range.clone().filter(is_chosen).count().min(places)).map(discount).sum();
            order.clear();
            order.extend(range);
            order.sort_by(|left, right| score(right).total_cmp(&score(left)));
            let found = (0..).zip(order.iter().take(places)).filter(|(_, row)| is_chosen(row));
            found.map(|(place, _)| discount(place)).sum::<f64>() / ideal.max(f64::MIN_POSITIVE)
        };
        self.ranges().map(of_list).sum::<f64>() / self.ranges().count().max(1) as f64
    }

    /// The bounds of each list.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        self.starts.iter().zip(self.starts.iter().skip(1)).map(|(start, end)| *start..*end)
    }
}

/// One feature in bins: bin b holds what lies at or above cut b - 1 and below cut b.
#[derive(Debug, Clone)]
pub(crate) struct Binned {
    /// The bounds, ascending.
    pub(crate) cuts: Vec<f64>,
    /// Bins by row.
    pub(crate) bins: Vec<u8>,
}

impl Binned {
    /// Cuts a column into bins of about equally many rows; a value that fills several of them has a bin of its own.
    pub(crate) fn new(column: &[f32]) -> Self {
        let mut sorted: Vec<f32> = column.iter().copied().filter(|value| !value.is_nan()).collect();
        sorted.sort_unstable_by(f32::total_cmp);
        let mut cuts: Vec<f64> = Vec::new();
        let bins = MOST_CUTS + 1;
        for bin in 1..bins {
            let at = bin * sorted.len() / bins;
            let (Some(below), Some(above)) = (at.checked_sub(1).and_then(|at| sorted.get(at)), sorted.get(at)) else {
                continue;
            };
            // The middle of two neighbours, so that rounding in serving does not decide on which side a value lies.
            let next = if below < above {
                f64::midpoint(f64::from(*below), f64::from(*above))
            } else {
                let Some(next) = sorted.iter().skip(at).find(|value| *value > above) else { continue };
                f64::midpoint(f64::from(*above), f64::from(*next))
            };
            if cuts.last().is_none_or(|last| next > *last) {
                cuts.push(next);
            }
        }
        let bin_of = |value: &f32| {
            if value.is_nan() { UNKNOWN_BIN } else { cuts.partition_point(|cut| *cut <= f64::from(*value)) as u8 }
        };
        Self { bins: column.iter().map(bin_of).collect(), cuts }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn bins_ascend_with_the_values_and_the_unknown_stands_apart() {
        let column: Vec<f32> = (0..1_000).map(|row| if row % 10 == 0 { f32::NAN } else { (row % 97) as f32 }).collect();
        let binned = Binned::new(&column);
        assert!(binned.cuts.len() <= MOST_CUTS && binned.cuts.windows(2).all(|pair| pair[0] < pair[1]));
        for (value, bin) in column.iter().zip(&binned.bins) {
            assert_eq!(value.is_nan(), *bin == UNKNOWN_BIN);
            if !value.is_nan() {
                let below = bin.checked_sub(1).map_or(f64::NEG_INFINITY, |at| binned.cuts[usize::from(at)]);
                assert!(f64::from(*value) >= below);
            }
        }
    }

    #[test]
    fn ndcg_is_one_when_what_was_chosen_stands_first_and_counts_every_list_alike() {
        let mut lists = Lists::new(0);
        for chosen in [[true, false, false], [false, false, true]] {
            lists.chosen.extend(chosen);
            lists.is_taken.extend([false; 3]);
            lists.end_list();
        }
        assert_eq!(lists.ndcg(&[3.0, 2.0, 1.0, 1.0, 2.0, 3.0], 10), 1.0);
        assert_eq!(lists.ndcg(&[3.0, 2.0, 1.0, 3.0, 2.0, 1.0], 10), 0.75, "the second list's choice stands third");
        assert_eq!(lists.ndcg(&[3.0, 2.0, 1.0, 3.0, 2.0, 1.0], 2), 0.5);
    }

    #[test]
    fn a_value_that_most_rows_have_is_one_bin() {
        let column: Vec<f32> = (0..1_000).map(|row| if row < 900 { 0.0 } else { row as f32 }).collect();
        let binned = Binned::new(&column);
        assert!(binned.bins[..900].iter().all(|bin| *bin == 0));
        assert!(binned.bins[900] > 0);
        assert!(Binned::new(&[1.0; 50]).cuts.is_empty());
        assert!(Binned::new(&[]).cuts.is_empty());
    }
}
