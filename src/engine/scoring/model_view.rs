//! A model before one person: what its features say of each item. Training reads its rows here, and serving its terms.

use super::facts::Situation;
use super::opinions::{Opinion, value};
use super::subject::Subject;
use crate::collab::{factor_scores, fold_in, neighbour_scores};
use crate::content::content_scores;
use crate::math::decay_factor;
use crate::models::{Feature, Model, ModelTerm};
use crate::pack::Shelf;
use crate::profile::{ItemState, PackState, is_taken, taken_weight};
use crate::types::{DAY_MS, TimeMs, day_of, days_between};

/// What stands for "the model does not know this item".
const UNKNOWN_ITEM: u32 = u32::MAX;

/// A model laid beside a shelf: which item is which, found once.
#[derive(Debug, Clone, PartialEq)]
pub struct ServedModel {
    /// The model.
    pub model: Model,
    /// For each item of the shelf its number in the model.
    numbers: Vec<u32>,
}

impl ServedModel {
    /// Lays a model beside a shelf.
    pub fn new(model: Model, shelf: &Shelf) -> Self {
        let numbers = numbers_of(&model, shelf);
        Self { model, numbers }
    }
}

fn numbers_of(model: &Model, shelf: &Shelf) -> Vec<u32> {
    let number = |id: &str| model.position(id).and_then(|at| u32::try_from(at).ok()).unwrap_or(UNKNOWN_ITEM);
    shelf.items.iter().map(|shelved| number(&shelved.item.id)).collect()
}

/// A model before one person.
#[derive(Debug)]
pub struct ModelView<'a> {
    pub(super) model: &'a Model,
    /// The person's weight of each term; none for those for whom every weight is 1.
    pub(super) weights: Vec<f64>,
    numbers: Numbers<'a>,
    neighbours: Vec<f64>,
    factors: Vec<f64>,
    content: Vec<f64>,
    /// The shelf's indices of what the person has a record of, ascending.
    known: Vec<(usize, &'a ItemState)>,
    lists: Lists<'a>,
    frequency_factor: f64,
}

#[derive(Debug)]
enum Numbers<'a> {
    Laid(&'a [u32]),
    Posted(Vec<u32>),
}

impl<'a> ModelView<'a> {
    /// Lays a model before a subject. `is_catalogue` says whether the subject's shelf is the one the model was laid
    /// beside. What no term reads is not computed.
    pub fn new(served: &'a ServedModel, subject: &Subject<'a>, is_catalogue: bool) -> Self {
        let model = &served.model;
        let reads = |feature: Feature| model.terms.iter().any(|term| term.feature == feature);
        let (part, shelf) = (subject.trusted_part(), subject.shelf);
        let frequency_factor = decay_factor(subject.input.now_ms, subject.pack.scoring.item_affinity.half_life_days);
        let taken = taken_items(model, part, frequency_factor);
        let mut view = Self {
            model,
            weights: Vec::new(),
            numbers: if is_catalogue {
                Numbers::Laid(&served.numbers)
            } else {
                Numbers::Posted(numbers_of(model, shelf))
            },
            neighbours: Vec::new(),
            factors: Vec::new(),
            content: if reads(Feature::Content) { content_scores(part, shelf) } else { Vec::new() },
            known: known_items(part, shelf),
            lists: Lists::of(model, subject),
            frequency_factor,
        };
        if let Some(neighbours) = model.neighbours.as_ref().filter(|_| reads(Feature::Neighbours)) {
            view.neighbours = neighbour_scores(neighbours, &taken);
        }
        if let Some(factors) = model.factors.as_ref().filter(|_| reads(Feature::Factors) && !taken.is_empty()) {
            view.factors = factor_scores(factors, &fold_in(factors, &taken));
        }
        view
    }

    fn number(&self, index: usize) -> Option<usize> {
        let numbers = match &self.numbers {
            Numbers::Laid(numbers) => numbers,
            Numbers::Posted(numbers) => numbers.as_slice(),
        };
        numbers.get(index).filter(|number| **number != UNKNOWN_ITEM).map(|number| *number as usize)
    }

    fn record(&self, index: usize) -> Option<&'a ItemState> {
        let at = self.known.binary_search_by_key(&index, |(known, _)| *known).ok()?;
        self.known.get(at).map(|(_, item)| *item)
    }

    /// Reads what is the same for all terms of one item.
    pub fn item(&self, index: usize) -> ItemView<'a> {
        let record = self.record(index);
        ItemView { number: self.number(index), record, is_taken: record.is_some_and(is_taken) }
    }

    /// Returns a feature's value before one item; None where nobody knows.
    pub fn feature(&self, feature: Feature, item: &ItemView<'a>, situation: &Situation<'_>) -> Option<f64> {
        let lists = &self.lists;
        let subject = situation.subject;
        let now_ms = subject.input.now_ms;
        let fact = |list: &[f32]| item.number.and_then(|number| list.get(number)).map(|value| f64::from(*value));
        let score = |list: &[f64]| item.number.and_then(|number| list.get(number)).copied();
        match feature {
            Feature::Neighbours => score(&self.neighbours),
            Feature::Factors => score(&self.factors),
            Feature::Content => self.content.get(situation.index).copied(),
            Feature::RepeatFrequency => {
                Some(item.record.map_or(0.0, |record| libm::log1p((record.affinity * self.frequency_factor).max(0.0))))
            }
            Feature::DaysSinceTaken => {
                let last_ms = item.record.and_then(last_taken_ms)?;
                Some(days_between(last_ms, now_ms))
            }
            Feature::DaysTaken => Some(item.record.map_or(0.0, |record| record.engaged_days.len() as f64)),
            Feature::Popularity => fact(lists.popularity),
            Feature::LatestPopularity => fact(lists.latest_popularity),
            Feature::RecentPopularity => fact(lists.recent_popularity),
            Feature::LongPopularity => fact(lists.long_popularity),
            Feature::Trend => fact(lists.trend),
            Feature::GroupPopularity => fact(lists.group),
            Feature::ItemAgeDays => {
                let published = situation.shelved.published_ms.map(|published_ms| days_between(published_ms, now_ms));
                published.or_else(|| fact(lists.first_day).map(|day| f64::from(day_of(now_ms)) - day))
            }
            Feature::DaysSinceSold => fact(lists.days_since_sold),
            Feature::CategoryPreference => Some(value(Opinion::CategoryPreference, situation)),
            Feature::SophisticationMatch => Some(value(Opinion::SophisticationMatch, situation)),
            Feature::LifeStageRelevance => Some(value(Opinion::LifeStageRelevance, situation)),
            Feature::Timing => Some(value(Opinion::Timing, situation)),
            Feature::Recency => Some(value(Opinion::Recency, situation)),
            Feature::CategoryAffinity => Some(value(Opinion::CategoryAffinity, situation)),
            Feature::Priority => Some(f64::from(situation.shelved.item.priority)),
        }
    }

    /// Returns a term's contribution before one item, before any personal weight; None where the term is for others.
    pub fn contribution(&self, term: &ModelTerm, item: &ItemView<'a>, situation: &Situation<'_>) -> Option<f64> {
        term.among.holds(item.is_taken).then(|| term.value(self.feature(term.feature, item, situation)))
    }
}

/// One item before a model.
#[derive(Debug, Clone, Copy)]
pub struct ItemView<'a> {
    number: Option<usize>,
    record: Option<&'a ItemState>,
    /// True when the person took it up before.
    pub is_taken: bool,
}

fn last_taken_ms(record: &ItemState) -> Option<TimeMs> {
    let engaged = record.engaged_days.last().map(|day| i64::from(*day) * DAY_MS);
    record.last_accepted_ms.or(engaged)
}

fn known_items<'a>(part: Option<&'a PackState>, shelf: &Shelf) -> Vec<(usize, &'a ItemState)> {
    let items = part.into_iter().flat_map(|part| &part.items);
    items.filter_map(|(id, item)| Some((shelf.position(id)?, item))).collect()
}

fn taken_items(model: &Model, part: Option<&PackState>, decay: f64) -> Vec<(usize, f64)> {
    let items = part.into_iter().flat_map(|part| &part.items).filter(|(_, item)| is_taken(item));
    items.filter_map(|(id, item)| Some((model.position(id)?, taken_weight(item, decay)))).collect()
}

/// The model's lists over items, found by name once; empty where the model has none.
#[derive(Debug)]
struct Lists<'a> {
    popularity: &'a [f32],
    latest_popularity: &'a [f32],
    recent_popularity: &'a [f32],
    long_popularity: &'a [f32],
    trend: &'a [f32],
    first_day: &'a [f32],
    days_since_sold: &'a [f32],
    /// That of the person's own group: the life stage, else the country.
    group: &'a [f32],
}

impl<'a> Lists<'a> {
    fn of(model: &'a Model, subject: &Subject<'_>) -> Self {
        let named = |name: &str| model.lists.get(name).map_or(&[][..], Vec::as_slice);
        let group =
            |kind: &str, name: Option<&str>| model.lists.get([kind, name?].concat().as_str()).map(Vec::as_slice);
        Self {
            popularity: named("popularity"),
            latest_popularity: named("latest_popularity"),
            recent_popularity: named("recent_popularity"),
            long_popularity: named("long_popularity"),
            trend: named("trend"),
            first_day: named("first_day"),
            days_since_sold: named("days_since_sold"),
            group: group("life_stage:", subject.life_stage)
                .or_else(|| group("country:", subject.country))
                .unwrap_or_default(),
        }
    }
}
