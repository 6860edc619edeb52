//! How the ranking model is trained. The defaults were chosen on windows of Online Retail before 2011-10-10.

use std::sync::Arc;

use nearside_engine::models::{Among, Feature};

use crate::train::additive::{Boosting, Expected, Slot};
use crate::train::threads::available_threads;
use crate::train::{ExternalFactors, FactorSettings, NeighbourSettings};

/// How the ranking model is trained.
#[derive(Debug, Clone)]
pub(crate) struct TrainSettings {
    /// Item neighbours.
    pub(crate) neighbours: NeighbourSettings,
    /// Factors.
    pub(crate) factors: FactorSettings,
    /// Those of another engine, which then stand in the place of our own.
    pub(crate) external_factors: Option<Arc<ExternalFactors>>,
    /// Boosting of the additive terms.
    pub(crate) boosting: Boosting,
    /// What people choose within so many days is learned from, and what they chose before is what it is learned by.
    pub(crate) horizon_days: f64,
    /// How many such spans are learned from, one after the other.
    pub(crate) horizons: usize,
    /// Candidates that each of the rankers gives to a list.
    pub(crate) candidates: usize,
    /// Candidates that chance gives to a list.
    pub(crate) random_candidates: usize,
    /// What of the steps of terms that are the same for everybody is left out, 0 to 1. They are learned on what was chosen
    /// of few items by many; less of them shows more of the catalogue, at little cost.
    pub(crate) damping: f64,
    /// Terms that move less than this share of what all terms move together are left out.
    pub(crate) least_importance: f64,
    /// The seed of chance.
    pub(crate) seed: u64,
}

impl Default for TrainSettings {
    fn default() -> Self {
        let threads = available_threads();
        Self {
            neighbours: NeighbourSettings { regularisation: 120.0, threads, ..NeighbourSettings::default() },
            factors: FactorSettings { unobserved_weight: 0.3, regularisation: 0.006, ..FactorSettings::default() },
            external_factors: None,
            boosting: Boosting { rounds: 150, splits_a_round: 3, rate: 0.1, least_rows: 200, threads },
            horizon_days: 30.0,
            horizons: 3,
            candidates: 60,
            random_candidates: 60,
            damping: 0.3,
            least_importance: 0.001,
            seed: 1,
        }
    }
}

/// The features that training reads, in the order of the columns of its lists: all that a model may look at but
/// `Popularity`, whose place `LongPopularity` takes: the same count, but what is old fades.
pub(crate) const FEATURES: [Feature; 20] = [
    Feature::Neighbours,
    Feature::Factors,
    Feature::Content,
    Feature::RepeatFrequency,
    Feature::DaysSinceTaken,
    Feature::DaysTaken,
    Feature::LatestPopularity,
    Feature::RecentPopularity,
    Feature::LongPopularity,
    Feature::Trend,
    Feature::GroupPopularity,
    Feature::ItemAgeDays,
    Feature::DaysSinceSold,
    Feature::CategoryPreference,
    Feature::SophisticationMatch,
    Feature::LifeStageRelevance,
    Feature::Timing,
    Feature::Recency,
    Feature::CategoryAffinity,
    Feature::Priority,
];

/// The terms that may be learned, with the order that a person would expect of them. Neighbours and factors are there for
/// new items: of repeated ones a person's own frequency says it better (NDCG@10 of repeats 0.3228 without, 0.3213 with
/// them, on Online Retail from 2011-10-10 on).
pub(crate) fn slots() -> Vec<Slot> {
    use Among::{Again, All, New};
    use Expected::{Any, Falling, Rising};
    let listed = [
        // Tells repeated items from new ones, before either have terms of their own.
        ("taken_before", Feature::DaysTaken, All, Rising),
        ("neighbours", Feature::Neighbours, New, Rising),
        ("factors", Feature::Factors, New, Rising),
        ("content", Feature::Content, New, Rising),
        ("latest_popularity", Feature::LatestPopularity, New, Rising),
        ("recent_popularity", Feature::RecentPopularity, New, Rising),
        ("long_popularity", Feature::LongPopularity, New, Any),
        ("trend", Feature::Trend, New, Rising),
        ("group_popularity", Feature::GroupPopularity, New, Rising),
        ("item_age", Feature::ItemAgeDays, New, Any),
        ("days_since_sold", Feature::DaysSinceSold, New, Falling),
        ("category_preference", Feature::CategoryPreference, All, Rising),
        ("sophistication_match", Feature::SophisticationMatch, All, Rising),
        ("life_stage_relevance", Feature::LifeStageRelevance, All, Rising),
        ("timing", Feature::Timing, All, Rising),
        ("recency", Feature::Recency, All, Any),
        ("category_affinity", Feature::CategoryAffinity, All, Rising),
        ("priority", Feature::Priority, All, Any),
        ("repeat_frequency", Feature::RepeatFrequency, Again, Rising),
        ("days_since_taken", Feature::DaysSinceTaken, Again, Any),
        ("recent_popularity_again", Feature::RecentPopularity, Again, Rising),
        ("trend_again", Feature::Trend, Again, Rising),
        ("item_age_again", Feature::ItemAgeDays, Again, Any),
        ("days_since_sold_again", Feature::DaysSinceSold, Again, Falling),
    ];
    let column = |feature: Feature| FEATURES.iter().position(|known| *known == feature).unwrap_or_default();
    listed
        .into_iter()
        .map(|(name, feature, among, expected)| Slot { name, feature, among, expected, column: column(feature) })
        .collect()
}

#[cfg(test)]
mod tests {
    use nearside_engine::pack::{MODEL_TERMS, TERMS};

    use super::*;

    #[test]
    fn a_pack_may_have_words_for_every_term_that_can_be_learned() {
        for slot in slots() {
            assert!(MODEL_TERMS.contains(&slot.name) || TERMS.contains(&slot.name), "{}", slot.name);
        }
    }
}
