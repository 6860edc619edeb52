//! A glossary that explains and never replaces: where its terms stand in a text, and the explanation put behind the
//! first of each. Which sentences are shown is the business of `shorten`.

use std::ops::Range;

use super::fill::{Fill, fill};
use super::lexicon::Lexicon;
use super::phrases::{LoweredWords, PhraseTable};
use super::protect::ProtectedSpan;
use super::sentences::part;
use crate::math::sort_list;
use crate::pack::{GlossaryEntry, Words};
use crate::types::{Detail, lowered, split_around};

/// The most explanations in a title. A second term is explained in the description, where it stands there too.
const MOST_IN_TITLE: usize = 1;

/// The most explanations in a description: more of them and the text is no easier to read.
const MOST_IN_DESCRIPTION: usize = 2;

/// The person the words are for, as far as words depend on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reader<'a> {
    /// 1 to 10. Terms of a higher level are explained; an unknown (NaN) literacy explains nothing.
    pub literacy: f64,
    /// How much text.
    pub detail: Detail,
    /// ISO 3166; terms of other countries are not explained.
    pub country: Option<&'a str>,
}

/// A glossary entry ready for use.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    level: f64,
    countries: Vec<String>,
    /// What goes before and behind the term in running text; None where its short explanation may not go there.
    inline: Option<(String, String)>,
    /// The line of DETAILED.
    pub(super) definition: Option<String>,
}

/// What a phrase of the glossary stands for. Entries of named countries are tried before those of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct GlossaryPhrase {
    is_for_all: bool,
    entry: usize,
    /// An abbreviation in capitals is found in capitals only: "RA" is not "ra".
    is_capital: bool,
}

/// A term of the glossary in a text.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    pub(super) range: Range<usize>,
    pub(super) entry: usize,
    /// False inside a parenthesis or a protected span, before a parenthesis, and inside a longer word.
    can_be_explained: bool,
}

/// Writes a title and then a description with explanations: each term once, at most so many in one text.
#[derive(Debug)]
pub(super) struct Explainer<'a> {
    lexicon: &'a Lexicon,
    reader: Reader<'a>,
    explained: Vec<usize>,
    left: usize,
    covered_to: usize,
}

impl Entry {
    pub(super) fn new(entry: &GlossaryEntry, words: &Words, is_plain: bool) -> Self {
        // The term stays as the text writes it, so a template that leaves it out is not used.
        let around = split_around(&words.inline_definition, "{term}").or(Some(("", " ({short})")));
        let said = Fill { short: Some(&entry.short), ..Fill::default() };
        let inline = around.and_then(|(before, behind)| Some((fill(before, &said)?, fill(behind, &said)?)));
        let said =
            Fill { term: Some(&entry.term), plain: Some(&entry.plain), short: Some(&entry.short), ..Fill::default() };
        Self {
            level: f64::from(entry.level),
            countries: entry.countries.clone(),
            inline: inline.filter(|_| is_plain && !entry.short.trim().is_empty()),
            definition: fill(&words.definition, &said),
        }
    }

    pub(super) fn applies_to(&self, reader: &Reader<'_>) -> bool {
        self.countries.is_empty() || reader.country.is_some_and(|country| self.countries.iter().any(|c| c == country))
    }

    pub(super) fn is_at_or_above(&self, reader: &Reader<'_>) -> bool {
        self.level >= reader.literacy
    }
}

/// Builds the table of all terms, aliases and, in English, their plurals.
pub(super) fn glossary_phrases(glossary: &[GlossaryEntry], language: &str) -> PhraseTable<GlossaryPhrase> {
    let is_english = language == "en" || language.starts_with("en-");
    let mut phrases: Vec<(String, GlossaryPhrase)> = Vec::new();
    for (entry, said) in glossary.iter().enumerate() {
        for spelling in std::iter::once(&said.term).chain(&said.aliases) {
            let is_capital = is_in_capitals(spelling);
            let phrase = GlossaryPhrase { is_for_all: said.countries.is_empty(), entry, is_capital };
            if is_english {
                phrases.extend(plural(spelling).map(|plural| (plural, phrase)));
            }
            phrases.push((spelling.clone(), phrase));
        }
    }
    PhraseTable::new(phrases.iter().map(|(text, phrase)| (text.as_str(), *phrase)))
}

fn plural(spelling: &str) -> Option<String> {
    let lowered = lowered(spelling.trim_end());
    let ends_like_one = ["s", "ing", "ed"].iter().any(|end| lowered.ends_with(end));
    if ends_like_one || !lowered.ends_with(char::is_alphabetic) {
        return None;
    }
    match lowered.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => Some(format!("{stem}ies")),
        _ if ["x", "z", "ch", "sh"].iter().any(|end| lowered.ends_with(end)) => Some(format!("{lowered}es")),
        _ => Some(format!("{lowered}s")),
    }
}

/// True for two or more letters, all capitals; a small plural s is allowed.
fn is_in_capitals(text: &str) -> bool {
    let singular = text.strip_suffix('s').unwrap_or(text);
    singular.chars().filter(|c| c.is_alphabetic()).count() >= 2 && !singular.chars().any(char::is_lowercase)
}

/// Finds every term of the glossary in a text, ordered by place, longest first, those of named countries first.
/// Overlaps are kept: which of them applies depends on the reader.
pub(super) fn hits(text: &str, words: &LoweredWords, spans: &[ProtectedSpan], lexicon: &Lexicon) -> Vec<Hit> {
    let mut found: Vec<Hit> = Vec::new();
    let mut depth = Parentheses::default();
    let mut spans = spans.iter().peekable();
    for (index, word) in words.words.iter().enumerate() {
        let is_in_parenthesis = depth.is_inside_at(text, word.start);
        while spans.peek().is_some_and(|span| span.range.end <= word.start) {
            spans.next();
        }
        let next_span = spans.peek().map_or(usize::MAX, |span| span.range.start);
        for (count, phrase) in lexicon.glossary_at(words, index) {
            let range = words.span(index, count);
            if phrase.is_capital && !is_in_capitals(part(text, range.clone())) {
                continue;
            }
            let can_be_explained = !is_in_parenthesis && next_span >= range.end && stands_alone(text, &range);
            found.push(Hit { range, entry: phrase.entry, can_be_explained });
        }
    }
    sort_list(&mut found, |a, b| a.range.start.cmp(&b.range.start).then(b.range.end.cmp(&a.range.end)));
    found
}

/// Counts parentheses along a text; a line end closes them, so that a forgotten one does not silence the rest.
#[derive(Default)]
struct Parentheses {
    read_to: usize,
    open: usize,
}

impl Parentheses {
    fn is_inside_at(&mut self, text: &str, at: usize) -> bool {
        for character in part(text, self.read_to..at).chars() {
            match character {
                '(' | '[' => self.open += 1,
                ')' | ']' => self.open = self.open.saturating_sub(1),
                '\n' => self.open = 0,
                _ => {}
            }
        }
        self.read_to = at;
        self.open > 0
    }
}

/// True when a term is no part of a longer word or address and has no parenthesis behind it.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let before = part(text, 0..range.start).chars().next_back();
    let is_free_before = before.is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '“' | '‘' | '—' | '–'));
    let rest = part(text, range.end..text.len());
    let mut after = rest.chars();
    let is_free_after = match after.next() {
        None => true,
        Some('.' | ',' | ':') => !after.next().is_some_and(char::is_alphanumeric),
        Some(c) => c.is_whitespace() || matches!(c, ';' | '!' | '?' | '"' | '”' | '—' | '–'),
    };
    is_free_before && is_free_after && !rest.trim_start().starts_with(['(', '['])
}

impl<'a> Explainer<'a> {
    /// Begins with the title.
    pub(super) fn new(lexicon: &'a Lexicon, reader: Reader<'a>) -> Self {
        Self { lexicon, reader, explained: Vec::new(), left: MOST_IN_TITLE, covered_to: 0 }
    }

    /// Passes over the title to the description: what the title explains is not explained again.
    pub(super) fn pass_title(&mut self, title_hits: &[Hit]) {
        for hit in title_hits {
            self.explanation(hit);
        }
        self.left = MOST_IN_DESCRIPTION;
        self.covered_to = 0;
    }

    /// Appends a part of a text, with the explanations that the reader needs. `hits` are those of the part.
    pub(super) fn write(&mut self, out: &mut String, text: &str, range: Range<usize>, hits: &[Hit]) {
        let mut written_to = range.start;
        for hit in hits {
            let Some((before, behind)) = self.explanation(hit) else { continue };
            out.push_str(part(text, written_to..hit.range.start));
            out.push_str(before);
            out.push_str(part(text, hit.range.clone()));
            out.push_str(behind);
            written_to = hit.range.end;
        }
        out.push_str(part(text, written_to..range.end));
    }

    /// Returns the entry of a term, unless it belongs to another country or lies inside a longer term.
    pub(super) fn entry_of(&mut self, hit: &Hit) -> Option<&'a Entry> {
        let entry = self.lexicon.entry(hit.entry)?;
        if hit.range.start < self.covered_to || !entry.applies_to(&self.reader) {
            return None;
        }
        self.covered_to = hit.range.end;
        Some(entry)
    }

    fn explanation(&mut self, hit: &Hit) -> Option<(&'a str, &'a str)> {
        let entry = self.entry_of(hit)?;
        let (before, behind) = entry.inline.as_ref()?;
        let is_needed = self.reader.literacy < entry.level && !self.explained.contains(&hit.entry);
        if !is_needed || !hit.can_be_explained || self.left == 0 {
            return None;
        }
        self.left -= 1;
        self.explained.push(hit.entry);
        Some((before, behind))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#[path = "glossary_tests.rs"]
mod tests;
