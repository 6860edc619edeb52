//! The one code path that computes a score. `score = (sum of value x weight) x (product of factors)`, to 1e-9.

use super::facts::Situation;
use super::model_view::ModelView;
use super::subject::Subject;
use crate::pack::ShelvedItem;
use crate::segments::{life_stage_relevance, sophistication_match};
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
pub fn score(subject: &Subject<'_>, index: usize, shelved: &ShelvedItem, sink: &mut impl TraceSink) -> Scored {
    let sum = sum_of_terms(subject, index, shelved, sink);
    let product = product_of_factors(subject, index, shelved, sink);
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

fn at(values: &[f64], index: usize) -> f64 {
    values.get(index).copied().unwrap_or(0.5)
}

fn preference(subject: &Subject<'_>, shelved: &ShelvedItem) -> f64 {
    at(&subject.affinities.preference, shelved.category)
}

fn sum_of_terms(subject: &Subject<'_>, index: usize, shelved: &ShelvedItem, sink: &mut impl TraceSink) -> f64 {
    let situation = Situation { subject, index, shelved };
    match &subject.model {
        Some(view) => model_terms(view, &situation, sink),
        None => pack_terms(&situation, sink),
    }
}

/// `base + sum of step(feature) x weight`: the weight is 1, or the person's own correction.
fn model_terms(view: &ModelView<'_>, situation: &Situation<'_>, sink: &mut impl TraceSink) -> f64 {
    let base = view.model.base;
    sink.term("base", 1.0, base, base);
    let mut sum = base;
    let item = view.item(situation.index);
    for (at, term) in view.model.terms.iter().enumerate() {
        if let Some(value) = view.contribution(term, &item, situation) {
            let weight = view.weights.get(at).copied().unwrap_or(1.0);
            let contribution = value * weight;
            sink.term(&term.name, value, weight, contribution);
            sum += contribution;
        }
    }
    sum
}

fn pack_terms(situation: &Situation<'_>, sink: &mut impl TraceSink) -> f64 {
    let Situation { subject, index, shelved } = *situation;
    let weights = &subject.pack.scoring.weights;
    let mut sum = 0.0;
    let mut add = |name: &str, weight: f64, value: &dyn Fn() -> f64| {
        if weight != 0.0 {
            let value = value();
            let contribution = value * weight;
            sink.term(name, value, weight, contribution);
            sum += contribution;
        }
    };
    add("base", weights.base, &|| 1.0);
    let of_built_in = [
        weights.category_preference,
        weights.sophistication_match,
        weights.life_stage_relevance,
        weights.timing,
        weights.recency,
        weights.category_affinity,
    ];
    for ((name, value), weight) in BUILT_IN.iter().zip(of_built_in) {
        add(name, weight, &|| value(situation));
    }
    add("tag_affinity", weights.tag_affinity, &|| mean_tag(subject, shelved));
    add("item_affinity", weights.item_affinity, &|| at(&subject.affinities.item, index));
    add("demographics", weights.demographics * subject.cold_start, &|| at(&subject.demographics, shelved.category));
    let floor = weights.popularity_floor;
    let popularity_weight = weights.popularity * (floor + (1.0 - floor) * subject.cold_start);
    add("popularity", popularity_weight, &|| at(&subject.popularity, index));
    for signal in &subject.pack.scoring.signals {
        add(&signal.name, signal.weight, &|| if signal.when.holds(situation) { 1.0 } else { 0.0 });
    }
    sum
}

/// The value of a term before one item.
type Value = fn(&Situation<'_>) -> f64;

/// The terms that a model may read too, in the order of the sum.
const BUILT_IN: [(&str, Value); 6] = [
    ("category_preference", |situation| preference(situation.subject, situation.shelved)),
    ("sophistication_match", |Situation { subject, shelved, .. }| {
        sophistication_match(&shelved.item, subject.sophistication.comfortable)
    }),
    ("life_stage_relevance", |Situation { subject, shelved, .. }| {
        life_stage_relevance(&shelved.item, subject.life_stage, at(&subject.life_stages, shelved.category))
    }),
    ("timing", |Situation { subject, shelved, .. }| subject.hour.timing(shelved.deadline_ms, subject.input.now_ms)),
    ("recency", |Situation { subject, index, shelved }| subject.recency.value(shelved.category, *index)),
    ("category_affinity", |Situation { subject, shelved, .. }| at(&subject.affinities.category, shelved.category)),
];

/// Returns the value of a built-in term.
pub(super) fn built_in(name: &str, situation: &Situation<'_>) -> Option<f64> {
    BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, value)| value(situation))
}

fn mean_tag(subject: &Subject<'_>, shelved: &ShelvedItem) -> f64 {
    if shelved.tags.is_empty() {
        return 0.5;
    }
    let sum: f64 = shelved.tags.iter().map(|tag| at(&subject.affinities.tag, *tag)).sum();
    sum / shelved.tags.len() as f64
}

fn product_of_factors(subject: &Subject<'_>, index: usize, shelved: &ShelvedItem, sink: &mut impl TraceSink) -> f64 {
    let situation = Situation { subject, index, shelved };
    let mut product = 1.0;
    for factor in &subject.factors {
        if factor.when.holds(&situation) {
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
