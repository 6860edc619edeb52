//! Means with their errors: by the normal distribution and by resampling.

use serde::Serialize;

use super::chance::Chance;

/// The normal deviate that leaves 2.5 % on either side.
pub(crate) const NORMAL_95: f64 = 1.959_963_984_540_054;

/// Resamples of an interval: its bounds then move by about a twentieth of the standard error from seed to seed.
pub(crate) const RESAMPLES: usize = 1_000;

/// From where to where a figure lies with 95 % confidence. Infinite bounds (JSON: null) mean that nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Interval {
    /// The lower bound.
    pub(crate) lower: f64,
    /// The upper bound.
    pub(crate) upper: f64,
}

impl Interval {
    /// `mean` -+ 1.96 standard errors.
    pub(crate) fn normal(mean: f64, standard_error: f64) -> Self {
        let reach = NORMAL_95 * standard_error;
        Self { lower: mean - reach, upper: mean + reach }
    }

    /// The 2.5 % and 97.5 % quantiles of resampled figures, linear between neighbours. Unbounded when there are none.
    pub(crate) fn percentile(mut resampled: Vec<f64>) -> Self {
        resampled.sort_by(f64::total_cmp);
        let quantile = |share: f64| {
            let place = share * resampled.len().saturating_sub(1) as f64;
            let low = resampled.get(place.floor() as usize)?;
            let high = resampled.get(place.ceil() as usize)?;
            Some(low + (high - low) * (place - place.floor()))
        };
        Self { lower: quantile(0.025).unwrap_or(f64::NEG_INFINITY), upper: quantile(0.975).unwrap_or(f64::INFINITY) }
    }

    #[cfg(test)]
    /// True when the value lies inside, bounds included.
    pub(crate) fn holds(&self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }
}

/// A mean and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Summary {
    /// How many values there are.
    pub(crate) count: usize,
    /// Their mean; 0 when there are none.
    pub(crate) mean: f64,
    /// Standard deviation (over n - 1) / sqrt(n). Infinite (JSON: null) below two values: then nothing is known.
    pub(crate) standard_error: f64,
}

impl Summary {
    /// Summarises values in their order.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let values: Vec<f64> = values.into_iter().collect();
        let count = values.len();
        // Nothing sums up to -0 in the standard library; 0 more makes it 0.
        let mean = (values.iter().sum::<f64>() + 0.0) / count.max(1) as f64;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let standard_error =
            if count < 2 { f64::INFINITY } else { (squares / (count - 1) as f64 / count as f64).sqrt() };
        Self { count, mean, standard_error }
    }

    /// The interval by the normal distribution.
    pub(crate) fn interval(&self) -> Interval {
        Interval::normal(self.mean, self.standard_error)
    }
}

/// Calls `draw` for each resample with indices that were drawn with replacement, and collects what it makes of them.
pub(crate) fn resample<T>(count: usize, resamples: usize, seed: u64, mut draw: impl FnMut(&[usize]) -> T) -> Vec<T> {
    let mut chance = Chance::new(seed);
    let mut indices = vec![0; count];
    let once = |_| {
        indices.iter_mut().for_each(|index| *index = chance.below(count));
        draw(&indices)
    };
    (0..resamples).map(once).collect()
}

/// The interval of a mean by resampling. Unbounded below two values.
pub(crate) fn bootstrap_mean(values: &[f64], resamples: usize, seed: u64) -> Interval {
    if values.len() < 2 {
        return Interval { lower: f64::NEG_INFINITY, upper: f64::INFINITY };
    }
    let mean =
        |indices: &[usize]| indices.iter().filter_map(|index| values.get(*index)).sum::<f64>() / values.len() as f64;
    Interval::percentile(resample(values.len(), resamples, seed, mean))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_of_a_mean_is_the_textbooks() {
        let summary = Summary::of([1.0, 2.0, 3.0, 4.0]);
        assert_eq!((summary.count, summary.mean), (4, 2.5));
        assert!((summary.standard_error - 0.645_497_224_367_902_8).abs() < 1e-15);
        assert!(summary.interval().holds(2.5) && !summary.interval().holds(4.0));
    }

    #[test]
    fn one_value_says_nothing_of_its_error() {
        assert_eq!(Summary::of([3.0]).standard_error, f64::INFINITY);
        assert_eq!(Summary::of([]).mean, 0.0);
        assert_eq!(bootstrap_mean(&[3.0], 10, 1).lower, f64::NEG_INFINITY);
    }

    #[test]
    fn resampling_agrees_with_the_normal_distribution_and_repeats() {
        let values: Vec<f64> = (0..500).map(|index| f64::from(index % 17)).collect();
        let (normal, drawn) = (Summary::of(values.iter().copied()).interval(), bootstrap_mean(&values, 2_000, 9));
        assert!((normal.lower - drawn.lower).abs() < 0.05 && (normal.upper - drawn.upper).abs() < 0.05, "{drawn:?}");
        assert_eq!(drawn, bootstrap_mean(&values, 2_000, 9));
    }
}
