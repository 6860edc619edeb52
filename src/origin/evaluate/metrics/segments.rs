//! The same figures for parts of the people, so that a gain for many cannot hide a loss for few.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use serde::Serialize;

use super::measure::{Measured, Metric, Truth};
use super::paired::{Paired, of_pairs, values};
use crate::evaluate::statistics::Summary;

/// Below it a mean says nothing, and a person might be told from it.
pub(crate) const FEWEST_PEOPLE: usize = 20;

/// The name of those whose own segment is too small.
pub(crate) const OTHER: &str = "other";

/// Who belongs to which segment: a label for each person of the truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segments {
    labels: Vec<String>,
}

impl Segments {
    /// Labels everybody; segments of fewer than 20 people become `other`.
    pub(crate) fn of(truth: &[Truth], label: impl Fn(u32) -> String) -> Self {
        let mut labels: Vec<String> = truth.iter().map(|truth| label(truth.person)).collect();
        let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
        for label in &labels {
            *sizes.entry(label.clone()).or_default() += 1;
        }
        for label in &mut labels {
            if sizes.get(label).is_some_and(|size| *size < FEWEST_PEOPLE) {
                OTHER.clone_into(label);
            }
        }
        Self { labels }
    }

    /// How many segments there are.
    pub(crate) fn count(&self) -> usize {
        self.members().len()
    }

    /// Positions of people by label, labels ascending.
    fn members(&self) -> BTreeMap<&str, Vec<usize>> {
        let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, label) in self.labels.iter().enumerate() {
            members.entry(label).or_default().push(index);
        }
        members
    }
}

/// A figure of one segment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct SegmentFigure {
    /// The segment.
    pub(crate) segment: String,
    /// People with a value, their mean, its error.
    #[serde(flatten)]
    pub(crate) summary: Summary,
}

/// The difference of two models in one segment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct SegmentPaired {
    /// The segment.
    pub(crate) segment: String,
    /// The comparison.
    #[serde(flatten)]
    pub(crate) paired: Paired,
}

/// A figure of every segment, by label ascending.
///
/// # Errors
/// When the figure has no value per person, or was measured over other people.
pub(crate) fn by_segment(measured: &Measured, metric: Metric, segments: &Segments) -> Result<Vec<SegmentFigure>> {
    let values = labelled(measured, metric, segments)?;
    let figure = |(segment, members): (&str, Vec<usize>)| SegmentFigure {
        segment: segment.to_owned(),
        summary: Summary::of(members.iter().filter_map(|index| *values.get(*index)?)),
    };
    Ok(segments.members().into_iter().map(figure).collect())
}

/// The difference of two models in every segment, by label ascending.
///
/// # Errors
/// As [`by_segment`].
pub(crate) fn compare_by_segment(
    candidate: &Measured,
    base: &Measured,
    metric: Metric,
    segments: &Segments,
    seed: u64,
) -> Result<Vec<SegmentPaired>> {
    let (left, right) = (labelled(candidate, metric, segments)?, labelled(base, metric, segments)?);
    let compared = |(segment, members): (&str, Vec<usize>)| {
        let pair = |index: &usize| left.get(*index).copied().flatten().zip(right.get(*index).copied().flatten());
        let pairs: Vec<(f64, f64)> = members.iter().filter_map(pair).collect();
        let paired = of_pairs(metric, [&candidate.model, &base.model], &pairs, seed);
        SegmentPaired { segment: segment.to_owned(), paired }
    };
    Ok(segments.members().into_iter().map(compared).collect())
}

fn labelled<'a>(measured: &'a Measured, metric: Metric, segments: &Segments) -> Result<&'a [Option<f64>]> {
    let values = values(measured, metric)?;
    let (people, labels) = (values.len(), segments.labels.len());
    ensure!(people == labels, "{} was measured over {people} people, and {labels} have a segment", measured.model);
    Ok(values)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::measure::Figure;
    use super::*;

    fn segments(people: u32) -> Segments {
        let truth: Vec<Truth> = (0..people).map(|person| Truth { person, items: BTreeSet::new() }).collect();
        Segments::of(&truth, |person| match person {
            0..30 => "new".to_owned(),
            30..35 => "rare".to_owned(),
            35..40 => "rarer".to_owned(),
            _ => "old".to_owned(),
        })
    }

    fn model(name: &str, value: impl Fn(u32) -> f64, people: u32) -> Measured {
        let per_person: Vec<Option<f64>> = (0..people).map(|person| Some(value(person))).collect();
        let summary = Summary::of(per_person.iter().copied().flatten());
        let figures = vec![Figure { metric: Metric::Ndcg10, summary, per_person }];
        Measured { model: name.to_owned(), people: people as usize, figures }
    }

    #[test]
    fn small_segments_become_one() {
        let base = model("base", f64::from, 70);
        let figures = by_segment(&base, Metric::Ndcg10, &segments(70)).unwrap();
        let found: Vec<(&str, usize, f64)> =
            figures.iter().map(|row| (row.segment.as_str(), row.summary.count, row.summary.mean)).collect();
        assert_eq!(found, [("new", 30, 14.5), ("old", 30, 54.5), ("other", 10, 34.5)]);
    }

    #[test]
    fn a_loss_of_one_segment_shows() {
        let (base, candidate) =
            (model("base", |_| 0.5, 70), model("m", |person| if person < 30 { 0.4 } else { 0.7 }, 70));
        let rows = compare_by_segment(&candidate, &base, Metric::Ndcg10, &segments(70), 1).unwrap();
        let ratios: Vec<f64> = rows.iter().map(|row| row.paired.difference.mean / row.paired.base_mean).collect();
        assert!((ratios[0] + 0.2).abs() < 1e-9 && (ratios[1] - 0.4).abs() < 1e-9, "{ratios:?}");
    }

    #[test]
    fn other_people_are_refused() {
        assert!(by_segment(&model("base", f64::from, 69), Metric::Ndcg10, &segments(70)).is_err());
    }
}
