//! The figures of one model over many people, with what each person contributes.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use serde::Serialize;

use super::lists::Catalogue;
use super::ranking;
use crate::evaluate::statistics::{Summary, resample};

/// Places that most figures look at.
const PLACES: usize = 10;
/// Places of the longer recall.
const LONG_PLACES: usize = 20;
/// Resamples for the error of coverage, which needs a standard deviation only.
const COVERAGE_RESAMPLES: usize = 200;

/// What one model recommends: a list for each person of the truth, in its order, best first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lists<'a> {
    /// The model's name.
    pub(crate) model: &'a str,
    /// Items by number.
    pub(crate) lists: &'a [Vec<u32>],
}

/// What one person took after the split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Truth {
    /// The person's number.
    pub(crate) person: u32,
    /// Items by number.
    pub(crate) items: BTreeSet<u32>,
}

/// What every model of one evaluation is measured against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting<'a> {
    /// What people took.
    pub(crate) truth: &'a [Truth],
    /// Items each person took before, in the order of `truth`, repeats kept. Empty when unknown: no calibration then.
    pub(crate) histories: &'a [Vec<u32>],
    /// What is known of the items.
    pub(crate) catalogue: &'a Catalogue,
    /// The seed of resampling.
    pub(crate) seed: u64,
}

/// A figure of merit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) enum Metric {
    /// See [`ranking::ndcg`].
    #[serde(rename = "ndcg@10")]
    Ndcg10,
    /// See [`ranking::average_precision`].
    #[serde(rename = "map@10")]
    Map10,
    /// See [`ranking::precision`].
    #[serde(rename = "precision@10")]
    Precision10,
    /// See [`ranking::recall`].
    #[serde(rename = "recall@10")]
    Recall10,
    /// See [`ranking::recall`].
    #[serde(rename = "recall@20")]
    Recall20,
    /// See [`ranking::hit`].
    #[serde(rename = "hit_rate@10")]
    HitRate10,
    /// See [`Catalogue::coverage`].
    #[serde(rename = "coverage@10")]
    Coverage10,
    /// See [`Catalogue::diversity`].
    #[serde(rename = "diversity@10")]
    Diversity10,
    /// See [`Catalogue::novelty`].
    #[serde(rename = "novelty@10")]
    Novelty10,
    /// See [`Catalogue::calibration`].
    #[serde(rename = "calibration@10")]
    Calibration10,
}

impl Metric {
    /// All of them, in the order of reports.
    pub(crate) const ALL: [Self; 10] = [
        Self::Ndcg10,
        Self::Map10,
        Self::Precision10,
        Self::Recall10,
        Self::Recall20,
        Self::HitRate10,
        Self::Coverage10,
        Self::Diversity10,
        Self::Novelty10,
        Self::Calibration10,
    ];

    /// The name in tables.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Ndcg10 => "NDCG@10",
            Self::Map10 => "MAP@10",
            Self::Precision10 => "Precision@10",
            Self::Recall10 => "Recall@10",
            Self::Recall20 => "Recall@20",
            Self::HitRate10 => "Hit rate@10",
            Self::Coverage10 => "Coverage@10",
            Self::Diversity10 => "Diversity@10",
            Self::Novelty10 => "Novelty@10",
            Self::Calibration10 => "Calibration@10",
        }
    }

    /// True where less is better.
    pub(crate) const fn is_a_distance(self) -> bool {
        matches!(self, Self::Calibration10)
    }
}

/// One figure of one model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Figure {
    /// Which one.
    pub(crate) metric: Metric,
    /// People who have a value, their mean, its error.
    #[serde(flatten)]
    pub(crate) summary: Summary,
    /// A value for each person of the truth; None where it is not defined. Empty for coverage.
    #[serde(skip)]
    pub(crate) per_person: Vec<Option<f64>>,
}

/// The figures of one model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Measured {
    /// The model's name.
    pub(crate) model: String,
    /// Everybody of the truth.
    pub(crate) people: usize,
    /// In the order of [`Metric::ALL`]; a figure that nobody has a value of is left out.
    pub(crate) figures: Vec<Figure>,
}

impl Measured {
    /// The figure, if somebody has a value of it.
    pub(crate) fn figure(&self, metric: Metric) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.metric == metric)
    }
}

/// Measures one model.
///
/// # Errors
/// When somebody has no list, or a list names an item twice: then figures would not compare.
pub(crate) fn measure(lists: Lists<'_>, setting: &Setting<'_>) -> Result<Measured> {
    let (model, people) = (lists.model, setting.truth.len());
    ensure!(lists.lists.len() == people, "{model}: {} lists for {people} people", lists.lists.len());
    ensure!(
        setting.histories.is_empty() || setting.histories.len() == people,
        "{} histories for {people} people",
        setting.histories.len()
    );
    for (list, truth) in lists.lists.iter().zip(setting.truth) {
        let distinct: BTreeSet<&u32> = list.iter().collect();
        ensure!(distinct.len() == list.len(), "{model}: the list of person {} names an item twice", truth.person);
    }
    let figures = Metric::ALL.into_iter().map(|metric| figure(metric, lists.lists, setting));
    let figures = figures.filter(|figure| figure.summary.count > 0).collect();
    Ok(Measured { model: model.to_owned(), people, figures })
}

fn figure(metric: Metric, lists: &[Vec<u32>], setting: &Setting<'_>) -> Figure {
    if metric == Metric::Coverage10 {
        return coverage(lists, setting);
    }
    let value = |(index, (list, truth)): (usize, (&Vec<u32>, &Truth))| {
        let relevant = &truth.items;
        let top: &[u32] = list.get(..PLACES.min(list.len())).unwrap_or_default();
        match metric {
            Metric::Ndcg10 => Some(ranking::ndcg(list, relevant, PLACES)),
            Metric::Map10 => Some(ranking::average_precision(list, relevant, PLACES)),
            Metric::Precision10 => Some(ranking::precision(list, relevant, PLACES)),
            Metric::Recall10 => Some(ranking::recall(list, relevant, PLACES)),
            Metric::Recall20 => Some(ranking::recall(list, relevant, LONG_PLACES)),
            Metric::HitRate10 => Some(ranking::hit(list, relevant, PLACES)),
            Metric::Diversity10 => setting.catalogue.diversity(top),
            Metric::Novelty10 => setting.catalogue.novelty(top),
            Metric::Calibration10 => setting.catalogue.calibration(setting.histories.get(index)?, top),
            Metric::Coverage10 => None,
        }
    };
    let per_person: Vec<Option<f64>> = lists.iter().zip(setting.truth).enumerate().map(value).collect();
    Figure { metric, summary: Summary::of(per_person.iter().copied().flatten()), per_person }
}

/// Coverage has no value per person. Its error is the standard deviation over resampled people; a resample holds fewer
/// distinct people than the sample and so covers less, which moves its mean but hardly its spread.
fn coverage(lists: &[Vec<u32>], setting: &Setting<'_>) -> Figure {
    let top = |list: &'_ Vec<u32>| -> Vec<u32> { list.iter().copied().take(PLACES).collect() };
    let tops: Vec<Vec<u32>> = lists.iter().map(top).collect();
    let covered = |indices: &[usize]| {
        setting.catalogue.coverage(indices.iter().filter_map(|index| tops.get(*index)).map(Vec::as_slice))
    };
    let drawn = Summary::of(resample(tops.len(), COVERAGE_RESAMPLES, setting.seed, covered));
    let deviation = drawn.standard_error * (drawn.count as f64).sqrt();
    let mean = setting.catalogue.coverage(tops.iter().map(Vec::as_slice));
    let summary = Summary { count: tops.len(), mean, standard_error: deviation };
    Figure { metric: Metric::Coverage10, summary, per_person: Vec::new() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::super::lists::ItemFacts;
    use super::*;

    fn catalogue() -> Catalogue {
        let item = |category| ItemFacts { category: Some(category), takers: 1, ..ItemFacts::default() };
        Catalogue { items: (0..8).map(|number| item(number % 2)).collect(), people: 4 }
    }

    fn truth(items: &[&[u32]]) -> Vec<Truth> {
        let people = items.iter().enumerate();
        people.map(|(index, items)| Truth { person: index as u32, items: items.iter().copied().collect() }).collect()
    }

    #[test]
    fn figures_keep_each_persons_value() {
        let (catalogue, truth) = (catalogue(), truth(&[&[0], &[5], &[2, 3]]));
        let lists = [vec![0, 1], vec![0, 1], vec![2, 3]];
        let histories = [vec![0, 1], vec![1], vec![]];
        let setting = Setting { truth: &truth, histories: &histories, catalogue: &catalogue, seed: 1 };
        let measured = measure(Lists { model: "m", lists: &lists }, &setting).unwrap();
        let ndcg = measured.figure(Metric::Ndcg10).unwrap();
        assert_eq!(ndcg.per_person, [Some(1.0), Some(0.0), Some(1.0)]);
        assert!(
            (ndcg.summary.mean - 2.0 / 3.0).abs() < 1e-15 && (ndcg.summary.standard_error - 1.0 / 3.0).abs() < 1e-15
        );
        let calibration = measured.figure(Metric::Calibration10).unwrap();
        assert_eq!((calibration.per_person[0], calibration.per_person[2]), (Some(0.0), None));
        assert_eq!(calibration.summary.count, 2);
        let coverage = measured.figure(Metric::Coverage10).unwrap();
        assert_eq!(coverage.summary.mean, 0.5);
        assert!(coverage.summary.standard_error > 0.0 && coverage.summary.standard_error < 0.25);
        let json = serde_json::to_string(&measured).unwrap();
        assert!(json.contains(r#"{"metric":"ndcg@10","count":3,"mean":0.66"#), "{json}");
    }

    #[test]
    fn lists_that_do_not_compare_are_refused() {
        let (catalogue, truth) = (catalogue(), truth(&[&[0]]));
        let setting = Setting { truth: &truth, histories: &[], catalogue: &catalogue, seed: 1 };
        let refused = |lists: &[Vec<u32>]| measure(Lists { model: "m", lists }, &setting).unwrap_err().to_string();
        assert_eq!(refused(&[]), "m: 0 lists for 1 people");
        assert_eq!(refused(&[vec![1, 2, 1]]), "m: the list of person 0 names an item twice");
    }
}
