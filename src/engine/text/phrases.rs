//! Words of a text in lower case, and tables of phrases that are found in them by whole words.
//! What a found phrase means is the business of `protect` and `glossary`.

use crate::math::sort_list;
use crate::types::push_lowered;
use std::cmp::Reverse;

/// One word, by its bytes in the original text and in the lower-cased copy.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    pub(super) start: usize,
    pub(super) end: usize,
    lowered_start: usize,
    lowered_end: usize,
}

/// A text in lower case with its gaps made uniform: spaces and hyphens between words are one space,
/// typographic apostrophes are plain ones, so that "Tax-Free" and "tax free" are the same phrase.
#[derive(Debug, Default)]
pub(super) struct LoweredWords {
    pub(super) words: Vec<Word>,
    lowered: String,
}

impl LoweredWords {
    /// Splits a text into words. Letters, digits, combining marks and apostrophes inside words belong to a word.
    pub(super) fn of(text: &str) -> Self {
        let mut found = Self { words: Vec::with_capacity(text.len() / 6), lowered: String::with_capacity(text.len()) };
        let mut open: Option<Word> = None;
        let mut gap_start = 0;
        let mut characters = text.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            if is_invisible(character) && open.is_some() {
                continue;
            }
            let next_is_letter = characters.peek().is_some_and(|(_, next)| next.is_alphanumeric());
            let is_apostrophe = matches!(character, '\'' | '’') && open.is_some() && next_is_letter;
            let is_mark = ('\u{300}'..='\u{36f}').contains(&character) && open.is_some();
            if character.is_alphanumeric() || is_apostrophe || is_mark {
                let word = open.get_or_insert_with(|| {
                    push_gap(&mut found.lowered, text.get(gap_start..at).unwrap_or_default());
                    let lowered_start = found.lowered.len();
                    Word { start: at, end: at, lowered_start, lowered_end: lowered_start }
                });
                if is_apostrophe {
                    found.lowered.push('\'');
                } else {
                    push_lowered(&mut found.lowered, character);
                }
                word.end = at + character.len_utf8();
                word.lowered_end = found.lowered.len();
            } else if let Some(word) = open.take() {
                gap_start = word.end;
                found.words.push(word);
            }
        }
        found.words.extend(open);
        found
    }

    /// The word in lower case; empty when there is none at this place.
    pub(super) fn lowered(&self, index: usize) -> &str {
        self.words
            .get(index)
            .and_then(|word| self.lowered.get(word.lowered_start..word.lowered_end))
            .unwrap_or_default()
    }

    /// The bytes of the original text from one word to another.
    pub(super) fn span(&self, first: usize, count: usize) -> std::ops::Range<usize> {
        let start = self.words.get(first).map_or(0, |word| word.start);
        let end = self.words.get((first + count).saturating_sub(1)).map_or(start, |word| word.end);
        start..end.max(start)
    }

    /// The whole text as a phrase: from its first word to its last.
    fn whole(&self) -> &str {
        let start = self.words.first().map_or(0, |word| word.lowered_start);
        self.lowered.get(start..).unwrap_or_default()
    }
}

/// Soft hyphens and zero-width characters: nobody sees them, so no word is another one with them.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

fn push_gap(lowered: &mut String, gap: &str) {
    let is_hyphen = |c: char| matches!(c, '-' | '\u{2010}' | '\u{2011}');
    let is_line_end = |c: char| matches!(c, '\n' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let lines = gap.chars().filter(|c| is_line_end(*c)).count();
    if gap.is_empty() {
    } else if lines > 1 || (lines == 1 && !gap.chars().all(|c| c.is_whitespace() || is_invisible(c))) {
        lowered.push('\n');
    } else if gap.chars().all(|c| c.is_whitespace() || is_hyphen(c) || is_invisible(c)) {
        lowered.push(' ');
    } else {
        lowered.push_str(gap);
    }
}

/// Phrases with what they stand for, found at a word of a text, longest first.
#[derive(Debug, Clone)]
pub(super) struct PhraseTable<T> {
    /// By first word, then longest first, so that one binary search finds the candidates in the order of trial.
    phrases: Vec<Phrase<T>>,
}

#[derive(Debug, Clone)]
struct Phrase<T> {
    first_word: String,
    lowered: String,
    word_count: usize,
    value: T,
}

impl<T: Copy + Ord> PhraseTable<T> {
    /// Builds a table; entries without a letter or digit are left out.
    pub(super) fn new<'a>(entries: impl IntoIterator<Item = (&'a str, T)>) -> Self {
        let mut phrases: Vec<Phrase<T>> = entries
            .into_iter()
            .map(|(text, value)| (LoweredWords::of(text), value))
            .filter(|(words, _)| !words.words.is_empty())
            .map(|(words, value)| Phrase {
                first_word: words.lowered(0).to_owned(),
                lowered: words.whole().to_owned(),
                word_count: words.words.len(),
                value,
            })
            .collect();
        sort_list(&mut phrases, |a, b| {
            let key = |phrase: &Phrase<T>| (Reverse(phrase.lowered.len()), phrase.value);
            a.first_word.cmp(&b.first_word).then_with(|| key(a).cmp(&key(b))).then_with(|| a.lowered.cmp(&b.lowered))
        });
        phrases.dedup_by(|a, b| a.lowered == b.lowered && a.value == b.value);
        Self { phrases }
    }

    /// Returns the phrases that begin at a word of the text, with their numbers of words, longest first.
    pub(super) fn matches_at<'a>(
        &'a self,
        text: &'a LoweredWords,
        index: usize,
    ) -> impl Iterator<Item = (usize, T)> + 'a {
        let first_word = text.lowered(index);
        let begin = self.phrases.partition_point(|phrase| phrase.first_word.as_str() < first_word);
        let start = text.words.get(index).map_or(0, |word| word.lowered_start);
        self.phrases
            .get(begin..)
            .unwrap_or_default()
            .iter()
            .take_while(move |phrase| phrase.first_word == first_word)
            .filter(move |phrase| {
                let last = text.words.get((index + phrase.word_count).saturating_sub(1));
                let end = start + phrase.lowered.len();
                last.is_some_and(|word| word.lowered_end == end)
                    && text.lowered.get(start..end) == Some(phrase.lowered.as_str())
            })
            .map(|phrase| (phrase.word_count, phrase.value))
    }
}

/// True when a word is a contraction of "not".
pub(super) fn is_contracted_negation(lowered: &str) -> bool {
    lowered.ends_with("n't")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(phrases: &[&str], text: &str, expected: &[&str]) {
        let table = PhraseTable::new(phrases.iter().map(|phrase| (*phrase, 0u8)));
        let words = LoweredWords::of(text);
        let found: Vec<&str> = (0..words.words.len())
            .flat_map(|index| table.matches_at(&words, index).map(move |(count, _)| (index, count)).collect::<Vec<_>>())
            .map(|(index, count)| &text[words.span(index, count)])
            .collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn phrases_are_found_by_whole_words_longest_first() {
        check(&["if"], "If it is a gift, if not", &["If", "if"]);
        check(&["up to", "to"], "Up to £20,000", &["Up to", "to"]);
        check(&["tax-free savings account"], "A Tax‑Free  savings-account.", &["Tax‑Free  savings-account"]);
        check(&["tax", "tax free"], "taxable tax-free", &["tax-free", "tax"]);
        check(&["don't"], "You don’t. You don't.", &["don’t", "don't"]);
        check(&["p/e ratio"], "The P/E ratio, p e ratio", &["P/E ratio"]);
        check(&["401(k)"], "A 401(k) plan", &["401(k"]);
        check(&["save if"], "Save, if you can. Save\n\nif", &[]);
        check(
            &["may go down"],
            "It may go\ndown, or may\u{200b} go do\u{ad}wn.",
            &["may go\ndown", "may\u{200b} go do\u{ad}wn"],
        );
        check(&["…", ""], "… and more", &[]);
        check(&["straße"], "Die STRASSE, die Straße", &["Straße"]);
        check(&["İstanbul"], "in İSTANBUL", &["İSTANBUL"]);
    }

    #[test]
    fn contractions_of_not_are_heard() {
        assert!(is_contracted_negation("won't"));
        assert!(!is_contracted_negation("want"));
    }
}
