//! Sentences of a text: the bounds of Unicode Annex 29, corrected where it cannot know better (abbreviations,
//! initials, lists, brackets). In doubt two sentences stay together: a sentence too long loses nothing.

use std::ops::Range;

use super::lexicon::Lexicon;
use super::sentence_bounds::sentence_bounds;
use crate::math::sort_numbers;
use crate::types::lowered;

/// English words without a meaning of their own. After an abbreviation that may itself end a sentence
/// ("5 % p.a. The fund …") a capital on one of these tells that a new one begins.
const FUNCTION_WORDS: [&str; 62] = [
    "a", "after", "all", "also", "although", "an", "and", "any", "as", "ask", "at", "because", "before", "both", "but",
    "by", "check", "do", "each", "every", "for", "from", "he", "her", "here", "his", "how", "however", "if", "in",
    "it", "its", "many", "most", "no", "not", "on", "once", "or", "our", "she", "since", "so", "some", "that", "the",
    "their", "then", "there", "these", "they", "this", "those", "to", "unless", "we", "what", "when", "while", "with",
    "you", "your",
];

/// A bracket that closes within this many bytes keeps its sentences together; a longer one is not one thought.
const BRACKET_LIMIT: usize = 600;

/// What ends a line.
pub(super) const LINE_ENDS: [char; 5] = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];

/// A word of up to so many letters before a stop and a number is taken for an abbreviation that no list knows: "ca. 3".
const SHORT_WORD: usize = 3;

/// The longest abbreviation that is looked for, in bytes: it bounds the look back.
const TOKEN_LIMIT: usize = 24;

/// Returns the sentences of a text, in order. Together they are the whole text: spaces and line ends after a
/// sentence belong to it. Takes time linear in the text's length.
pub fn sentences(text: &str, lexicon: &Lexicon) -> Vec<Range<usize>> {
    let brackets = bracketed(text);
    let mut brackets = brackets.iter().peekable();
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    let mut looked_to = 0;
    let mut says_something = false;
    for bound in candidates(text) {
        while brackets.peek().is_some_and(|bracket| bracket.end < bound) {
            brackets.next();
        }
        let is_inside = brackets.peek().is_some_and(|bracket| bracket.start < bound && bound <= bracket.end);
        says_something |= part(text, looked_to..bound).chars().any(char::is_alphanumeric);
        looked_to = bound;
        if says_something && !is_inside && ends_sentence(text, start, bound, lexicon) {
            found.push(start..bound);
            start = bound;
            says_something = false;
        }
    }
    says_something |= part(text, looked_to..text.len()).chars().any(char::is_alphanumeric);
    match found.last_mut() {
        Some(last) if !says_something => last.end = text.len(),
        _ if start < text.len() => found.push(start..text.len()),
        _ => {}
    }
    found
}

/// A part of a text; empty where the range does not fit it.
pub(super) fn part(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

/// Every place where a sentence may end: the bounds of Annex 29, and the two that it leaves out. It sees no end in
/// "a year. £20 is" because its rule SB8 skips the number to the small letter, nor after the one-character ellipsis.
fn candidates(text: &str) -> Vec<usize> {
    let mut bounds = sentence_bounds(text);
    let mut after_stop = false;
    let mut after_space = false;
    let mut stop_at = 0;
    for (at, character) in text.char_indices() {
        let is_number = character.is_numeric() || is_currency_sign(character);
        let begins = |stop_at| character.is_uppercase() || (is_number && !follows_short_word(text, stop_at));
        if after_stop && after_space && begins(stop_at) {
            bounds.push(at);
        }
        if matches!(character, '.' | '…') {
            (after_stop, after_space, stop_at) = (true, false, at);
        } else if character.is_whitespace() {
            after_space = true;
        } else if after_space || !is_closer(character) {
            after_stop = false;
        }
    }
    sort_numbers(&mut bounds);
    bounds.dedup();
    bounds
}

/// True when the stop at `stop_at` follows a short word with a meaning of its own: "ca.", "min.", "Rs."; not "it.".
fn follows_short_word(text: &str, stop_at: usize) -> bool {
    let before = part(text, 0..stop_at);
    let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let is_short = word.chars().count() <= SHORT_WORD && word.chars().all(char::is_alphabetic);
    is_short && !word.is_empty() && !is_function_word(&lowered(word))
}

/// The outermost brackets and typographic quotes that close on their line, in order.
fn bracketed(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open: Vec<(char, usize)> = Vec::new();
    for (at, character) in text.char_indices() {
        match character {
            '(' => open.push((')', at)),
            '[' => open.push((']', at)),
            '“' => open.push(('”', at)),
            '\n' => open.clear(),
            _ if open.last().is_some_and(|(closer, _)| *closer == character) => {
                if let Some((_, from)) = open.pop()
                    && at - from <= BRACKET_LIMIT
                {
                    while found.last().is_some_and(|inner| from < inner.start) {
                        found.pop();
                    }
                    found.push(from..at);
                }
            }
            _ => {}
        }
    }
    found
}

/// True when a sentence that began at `start` really ends at `bound`.
fn ends_sentence(text: &str, start: usize, bound: usize, lexicon: &Lexicon) -> bool {
    let before = part(text, start..bound);
    let spoken = before.trim_end();
    let after = part(text, bound..text.len());
    let gap = before.get(spoken.len()..).unwrap_or_default();
    if gap.contains(LINE_ENDS) {
        return !is_wrapped(spoken, gap, after);
    }
    let next = after.chars().next().unwrap_or(' ');
    if next.is_lowercase() {
        return false;
    }
    let unclosed = spoken.trim_end_matches(is_closer);
    let is_joined = spoken.len() == before.len() && unclosed.len() == spoken.len();
    if is_joined && unclosed.ends_with(['.', '!', '?']) {
        return false;
    }
    match unclosed.strip_suffix('.') {
        Some(sentence) => !stop_belongs_to_word(sentence, after, lexicon),
        None => true,
    }
}

/// True when a line end stands within a sentence, as texts have it that were wrapped to a width: no stop before it, no
/// empty line, and neither a capital nor the mark of a list after it.
fn is_wrapped(spoken: &str, gap: &str, after: &str) -> bool {
    // Two characters may end one line.
    let is_end =
        |(place, end): &(usize, &str)| *end != "\n" || !gap.get(..*place).is_some_and(|before| before.ends_with('\r'));
    let lines = gap.match_indices(LINE_ENDS).filter(is_end).count();
    let has_stop = spoken.trim_end_matches(is_closer).ends_with(['.', '!', '?', '…', ':', ';']);
    let first = after.split_whitespace().next().unwrap_or_default();
    let is_list = first.strip_suffix(['.', ')']).is_some_and(is_list_mark);
    let goes_on = first.starts_with(|c: char| c.is_lowercase() || c.is_numeric() || is_currency_sign(c));
    lines == 1 && !has_stop && !is_list && goes_on
}

/// True when a full stop after this text is part of its last word: an abbreviation, an initial, a list number.
fn stop_belongs_to_word(sentence: &str, after: &str, lexicon: &Lexicon) -> bool {
    let tail_start = sentence.len().saturating_sub(TOKEN_LIMIT);
    let tail_start = (tail_start..=sentence.len()).find(|at| sentence.is_char_boundary(*at)).unwrap_or(tail_start);
    let tail = sentence.get(tail_start..).unwrap_or_default();
    let token_start = tail.rfind(|c: char| c.is_whitespace() || is_opener(c)).map_or(0, |at| at + 1);
    // The character found may be longer than one byte.
    let token_start = (token_start..=tail.len()).find(|at| tail.is_char_boundary(*at)).unwrap_or(tail.len());
    let token = tail.get(token_start..).unwrap_or_default();
    let is_all = tail_start == 0 && tail.get(..token_start).unwrap_or_default().trim().is_empty();
    let is_introduced = tail.get(..token_start).unwrap_or_default().trim_end().ends_with([',', '(', '[']);
    if token.is_empty() || token.ends_with('.') {
        return false;
    }
    if is_all && is_list_mark(token) {
        return true;
    }
    let next_word: &str = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    if lexicon.is_numbering_word(token) {
        return next_word.starts_with(|c: char| c.is_numeric());
    }
    let is_initial = token.chars().count() == 1 && token.chars().all(char::is_uppercase);
    let has_inner_stops = token.contains('.') && token.split('.').all(is_single_letter);
    if !(is_initial || has_inner_stops || lexicon.is_abbreviation(token)) {
        return false;
    }
    let is_next_initial = next_word.len() == 1 && after.get(1..).is_some_and(|rest| rest.starts_with('.'));
    is_introduced || is_next_initial || !is_function_word(&lowered(next_word))
}

/// True for the most common English words without a meaning of their own, given in lower case.
pub(super) fn is_function_word(lowered: &str) -> bool {
    FUNCTION_WORDS.binary_search(&lowered).is_ok()
}

fn is_single_letter(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
}

/// "1", "12", "a", "iv": what a numbered list puts before a full stop.
fn is_list_mark(token: &str) -> bool {
    let is_number = token.len() <= 3 && token.bytes().all(|b| b.is_ascii_digit());
    let is_roman = token.len() <= 4 && token.bytes().all(|b| b"ivxIVX".contains(&b));
    is_number || is_roman || is_single_letter(token)
}

fn is_opener(character: char) -> bool {
    matches!(character, '(' | '[' | '{' | '"' | '\'' | '“' | '‘' | '«' | '„')
}

fn is_closer(character: char) -> bool {
    matches!(character, ')' | ']' | '}' | '"' | '\'' | '”' | '’' | '»')
}

/// True for the signs of currencies that Unicode knows as such; the letters that a pack writes are not among them.
pub(super) fn is_currency_sign(character: char) -> bool {
    matches!(character, '$' | '\u{a2}'..='\u{a5}' | '\u{20a0}'..='\u{20cf}')
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#[path = "sentences_tests.rs"]
mod tests;
