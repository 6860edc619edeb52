//! The texts of a shelf, taken apart once each when first shown: as their publisher wrote them, and without words of
//! haste for those who read them so.

use std::cell::OnceCell;

use crate::pack::Shelf;
use crate::text::{Lexicon, PreparedText, prepare, without_urgency};
use crate::types::Item;

/// Texts of a shelf, segmented once each, when first shown.
#[derive(Debug, Default)]
pub struct TextCache(Vec<Texts>);

#[derive(Debug, Default)]
struct Texts {
    plain: OnceCell<PreparedText>,
    /// None for an item without words of haste.
    calm: OnceCell<Option<Box<(Item, PreparedText)>>>,
}

/// What is read of an item: its words and their parts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Read<'a> {
    /// The item, whose title and description are those that are read.
    pub(super) item: &'a Item,
    /// Their parts.
    pub(super) text: &'a PreparedText,
    /// True where words of haste were taken out.
    pub(super) is_calmed: bool,
}

impl TextCache {
    /// Makes room for a shelf's items.
    pub fn new(shelf: &Shelf) -> Self {
        Self(shelf.items.iter().map(|_| Texts::default()).collect())
    }

    /// Calls `write` with an item's texts, calm ones where they are wanted and differ.
    pub(super) fn with<R>(
        &self,
        index: usize,
        item: &Item,
        lexicon: &Lexicon,
        wants_calm: bool,
        write: impl FnOnce(Read<'_>) -> R,
    ) -> R {
        let fresh = Texts::default();
        let texts = self.0.get(index).unwrap_or(&fresh);
        if wants_calm && let Some(calm) = texts.calm(item, lexicon) {
            return write(Read { item: &calm.0, text: &calm.1, is_calmed: true });
        }
        let text = texts.plain.get_or_init(|| prepare(&item.title, &item.description, lexicon));
        write(Read { item, text, is_calmed: false })
    }

    /// True where an item has words of haste that can be taken out.
    pub(super) fn has_haste(&self, index: usize, item: &Item, lexicon: &Lexicon) -> bool {
        let fresh = Texts::default();
        self.0.get(index).unwrap_or(&fresh).calm(item, lexicon).is_some()
    }
}

impl Texts {
    fn calm(&self, item: &Item, lexicon: &Lexicon) -> Option<&(Item, PreparedText)> {
        let made = self.calm.get_or_init(|| {
            let calm = calmed(item, lexicon)?;
            let text = prepare(&calm.title, &calm.description, lexicon);
            Some(Box::new((calm, text)))
        });
        made.as_deref()
    }
}

/// The item without words of haste; None where it has none. A title that says nothing else stays.
fn calmed(item: &Item, lexicon: &Lexicon) -> Option<Item> {
    let says_something = |title: &String| title.chars().any(char::is_alphanumeric);
    let title = without_urgency(&item.title, lexicon).filter(says_something);
    let description = without_urgency(&item.description, lexicon);
    if title.is_none() && description.is_none() {
        return None;
    }
    Some(Item {
        title: title.unwrap_or_else(|| item.title.clone()),
        description: description.unwrap_or_else(|| item.description.clone()),
        ..item.clone()
    })
}
