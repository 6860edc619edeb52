//! Numbers in running text: groups of thousands, decimals, signs, attached letters, currencies, per cent, dates.
//! A span too long protects too much and harms nobody, so the rules are generous.

use std::ops::Range;

use super::lexicon::Lexicon;
use super::phrases::LoweredWords;
use super::protect::{ProtectedKind, ProtectedSpan};
use super::sentences::{is_currency_sign, part};

/// Words after a number that make it a share. Recognised, never shown.
const PER_CENT_WORDS: [&str; 6] =
    ["percentage points", "percentage point", "basis points", "basis point", "per cent", "percent"];

/// The longest prefix that is looked for before a number, in bytes: "US$", "ZAR ".
const PREFIX_LIMIT: usize = 12;

/// Returns the numbers of a text in order, dates with their months.
pub(super) fn number_spans(text: &str, words: &LoweredWords, lexicon: &Lexicon) -> Vec<ProtectedSpan> {
    let mut found: Vec<ProtectedSpan> = Vec::new();
    let mut taken_to = 0;
    for (at, character) in text.char_indices() {
        if at < taken_to || !character.is_numeric() {
            continue;
        }
        let (core_end, is_date) = end_of_number(text, at);
        let (start, has_prefix) = with_prefix(text, taken_to, at, lexicon);
        let (end, kind) = with_suffix(text, core_end, lexicon);
        let kind = match kind {
            Some(kind) => kind,
            None if has_prefix => ProtectedKind::Money,
            None if is_date => ProtectedKind::Date,
            None => ProtectedKind::Number,
        };
        found.push(ProtectedSpan { range: start..end, kind });
        taken_to = end;
    }
    join_months(text, words, lexicon, &mut found);
    found
}

/// Follows digits, separators between digits, groups of three after a space, and letters attached to the number.
/// Also tells whether it looks like a date or a time.
fn end_of_number(text: &str, start: usize) -> (usize, bool) {
    let mut end = start;
    let mut group = 0;
    let mut is_grouped = true;
    let mut joints = 0;
    let mut joint_before = None;
    let mut is_date = false;
    while let Some(character) = part(text, end..text.len()).chars().next() {
        let after = end + character.len_utf8();
        let next_is_numeric = part(text, after..text.len()).chars().next().is_some_and(char::is_numeric);
        if character.is_numeric() {
            group += 1;
        } else if next_is_numeric && matches!(character, '.' | ',' | ':' | '/' | '-' | '–' | '−' | '\'' | '’') {
            is_grouped = is_grouped && character == ',';
            joints = if joint_before == Some(character) { joints + 1 } else { 1 };
            joint_before = Some(character);
            is_date |= character == ':' || (matches!(character, '/' | '-' | '–') && (joints == 2 || group == 4));
            group = 0;
        } else if is_grouped && group <= 3 && is_group_of_three(text, after) && is_thousands_space(character) {
            group = 0;
        } else if character.is_alphanumeric() {
            is_grouped = false;
        } else {
            break;
        }
        end = after;
    }
    (end, is_date)
}

fn is_thousands_space(character: char) -> bool {
    matches!(character, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}')
}

fn is_group_of_three(text: &str, at: usize) -> bool {
    let mut bytes = part(text, at..text.len()).bytes();
    let three = bytes.by_ref().take(3).filter(u8::is_ascii_digit).count() == 3;
    three && !bytes.next().is_some_and(|byte| byte.is_ascii_digit())
}

/// Takes in what stands directly before a number: letters and currency signs, a currency of the pack with a space,
/// and a sign. Also tells whether a currency was among it.
fn with_prefix(text: &str, limit: usize, at: usize, lexicon: &Lexicon) -> (usize, bool) {
    let from = limit.max(at.saturating_sub(PREFIX_LIMIT));
    let from = (from..=at).find(|place| text.is_char_boundary(*place)).unwrap_or(at);
    let before = part(text, from..at);
    let attached = before.trim_end_matches(|c: char| c.is_alphanumeric() || is_currency_sign(c));
    let mark = before.get(attached.len()..).unwrap_or_default();
    let mut start = from + attached.len();
    let mut has_currency = mark.contains(is_currency_sign) || lexicon.is_currency(mark);
    if mark.is_empty() {
        let spaced = before.trim_end_matches(is_thousands_space);
        let word_start = spaced.trim_end_matches(|c: char| c.is_alphanumeric() || is_currency_sign(c)).len();
        let word = spaced.get(word_start..).unwrap_or_default();
        if spaced.len() < before.len() && lexicon.is_currency(word) {
            start = from + word_start;
            has_currency = true;
        }
    }
    let mut left = part(text, limit..start).chars().rev();
    if let Some(sign) = left.next()
        && matches!(sign, '-' | '−' | '–' | '+' | '±' | '~' | '<' | '>' | '≤' | '≥')
        && !left.next().is_some_and(char::is_alphanumeric)
    {
        start -= sign.len_utf8();
    }
    (start, has_currency)
}

/// Takes in what follows a number: a per cent sign or word, a currency.
fn with_suffix(text: &str, end: usize, lexicon: &Lexicon) -> (usize, Option<ProtectedKind>) {
    let rest = part(text, end..text.len());
    let after_space = rest.trim_start_matches(|c: char| is_thousands_space(c) || c == '-');
    let skipped = rest.len() - after_space.len();
    if skipped > 3 {
        return (end, None);
    }
    if let Some(sign) = after_space.chars().next().filter(|sign| matches!(sign, '%' | '‰' | '٪')) {
        return (end + skipped + sign.len_utf8(), Some(ProtectedKind::Percentage));
    }
    for word in PER_CENT_WORDS {
        let is_next = after_space.get(..word.len()).is_some_and(|text| text.eq_ignore_ascii_case(word));
        let ends = after_space.get(word.len()..).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
        if skipped > 0 && is_next && ends {
            return (end + skipped + word.len(), Some(ProtectedKind::Percentage));
        }
    }
    let is_mark = |c: char| c.is_alphanumeric() || is_currency_sign(c);
    let mark: Range<usize> = 0..after_space.find(|c: char| !is_mark(c)).unwrap_or(after_space.len()).min(PREFIX_LIMIT);
    let mark = after_space.get(mark).unwrap_or_default();
    let is_sign = mark.chars().count() == 1 && mark.chars().all(is_currency_sign);
    if is_sign || (mark.len() == 3 && lexicon.is_currency(mark)) {
        return (end + skipped + mark.len(), Some(ProtectedKind::Money));
    }
    (end, None)
}

/// Joins months of the pack with the numbers beside them: "5 April 2027", "April 5, 2027", "April 2027".
fn join_months(text: &str, words: &LoweredWords, lexicon: &Lexicon, numbers: &mut Vec<ProtectedSpan>) {
    let mut dates = Vec::new();
    let mut next_number = 0;
    for (index, word) in words.words.iter().enumerate() {
        while numbers.get(next_number).is_some_and(|number| number.range.end <= word.start) {
            next_number += 1;
        }
        if !lexicon.is_month(words.lowered(index), part(text, word.start..word.end)) {
            continue;
        }
        let gap = |from: usize, to: usize| part(text, from..to);
        let mut range = word.start..word.end;
        let before = next_number.checked_sub(1).and_then(|number| numbers.get(number));
        if let Some(number) = before
            && !gap(number.range.end, word.start).is_empty()
            && gap(number.range.end, word.start).chars().all(is_thousands_space)
        {
            range.start = number.range.start;
        }
        for number in numbers.get(next_number..).unwrap_or_default().iter().take(2) {
            let between = gap(range.end, number.range.start);
            if matches!(between, " " | ", " | "\u{a0}" | " the ") && number.kind == ProtectedKind::Number {
                range.end = number.range.end;
            } else {
                break;
            }
        }
        if range != (word.start..word.end) {
            dates.push(ProtectedSpan { range, kind: ProtectedKind::Date });
        }
    }
    numbers.append(&mut dates);
}
