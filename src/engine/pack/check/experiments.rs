//! Framings: a control that changes nothing, names that stand once, and no claim without what it rests on. Whether the
//! fact behind a claim is live is asked by `text` when the words are shown.

use super::report::{Report, quoted};
use super::texts::{Place, check_has, has_phrase, has_placeholder};
use super::words::{check_list, check_word_list};
use crate::pack::{Claim, ConditionalText, Framing, FramingVariant, Pack, Words};

/// More framings than any pack tests; each is tried before every shown item.
const MOST_FRAMINGS: usize = 20;
/// As many variants as a test may have.
const MOST_VARIANTS: usize = 10;
/// The most texts of one list of a variant.
const MOST_TEXTS: usize = 20;
/// The variant that leaves the words alone.
const CONTROL: &str = "CONTROL";

/// Checks `experiments`.
pub(super) fn check(pack: &Pack, report: &mut Report) {
    let experiments = &pack.experiments;
    check_urgency_words(pack, report);
    report.count("experiments.framings", experiments.framings.len(), 0..=MOST_FRAMINGS);
    let path = |index: usize| format!("experiments.framings[{index}]");
    report
        .unique(experiments.framings.iter().map(|framing| framing.id.as_str()), |index| format!("{}.id", path(index)));
    for (index, framing) in experiments.framings.iter().enumerate() {
        check_framing(&path(index), framing, pack, report);
    }
}

/// A word that is protected could never be taken out, so listing it would promise what does not happen.
fn check_urgency_words(pack: &Pack, report: &mut Report) {
    let path = "experiments.urgency_words";
    let words = &pack.experiments.urgency_words;
    check_word_list(path, words, report);
    for (index, word) in words.iter().enumerate() {
        let is_contracted = has_contracted_negation(word);
        if is_contracted
            || word.chars().any(char::is_numeric)
            || protected(&pack.words).any(|phrase| has_phrase(word, phrase))
        {
            let detail = format!("{} has a number or a protected word, which is never taken out", quoted(word));
            report.add(&format!("{path}[{index}]"), "urgency-protected", detail);
        }
        if !word.chars().any(char::is_alphanumeric) {
            report.add(&format!("{path}[{index}]"), "urgency-word", "has a letter");
        }
    }
}

fn has_contracted_negation(phrase: &str) -> bool {
    phrase.split_whitespace().any(|word| word.to_ascii_lowercase().replace('’', "'").ends_with("n't"))
}

fn protected(words: &Words) -> impl Iterator<Item = &String> {
    let lists = &words.protected;
    lists.negations.iter().chain(&lists.conditions).chain(&lists.warnings)
}

fn check_framing(path: &str, framing: &Framing, pack: &Pack, report: &mut Report) {
    check_name(&format!("{path}.id"), &framing.id, report);
    report.count(&format!("{path}.variants"), framing.variants.len(), 2..=MOST_VARIANTS);
    let variant_path = |index: usize| format!("{path}.variants[{index}]");
    report.unique(framing.variants.iter().map(|variant| variant.name.as_str()), |index| {
        format!("{}.name", variant_path(index))
    });
    if let Some(first) = framing.variants.first()
        && (first.name != CONTROL || !first.is_neutral())
    {
        report.add(&variant_path(0), "framing-control", "the first variant is named CONTROL and changes nothing");
    }
    for (index, variant) in framing.variants.iter().enumerate() {
        check_variant(&variant_path(index), variant, framing.claim, pack, report);
    }
}

/// Tests and framings share their names, so these have the letters that a test's name may have.
fn check_name(path: &str, name: &str, report: &mut Report) {
    let is_letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
    if !(1..=100).contains(&name.len()) || !name.bytes().all(is_letter) {
        report.add(path, "framing-name", "a name has 1 to 100 letters, digits, points, hyphens and underscores");
    }
}

fn check_variant(path: &str, variant: &FramingVariant, claim: Option<Claim>, pack: &Pack, report: &mut Report) {
    let is_letter = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    if !(1..=50).contains(&variant.name.len()) || !variant.name.bytes().all(is_letter) {
        report.add(&format!("{path}.name"), "variant-name", "a name has 1 to 50 capitals, digits and underscores");
    }
    if variant.removes.is_some() && pack.experiments.urgency_words.is_empty() {
        report.add(&format!("{path}.removes"), "urgency-word", "the pack lists no urgency words");
    }
    for (part, list) in [("title", &variant.title), ("before", &variant.before), ("after", &variant.after)] {
        let path = format!("{path}.{part}");
        report.count(&path, list.len(), 0..=MOST_TEXTS);
        check_list(&path, list, Place::FRAMING, pack, report);
        for (index, text) in list.iter().enumerate() {
            for (path, text) in spoken(&format!("{path}[{index}]"), text) {
                check_claim(&path, text, part == "title", claim, pack, report);
            }
        }
    }
}

/// The text and its forms in other tones, with their paths.
fn spoken<'a>(path: &str, text: &'a ConditionalText) -> Vec<(String, &'a str)> {
    let by_tone = text.by_tone.iter().map(|(tone, text)| (format!("{path}.by_tone.{tone}"), text.as_str()));
    std::iter::once((format!("{path}.text"), text.text.as_str())).chain(by_tone).collect()
}

fn check_claim(path: &str, text: &str, is_title: bool, claim: Option<Claim>, pack: &Pack, report: &mut Report) {
    let has = |placeholder: &str| has_placeholder(text, placeholder);
    if is_title {
        check_has(path, text, "title", report);
    } else if has("title") {
        report.add(path, "placeholder", "{title} has a value in the place of the title only");
    }
    if has("days") && claim != Some(Claim::Urgency) {
        report.add(path, "framing-claim", "{days} is a claim of urgency: the framing must say so");
    }
    if (has("count") || has("window_days")) && claim != Some(Claim::Popularity) {
        report.add(
            path,
            "framing-claim",
            "{count} and {window_days} are a claim of popularity: the framing must say so",
        );
    }
    if has("count") && !has("window_days") {
        report.add(path, "placeholder-missing", "{count} says nothing without its {window_days}");
    }
    if claim == Some(Claim::Popularity) && !has("count") {
        report.add(path, "framing-claim", "a text that says others did it names their {count}");
    }
    let urgent = pack.experiments.urgency_words.iter().find(|word| has_phrase(text, word));
    if let Some(word) = urgent.filter(|_| claim != Some(Claim::Urgency)) {
        report.add(path, "framing-claim", format!("{} is a claim of urgency: the framing must say so", quoted(word)));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use serde_json::{Value, json};

    use super::super::testing::{check_broken, check_value};

    const FRAMINGS: &str = "/experiments/framings";

    /// Puts a text into a list of the second variant of a framing and expects one finding there.
    #[track_caller]
    fn check_text(framing: usize, list: &str, text: &str, rule: &str) {
        let path = format!("experiments.framings[{framing}].variants[1].{list}[0].text");
        let text: Value = json!([{ "id": "only", "text": text }]);
        check_value(&format!("{FRAMINGS}/{framing}/variants/1/{list}"), text, &path, rule);
    }

    #[test]
    fn the_first_variant_is_a_control_that_changes_nothing() {
        let at = "experiments.framings[0].variants[0]";
        check_value(&format!("{FRAMINGS}/0/variants/0/name"), json!("NONE"), at, "framing-control");
        check_value(&format!("{FRAMINGS}/0/variants/0/removes"), json!("urgency_words"), at, "framing-control");
        check_value(
            &format!("{FRAMINGS}/0/variants"),
            json!([{ "name": "CONTROL" }]),
            "experiments.framings[0].variants",
            "count",
        );
    }

    #[test]
    fn names_are_those_that_tests_can_use_and_stand_once() {
        let at = "experiments.framings[0]";
        check_value(&format!("{FRAMINGS}/0/id"), json!("a b"), &format!("{at}.id"), "framing-name");
        check_value(&format!("{FRAMINGS}/1/id"), json!("WORTH"), "experiments.framings[1].id", "duplicate-id");
        check_value(
            &format!("{FRAMINGS}/0/variants/1/name"),
            json!("money"),
            &format!("{at}.variants[1].name"),
            "variant-name",
        );
        check_value(
            &format!("{FRAMINGS}/0/variants/1/name"),
            json!("CONTROL"),
            &format!("{at}.variants[1].name"),
            "duplicate-id",
        );
    }

    #[test]
    fn a_text_has_only_values_of_its_place() {
        check_text(0, "title", "Worth {amount}", "placeholder-missing");
        check_text(0, "title", "Worth {date}: {title}", "placeholder");
        check_text(0, "title", "Worth £{amount}: {title}", "currency-literal");
        check_text(0, "before", "Again: {title}", "placeholder");
        check_text(0, "before", "", "text-length");
    }

    #[test]
    fn a_claim_is_stated_and_has_what_it_rests_on() {
        check_text(0, "before", "Less than {days} days.", "framing-claim");
        check_text(0, "before", "Please hurry.", "framing-claim");
        check_text(0, "after", "{count} people in {window_days} days.", "framing-claim");
        check_text(2, "after", "More than {count} people.", "placeholder-missing");
        check_text(2, "after", "Everybody does it.", "framing-claim");
        check_text(2, "after", "Hurry as {count} people in {window_days} days.", "framing-claim");
        let by_tone = json!([{ "id": "only", "text": "Now.", "by_tone": { "warm": "Please hurry." } }]);
        let at = "experiments.framings[0].variants[1].before[0].by_tone.warm";
        check_value(&format!("{FRAMINGS}/0/variants/1/before"), by_tone, at, "framing-claim");
    }

    #[test]
    fn urgency_words_are_words_that_can_be_taken_out() {
        let at = "experiments.urgency_words[1]";
        for word in ["do not wait", "don’t wait", "only if you hurry", "24 hours", "at risk now"] {
            check_value("/experiments/urgency_words/-", json!(word), at, "urgency-protected");
        }
        check_value("/experiments/urgency_words/-", json!("hurry"), at, "duplicate-id");
        check_value("/experiments/urgency_words/-", json!("!!"), at, "urgency-word");
        check_broken(
            |pack| pack["experiments"]["urgency_words"] = json!([]),
            "experiments.framings[1].variants[2].removes",
            "urgency-word",
        );
    }
}
