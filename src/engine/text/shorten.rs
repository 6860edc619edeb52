//! Which sentences are kept. Extractive and the same for every reader, so it is decided once per item.
//!
//! Points (integers, so that every host agrees): the place (40, 20, 13, 10, …), the share of the title's words that
//! the sentence takes up (up to 40), money or a percentage (10), any other number (5); less 20 for three words or
//! fewer and less 15 for a question. Ties go to the earlier sentence.

use super::phrases::LoweredWords;
use super::prepare::Sentence;
use super::sentences::is_function_word;
use crate::math::{sort_list, sort_numbers};

/// How many sentences MODERATE shows, unless more must be kept.
const MODERATE_SENTENCES: usize = 3;

/// What the points of a sentence are made from.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Signs {
    /// The sentence's place in the text, 0 the first.
    pub(super) place: usize,
    /// How many different words of the title it takes up.
    pub(super) title_words: usize,
    /// How many words it has.
    pub(super) words: usize,
    /// It tells money or a percentage.
    pub(super) has_value: bool,
    /// It tells a number or a date.
    pub(super) has_number: bool,
    /// It asks.
    pub(super) is_question: bool,
}

/// Returns a sentence's points. `title_words` is the number of different words that count in the title.
pub(super) fn points(signs: Signs, title_words: usize) -> i32 {
    let share = |whole: usize, by: usize| i32::try_from(whole / by.max(1)).unwrap_or(0);
    let mut points = share(40, signs.place + 1) + share(40 * signs.title_words.min(title_words), title_words);
    if signs.has_value {
        points += 10;
    } else if signs.has_number {
        points += 5;
    }
    if signs.words <= 3 {
        points -= 20;
    }
    if signs.is_question {
        points -= 15;
    }
    points
}

/// The words of a title that count for the overlap, sorted: of four letters or more, or with a digit, or capitals.
pub(super) fn counting_words(title: &str, words: &LoweredWords) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (index, word) in words.words.iter().enumerate() {
        let written = title.get(word.start..word.end).unwrap_or_default();
        let letters = written.chars().count();
        let is_name = letters >= 2 && written.chars().all(|c| c.is_uppercase() || c.is_numeric());
        if (letters >= 4 || is_name) && !is_function_word(words.lowered(index)) {
            found.push(stem(words.lowered(index)).to_owned());
        }
    }
    sort_list(&mut found, Ord::cmp);
    found.dedup();
    found
}

/// A word without the ending that makes it many or somebody's.
pub(super) fn stem(lowered: &str) -> &str {
    let word = lowered.strip_suffix("'s").unwrap_or(lowered);
    if word.len() > 3 { word.strip_suffix('s').unwrap_or(word) } else { word }
}

/// The sentences of CONCISE: the one with the most points, and all that must be kept, in the text's order.
pub(super) fn concise(sentences: &[Sentence]) -> Vec<usize> {
    let key = key_sentence(sentences);
    (0..sentences.len()).filter(|index| Some(*index) == key || is_mandatory(sentences, *index)).collect()
}

/// The sentences of MODERATE: those of CONCISE, filled up to three by points, in the text's order.
/// So MODERATE never shows less than CONCISE, and more than three only when more must be kept.
pub(super) fn moderate(sentences: &[Sentence]) -> Vec<usize> {
    let mut kept = concise(sentences);
    let mut others: Vec<usize> = (0..sentences.len()).filter(|index| kept.binary_search(index).is_err()).collect();
    let points = |index: usize| sentences.get(index).map_or(0, |sentence| sentence.points);
    sort_list(&mut others, |a, b| points(*b).cmp(&points(*a)).then(a.cmp(b)));
    kept.extend(others.into_iter().take(MODERATE_SENTENCES.saturating_sub(kept.len())));
    sort_numbers(&mut kept);
    kept
}

fn key_sentence(sentences: &[Sentence]) -> Option<usize> {
    let best = sentences.iter().map(|sentence| sentence.points).max()?;
    sentences.iter().position(|sentence| sentence.points == best)
}

fn is_mandatory(sentences: &[Sentence], index: usize) -> bool {
    sentences.get(index).is_some_and(|sentence| sentence.is_mandatory)
}
