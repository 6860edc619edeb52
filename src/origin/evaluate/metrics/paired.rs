//! Two models over the same people: the difference person by person, and whether it can be trusted.

use anyhow::{Context, Result, ensure};
use serde::Serialize;

use super::measure::{Measured, Metric};
use crate::evaluate::statistics::{Interval, RESAMPLES, Summary, bootstrap_mean};

/// The difference of two models in one figure: candidate less base.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Paired {
    /// Which figure.
    pub(crate) metric: Metric,
    /// The model in question.
    pub(crate) candidate: String,
    /// The model it is compared with.
    pub(crate) base: String,
    /// People who have a value under both, the mean difference, its error.
    #[serde(flatten)]
    pub(crate) difference: Summary,
    /// The base's mean over the same people.
    pub(crate) base_mean: f64,
    /// 95 % by the normal distribution.
    pub(crate) normal: Interval,
    /// 95 % by resampling people.
    pub(crate) bootstrap: Interval,
    /// People who gain.
    pub(crate) gained: usize,
    /// People who lose.
    pub(crate) lost: usize,
}

impl Paired {
    /// The least that the candidate may be better by, by the more careful of both intervals; less than 0 when it may
    /// be worse. For distances the sign is turned, so that more is better here too.
    pub(crate) fn surest_gain(&self) -> f64 {
        if self.metric.is_a_distance() {
            -self.normal.upper.max(self.bootstrap.upper)
        } else {
            self.normal.lower.min(self.bootstrap.lower)
        }
    }
}

/// Compares two models that were measured against the same truth.
///
/// # Errors
/// When the figure has no value per person, or the models were measured over different people.
pub(crate) fn compare(candidate: &Measured, base: &Measured, metric: Metric, seed: u64) -> Result<Paired> {
    let (left, right) = (values(candidate, metric)?, values(base, metric)?);
    ensure!(
        left.len() == right.len(),
        "{} was measured over {} people and {} over {}",
        candidate.model,
        left.len(),
        base.model,
        right.len()
    );
    let pairs: Vec<(f64, f64)> = left.iter().zip(right).filter_map(|(left, right)| left.zip(*right)).collect();
    Ok(of_pairs(metric, [&candidate.model, &base.model], &pairs, seed))
}

/// The values per person of a figure.
///
/// # Errors
/// When it has none.
pub(super) fn values(measured: &Measured, metric: Metric) -> Result<&[Option<f64>]> {
    let figure = measured.figure(metric).with_context(|| format!("{} has no {}", measured.model, metric.title()))?;
    ensure!(!figure.per_person.is_empty(), "{} has no value per person", metric.title());
    Ok(&figure.per_person)
}

/// Compares pairs of (candidate, base).
pub(super) fn of_pairs(metric: Metric, models: [&str; 2], pairs: &[(f64, f64)], seed: u64) -> Paired {
    let [candidate, base] = models.map(str::to_owned);
    let differences: Vec<f64> = pairs.iter().map(|(candidate, base)| candidate - base).collect();
    let difference = Summary::of(differences.iter().copied());
    Paired {
        metric,
        candidate,
        base,
        difference,
        base_mean: Summary::of(pairs.iter().map(|(_, base)| *base)).mean,
        normal: difference.interval(),
        bootstrap: bootstrap_mean(&differences, RESAMPLES, seed),
        gained: differences.iter().filter(|difference| **difference > 0.0).count(),
        lost: differences.iter().filter(|difference| **difference < 0.0).count(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::super::measure::Figure;
    use super::*;

    fn model(name: &str, metric: Metric, values: &[Option<f64>]) -> Measured {
        let summary = Summary::of(values.iter().copied().flatten());
        let figures = vec![Figure { metric, summary, per_person: values.to_vec() }];
        Measured { model: name.to_owned(), people: values.len(), figures }
    }

    fn steady(name: &str, metric: Metric, shift: f64) -> Measured {
        let values: Vec<Option<f64>> =
            (0..200).map(|person| Some(f64::from(person % 7) / 10.0 + shift * f64::from(1 + person % 3))).collect();
        model(name, metric, &values)
    }

    #[test]
    fn pairing_sees_a_small_steady_gain_that_means_hide() {
        let (base, better) = (steady("base", Metric::Ndcg10, 0.0), steady("better", Metric::Ndcg10, 0.005));
        let paired = compare(&better, &base, Metric::Ndcg10, 1).unwrap();
        assert!((paired.difference.mean - 0.00995).abs() < 1e-4, "{paired:?}");
        assert!(paired.surest_gain() > 0.009 && paired.bootstrap.lower > 0.009);
        assert!(base.figures[0].summary.standard_error > 10.0 * paired.difference.standard_error);
        assert_eq!((paired.gained, paired.lost), (200, 0));
        assert!(compare(&base, &better, Metric::Ndcg10, 1).unwrap().surest_gain() < 0.0);
    }

    #[test]
    fn less_distance_is_a_gain() {
        let (base, worse) = (steady("base", Metric::Calibration10, 0.0), steady("worse", Metric::Calibration10, 0.005));
        assert!(compare(&base, &worse, Metric::Calibration10, 1).unwrap().surest_gain() > 0.0);
    }

    #[test]
    fn people_without_a_value_under_both_do_not_count() {
        let metric = Metric::Diversity10;
        let left = model("a", metric, &[Some(1.0), None, Some(0.5), Some(0.2)]);
        let right = model("b", metric, &[Some(0.5), Some(1.0), None, Some(0.2)]);
        let paired = compare(&left, &right, metric, 1).unwrap();
        assert_eq!((paired.difference.count, paired.difference.mean, paired.gained), (2, 0.25, 1));
    }

    #[test]
    fn what_does_not_compare_is_refused() {
        let (two, three) = (model("a", Metric::Ndcg10, &[Some(1.0); 2]), model("b", Metric::Ndcg10, &[Some(1.0); 3]));
        let refused = compare(&two, &three, Metric::Ndcg10, 1).unwrap_err().to_string();
        assert_eq!(refused, "a was measured over 2 people and b over 3");
        assert!(compare(&two, &two, Metric::Map10, 1).is_err());
        let coverage = model("a", Metric::Coverage10, &[]);
        assert!(compare(&coverage, &coverage, Metric::Coverage10, 1).is_err());
    }

    #[test]
    fn a_single_person_proves_nothing() {
        let (one, other) = (model("a", Metric::Ndcg10, &[Some(1.0)]), model("b", Metric::Ndcg10, &[Some(0.0)]));
        assert_eq!(compare(&one, &other, Metric::Ndcg10, 1).unwrap().surest_gain(), f64::NEG_INFINITY);
    }
}
