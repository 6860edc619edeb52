//! What a text may not lose or change: numbers, money, dates, negations, conditions and warnings, as spans of bytes.
//! Which sentences are kept because of them is the business of `shorten`.

use std::cmp::Reverse;
use std::ops::Range;

use super::lexicon::Lexicon;
use super::numbers::number_spans;
use super::phrases::{LoweredWords, is_contracted_negation};
use crate::math::sort_list;

/// Why a span is protected. Where spans overlap they become one, of the first of these kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProtectedKind {
    /// A word or phrase of the pack that warns.
    Warning,
    /// A word or phrase of the pack that makes a statement conditional.
    Condition,
    /// A word or phrase of the pack that negates, or a contraction of "not".
    Negation,
    /// A date, a month with its day or year, or a time.
    Date,
    /// A number with a currency.
    Money,
    /// A number with a per cent sign or word.
    Percentage,
    /// Any other number, with the letters attached to it.
    Number,
}

/// Bytes of a text that may not be lost or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtectedSpan {
    /// Where.
    pub range: Range<usize>,
    /// Why.
    pub kind: ProtectedKind,
}

/// Returns the protected spans of a text, in order and without overlap.
pub fn protected_spans(text: &str, lexicon: &Lexicon) -> Vec<ProtectedSpan> {
    merged(all_spans(text, &LoweredWords::of(text), lexicon))
}

/// Every span that is found, overlaps included: a condition inside a longer negation still makes a condition.
pub(super) fn all_spans(text: &str, words: &LoweredWords, lexicon: &Lexicon) -> Vec<ProtectedSpan> {
    let mut found = number_spans(text, words, lexicon);
    for index in 0..words.words.len() {
        let phrases = lexicon.protected_at(words, index);
        found.extend(phrases.map(|(count, kind)| ProtectedSpan { range: words.span(index, count), kind }));
        if is_contracted_negation(words.lowered(index)) {
            found.push(ProtectedSpan { range: words.span(index, 1), kind: ProtectedKind::Negation });
        }
    }
    found
}

/// Puts spans in order and makes one of those that overlap.
pub(super) fn merged(mut spans: Vec<ProtectedSpan>) -> Vec<ProtectedSpan> {
    let key = |span: &ProtectedSpan| (span.range.start, Reverse(span.range.end), span.kind);
    sort_list(&mut spans, |a, b| key(a).cmp(&key(b)));
    let mut found: Vec<ProtectedSpan> = Vec::with_capacity(spans.len());
    for span in spans {
        match found.last_mut() {
            Some(last) if span.range.start < last.range.end => {
                last.range.end = last.range.end.max(span.range.end);
                last.kind = last.kind.min(span.kind);
            }
            _ => found.push(span),
        }
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::ProtectedKind::*;
    use super::*;
    use crate::text::testing::lexicon;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, ProtectedKind)]) {
        let found = protected_spans(text, lexicon());
        let found: Vec<(&str, ProtectedKind)> =
            found.iter().map(|span| (&text[span.range.clone()], span.kind)).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn numbers_are_protected_whole() {
        check("Pay 3 bills.", &[("3", Number)]);
        check("About 1,250,000.75 people.", &[("1,250,000.75", Number)]);
        check("A 20 000 m2 plot", &[("20 000", Number), ("m2", Number)]);
        check("Between 5–10 years", &[("5–10", Number)]);
        check("In 2026/27, 100 of 250", &[("2026/27", Date), ("100", Number), ("250", Number)]);
        check("Section 11F, the 5th, 40x", &[("11F", Number), ("5th", Number), ("40x", Number)]);
        check("at −2 or +3", &[("−2", Number), ("+3", Number)]);
        check("a half, ½", &[("½", Number)]);
        check("It was 2027.", &[("2027", Number)]);
        check("no digits here", &[("no", Negation)]);
        check("1 2345 67", &[("1", Number), ("2345", Number), ("67", Number)]);
        check("٣ كتب", &[("٣", Number)]);
    }

    #[test]
    fn percentages_keep_their_sign_or_word() {
        check("Earn 3.5 % or 4%.", &[("3.5 %", Percentage), ("4%", Percentage)]);
        check("up 20 per cent", &[("20 per cent", Percentage)]);
        check("by 2 percentage points", &[("2 percentage points", Percentage)]);
        check("25 basis points", &[("25 basis points", Percentage)]);
        check("27.5\u{a0}% of income", &[("27.5\u{a0}%", Percentage)]);
    }

    #[test]
    fn money_keeps_its_currency() {
        check("Save £20,000 a year.", &[("£20,000", Money)]);
        check("about R1 000.50 now", &[("R1 000.50", Money)]);
        check("about R 36 000 now", &[("R 36 000", Money)]);
        check("ZAR 500 or 500 ZAR", &[("ZAR 500", Money), ("500 ZAR", Money)]);
        check("US$5m, 20 €, €7", &[("US$5m", Money), ("20 €", Money), ("€7", Money)]);
        check("5 £20 notes", &[("5", Number), ("£20", Money)]);
        check("-£50", &[("-£50", Money)]);
        check("£5–£10", &[("£5", Money), ("–£10", Money)]);
        check("R350 000.", &[("R350 000", Money)]);
        check("Her 3 cars", &[("3", Number)]);
    }

    #[test]
    fn dates_are_protected_whole() {
        check("by 5 April 2027.", &[("5 April 2027", Date)]);
        check("by April 5, 2027 at noon", &[("April 5, 2027", Date)]);
        check("on 28 Feb", &[("28 Feb", Date)]);
        check("on 2027-04-05.", &[("2027-04-05", Date)]);
        check("2027-04-05T22:59:59Z", &[("2027-04-05T22:59:59Z", Date)]);
        check("on 05/04/2027 at 17:30", &[("05/04/2027", Date), ("17:30", Date)]);
        check("since March 2020", &[("March 2020", Date)]);
        check("6 April to 5 April", &[("6 April", Date), ("5 April", Date)]);
        check("In April we", &[]);
        check("you may 5", &[("5", Number)]);
    }

    #[test]
    fn negations_conditions_and_warnings_are_phrases_of_the_pack() {
        check("You cannot lose.", &[("cannot", Negation)]);
        check("It won’t, isn't", &[("won’t", Negation), ("isn't", Negation)]);
        check("Only if you pay in.", &[("Only if", Condition)]);
        check("Subject to  limits", &[("Subject to", Condition)]);
        check("You may get back less than you put in.", &[("may get back less than", Warning)]);
        check("Your capital is AT RISK!", &[("capital is AT RISK", Warning)]);
        check("knot another notion", &[]);
        check("notwithstanding", &[]);
        check("not if you move", &[("not", Negation), ("if", Condition)]);
        check(
            "up to £20,000 unless 5%",
            &[("up to", Condition), ("£20,000", Money), ("unless", Condition), ("5%", Percentage)],
        );
    }

    #[test]
    fn overlapping_spans_become_one_of_the_strongest_kind() {
        check("you could lose 100% of it", &[("could lose 100%", Warning)]);
    }
}
