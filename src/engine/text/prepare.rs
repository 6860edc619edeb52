//! An item's texts, taken apart once: sentences with their flags and points, glossary terms with their places.
//! Everything is a range of bytes into the item's own text; nothing here depends on a reader.

use std::ops::Range;

use super::glossary::{Hit, hits};
use super::lexicon::Lexicon;
use super::phrases::LoweredWords;
use super::protect::{ProtectedKind, ProtectedSpan, all_spans, merged};
use super::sentences::{part, sentences};
use super::shorten::{Signs, concise, counting_words, moderate, points, stem};
use crate::math::{sort_list, sort_numbers};

/// A title and a description, ready to be adapted to any reader.
#[derive(Debug, Clone, Default)]
pub struct PreparedText {
    pub(super) title_hits: Vec<Hit>,
    pub(super) hits: Vec<Hit>,
    pub(super) sentences: Vec<Sentence>,
    /// Places in `sentences`, ascending.
    pub(super) concise: Vec<usize>,
    /// Places in `sentences`, ascending.
    pub(super) moderate: Vec<usize>,
}

/// One sentence of a description.
#[derive(Debug, Clone, Default)]
pub(super) struct Sentence {
    /// Without outer spaces.
    pub(super) range: Range<usize>,
    /// It has a warning or a condition.
    pub(super) is_mandatory: bool,
    /// A line ends behind it.
    pub(super) ends_line: bool,
    /// Places in the description's hits.
    pub(super) hits: Range<usize>,
    pub(super) points: i32,
}

/// Takes an item's texts apart. Takes time linear in their length.
pub fn prepare(title: &str, description: &str, lexicon: &Lexicon) -> PreparedText {
    let title_words = LoweredWords::of(title);
    let title_spans = merged(all_spans(title, &title_words, lexicon));
    let title_hits = hits(title, &title_words, &title_spans, lexicon);
    let counting = counting_words(title, &title_words);

    let text = without_show_more(description, lexicon);
    let words = LoweredWords::of(text);
    let spans = all_spans(text, &words, lexicon);
    let hits = hits(text, &words, &merged(spans.clone()), lexicon);
    let sentences = sentences_of(text, &words, &spans, &hits, &counting, lexicon);
    let (concise, moderate) = (concise(&sentences), moderate(&sentences));
    PreparedText { title_hits, hits, sentences, concise, moderate }
}

/// A text that was shortened before ends with the pack's "show more"; that is no sentence of it.
fn without_show_more<'a>(description: &'a str, lexicon: &Lexicon) -> &'a str {
    let text = description.trim_end();
    if lexicon.show_more().is_empty() { text } else { text.strip_suffix(lexicon.show_more()).unwrap_or(text) }
}

fn sentences_of(
    text: &str,
    words: &LoweredWords,
    spans: &[ProtectedSpan],
    hits: &[Hit],
    title_words: &[String],
    lexicon: &Lexicon,
) -> Vec<Sentence> {
    let mut spans: Vec<&ProtectedSpan> = spans.iter().collect();
    sort_list(&mut spans, |a, b| a.range.start.cmp(&b.range.start));
    let (mut next_span, mut next_hit, mut next_word) = (0, 0, 0);
    let mut found = Vec::new();
    for segment in sentences(text, lexicon) {
        let kinds = take_while(&spans, &mut next_span, |span| span.range.start < segment.end);
        let first_hit = next_hit;
        take_while(hits, &mut next_hit, |hit| hit.range.start < segment.end);
        let first_word = next_word;
        take_while(&words.words, &mut next_word, |word| word.start < segment.end);

        let whole = part(text, segment.clone());
        let start = segment.start + (whole.len() - whole.trim_start().len());
        let range = start..start + whole.trim().len();
        let has = |kind: ProtectedKind| kinds.iter().any(|span| span.kind == kind);
        let mut taken: Vec<usize> = (first_word..next_word)
            .filter_map(|index| {
                title_words.binary_search_by(|known| known.as_str().cmp(stem(words.lowered(index)))).ok()
            })
            .collect();
        sort_numbers(&mut taken);
        taken.dedup();
        let signs = Signs {
            place: found.len(),
            title_words: taken.len(),
            words: next_word - first_word,
            has_value: has(ProtectedKind::Money) || has(ProtectedKind::Percentage),
            has_number: has(ProtectedKind::Number) || has(ProtectedKind::Date),
            is_question: part(text, range.clone()).ends_with(['?', '？']),
        };
        found.push(Sentence {
            ends_line: part(text, range.end..segment.end).contains(['\n', '\r']),
            is_mandatory: has(ProtectedKind::Warning) || has(ProtectedKind::Condition),
            hits: first_hit..next_hit,
            points: points(signs, title_words.len()),
            range,
        });
    }
    found
}

/// Moves a place along a list while a claim holds, and returns what it passed.
fn take_while<'a, T>(list: &'a [T], place: &mut usize, holds: impl Fn(&T) -> bool) -> &'a [T] {
    let rest = list.get(*place..).unwrap_or_default();
    let count = rest.iter().take_while(|one| holds(one)).count();
    *place += count;
    rest.get(..count).unwrap_or_default()
}
