//! The pack's word lists, compiled once per pack for all the texts of its catalogue.

use super::glossary::{Entry, GlossaryPhrase, glossary_phrases};
use super::phrases::{LoweredWords, PhraseTable};
use super::protect::{ProtectedKind, protected_spans};
use crate::math::sort_list;
use crate::pack::{GlossaryEntry, Pack, Words};
use crate::types::lowered;

/// Word lists in lower case and sorted, phrase tables, glossary explanations ready to insert.
#[derive(Debug, Clone)]
pub struct Lexicon {
    protected: PhraseTable<ProtectedKind>,
    /// Without their last full stop.
    abbreviations: Vec<String>,
    months: Vec<Month>,
    /// Prefixes and ISO codes, as they are written.
    currencies: Vec<String>,
    glossary: PhraseTable<GlossaryPhrase>,
    entries: Vec<Entry>,
    show_more: String,
    /// The pack's urgency words. The kind means nothing here: it makes this the same type of table as the protected one,
    /// which is then compiled once.
    urgency: PhraseTable<ProtectedKind>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Month {
    lowered: String,
    is_capitalised: bool,
}

impl Lexicon {
    /// Compiles a pack's words and glossary.
    pub fn new(pack: &Pack) -> Self {
        let mut lexicon = Self::of_words(&pack.words, &pack.glossary, &pack.language);
        let urgency = pack.experiments.urgency_words.iter();
        lexicon.urgency = PhraseTable::new(urgency.map(|phrase| (phrase.as_str(), ProtectedKind::Number)));
        lexicon
    }

    fn of_words(words: &Words, glossary: &[GlossaryEntry], language: &str) -> Self {
        let lists = [
            (ProtectedKind::Negation, &words.protected.negations),
            (ProtectedKind::Condition, &words.protected.conditions),
            (ProtectedKind::Warning, &words.protected.warnings),
        ];
        let phrases = lists.iter().flat_map(|(kind, list)| list.iter().map(|phrase| (phrase.as_str(), *kind)));
        let mut lexicon = Self {
            protected: PhraseTable::new(phrases),
            abbreviations: sorted(words.abbreviations.0.iter().map(|word| stripped(word))),
            months: sorted(words.months.iter().flat_map(|month| month_forms(month))),
            currencies: sorted(words.currencies.iter().flat_map(|(code, format)| {
                [code.clone(), format.prefix.trim().to_owned()].into_iter().filter(|mark| !mark.is_empty())
            })),
            glossary: PhraseTable::new([]),
            entries: Vec::new(),
            show_more: words.show_more.trim().to_owned(),
            urgency: PhraseTable::new([]),
        };
        lexicon.glossary = glossary_phrases(glossary, language);
        lexicon.entries = glossary
            .iter()
            .map(|entry| {
                // A short explanation goes into running text, so it may not bring in what only its author may state.
                let is_plain = protected_spans(&entry.short, &lexicon).is_empty();
                Entry::new(entry, words, is_plain)
            })
            .collect();
        lexicon
    }

    pub(super) fn protected_at<'a>(
        &'a self,
        words: &'a LoweredWords,
        index: usize,
    ) -> impl Iterator<Item = (usize, ProtectedKind)> + 'a {
        self.protected.matches_at(words, index)
    }

    pub(super) fn glossary_at<'a>(
        &'a self,
        words: &'a LoweredWords,
        index: usize,
    ) -> impl Iterator<Item = (usize, GlossaryPhrase)> + 'a {
        self.glossary.matches_at(words, index)
    }

    /// The numbers of words of the urgency phrases that begin at a word, longest first.
    pub(super) fn urgency_at<'a>(&'a self, words: &'a LoweredWords, index: usize) -> impl Iterator<Item = usize> + 'a {
        self.urgency.matches_at(words, index).map(|(count, _)| count)
    }

    pub(super) fn entry(&self, index: usize) -> Option<&Entry> {
        self.entries.get(index)
    }

    pub(super) fn show_more(&self) -> &str {
        &self.show_more
    }

    /// True when a full stop after this word, given without it, may belong to the word.
    pub(super) fn is_abbreviation(&self, token: &str) -> bool {
        self.abbreviations.binary_search(&lowered(token)).is_ok()
    }

    /// True for an abbreviation that is also a word of its own, such as "no": only a number tells them apart.
    pub(super) fn is_numbering_word(&self, token: &str) -> bool {
        let words = LoweredWords::of(token);
        self.is_abbreviation(token)
            && self.protected.matches_at(&words, 0).any(|(count, _)| count == words.words.len() && count == 1)
    }

    pub(super) fn is_currency(&self, mark: &str) -> bool {
        self.currencies.binary_search_by(|known| known.as_str().cmp(mark)).is_ok()
    }

    /// True for the name of a month or its first three letters, written with a capital where the pack writes one.
    pub(super) fn is_month(&self, lowered: &str, written: &str) -> bool {
        let found = self.months.binary_search_by(|month| month.lowered.as_str().cmp(lowered));
        let month = found.ok().and_then(|index| self.months.get(index));
        month.is_some_and(|month| !month.is_capitalised || written.starts_with(char::is_uppercase))
    }
}

fn sorted<T: Ord>(list: impl Iterator<Item = T>) -> Vec<T> {
    let mut list: Vec<T> = list.collect();
    sort_list(&mut list, Ord::cmp);
    list.dedup();
    list
}

fn stripped(abbreviation: &str) -> String {
    let word = abbreviation.trim();
    lowered(word.strip_suffix('.').unwrap_or(word))
}

fn month_forms(month: &str) -> Vec<Month> {
    let is_capitalised = month.starts_with(char::is_uppercase);
    let lowered = lowered(month);
    let short: String = lowered.chars().take(3).collect();
    [lowered, short].map(|lowered| Month { lowered, is_capitalised }).to_vec()
}
