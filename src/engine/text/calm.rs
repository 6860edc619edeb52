//! A text without the pack's words of haste. What a reader must know stays: no number, date, negation, condition or
//! warning is lost or changed, and a sentence with one of the last three is left whole.

use std::ops::Range;

use super::lexicon::Lexicon;
use super::phrases::LoweredWords;
use super::protect::{ProtectedKind, ProtectedSpan, protected_spans};
use super::sentences::{LINE_ENDS, part, sentences};

/// Taking a phrase out can make another one stand whole. A text that is not settled after this often is left alone.
const MOST_ROUNDS: usize = 8;

/// Marks that only join what was taken out to its sentence.
const JOINTS: [char; 7] = [',', ';', ':', '-', '–', '—', '…'];

/// Returns a text without the pack's urgency words, or None where that is the text itself.
///
/// Phrases are found by whole words, the longest first, with the comma that joined them. A sentence of which nothing but
/// punctuation stays goes as a whole. Where the protected spans of the outcome are not those of the text, one by one and
/// in order, nothing is taken out.
pub fn without_urgency(text: &str, lexicon: &Lexicon) -> Option<String> {
    let mut calm = without_once(text, lexicon)?;
    for _ in 0..MOST_ROUNDS {
        let Some(calmer) = without_once(&calm, lexicon) else {
            return (spans_of(&calm, lexicon) == spans_of(text, lexicon)).then_some(calm);
        };
        calm = calmer;
    }
    None
}

fn spans_of<'a>(text: &'a str, lexicon: &Lexicon) -> Vec<&'a str> {
    protected_spans(text, lexicon).into_iter().map(|span| part(text, span.range)).collect()
}

/// Takes out what stands in the text now; None where there is nothing.
fn without_once(text: &str, lexicon: &Lexicon) -> Option<String> {
    let found = phrases(text, lexicon);
    if found.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = found.as_slice();
    for sentence in sentences(text, lexicon) {
        let count = rest.iter().take_while(|phrase| phrase.start < sentence.end).count();
        let (inside, after) = rest.split_at_checked(count)?;
        rest = after;
        write_sentence(&mut out, text, sentence, inside);
    }
    // What followed the last sentence that went is nothing to end a text with.
    let is_cut_at_end = !text.ends_with(char::is_whitespace) && out.ends_with(char::is_whitespace);
    out.truncate(if is_cut_at_end { out.trim_end().len() } else { out.len() });
    Some(out)
}

/// The urgency phrases of a text that may go, in order and apart.
fn phrases(text: &str, lexicon: &Lexicon) -> Vec<Range<usize>> {
    let words = LoweredWords::of(text);
    let mut found: Vec<Range<usize>> = Vec::new();
    for index in 0..words.words.len() {
        let at = words.span(index, 1).start;
        if found.last().is_none_or(|last| last.end <= at)
            && let Some(count) = lexicon.urgency_at(&words, index).next()
        {
            found.push(words.span(index, count));
        }
    }
    if found.is_empty() {
        return found;
    }
    let spans = protected_spans(text, lexicon);
    let sentences = sentences(text, lexicon);
    found.retain(|phrase| {
        let is_whole = |sentence: &&Range<usize>| sentence.start <= phrase.start && phrase.end <= sentence.end;
        sentences.iter().find(is_whole).is_some_and(|sentence| {
            let inside = spans.iter().filter(|span| touch(&span.range, sentence));
            inside.into_iter().all(|span| !is_binding(span) && !touch(&span.range, phrase))
        })
    });
    found
}

/// True for what binds a whole sentence together: a word less, and it may say something else.
fn is_binding(span: &ProtectedSpan) -> bool {
    matches!(span.kind, ProtectedKind::Warning | ProtectedKind::Condition | ProtectedKind::Negation)
}

fn touch(left: &Range<usize>, right: &Range<usize>) -> bool {
    left.start < right.end && right.start < left.end
}

/// Writes a sentence without the phrases; where only punctuation would stay, the end of its line alone.
fn write_sentence(out: &mut String, text: &str, sentence: Range<usize>, phrases: &[Range<usize>]) {
    let whole = part(text, sentence.clone());
    if phrases.is_empty() {
        out.push_str(whole);
        return;
    }
    let gap = part(text, sentence.start + whole.trim_end().len()..sentence.end);
    let mut pieces: Vec<&str> = Vec::with_capacity(phrases.len() + 1);
    let mut from = sentence.start;
    for phrase in phrases {
        pieces.push(part(text, from..phrase.start));
        from = phrase.end;
    }
    pieces.push(part(text, from..sentence.end - gap.len()));
    let said = joined(&pieces);
    let begins = pieces.first().copied().unwrap_or_default();
    let is_capital = phrases.first().is_some_and(|phrase| part(text, phrase.clone()).starts_with(char::is_uppercase));
    let said = match is_capital && !begins.chars().any(char::is_alphanumeric) {
        true => with_capital(&said, begins.len()),
        false => said,
    };
    if !said.chars().any(char::is_alphanumeric) {
        if gap.contains(LINE_ENDS) {
            out.truncate(out.trim_end_matches(|c: char| c.is_whitespace() && !LINE_ENDS.contains(&c)).len());
            out.push_str(if out.is_empty() || out.ends_with(LINE_ENDS) { "" } else { gap });
        }
        return;
    }
    out.push_str(&said);
    out.push_str(gap);
}

/// Puts together what stays of a sentence: one space or joint where a phrase was, none at its ends.
fn joined(pieces: &[&str]) -> String {
    let mut pieces = pieces.iter();
    let mut out = pieces.next().map_or_else(String::new, |first| (*first).to_owned());
    for piece in pieces {
        let rest = piece.trim_start();
        if !out.chars().any(char::is_alphanumeric) {
            // A mark of a list, a quotation mark or a sign stays; the joint of what was taken out goes with it.
            out.push_str(rest.trim_start_matches(is_joint));
        } else if rest.is_empty() || rest.starts_with(is_end) {
            out.truncate(out.trim_end_matches(is_joint).len());
            let is_emptied = out.ends_with('(') && rest.starts_with(')');
            out.truncate(if is_emptied { out.trim_end_matches('(').trim_end().len() } else { out.len() });
            out.push_str(if is_emptied { rest.trim_start_matches(')') } else { rest });
        } else if out.trim_end().ends_with(JOINTS) || out.ends_with(['(', '[', '“', '‘']) {
            push_joined(&mut out, rest.trim_start_matches(is_joint), piece);
        } else if rest.starts_with(JOINTS) {
            out.truncate(out.trim_end().len());
            out.push_str(piece);
        } else {
            push_joined(&mut out, rest, piece);
        }
    }
    out
}

/// Appends the rest of a piece, with one space where the phrase had one on either side.
fn push_joined(out: &mut String, rest: &str, piece: &str) {
    let is_apart = out.ends_with(char::is_whitespace) || out.ends_with(['(', '[', '“', '‘']);
    out.push_str(if is_apart || rest.len() == piece.len() { "" } else { " " });
    out.push_str(rest);
}

fn is_joint(character: char) -> bool {
    character.is_whitespace() || JOINTS.contains(&character)
}

/// True for what ends a sentence or closes a part of it.
fn is_end(character: char) -> bool {
    matches!(character, '.' | '!' | '?' | ')' | ']' | '”' | '’' | '"' | '»')
}

/// The text with a capital where its first word begins at or behind a place. Letters beyond Latin-1 stay as they are.
fn with_capital(text: &str, from: usize) -> String {
    let (before, rest) = text.split_at_checked(from).unwrap_or((text, ""));
    let mut letters = rest.chars();
    let first = letters.next().unwrap_or(' ');
    let capital = match first {
        'a'..='z' => first.to_ascii_uppercase(),
        'à'..='ö' | 'ø'..='þ' => char::from_u32(u32::from(first) - 0x20).unwrap_or(first),
        _ => return text.to_owned(),
    };
    format!("{before}{capital}{}", letters.as_str())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::text::testing::lexicon;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let calm = without_urgency(text, lexicon());
        assert_eq!(calm.as_deref().unwrap_or(text), expected, "{text:?}");
        assert_ne!(calm.as_deref(), Some(text), "a text that stays is none");
    }

    #[test]
    fn words_of_haste_go_with_what_joined_them() {
        check("Hurry, rates end soon.", "Rates end soon.");
        check("Rates end soon, hurry!", "Rates end soon!");
        check("Rates end soon – act now.", "Rates end soon.");
        check("Apply immediately for the refund.", "Apply for the refund.");
        check("Apply, immediately, for the refund.", "Apply, for the refund.");
        check("Apply immediately – by post.", "Apply – by post.");
        check("Act now to save tax.", "Save tax.");
        check("Apply (immediately) by post.", "Apply by post.");
        check("Apply (immediately or later).", "Apply (or later).");
        check("hurry, or wait.", "or wait.");
        check("HURRY: écoles publiques.", "Écoles publiques.");
    }

    #[test]
    fn a_sentence_of_nothing_else_goes_as_a_whole() {
        check("Save tax. Act now!", "Save tax.");
        check("Hurry! Save tax.", "Save tax.");
        check("Save tax. Hurry!\n\nUse the form.", "Save tax.\n\nUse the form.");
        check("- Hurry!\n- Save tax.", "- Save tax.");
        check("⚠️ Last chance!", "");
    }

    #[test]
    fn what_must_be_known_stays() {
        check("You need not act now.", "You need not act now.");
        check("Act now if you can.", "Act now if you can.");
        check("Hurry, your capital is at risk.", "Hurry, your capital is at risk.");
        check("Hurry, £20,000 by 5 April 2027.", "£20,000 by 5 April 2027.");
        check("Pay 5 immediately 000 more.", "Pay 5 immediately 000 more.");
    }

    #[test]
    fn only_whole_phrases_go_the_longest_first_and_those_that_come_to_stand() {
        check("Hurrying is no use.", "Hurrying is no use.");
        check("Act now to act now to save.", "Save.");
        check("Please act hurry now.", "Please.");
        check("Nothing of the kind.", "Nothing of the kind.");
        check("", "");
    }
}
