//! Our bounds against those of the crate `unicode-segmentation`, which holds the full tables.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use unicode_segmentation::UnicodeSegmentation;

use super::sentence_bounds;

/// One or more of each class, so that every rule meets every other.
const CHARACTERS: &str = "aabBzZéÉßǅжЖ文の가أ09٣½²ªⅧ..…!?。！？।．)]}\"'(”“’»„,;:-–—、%£$€+_ \u{a0}\u{3000}\t\n\r\u{85}\u{2028}\u{301}\u{200b}\u{fe0f}\u{ad}\u{200d}😀Აა";

/// Every text that we publish.
const PACKS: [&str; 17] = [
    include_str!("../../packs/finance/pack.json"),
    include_str!("../../packs/finance/glossary.json"),
    include_str!("../../packs/finance/relevance.json"),
    include_str!("../../packs/finance/scoring.json"),
    include_str!("../../packs/finance/words.json"),
    include_str!("../../packs/finance/catalog/budgeting.json"),
    include_str!("../../packs/finance/catalog/debt.json"),
    include_str!("../../packs/finance/catalog/education.json"),
    include_str!("../../packs/finance/catalog/estate.json"),
    include_str!("../../packs/finance/catalog/investing.json"),
    include_str!("../../packs/finance/catalog/protection.json"),
    include_str!("../../packs/finance/catalog/retirement.json"),
    include_str!("../../packs/finance/catalog/savings.json"),
    include_str!("../../packs/finance/catalog/tax.json"),
    include_str!("../../packs/retail/pack.json"),
    include_str!("../../packs/retail/scoring.json"),
    include_str!("../../packs/retail/words.json"),
];

fn expected(text: &str) -> Vec<usize> {
    text.split_sentence_bound_indices().map(|(at, _)| at).skip(1).collect()
}

/// Each row is a text with `|` at every bound.
#[track_caller]
fn check(marked: &str) {
    let text = marked.replace('|', "");
    let mut parts = Vec::new();
    let mut start = 0;
    for bound in sentence_bounds(&text).into_iter().chain([text.len()]) {
        parts.push(&text[start..bound]);
        start = bound;
    }
    assert_eq!(parts.join("|"), marked);
    assert_eq!(sentence_bounds(&text), expected(&text), "the crate's bounds of {text:?}");
}

#[test]
fn line_ends_part_and_a_pair_is_one() {
    check("");
    check("a\n|b");
    check("a\r\n|b\r|\r\n|\n|b");
    check("a\u{2028}|b\u{85}|c\u{2029}|d");
    check("\u{301}a\n|\u{301}b");
    check("a.\r\n|\u{301}. |B");
}

#[test]
fn accents_and_invisible_marks_belong_to_what_they_follow() {
    check("One.\u{301} |Two");
    check("One.\u{200b}) \u{fe0f}|Two");
    check("A\u{301}.B");
    check("a.\u{301}5");
}

#[test]
fn a_full_stop_inside_a_number_or_acronym_parts_nothing() {
    check("3.4");
    check("a.5");
    check("U.S");
    check("u.S");
    check(".5");
    check("5.|S");
    check("文.|S");
}

#[test]
fn a_full_stop_before_a_small_letter_parts_nothing() {
    check("the resp. leaders are");
    check("etc.)’ ‘(the");
    check("a. 5, £7 (b");
    check("a. |5, £7 (B");
    check("a. |5, 文b");
    check("a. |5. b");
    check("a. |5! |b");
    check("a. |5\n|b");
    check("a. |5");
    check("a. \u{301}5 b");
    check("a.) 5 b");
    check("a.½ b");
    check("a.|½ B");
}

#[test]
fn a_terminator_parts_even_before_a_small_letter() {
    check("why? |because");
    check("why?|because");
    check("why?) |because");
    check("why?! |because");
    check("why?. because");
    check("why.? |because");
}

#[test]
fn commas_quotes_and_spaces_after_a_stop_go_on() {
    check("a., B");
    check("a. - B");
    check("a!: B");
    check("a. . |B");
    check("a.) |(B");
    check("a! |)b ");
    check("a.\") \t |B");
    check("a.) \n|B");
    check("これは文です。|これも");
    check("Ა.|Ა");
}

#[test]
fn every_character_means_the_same_as_in_the_full_tables() {
    // The scripts in which the letters and digits of the standard library and of the annex are the same, and symbols.
    let ranges =
        [0..0x590, 0x10a0..0x1100, 0x1c80..0x1cc0, 0x1d00..0x2d00, 0x2de0..0x3400, 0xfb00..0xfb18, 0xfe00..0xfff0];
    let differs = ranges.into_iter().flatten().filter_map(char::from_u32).filter(|character| {
        let contexts = [
            format!("a.{character}B"),
            format!("a.{character}b"),
            format!("a. {character}B"),
            format!("a. {character}b"),
            format!("a. 5{character}b"),
            format!("a!{character}b"),
            format!("a! {character}b"),
            format!("{character}.B"),
            format!("A{character}.B"),
            format!("{character}B"),
            format!("{character} B"),
        ];
        contexts.iter().any(|text| sentence_bounds(text) != expected(text))
    });
    let differs: Vec<String> = differs.map(|character| character.escape_unicode().to_string()).collect();
    assert!(differs.is_empty(), "{differs:?}");
}

#[test]
fn the_texts_of_the_packs_are_parted_as_by_the_crate() {
    let mut seen = 0;
    for file in PACKS {
        each_text(&serde_json::from_str(file).unwrap(), &mut |text| {
            seen += 1;
            assert_eq!(sentence_bounds(text), expected(text), "{text:?}");
        });
    }
    assert!(seen > 1000, "{seen} texts");
}

fn each_text(value: &serde_json::Value, look: &mut dyn FnMut(&str)) {
    match value {
        serde_json::Value::String(text) => look(text),
        serde_json::Value::Array(values) => values.iter().for_each(|value| each_text(value, look)),
        serde_json::Value::Object(values) => values.values().for_each(|value| each_text(value, look)),
        _ => {}
    }
}

fn any_text() -> impl Strategy<Value = String> {
    let characters: Vec<char> = CHARACTERS.chars().collect();
    let marks: Vec<char> = ".?!) \"5bB".chars().collect();
    let character = prop_oneof![prop::sample::select(characters), prop::sample::select(marks)];
    prop::collection::vec(character, 0..30).prop_map(|characters| characters.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5_000, rng_seed: RngSeed::Fixed(20_260), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_parted_as_by_the_crate(text in any_text()) {
        prop_assert_eq!(sentence_bounds(&text), expected(&text));
    }
}
