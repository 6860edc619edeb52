//! The one code path that computes a score. `score = (sum of value x weight) x (product of factors)`, to 1e-9.

use super::facts::Situation;
use super::model_view::ModelView;
use super::opinions::{Weighed, preference, value};
use super::subject::Subject;
use crate::pack::ShelvedItem;
use crate::types::TraceSink;

/// The product of the factors stays within these limits (seed 004).
const LEAST_PRODUCT: f64 = 0.1;
const MOST_PRODUCT: f64 = 2.0;
/// Observations at which a category's record is worth half of full confidence.
const HALF_CONFIDENCE: f64 = 10.0;

/// What came out for one item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// Index into the shelf.
    pub index: usize,
    /// The score.
    pub score: f64,
    /// Priority moved by category preference; breaks ties of the score.
    pub adjusted_priority: u8,
}

/// Scores the item at `index` and tells every term and factor to the sink.
pub fn score<'a>(subject: &Subject<'a>, index: usize, shelved: &ShelvedItem, sink: &mut impl TraceSink<'a>) -> Scored {
    sink.item(index);
    let situation = Situation { subject, index, shelved };
    let sum = sum_of_terms(subject, &situation, sink);
    let product = product_of_factors(subject, &situation, sink);
    Scored {
        index,
        score: sum * product,
        adjusted_priority: adjusted_priority(shelved.item.priority, preference(subject, shelved)),
    }
}

/// Returns priority x (0.5 + category preference), rounded, 1 to 100.
pub fn adjusted_priority(priority: u8, category_preference: f64) -> u8 {
    libm::round(f64::from(priority) * (0.5 + category_preference)).clamp(1.0, 100.0) as u8
}

impl Subject<'_> {
    /// Returns how much a score rests on, 0 to 1: the category's record and how long the person is known, evenly.
    pub fn confidence(&self, shelved: &ShelvedItem) -> f64 {
        let observed = self.affinities.observations.get(shelved.category).copied().map_or(0.0, f64::from);
        if self.is_outlier { 0.0 } else { 0.5 * self.evidence.weight + 0.5 * observed / (observed + HALF_CONFIDENCE) }
    }
}

fn sum_of_terms<'a>(subject: &Subject<'a>, situation: &Situation<'_>, sink: &mut impl TraceSink<'a>) -> f64 {
    match &subject.model {
        Some(view) => model_terms(view, situation, sink),
        None => pack_terms(subject, situation, sink),
    }
}

/// `base + sum of step(feature) x weight`: the weight is 1, or the person's own correction.
fn model_terms<'a>(view: &ModelView<'a>, situation: &Situation<'_>, sink: &mut impl TraceSink<'a>) -> f64 {
    let mut sum = term("base", 1.0, view.model.base, sink);
    let item = view.item(situation.index);
    for (at, term) in view.model.terms.iter().enumerate() {
        if let Some(value) = view.contribution(term, &item, situation) {
            let weight = view.weights.get(at).copied().unwrap_or(1.0);
            sum += self::term(&term.name, value, weight, sink);
        }
    }
    sum
}

fn pack_terms<'a>(subject: &Subject<'a>, situation: &Situation<'_>, sink: &mut impl TraceSink<'a>) -> f64 {
    let mut sum = 0.0;
    for Weighed { opinion, name, weight } in &subject.weighed {
        sum += term(name, value(*opinion, situation), *weight, sink);
    }
    for signal in subject.pack.scoring.signals.iter().filter(|signal| signal.weight != 0.0) {
        let value = if signal.when.holds(situation) { 1.0 } else { 0.0 };
        sum += term(&signal.name, value, signal.weight, sink);
    }
    sum
}

/// Tells a term, and returns what it adds.
fn term<'a>(name: &'a str, value: f64, weight: f64, sink: &mut impl TraceSink<'a>) -> f64 {
    let contribution = value * weight;
    sink.term(name, value, weight, contribution);
    contribution
}

fn product_of_factors<'a>(subject: &Subject<'a>, situation: &Situation<'_>, sink: &mut impl TraceSink<'a>) -> f64 {
    let mut product = 1.0;
    for factor in subject.factors.iter().copied() {
        if factor.when.holds(situation) {
            sink.factor(&factor.name, factor.multiplier);
            product *= factor.multiplier;
        }
    }
    let clamped = product.clamp(LEAST_PRODUCT, MOST_PRODUCT);
    if clamped != product {
        sink.factor("clamp", clamped / product);
    }
    clamped
}
