//! Texts that people read: length, placeholders, and what may not stand beside money from data.

use super::report::{Report, quoted};
use crate::types::lowered;

/// The most bytes of a name or a label.
pub(super) const NAME_BYTES: usize = 80;
/// The most bytes of a sentence or two.
pub(super) const TEXT_BYTES: usize = 600;

/// Signs that would contradict the currency that an amount brings along.
const CURRENCY_SIGNS: [char; 16] = ['$', '£', '€', '¥', '₹', '₩', '₽', '₺', '₦', '₫', '₱', '₪', '₴', '₡', '฿', '¢'];

/// What a place of the pack allows in its texts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The most bytes.
    pub(super) most_bytes: usize,
    /// The placeholders that have a value there.
    pub(super) placeholders: &'static [&'static str],
}

impl Place {
    /// A label without placeholders.
    pub(super) const NAME: Self = Self { most_bytes: NAME_BYTES, placeholders: &[] };
    /// A sentence without placeholders.
    pub(super) const PLAIN: Self = Self { most_bytes: TEXT_BYTES, placeholders: &[] };
    /// A reason or an example: what is known of the reader and the category.
    pub(super) const REASON: Self =
        Self { most_bytes: TEXT_BYTES, placeholders: &["category", "country", "life_stage"] };
    /// How a benefit is presented.
    pub(super) const BENEFIT: Self =
        Self { most_bytes: TEXT_BYTES, placeholders: &["amount", "percentage", "category", "country", "life_stage"] };
    /// An explanation: everything that is known of reader and item.
    pub(super) const EXPLANATION: Self = Self {
        most_bytes: TEXT_BYTES,
        placeholders: &["amount", "percentage", "category", "country", "life_stage", "date"],
    };
    /// A glossary line.
    pub(super) const DEFINITION: Self = Self { most_bytes: NAME_BYTES, placeholders: &["term", "plain", "short"] };
    /// The telling of a deadline.
    pub(super) const DEADLINE: Self = Self { most_bytes: TEXT_BYTES, placeholders: &["date"] };
    /// A text of a tested framing: what the item is worth, and the live facts.
    pub(super) const FRAMING: Self = Self {
        most_bytes: TEXT_BYTES,
        placeholders: &["title", "amount", "percentage", "days", "count", "window_days"],
    };
}

/// Checks one text: said at all, short enough, with placeholders that have a value in this place.
pub(super) fn check_text(path: &str, text: &str, place: Place, report: &mut Report) {
    if text.trim().is_empty() || text.len() > place.most_bytes {
        report.add(
            path,
            "text-length",
            format!("a text here has 1 to {} bytes, this one {}", place.most_bytes, text.len()),
        );
    }
    if text.chars().any(char::is_control) {
        report.add(path, "text-characters", "a text has no line breaks and no control characters");
    }
    let mut has_money = false;
    for brace in braces(text) {
        match brace {
            Brace::Placeholder(name) if place.placeholders.contains(&name) => has_money |= name == "amount",
            Brace::Placeholder(name) => {
                let allowed = place.placeholders.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(" ");
                let allowed = if allowed.is_empty() { "no placeholder".to_owned() } else { allowed };
                report.add(path, "placeholder", format!("{} has no value here; allowed: {allowed}", quoted(name)));
            }
            Brace::Stray => report.add(path, "placeholder", "a brace that belongs to no placeholder"),
        }
    }
    if has_money && text.chars().any(|c| CURRENCY_SIGNS.contains(&c)) {
        report.add(path, "currency-literal", "{amount} brings its own currency: the text may not name one");
    }
}

/// Notes a text that lacks the placeholder it is there for.
pub(super) fn check_has(path: &str, text: &str, placeholder: &str, report: &mut Report) {
    if !has_placeholder(text, placeholder) {
        report.add(path, "placeholder-missing", format!("must contain {{{placeholder}}}"));
    }
}

/// True where a text has a placeholder of this name.
pub(super) fn has_placeholder(text: &str, name: &str) -> bool {
    braces(text).any(|brace| brace == Brace::Placeholder(name))
}

#[derive(Debug, PartialEq, Eq)]
enum Brace<'a> {
    Placeholder(&'a str),
    Stray,
}

/// The braces of a text in order. A placeholder is what `text` fills: lower-case letters and underscores in braces.
fn braces(text: &str) -> impl Iterator<Item = Brace<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let at = rest.find(['{', '}'])?;
        let (_, from_brace) = rest.split_at_checked(at)?;
        let placeholder = from_brace.strip_prefix('{').and_then(|after| {
            let (name, after) = after.split_once('}')?;
            let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            is_name.then_some((name, after))
        });
        match placeholder {
            Some((name, after)) => {
                rest = after;
                Some(Brace::Placeholder(name))
            }
            None => {
                rest = from_brace.get(1..).unwrap_or_default();
                Some(Brace::Stray)
            }
        }
    })
}

/// True when a phrase stands in a text by whole words, whatever the capitals.
pub(super) fn has_phrase(text: &str, phrase: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let is_inside = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’');
        let split = text.split(|c: char| !is_inside(c)).filter(|word| !word.is_empty());
        split.map(|word| lowered(word).replace('’', "'")).collect()
    };
    let (text, phrase) = (words(text), words(phrase));
    !phrase.is_empty() && text.windows(phrase.len()).any(|window| window == phrase)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn check(text: &str, place: Place, rules: &[&str]) {
        let mut report = Report::default();
        check_text("here", text, place, &mut report);
        let found: Vec<&str> = report.into_findings().iter().map(|finding| finding.rule).collect();
        assert_eq!(found, rules, "{text:?}");
    }

    #[test]
    fn a_text_has_a_length_and_no_control_characters() {
        check("A reason.", Place::REASON, &[]);
        check("", Place::REASON, &["text-length"]);
        check("  ", Place::REASON, &["text-length"]);
        check(&"a".repeat(81), Place::NAME, &["text-length"]);
        check("two\nlines", Place::PLAIN, &["text-characters"]);
    }

    #[test]
    fn only_placeholders_with_a_value_in_this_place_are_allowed() {
        check("{category} in {country} for {life_stage}", Place::REASON, &[]);
        check("{amount}", Place::REASON, &["placeholder"]);
        check("{amount} or {percentage} %", Place::BENEFIT, &[]);
        check("{Amount} {", Place::BENEFIT, &["placeholder", "placeholder", "placeholder"]);
        check("{name}", Place::EXPLANATION, &["placeholder"]);
    }

    #[test]
    fn no_currency_stands_beside_an_amount() {
        check("Worth £{amount}", Place::BENEFIT, &["currency-literal"]);
        check("Costs £5 a month", Place::REASON, &[]);
    }

    #[test]
    fn phrases_are_found_by_whole_words() {
        assert!(has_phrase("Paid only If you ask", "if"));
        assert!(has_phrase("as long as it lasts", "as long as"));
        assert!(!has_phrase("a gift", "if"));
        assert!(!has_phrase("a gift", ""));
    }
}
