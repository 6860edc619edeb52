//! What of a profile two people are compared by.

use crate::math::hash64;
use crate::pack::Pack;
use crate::profile::{ProfileState, category_records, derive_behaviour, life_stage_of, sophistication};
use crate::types::{Level, Stated, TimeMs};

/// Categories below this success rate are not preferred; it is the rate of a category that nobody knows.
const PREFERRED_ABOVE: f64 = 0.5;

/// The facets of one person; None is what nobody knows. Names are kept as hashes: nothing is done with them but comparing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PersonFacets {
    /// In years.
    pub age: Option<u8>,
    /// The hash of the stage of life.
    pub life_stage: Option<u64>,
    /// As stated.
    pub income: Option<Level>,
    /// From active days; None before the first event.
    pub engagement: Option<Level>,
    /// Hashes of used features, ascending; None before the first event.
    pub features: Option<Vec<u64>>,
    /// As stated.
    pub risk_tolerance: Option<Level>,
    /// Hashes of preferred categories, ascending; None when none was stated or learned.
    pub categories: Option<Vec<u64>>,
    /// Literacy in the pack's domain, 1 to 10.
    pub literacy: Option<f64>,
}

impl PersonFacets {
    /// Takes the facets from a profile. `state` is None where behaviour may not be read.
    ///
    /// Preferred categories are those stated; where none was, those whose success rate is above 0.5.
    pub fn of(state: Option<&ProfileState>, stated: &Stated, pack: &Pack, now_ms: TimeMs) -> Self {
        let unheard = ProfileState::empty();
        let state = state.unwrap_or(&unheard);
        let has_events = state.events > 0;
        Self {
            age: stated.age,
            life_stage: life_stage_of(stated, pack).map(|stage| hash64(&[stage])),
            income: stated.income_level,
            engagement: has_events.then(|| derive_behaviour(state, pack, now_ms).engagement),
            features: has_events.then(|| hashes(state.features.keys().map(String::as_str))),
            risk_tolerance: stated.risk_tolerance,
            categories: preferred_categories(state, stated, pack, now_ms),
            literacy: sophistication(state, stated, pack).literacy,
        }
    }
}

fn preferred_categories(state: &ProfileState, stated: &Stated, pack: &Pack, now_ms: TimeMs) -> Option<Vec<u64>> {
    let stated = hashes(stated.recommendation_categories_preferred.iter().map(String::as_str));
    if !stated.is_empty() {
        return Some(stated);
    }
    let records = category_records(state.packs.get(&pack.id)?, pack, now_ms);
    let liked = records.into_iter().filter(|(_, record)| record.success_rate(pack) > PREFERRED_ABOVE);
    let learned = hashes(liked.map(|(id, _)| id));
    (!learned.is_empty()).then_some(learned)
}

fn hashes<'a>(names: impl Iterator<Item = &'a str>) -> Vec<u64> {
    let mut hashes: Vec<u64> = names.map(|name| hash64(&[name])).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}
