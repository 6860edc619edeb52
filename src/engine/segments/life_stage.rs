//! *What it measures*: whether the item is made for the person's stage of life.
//! *Why it helps*: it is known from the first visit.
//! *How*: 1 where the item names the stage; else the pack's table of category and stage, halved where the item names
//! other stages.
//! *When it misleads*: lives that do not follow their age.
//! *What consent it needs*: `demographics`.

use crate::pack::Pack;
use crate::types::Item;

/// Returns the relevance of each category of the pack in general, 0 to 1: its table's; 0.5 where that says nothing, or
/// the stage is unknown.
pub fn life_stage_in_general(life_stage: Option<&str>, pack: &Pack) -> Vec<f64> {
    let table = &pack.relevance.life_stage_table;
    let of_category = |category: &str| table.get(category)?.get(life_stage?).copied();
    pack.categories.iter().map(|category| of_category(&category.id).unwrap_or(0.5)).collect()
}

/// Returns the relevance of an item, 0 to 1; 0.5 when the stage is unknown. `in_general` is that of its category.
pub fn life_stage_relevance(item: &Item, life_stage: Option<&str>, in_general: f64) -> f64 {
    let Some(stage) = life_stage else { return 0.5 };
    if item.life_stages.iter().any(|known| known == stage) {
        return 1.0;
    }
    if item.life_stages.is_empty() { in_general } else { in_general * 0.5 }
}
