//! Items that are like others by their tags and words, for those that nobody took yet.
//!
//! Each item is a bag of terms: its tags, and the words of its title and description. A term t of item i weighs
//! `(1 + ln count) x (1 + ln((1 + items) / (1 + items with t)))`, vectors have length 1, and the likeness of two items is the
//! cosine (Salton and Buckley 1988), 0 to 1. Tags and words of one spelling are different terms.

use std::collections::BTreeMap;
use std::sync::Mutex;

use nearside_engine::math::top_k_indices;

use super::item_neighbours::Neighbours;
use super::threads::for_each_part;

/// Shorter words say nothing.
const SHORTEST_WORD: usize = 2;
/// Items that one thread takes at a time.
const PART: usize = 64;

/// What is known of an item besides who took it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ItemText<'a> {
    /// Topics.
    pub(crate) tags: &'a [String],
    /// Title and description.
    pub(crate) words: &'a str,
}

/// Finds for each item the `keep` most like it, by item ascending; the weight is the cosine. Items without a term in
/// common are left out; of equals the lower number stays.
///
/// Time grows with the square of the number of items that share a term.
pub(crate) fn content_neighbours(items: &[ItemText<'_>], keep: usize, threads: usize) -> Neighbours {
    let vectors = term_vectors(items);
    let mut holders: Vec<Vec<(u32, f64)>> = Vec::new();
    for (item, vector) in (0..).zip(&vectors) {
        for (term, weight) in vector {
            if holders.len() <= *term {
                holders.resize(*term + 1, Vec::new());
            }
            if let Some(holders) = holders.get_mut(*term) {
                holders.push((item, *weight));
            }
        }
    }
    let columns = Mutex::new(vec![Vec::new(); items.len()]);
    for_each_part(threads, vectors.chunks(PART).collect(), |part, vectors| {
        let mut sums = vec![0.0; items.len()];
        for (inside, vector) in vectors.iter().enumerate() {
            let item = part * PART + inside;
            sums.fill(0.0);
            for (term, weight) in vector {
                for (other, other_weight) in holders.get(*term).into_iter().flatten() {
                    if let Some(sum) = sums.get_mut(*other as usize) {
                        *sum += weight * other_weight;
                    }
                }
            }
            let column = most_alike(&sums, item, keep);
            if let Some(slot) = columns.lock().ok().as_mut().and_then(|columns| columns.get_mut(item)) {
                *slot = column;
            }
        }
    });
    Neighbours { columns: columns.into_inner().unwrap_or_default() }
}

/// Terms by number with their weights, by term ascending.
fn term_vectors(items: &[ItemText<'_>]) -> Vec<Vec<(usize, f64)>> {
    let bags: Vec<BTreeMap<(bool, String), u32>> = items.iter().map(bag).collect();
    let mut found_in: BTreeMap<&(bool, String), u32> = BTreeMap::new();
    for term in bags.iter().flat_map(BTreeMap::keys) {
        *found_in.entry(term).or_default() += 1;
    }
    let all = items.len() as f64;
    let terms: BTreeMap<&(bool, String), (usize, f64)> = found_in
        .into_iter()
        .enumerate()
        .map(|(number, (term, found))| (term, (number, 1.0 + ((1.0 + all) / (1.0 + f64::from(found))).ln())))
        .collect();
    let vector = |bag: &BTreeMap<(bool, String), u32>| {
        let weighed = bag.iter().filter_map(|(term, count)| {
            let (number, rarity) = terms.get(term)?;
            Some((*number, (1.0 + f64::from(*count).ln()) * rarity))
        });
        let mut vector: Vec<(usize, f64)> = weighed.collect();
        let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        vector.iter_mut().for_each(|(_, weight)| *weight /= length);
        vector
    };
    bags.iter().map(vector).collect()
}

/// Terms and how often they occur; true marks a tag.
fn bag(item: &ItemText<'_>) -> BTreeMap<(bool, String), u32> {
    let mut bag = BTreeMap::new();
    let words = item.words.split(|character: char| !character.is_alphanumeric());
    let words = words.filter(|word| word.chars().count() >= SHORTEST_WORD).map(|word| (false, word.to_lowercase()));
    for term in item.tags.iter().map(|tag| (true, tag.to_lowercase())).chain(words) {
        *bag.entry(term).or_default() += 1;
    }
    bag
}

fn most_alike(sums: &[f64], item: usize, keep: usize) -> Vec<(u32, f32)> {
    let at = |place: usize| if place == item { 0.0 } else { sums.get(place).copied().unwrap_or(0.0) };
    let mut best = top_k_indices(sums.len(), keep, |left, right| at(right).total_cmp(&at(left)).then(left.cmp(&right)));
    best.retain(|place| at(*place) > 0.0);
    best.sort_unstable();
    best.into_iter().map(|place| (place as u32, at(place) as f32)).collect()
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests may fail loudly")]
mod tests {
    use super::*;

    fn texts(words: &[&'static str]) -> Vec<ItemText<'static>> {
        words.iter().map(|words| ItemText { tags: &[], words }).collect()
    }

    #[test]
    fn rare_words_in_common_count_more_than_frequent_ones() {
        let items = texts(&["red jazz lamp", "blue jazz lamp", "red lamp", "green lamp", "chair"]);
        let columns = content_neighbours(&items, 10, 2).columns;
        let weight = |item: usize, other: u32| columns[item].iter().find(|(input, _)| *input == other).map(|(_, w)| *w);
        assert!(weight(0, 1) > weight(0, 3), "{columns:?}");
        assert!(weight(0, 1).is_some_and(|weight| weight > 0.0 && weight < 1.0));
        assert_eq!(weight(0, 1), weight(1, 0));
        assert!(columns[4].is_empty(), "nothing in common");
        assert_eq!(content_neighbours(&items, 1, 1).columns[2].len(), 1);
    }

    #[test]
    fn the_same_text_is_fully_alike_and_a_tag_is_no_word() {
        let tags = ["lamp".to_owned()];
        let items = [
            ItemText { tags: &[], words: "Lamp, red" },
            ItemText { tags: &[], words: "red LAMP" },
            ItemText { tags: &tags, words: "" },
            ItemText { tags: &[], words: "a - b" },
        ];
        let columns = content_neighbours(&items, 10, 1).columns;
        assert_eq!(columns[0].len(), 1);
        assert!((columns[0][0].1 - 1.0).abs() < 1e-6);
        assert!(columns[2].is_empty() && columns[3].is_empty());
    }
}
