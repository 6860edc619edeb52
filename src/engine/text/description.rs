//! The description for a reader: as many sentences as they want to read, terms explained, and for DETAILED the context.

use super::fill::{Fill, fill};
use super::glossary::{Entry, Explainer, Reader};
use super::lexicon::Lexicon;
use super::prepare::PreparedText;
use super::sentences::part;
use crate::math::sort_list;
use crate::pack::Words;
use crate::types::{Detail, Item};

/// The most definitions in the context of DETAILED.
const MOST_DEFINITIONS: usize = 3;

/// Returns the item's description for a reader. `prepared` is made from this item.
///
/// CONCISE: the key sentence and every sentence that must be kept, then the pack's "show more" (always, because the
/// whole view also has the context). MODERATE: three sentences, more when more must be kept. DETAILED: the whole text,
/// and behind an empty line what the pack adds: context of the category, definitions, the deadline. An empty
/// description stays empty, but for that context.
pub fn adapt_description(
    item: &Item,
    prepared: &PreparedText,
    reader: &Reader<'_>,
    lexicon: &Lexicon,
    words: &Words,
) -> String {
    let mut out = String::with_capacity(item.description.len() + 160);
    let mut explainer = Explainer::new(lexicon, *reader);
    explainer.pass_title(&prepared.title_hits);
    match reader.detail {
        Detail::Concise => {
            write_sentences(&mut out, item, prepared, &prepared.concise, &mut explainer);
            let show_more = words.show_more.trim();
            if !out.is_empty() && !show_more.is_empty() {
                out.push(' ');
                out.push_str(show_more);
            }
        }
        Detail::Moderate => write_sentences(&mut out, item, prepared, &prepared.moderate, &mut explainer),
        Detail::Detailed => {
            explainer.write(&mut out, &item.description, 0..item.description.len(), &prepared.hits);
            write_context(&mut out, item, prepared, reader, lexicon, words);
        }
    }
    out
}

/// Writes the chosen sentences with one space between them, or a line end where the text has one.
fn write_sentences(
    out: &mut String,
    item: &Item,
    prepared: &PreparedText,
    chosen: &[usize],
    explainer: &mut Explainer<'_>,
) {
    let mut ends_line = false;
    for sentence in chosen.iter().filter_map(|index| prepared.sentences.get(*index)) {
        if part(&item.description, sentence.range.clone()).is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(if ends_line { '\n' } else { ' ' });
        }
        let hits = prepared.hits.get(sentence.hits.clone()).unwrap_or_default();
        explainer.write(out, &item.description, sentence.range.clone(), hits);
        ends_line = sentence.ends_line;
    }
}

fn write_context(
    out: &mut String,
    item: &Item,
    prepared: &PreparedText,
    reader: &Reader<'_>,
    lexicon: &Lexicon,
    words: &Words,
) {
    let deadline = words.deadline.as_deref().and_then(|template| fill(template, &Fill::of_item(item, words)));
    let category = words.context.get(&item.category).map(String::as_str);
    let definitions = definitions(prepared, reader, lexicon);
    let mut separator = if out.is_empty() { "" } else { "\n\n" };
    for line in category.into_iter().chain(definitions).chain(deadline.as_deref()) {
        out.push_str(separator);
        out.push_str(line);
        separator = "\n";
    }
}

/// The definitions of the item's terms: those at or above the reader's level first, each in the text's order.
fn definitions<'a>(prepared: &PreparedText, reader: &Reader<'a>, lexicon: &'a Lexicon) -> Vec<&'a str> {
    let mut seen: Vec<usize> = Vec::new();
    let mut entries: Vec<&'a Entry> = Vec::new();
    for hits in [&prepared.title_hits, &prepared.hits] {
        let mut explainer = Explainer::new(lexicon, *reader);
        for hit in hits {
            if let Some(entry) = explainer.entry_of(hit)
                && !seen.contains(&hit.entry)
            {
                seen.push(hit.entry);
                entries.push(entry);
            }
        }
    }
    sort_list(&mut entries, |a, b| b.is_at_or_above(reader).cmp(&a.is_at_or_above(reader)));
    entries.into_iter().filter_map(|entry| entry.definition.as_deref()).take(MOST_DEFINITIONS).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#[path = "description_tests.rs"]
mod tests;
