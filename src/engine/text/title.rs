//! The title for a reader: the publisher's own, with an explanation behind a term that is above the reader's level.

use super::glossary::{Explainer, Reader};
use super::lexicon::Lexicon;
use super::prepare::PreparedText;
use crate::types::Item;

/// Returns the item's title with the explanations that the reader needs. `prepared` is made from this item.
pub fn adapt_title(item: &Item, prepared: &PreparedText, reader: &Reader<'_>, lexicon: &Lexicon) -> String {
    let mut out = String::with_capacity(item.title.len() + 64);
    Explainer::new(lexicon, *reader).write(&mut out, &item.title, 0..item.title.len(), &prepared.title_hits);
    out
}
