//! *What it measures*: what the person took up, as a success rate and as decayed strengths.
//! *Why it helps*: what somebody liked lately is the best guess at what they like next.
//! *How*: the Beta posterior per category; `0.5 + 0.5 softsign(scale x sum)` per category and tag;
//! `0.5 + scale x ln(1 + sum)` per item, which grows without a cap so that the hundredth purchase still counts.
//! *When it misleads*: shared accounts, and tastes that changed (then only the last 30 days count).
//! *What consent it needs*: `behavioral`.

use crate::math::{decay_factor, softsign};
use crate::pack::{Pack, Shelf};
use crate::profile::{CategoryRecord, PackState, category_records};
use crate::types::TimeMs;

/// A stated interest in a category counts like this many acceptances.
const STATED_ACCEPTANCES: u32 = 2;

/// One person's affinities over one shelf; 0.5 is "nobody knows".
#[derive(Debug, Clone, PartialEq)]
pub struct Affinities {
    /// Shrunk success rate, by category index.
    pub preference: Vec<f64>,
    /// What the success rate rests on, by category index.
    pub observations: Vec<u32>,
    /// Acceptances, by category index.
    pub accepted: Vec<u32>,
    /// Dismissals, by category index.
    pub dismissed: Vec<u32>,
    /// Decayed affinity, by category index; empty when the pack does not weigh it.
    pub category: Vec<f64>,
    /// Decayed affinity, by tag index; empty when the pack does not weigh it.
    pub tag: Vec<f64>,
    /// Decayed affinity, by item index; empty when the pack does not weigh it.
    pub item: Vec<f64>,
}

/// Returns the success rate of each category, by category index, shrunk towards 0.5 by `shrinkage` (1 leaves it).
pub fn category_preferences(
    part: Option<&PackState>,
    preferred: &[String],
    pack: &Pack,
    shrinkage: f64,
    now_ms: TimeMs,
) -> (Vec<f64>, Vec<CategoryRecord>) {
    let records = part.map(|part| category_records(part, pack, now_ms)).unwrap_or_default();
    let by_index: Vec<CategoryRecord> =
        pack.categories.iter().map(|category| records.get(category.id.as_str()).copied().unwrap_or_default()).collect();
    let preferences = pack.categories.iter().zip(&by_index).map(|(category, record)| {
        let mut heard = *record;
        if preferred.contains(&category.id) {
            heard.accepted += STATED_ACCEPTANCES;
        }
        shrink(heard.success_rate(pack), shrinkage)
    });
    (preferences.collect(), by_index)
}

impl Affinities {
    /// Computes what the pack weighs of it.
    pub fn new(
        part: Option<&PackState>,
        preferred: &[String],
        pack: &Pack,
        shelf: &Shelf,
        shrinkage: f64,
        now_ms: TimeMs,
    ) -> Self {
        let (preference, records) = category_preferences(part, preferred, pack, shrinkage, now_ms);
        let weights = &pack.scoring.weights;
        Self {
            preference,
            observations: records.iter().map(CategoryRecord::observations).collect(),
            accepted: records.iter().map(|record| record.accepted).collect(),
            dismissed: records.iter().map(|record| record.dismissed).collect(),
            category: if weights.category_affinity == 0.0 {
                Vec::new()
            } else {
                categories(part, pack, shrinkage, now_ms)
            },
            tag: if weights.tag_affinity == 0.0 { Vec::new() } else { tags(part, pack, shelf, shrinkage, now_ms) },
            item: if weights.item_affinity == 0.0 { Vec::new() } else { items(part, pack, shelf, shrinkage, now_ms) },
        }
    }
}

fn shrink(value: f64, shrinkage: f64) -> f64 {
    0.5 + shrinkage * (value - 0.5)
}

fn categories(part: Option<&PackState>, pack: &Pack, shrinkage: f64, now_ms: TimeMs) -> Vec<f64> {
    let decay = pack.scoring.category_affinity;
    let factor = decay_factor(now_ms, decay.half_life_days) * decay.scale;
    let value = |id: &str| {
        let sum = part.and_then(|part| part.categories.get(id)).map_or(0.0, |category| category.affinity);
        shrink(0.5 + 0.5 * softsign(sum * factor), shrinkage)
    };
    pack.categories.iter().map(|category| value(&category.id)).collect()
}

fn tags(part: Option<&PackState>, pack: &Pack, shelf: &Shelf, shrinkage: f64, now_ms: TimeMs) -> Vec<f64> {
    let decay = pack.scoring.tag_affinity;
    let factor = decay_factor(now_ms, decay.half_life_days) * decay.scale;
    let mut values = vec![0.5; shelf.tags.len()];
    // Both are in order: one walk along the two.
    let mut shelved = shelf.tags.iter().zip(&mut values).peekable();
    for (tag, sum) in part.iter().flat_map(|part| &part.tags) {
        while shelved.next_if(|(known, _)| *known < tag).is_some() {}
        if let Some((_, value)) = shelved.next_if(|(known, _)| *known == tag) {
            *value = shrink(0.5 + 0.5 * softsign(sum * factor), shrinkage);
        }
    }
    values
}

fn items(part: Option<&PackState>, pack: &Pack, shelf: &Shelf, shrinkage: f64, now_ms: TimeMs) -> Vec<f64> {
    let decay = pack.scoring.item_affinity;
    let factor = decay_factor(now_ms, decay.half_life_days);
    let mut values = vec![0.5; shelf.items.len()];
    for (id, item) in part.iter().flat_map(|part| &part.items) {
        if let Some(value) = shelf.position(id).and_then(|index| values.get_mut(index)) {
            let sum = item.affinity * factor;
            let logarithm = libm::copysign(libm::log1p(sum.abs()), sum);
            *value = shrink(0.5 + decay.scale * logarithm, shrinkage);
        }
    }
    values
}
