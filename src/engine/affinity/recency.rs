//! *What it measures*: attention to the item's category in the last two weeks, less the fatigue of showing the item in vain.
//! *Why it helps*: interest comes in bursts, and the third ignored showing is a nuisance.
//! *How*: `0.5 + 0.5 attention - 0.5 fatigue`, attention `softsign` of positive strengths with a half-life of 3 days,
//! fatigue `1 - 0.7^n` for n ignored views.
//! *When it misleads*: a burst that is over; it fades within days.
//! *What consent it needs*: `behavioral`.

use crate::math::softsign;
use crate::pack::{Pack, Shelf};
use crate::profile::{CategoryState, PackState, ignored_views};
use crate::types::{TimeMs, day_of};

/// Attention older than this is no longer recent.
const WINDOW_DAYS: i32 = 14;
/// A click the day before yesterday still says more than half of one today.
const HALF_LIFE_DAYS: f64 = 3.0;
/// What one ignored view leaves of the will to show the item again.
const PATIENCE: f64 = 0.7;

/// One person's recency over one shelf.
#[derive(Debug, Clone, PartialEq)]
pub struct Recency {
    attention: Vec<f64>,
    /// By item; nothing where nobody tired of any.
    fatigue: Vec<f64>,
    shrinkage: f64,
}

impl Recency {
    /// Computes attention by category and fatigue by item.
    pub fn new(part: Option<&PackState>, pack: &Pack, shelf: &Shelf, shrinkage: f64, now_ms: TimeMs) -> Self {
        let today = day_of(now_ms);
        let of_category = |id: &str| part.and_then(|part| part.categories.get(id)).map_or(0.0, |c| attention(c, today));
        let attention = pack.categories.iter().map(|category| of_category(&category.id)).collect();
        let mut fatigue = Vec::new();
        for (id, item) in part.iter().flat_map(|part| &part.items) {
            let ignored = ignored_views(item, i32::MIN, today, pack.rules.ignored_after_days);
            if ignored > 0
                && let Some(index) = shelf.position(id)
            {
                fatigue.resize(shelf.items.len(), 0.0);
                if let Some(fatigue) = fatigue.get_mut(index) {
                    *fatigue = 1.0 - libm::pow(PATIENCE, f64::from(ignored));
                }
            }
        }
        Self { attention, fatigue, shrinkage }
    }

    /// Returns the term's value, 0 to 1; 0.5 when nothing happened lately.
    pub fn value(&self, category: usize, item: usize) -> f64 {
        let attention = self.attention.get(category).copied().unwrap_or(0.0);
        let fatigue = self.fatigue.get(item).copied().unwrap_or(0.0);
        0.5 + self.shrinkage * (0.5 * attention - 0.5 * fatigue)
    }
}

/// Returns recent attention to a category, 0 to 1.
pub fn attention(category: &CategoryState, today: i32) -> f64 {
    let recent = category.days.iter().filter(|count| (today - WINDOW_DAYS + 1..=today).contains(&count.day));
    let sum: f64 =
        recent.map(|count| count.attention * libm::exp2(-f64::from(today - count.day) / HALF_LIFE_DAYS)).sum();
    softsign(sum)
}
