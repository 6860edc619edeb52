//! The words around an item: tones, reasons, benefits, examples, dates, money, and the lists of protected words.

use super::conditions;
use super::report::Report;
use super::texts::{Place, check_has, check_text};
use crate::pack::{ConditionalText, Pack, Words};

/// Word lists longer than this are a mistake, and would slow every text down.
const MOST_WORDS: usize = 1_000;

/// Checks `words` but for what explanations say.
pub(super) fn check(pack: &Pack, report: &mut Report) {
    let words = &pack.words;
    check_text("words.building_message", &words.building_message, Place::PLAIN, report);
    check_text("words.show_more", &words.show_more, Place::NAME, report);
    check_tones(pack, report);
    check_list("words.reasons", &words.reasons, Place::REASON, pack, report);
    check_list("words.benefits", &words.benefits, Place::BENEFIT, pack, report);
    check_list("words.examples", &words.examples, Place::REASON, pack, report);
    report.range("words.max_reasons", f64::from(words.max_reasons), 0.0..=5.0);
    report.range("words.max_examples", f64::from(words.max_examples), 0.0..=5.0);
    for (category, text) in &words.context {
        let path = format!("words.context.{category}");
        let known = pack.categories.iter().map(|category| category.id.as_str());
        report.known(&path, "known-category", category, known, "one of the pack's categories");
        check_text(&path, text, Place::PLAIN, report);
    }
    for (path, text) in [("words.definition", &words.definition), ("words.inline_definition", &words.inline_definition)]
    {
        check_text(path, text, Place::DEFINITION, report);
        check_has(path, text, "term", report);
    }
    if let Some(deadline) = &words.deadline {
        check_text("words.deadline", deadline, Place::DEADLINE, report);
        check_has("words.deadline", deadline, "date", report);
    }
    check_months(words, report);
    check_currencies(words, report);
    check_word_lists(words, report);
}

/// Checks a list of texts under conditions.
pub(super) fn check_list(path: &str, list: &[ConditionalText], place: Place, pack: &Pack, report: &mut Report) {
    report.count(path, list.len(), 0..=200);
    report.unique(list.iter().map(|entry| entry.id.as_str()), |index| format!("{path}[{index}].id"));
    for (index, entry) in list.iter().enumerate() {
        let path = format!("{path}[{index}]");
        report.text_id(&format!("{path}.id"), &entry.id);
        if let Some(when) = &entry.when {
            conditions::check(&format!("{path}.when"), when, pack, report);
        }
        check_text(&format!("{path}.text"), &entry.text, place, report);
        for (tone, text) in &entry.by_tone {
            let path = format!("{path}.by_tone.{tone}");
            let known = pack.words.tones.iter().map(|tone| tone.id.as_str());
            report.known(&path, "known-tone", tone, known, "one of the pack's tones");
            check_text(&path, text, place, report);
        }
    }
}

fn check_tones(pack: &Pack, report: &mut Report) {
    let tones = &pack.words.tones;
    let path = |index: usize| format!("words.tones[{index}]");
    report.count("words.tones", tones.len(), 1..=20);
    report.unique(tones.iter().map(|tone| tone.id.as_str()), |index| format!("{}.id", path(index)));
    for (index, tone) in tones.iter().enumerate() {
        report.text_id(&format!("{}.id", path(index)), &tone.id);
        match (&tone.when, index + 1 == tones.len()) {
            (Some(_), true) => report.add(&path(index), "last-tone", "the last tone must have no condition"),
            (None, false) => report.add(
                &path(index),
                "last-tone",
                "only the last tone has no condition: those after it are never used",
            ),
            (Some(when), false) => conditions::check(&format!("{}.when", path(index)), when, pack, report),
            (None, true) => {}
        }
    }
}

fn check_months(words: &Words, report: &mut Report) {
    if !matches!(words.months.len(), 0 | 12) {
        report.add("words.months", "count", format!("must be empty or have 12 names, not {}", words.months.len()));
    }
    for (index, month) in words.months.iter().enumerate() {
        check_text(&format!("words.months[{index}]"), month, Place::NAME, report);
    }
    report.unique(words.months.iter().map(String::as_str), |index| format!("words.months[{index}]"));
}

fn check_currencies(words: &Words, report: &mut Report) {
    for (code, format) in &words.currencies {
        let path = format!("words.currencies.{code}");
        if code.len() != 3 || !code.bytes().all(|b| b.is_ascii_uppercase()) {
            report.add(&path, "currency", "a currency is three capital letters of ISO 4217");
        }
        let is_mark = |mark: &str| mark.len() <= 4 && !mark.chars().any(|c| c.is_alphanumeric() || c.is_control());
        if format.prefix.len() > 10 || format.prefix.chars().any(|c| c.is_numeric() || c.is_control()) {
            report.add(&format!("{path}.prefix"), "currency", "a prefix has at most 10 bytes and no digits");
        }
        if !is_mark(&format.thousands) {
            report.add(&format!("{path}.thousands"), "currency", "a mark has at most 4 bytes and no letters or digits");
        }
        if format.decimal.is_empty() || !is_mark(&format.decimal) || format.decimal == format.thousands {
            report.add(&format!("{path}.decimal"), "currency", "the decimal mark is a mark of its own");
        }
    }
}

fn check_word_lists(words: &Words, report: &mut Report) {
    let lists: [(&str, &[String]); 7] = [
        ("words.abbreviations", &words.abbreviations.0),
        ("words.protected.negations", &words.protected.negations),
        ("words.protected.conditions", &words.protected.conditions),
        ("words.protected.warnings", &words.protected.warnings),
        ("words.sentiment.positive", &words.sentiment.positive),
        ("words.sentiment.negative", &words.sentiment.negative),
        ("words.sentiment.negators", &words.sentiment.negators),
    ];
    for (path, list) in lists {
        check_word_list(path, list, report);
    }
}

/// Checks a list of words or phrases.
pub(super) fn check_word_list(path: &str, list: &[String], report: &mut Report) {
    report.count(path, list.len(), 0..=MOST_WORDS);
    report.unique(list.iter().map(String::as_str), |index| format!("{path}[{index}]"));
    for (index, word) in list.iter().enumerate() {
        if word.trim().is_empty() || word.len() > 80 {
            report.add(&format!("{path}[{index}]"), "text-length", "a word or phrase has 1 to 80 bytes");
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use serde_json::json;

    use super::super::testing::{check_broken, check_value};

    #[test]
    fn the_last_tone_and_only_the_last_is_unconditional() {
        let when = json!({ "fact": "person.engagement", "in": ["LOW"] });
        check_value("/words/tones/1", json!({ "id": "plain", "when": when }), "words.tones[1]", "last-tone");
        check_value("/words/tones/0", json!({ "id": "warm" }), "words.tones[0]", "last-tone");
        check_value("/words/tones/1/id", json!("warm"), "words.tones[1].id", "duplicate-id");
        let wrong = json!({ "id": "warm", "when": { "fact": "person.engagement", "in": ["SOME"] } });
        check_value("/words/tones/0", wrong, "words.tones[0].when.in[0]", "known-value");
    }

    #[test]
    fn texts_under_conditions_are_checked() {
        let text = |text: &str| json!({ "id": "new", "text": text });
        check_value("/words/reasons/-", text("Worth {amount}."), "words.reasons[1].text", "placeholder");
        check_value("/words/reasons/-", text(""), "words.reasons[1].text", "text-length");
        check_value("/words/reasons/-", json!({ "id": "liked", "text": "A." }), "words.reasons[1].id", "duplicate-id");
        check_value("/words/examples/-", text("On {date}."), "words.examples[1].text", "placeholder");
        check_value("/words/benefits/-", text("Worth ${amount}."), "words.benefits[1].text", "currency-literal");
        check_value("/words/reasons/0/by_tone/cold", json!("No."), "words.reasons[0].by_tone.cold", "known-tone");
        check_value("/words/reasons/0/by_tone/warm", json!("{plain}"), "words.reasons[0].by_tone.warm", "placeholder");
        check_value("/words/max_reasons", json!(6), "words.max_reasons", "range");
        check_value("/words/max_examples", json!(6), "words.max_examples", "range");
        check_value("/words/context/GLOVES", json!("A."), "words.context.GLOVES", "known-category");
        check_value("/words/show_more", json!("{term}"), "words.show_more", "placeholder");
        check_value("/words/building_message", json!(""), "words.building_message", "text-length");
    }

    #[test]
    fn templates_say_what_they_are_there_for() {
        check_value("/words/definition", json!("{plain}"), "words.definition", "placeholder-missing");
        check_value("/words/inline_definition", json!("({short})"), "words.inline_definition", "placeholder-missing");
        check_value("/words/deadline", json!("Soon."), "words.deadline", "placeholder-missing");
    }

    #[test]
    fn dates_and_money_can_be_written() {
        check_value("/words/months", json!(["January"]), "words.months", "count");
        let pound =
            |thousands: &str, decimal: &str| json!({ "prefix": "£", "thousands": thousands, "decimal": decimal });
        check_value("/words/currencies/pound", pound(",", "."), "words.currencies.pound", "currency");
        check_value("/words/currencies/GBP", pound(".", "."), "words.currencies.GBP.decimal", "currency");
        check_value("/words/currencies/GBP", pound("0", "."), "words.currencies.GBP.thousands", "currency");
    }

    #[test]
    fn word_lists_have_no_empty_and_no_repeated_words() {
        check_value("/words/protected/negations/-", json!("not"), "words.protected.negations[1]", "duplicate-id");
        check_value("/words/abbreviations/-", json!(" "), "words.abbreviations[1]", "text-length");
        check_broken(
            |pack| pack["words"]["sentiment"]["positive"] = (0..1_001).map(|n| json!(format!("w{n}"))).collect(),
            "words.sentiment.positive",
            "count",
        );
    }
}
