//! An ordered item with its words, reasons and terms, as far as the reasoning may be seen.

use std::cell::OnceCell;

use super::framed::{live_facts, with_framings};
use super::texts::TextCache;
use crate::pack::{FramedVariant, Pack, Reasoning, ShelvedItem, Words};
use crate::scoring::{Scored, Situation, Subject, score};
use crate::text::{Fill, ItemWords, Lexicon, Reader, Speech, Telling, adapt_description, adapt_title, choose_tone};
use crate::types::{DecidedItem, Explain, Item, Trace};

/// The literacy that words are chosen for when nobody knows the reader's.
const UNKNOWN_LITERACY: f64 = 5.0;

/// How an answer is to look.
#[derive(Debug)]
pub struct Presentation<'a> {
    /// The pack's words, compiled.
    pub lexicon: &'a Lexicon,
    /// The shelf's texts.
    pub texts: &'a TextCache,
    /// How much reasoning is asked for.
    pub explain: Explain,
    /// How much the asker may see.
    pub reasoning: Reasoning,
    /// The variants that this person sees, in the order in which they act.
    pub framings: &'a [FramedVariant<'a>],
    speech: OnceCell<Speech<'a>>,
}

impl<'a> Presentation<'a> {
    /// Says how one person's list is to look.
    pub fn new(
        lexicon: &'a Lexicon,
        texts: &'a TextCache,
        explain: Explain,
        reasoning: Reasoning,
        framings: &'a [FramedVariant<'a>],
    ) -> Self {
        Self { lexicon, texts, explain, reasoning, framings, speech: OnceCell::new() }
    }
}

/// Presents an item of the general order: base words, no terms.
pub fn present_general(shelved: &ShelvedItem, rank: u32, reasoning: Reasoning) -> DecidedItem {
    let item = &shelved.item;
    let bare = DecidedItem { id: item.id.clone(), rank, ..DecidedItem::default() };
    if reasoning == Reasoning::Internal {
        return bare;
    }
    DecidedItem {
        category: Some(item.category.clone()),
        title: Some(item.title.clone()),
        description: Some(item.description.clone()),
        description_full: Some(item.description.clone()),
        ..bare
    }
}

/// Presents an item of a person's list.
pub fn present_personal<'a>(subject: &Subject<'a>, scored: &Scored, rank: u32, how: &Presentation<'a>) -> DecidedItem {
    let Some(shelved) = subject.shelf.items.get(scored.index) else { return DecidedItem::default() };
    let bare = DecidedItem {
        id: shelved.item.id.clone(),
        rank,
        score: Some(scored.score),
        confidence: Some(subject.confidence(shelved)),
        ..DecidedItem::default()
    };
    if how.reasoning == Reasoning::Internal {
        return bare;
    }
    let mut shown = if how.explain == Explain::Terms {
        let category = Some(shelved.item.category.clone());
        DecidedItem { adjusted_priority: Some(scored.adjusted_priority), category, ..bare }
    } else {
        worded(subject, shelved, scored, how, bare)
    };
    if matches!(how.explain, Explain::Full | Explain::Terms) {
        let mut trace = Trace::default();
        score(subject, scored.index, shelved, &mut trace);
        shown.terms = Some(trace.terms);
        shown.factors = Some(trace.factors);
    }
    shown
}

fn worded<'a>(
    subject: &Subject<'a>,
    shelved: &ShelvedItem,
    scored: &Scored,
    how: &Presentation<'a>,
    bare: DecidedItem,
) -> DecidedItem {
    let item = &shelved.item;
    let words: &'a Words = &subject.pack.words;
    let situation = Situation { subject, index: scored.index, shelved };
    let tone = choose_tone(words, &situation);
    let speech = how.speech.get_or_init(|| Speech::of(words, &situation));
    let reader = Reader {
        literacy: subject.sophistication.literacy.unwrap_or(UNKNOWN_LITERACY),
        detail: subject.detail,
        country: subject.country,
    };
    let values = values_for(subject, item);
    let wants_calm = how.framings.iter().any(|framed| framed.variant.removes.is_some());
    let (neutral, is_calmed) = how.texts.with(scored.index, item, how.lexicon, wants_calm, |read| {
        let title = adapt_title(read.item, read.text, &reader, how.lexicon);
        let description = adapt_description(read.item, read.text, &reader, how.lexicon, words);
        (ItemWords { title, description }, read.is_calmed)
    });
    let telling = Telling { tone, values: &values, live: live_facts(subject, shelved) };
    let (shown, framing) = with_framings(neutral, is_calmed, how.framings, &situation, &telling);
    DecidedItem {
        adjusted_priority: Some(scored.adjusted_priority),
        category: Some(item.category.clone()),
        title: Some(shown.title),
        description: Some(shown.description),
        description_full: Some(item.description.clone()),
        framing,
        tone: Some(tone.to_owned()),
        personalized_reasoning: (how.explain != Explain::None).then(|| speech.reasons(tone, &situation, &values)),
        benefit_presentation: speech.benefit_presentation(tone, &situation, &values),
        examples: Some(speech.examples(tone, &situation, &values)),
        ..bare
    }
}

/// The placeholders' values for one reader and one item.
pub(crate) fn values_for<'a>(subject: &Subject<'a>, item: &'a Item) -> Fill<'a> {
    let pack: &'a Pack = subject.pack;
    let named =
        |id: &str| pack.relevance.life_stages.iter().find(|stage| stage.id == id).map(|stage| stage.name.as_str());
    Fill {
        category: pack
            .categories
            .iter()
            .find(|category| category.id == item.category)
            .map(|category| category.name.as_str()),
        country: subject.country,
        life_stage: subject.life_stage.and_then(named),
        ..Fill::of_item(item, &pack.words)
    }
}
