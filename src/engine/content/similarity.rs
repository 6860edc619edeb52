//! *What it measures*: how like an item's tags are to the tags that the person engaged with.
//! *Why it helps*: it knows an item that nobody has taken yet.
//! *How*: the cosine of two vectors over tags: the person's decayed sums (`profile`), negative ones as zero, and the
//! item's tags, each weighted by `ln(items / items with the tag)`, so that rare tags tell more.
//! *When it misleads*: tags that are words of many senses.
//! *What consent it needs*: `behavioral`.

use crate::pack::Shelf;
use crate::profile::PackState;

/// Returns the score of every item of the shelf, 0 to 1.
pub fn content_scores(part: Option<&PackState>, shelf: &Shelf) -> Vec<f64> {
    let mut with_tag = vec![0_u32; shelf.tags.len()];
    for tag in shelf.items.iter().flat_map(|shelved| &shelved.tags) {
        if let Some(count) = with_tag.get_mut(*tag) {
            *count += 1;
        }
    }
    let items = shelf.items.len().max(1) as f64;
    let rarity: Vec<f64> = with_tag.iter().map(|count| libm::log(items / f64::from((*count).max(1)))).collect();
    let mut person = vec![0.0; shelf.tags.len()];
    let mut squares = 0.0;
    // Both are in order: one walk along the two.
    let mut known = shelf.tags.iter().zip(&rarity).zip(&mut person).peekable();
    for (tag, sum) in part.iter().flat_map(|part| &part.tags) {
        while known.next_if(|((name, _), _)| *name < tag).is_some() {}
        if let Some(((_, rarity), weight)) = known.next_if(|((name, _), _)| *name == tag) {
            *weight = sum.max(0.0) * rarity;
            squares += *weight * *weight;
        }
    }
    if squares == 0.0 {
        return vec![0.0; shelf.items.len()];
    }
    let length = squares.sqrt();
    let score = |tags: &[usize]| {
        let (mut product, mut squares) = (0.0, 0.0);
        for tag in tags {
            let rarity = rarity.get(*tag).copied().unwrap_or(0.0);
            product += rarity * person.get(*tag).copied().unwrap_or(0.0);
            squares += rarity * rarity;
        }
        if squares == 0.0 { 0.0 } else { product / (squares.sqrt() * length) }
    };
    shelf.items.iter().map(|shelved| score(&shelved.tags)).collect()
}
