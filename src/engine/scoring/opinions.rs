//! What a pack can weigh: the built-in terms, in the order of the sum. What each measures is said where its opinion is.

use super::facts::Situation;
use super::subject::Subject;
use crate::pack::{ShelvedItem, TERMS, Weights};
use crate::segments::{life_stage_relevance, sophistication_match};

/// A built-in term, in the order of [`TERMS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opinion {
    Base,
    CategoryPreference,
    SophisticationMatch,
    LifeStageRelevance,
    Timing,
    Recency,
    CategoryAffinity,
    TagAffinity,
    ItemAffinity,
    Demographics,
    Popularity,
}

/// A built-in term with the weight that it has for one person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Weighed {
    pub(super) opinion: Opinion,
    pub(super) name: &'static str,
    pub(super) weight: f64,
}

/// Returns the terms that count, in the order of the sum. `cold_start` is the weight of what fades with evidence.
pub(super) fn weighed(weights: &Weights, cold_start: f64) -> Vec<Weighed> {
    let floor = weights.popularity_floor;
    let all = [
        (Opinion::Base, weights.base),
        (Opinion::CategoryPreference, weights.category_preference),
        (Opinion::SophisticationMatch, weights.sophistication_match),
        (Opinion::LifeStageRelevance, weights.life_stage_relevance),
        (Opinion::Timing, weights.timing),
        (Opinion::Recency, weights.recency),
        (Opinion::CategoryAffinity, weights.category_affinity),
        (Opinion::TagAffinity, weights.tag_affinity),
        (Opinion::ItemAffinity, weights.item_affinity),
        (Opinion::Demographics, weights.demographics * cold_start),
        (Opinion::Popularity, weights.popularity * (floor + (1.0 - floor) * cold_start)),
    ];
    let named = TERMS.into_iter().zip(all);
    let counts = named.filter(|(_, (_, weight))| *weight != 0.0);
    counts.map(|(name, (opinion, weight))| Weighed { opinion, name, weight }).collect()
}

/// Returns the value of a term before one item.
pub(super) fn value(opinion: Opinion, situation: &Situation<'_>) -> f64 {
    let Situation { subject, index, shelved } = *situation;
    match opinion {
        Opinion::Base => 1.0,
        Opinion::CategoryPreference => preference(subject, shelved),
        Opinion::SophisticationMatch => sophistication_match(&shelved.item, subject.sophistication.comfortable),
        Opinion::LifeStageRelevance => {
            life_stage_relevance(&shelved.item, subject.life_stage, at(&subject.life_stages, shelved.category))
        }
        Opinion::Timing => subject.hour.timing(shelved.deadline_ms, subject.input.now_ms),
        Opinion::Recency => subject.recency.value(shelved.category, index),
        Opinion::CategoryAffinity => at(&subject.affinities.category, shelved.category),
        Opinion::TagAffinity => mean_tag(subject, shelved),
        Opinion::ItemAffinity => at(&subject.affinities.item, index),
        Opinion::Demographics => at(&subject.demographics, shelved.category),
        Opinion::Popularity => at(&subject.popularity, index),
    }
}

/// Returns how well the person takes to the item's category, 0 to 1.
pub(super) fn preference(subject: &Subject<'_>, shelved: &ShelvedItem) -> f64 {
    at(&subject.affinities.preference, shelved.category)
}

fn at(values: &[f64], index: usize) -> f64 {
    values.get(index).copied().unwrap_or(0.5)
}

fn mean_tag(subject: &Subject<'_>, shelved: &ShelvedItem) -> f64 {
    if shelved.tags.is_empty() {
        return 0.5;
    }
    let sum: f64 = shelved.tags.iter().map(|tag| at(&subject.affinities.tag, *tag)).sum();
    sum / shelved.tags.len() as f64
}
