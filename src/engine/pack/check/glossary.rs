//! The glossary: terms that stand once, and explanations that bring nothing into a text that its author did not state.

use super::report::{Report, quoted};
use super::texts::{NAME_BYTES, Place, TEXT_BYTES, check_text, has_phrase};
use crate::pack::{GlossaryEntry, Pack};
use crate::types::{SortedMap, lowered};

/// More entries than any text needs; the search for terms is made for a few hundred.
const MOST_ENTRIES: usize = 1_000;
/// The most characters of an explanation in running text: longer ones tear a sentence apart.
const SHORT_CHARACTERS: usize = 80;

/// Checks `glossary`.
pub(super) fn check(pack: &Pack, report: &mut Report) {
    report.count("glossary", pack.glossary.len(), 0..=MOST_ENTRIES);
    for (index, entry) in pack.glossary.iter().enumerate() {
        check_entry(&format!("glossary[{index}]"), entry, pack, report);
    }
    check_unique(&pack.glossary, report);
}

fn check_entry(path: &str, entry: &GlossaryEntry, pack: &Pack, report: &mut Report) {
    for (path, term) in spellings(path, entry) {
        check_text(&path, term, Place { most_bytes: NAME_BYTES, placeholders: &[] }, report);
    }
    check_short(&format!("{path}.short"), &entry.short, pack, report);
    check_text(&format!("{path}.plain"), &entry.plain, Place { most_bytes: TEXT_BYTES, placeholders: &[] }, report);
    report.range(&format!("{path}.level"), f64::from(entry.level), 1.0..=10.0);
    for (index, country) in entry.countries.iter().enumerate() {
        let known = pack.countries.iter().map(String::as_str);
        report.known(
            &format!("{path}.countries[{index}]"),
            "known-country",
            country,
            known,
            "one of the pack's countries",
        );
    }
}

fn check_short(path: &str, short: &str, pack: &Pack, report: &mut Report) {
    let characters = short.chars().count();
    if short.trim().is_empty() || characters > SHORT_CHARACTERS {
        report.add(path, "text-length", format!("has 1 to {SHORT_CHARACTERS} characters, this one {characters}"));
    }
    if short.chars().any(|c| c.is_control() || matches!(c, '{' | '}')) {
        report.add(path, "text-characters", "has no control characters and no braces");
    }
    if short.chars().any(char::is_numeric) {
        report.add(path, "glossary-claim", "may not bring a number into somebody else's sentence");
    }
    let protected = &pack.words.protected;
    let lists = [
        ("a negation", &protected.negations),
        ("a condition", &protected.conditions),
        ("a warning", &protected.warnings),
    ];
    for (what, list) in lists {
        if let Some(phrase) = list.iter().find(|phrase| has_phrase(short, phrase)) {
            report.add(path, "glossary-claim", format!("may not bring in {what}: {}", quoted(phrase)));
        }
    }
}

/// A spelling may stand twice only where no country reads both.
fn check_unique(glossary: &[GlossaryEntry], report: &mut Report) {
    let mut seen: SortedMap<String, Vec<&GlossaryEntry>> = SortedMap::new();
    for (index, entry) in glossary.iter().enumerate() {
        for (path, term) in spellings(&format!("glossary[{index}]"), entry) {
            let earlier = seen.get_or_default(lowered(term).replace('-', " "));
            if earlier.iter().any(|other| share_a_reader(other, entry)) {
                report.add(
                    &path,
                    "duplicate-term",
                    format!("{} is explained twice for the same readers", quoted(term)),
                );
            }
            earlier.push(entry);
        }
    }
}

fn share_a_reader(left: &GlossaryEntry, right: &GlossaryEntry) -> bool {
    match (left.countries.is_empty(), right.countries.is_empty()) {
        (true, true) => true,
        // The entry of one's own country comes before the general one.
        (true, false) | (false, true) => false,
        (false, false) => left.countries.iter().any(|country| right.countries.contains(country)),
    }
}

fn spellings<'a>(path: &str, entry: &'a GlossaryEntry) -> Vec<(String, &'a str)> {
    let aliases =
        entry.aliases.iter().enumerate().map(|(index, alias)| (format!("{path}.aliases[{index}]"), alias.as_str()));
    [(format!("{path}.term"), entry.term.as_str())].into_iter().chain(aliases).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use serde_json::{Value, json};

    use super::super::testing::check_value;

    fn entry(term: &str, countries: &[&str]) -> Value {
        json!({ "term": term, "short": "a thing", "plain": "A thing.", "level": 3, "countries": countries })
    }

    #[test]
    fn a_spelling_is_explained_once_for_each_reader() {
        check_value("/glossary/-", entry("Brim", &[]), "glossary[2].term", "duplicate-term");
        check_value("/glossary/-", entry("HAT BRIM", &[]), "glossary[2].term", "duplicate-term");
        check_value("/glossary/-", entry("sole", &["ZA", "GB"]), "glossary[2].term", "duplicate-term");
        check_value("/glossary/0/aliases/-", json!("brim"), "glossary[0].aliases[1]", "duplicate-term");
        // The same word for readers of another country is no mistake: what is found is the unknown country alone.
        check_value("/glossary/-", entry("sole", &["FR"]), "glossary[2].countries[0]", "known-country");
    }

    #[test]
    fn a_short_explanation_claims_nothing() {
        let at = "glossary[0].short";
        check_value("/glossary/0/short", json!("5 cm of cloth"), at, "glossary-claim");
        check_value("/glossary/0/short", json!("not the crown"), at, "glossary-claim");
        check_value("/glossary/0/short", json!("shade if sunny"), at, "glossary-claim");
        check_value("/glossary/0/short", json!("cloth AT RISK"), at, "glossary-claim");
        check_value("/glossary/0/short", json!("x".repeat(81)), at, "text-length");
        check_value("/glossary/0/short", json!("the {term}"), at, "text-characters");
    }

    #[test]
    fn terms_texts_and_levels_are_checked() {
        check_value("/glossary/0/level", json!(0), "glossary[0].level", "range");
        check_value("/glossary/0/plain", json!(""), "glossary[0].plain", "text-length");
        check_value("/glossary/0/term", json!(""), "glossary[0].term", "text-length");
    }
}
