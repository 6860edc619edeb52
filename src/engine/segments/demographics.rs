//! *What it measures*: how much people of this life stage, income and country take to the category.
//! *Why it helps*: it is the best guess before a person has done anything.
//! *How*: the mean of the pack's tables over what is known.
//! *When it misleads*: always a little; so its weight fades as evidence comes in.
//! *What consent it needs*: `demographics`, `location`.

use crate::pack::Pack;
use crate::types::Level;

/// Returns the prior of a category, 0 to 1; 0.5 when nothing is known of the person.
pub fn demographics(
    category: &str,
    life_stage: Option<&str>,
    income: Option<Level>,
    country: Option<&str>,
    pack: &Pack,
) -> f64 {
    let relevance = &pack.relevance;
    let known = [
        (&relevance.life_stage_table, life_stage),
        (&relevance.income_table, income.map(Level::name)),
        (&relevance.country_table, country),
    ];
    let mut sum = 0.0;
    let mut number = 0.0;
    for (table, key) in known {
        if let Some(key) = key {
            sum += table.get(category).and_then(|row| row.get(key)).copied().unwrap_or(0.5);
            number += 1.0;
        }
    }
    if number == 0.0 { 0.5 } else { sum / number }
}
