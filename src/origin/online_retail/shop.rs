//! The shop as a pack with items: what the data says of them, code, description and category.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, anyhow, ensure};
use nearside_engine::pack::{Pack, check_item};
use nearside_engine::types::{Item, TimeMs};
use serde_json::json;

use super::categories::category_of;
use super::purchases::Purchases;
use crate::pack::{CheckedFolder, PackFolder};

/// Words that say nothing of what an item is like.
const EMPTY_WORDS: [&str; 6] = ["and", "for", "pack", "set", "the", "with"];
/// Shorter words are articles, sizes and remains of abbreviations.
const SHORTEST_WORD: usize = 3;

/// The pack of `src/packs/retail`, checked, so that the program stands alone.
///
/// # Errors
/// Never, unless the program was built with a pack that breaks a rule.
pub(crate) fn retail_pack() -> Result<CheckedFolder> {
    let parts = [
        ("scoring", include_str!("../../packs/retail/scoring.json")),
        ("words", include_str!("../../packs/retail/words.json")),
    ];
    let folder = PackFolder::embedded("src/packs/retail/", include_str!("../../packs/retail/pack.json"), &parts);
    folder.check().map_err(|findings| {
        let first = findings.first().map(|found| found.finding.to_string()).unwrap_or_default();
        anyhow!("the retail pack inside this program breaks a rule: {first}")
    })
}

/// Returns one item for every one that was sold.
///
/// # Errors
/// An item that the pack does not allow.
pub(crate) fn items(before: &Purchases, pack: &Pack) -> Result<Vec<Item>> {
    let titles = descriptions(&before.described);
    let mut items = Vec::new();
    let mut findings = Vec::new();
    for sold in before.sold_items() {
        let Some(code) = before.items.get(sold as usize) else { continue };
        let description = titles.get(&sold).and_then(|text| before.descriptions.get(*text as usize));
        let description = description.map_or(code.as_str(), String::as_str);
        let item: Item = serde_json::from_value(json!({
            "id": code,
            "kind": pack.kinds.first(),
            "category": category_of(description),
            "title": title(description),
            "tags": tags(description),
            "priority": 50,
        }))?;
        check_item(&item, pack, code, &mut findings);
        items.push(item);
    }
    ensure!(
        findings.is_empty(),
        "items break the retail pack's rules, first {}",
        findings.first().map(ToString::to_string).unwrap_or_default()
    );
    Ok(items)
}

/// The most frequent description of each item; of equally frequent ones the first in the order of texts.
fn descriptions(lines: &[(TimeMs, u32, u32)]) -> BTreeMap<u32, u32> {
    let mut counts: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    for (_, item, text) in lines {
        *counts.entry((*item, *text)).or_default() += 1;
    }
    let mut best: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    for ((item, text), count) in counts {
        let known = best.entry(item).or_insert((text, count));
        if count > known.1 {
            *known = (text, count);
        }
    }
    best.into_iter().map(|(item, (text, _))| (item, text)).collect()
}

/// The description as a title: single spaces, and capitals at the beginning only.
fn title(description: &str) -> String {
    let plain = description.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let mut rest = plain.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// The words of a description that tell what the item is like, ascending.
fn tags(description: &str) -> Vec<String> {
    let description = description.to_lowercase();
    let words = description.split(|c: char| !c.is_alphabetic());
    let words = words.filter(|word| word.chars().count() >= SHORTEST_WORD && !EMPTY_WORDS.contains(word));
    words.map(str::to_owned).collect::<BTreeSet<String>>().into_iter().collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn words_become_tags() {
        assert_eq!(tags("SET OF 3 CAKE TINS, PANTRY  DESIGN"), ["cake", "design", "pantry", "tins"]);
        assert_eq!(tags("WHITE HANGING HEART T-LIGHT HOLDER"), ["hanging", "heart", "holder", "light", "white"]);
        assert_eq!(tags("12 IN 1"), Vec::<String>::new());
    }

    #[test]
    fn titles_are_readable() {
        assert_eq!(title(" PARTY  BUNTING "), "Party bunting");
        assert_eq!(title(""), "");
    }

    #[test]
    fn the_most_frequent_description_names_the_item() {
        let lines = [(1, 7, 2), (2, 7, 3), (3, 7, 3), (4, 8, 5), (5, 8, 4)];
        assert_eq!(descriptions(&lines), BTreeMap::from([(7, 3), (8, 4)]));
    }

    #[test]
    fn the_pack_inside_the_program_breaks_no_rule() {
        assert_eq!(retail_pack().unwrap().pack.id, "retail");
    }
}
