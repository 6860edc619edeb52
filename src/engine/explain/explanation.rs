//! One explanation. It runs the scoring path now, with a trace, and says so; nothing is recomputed for display.

use serde::Serialize;

use crate::math::sort_list;
use crate::pack::{ConditionalText, Pack, Reasoning, ShelvedItem, TermWords};
use crate::ranking::values_for;
use crate::scoring::{Situation, Subject, score};
use crate::text::{choose_tone, fill, say};
use crate::types::{Allowed, Factor, Term, Trace};

/// The most sentences of a kind.
const MOST_REASONS: usize = 4;

/// Why this item, for this person, now.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the API's")]
pub struct Explanation {
    pub recommendation_id: String,
    /// Always `now`: the explanation is of a ranking made at this moment.
    pub as_of: &'static str,
    pub personalization: crate::types::Personalization,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    pub is_hidden: bool,
    pub primary_reasons: Vec<String>,
    pub contributing_factors: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms: Option<Vec<ExplainedTerm>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factors: Option<Vec<Factor>>,
    pub data_used: Vec<String>,
    pub what_would_change_it: Vec<String>,
    pub how_to_improve_relevance: Vec<String>,
    pub logic: String,
    pub degraded: Vec<String>,
    #[serde(rename = "use")]
    pub permitted_use: &'static str,
}

/// A term with its plain name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainedTerm {
    /// The term.
    #[serde(flatten)]
    pub term: Term,
    /// Its plain name.
    pub label: String,
    /// What the score would be without it.
    pub score_without: f64,
}

fn all(texts: &[ConditionalText]) -> Vec<&ConditionalText> {
    texts.iter().collect()
}

/// Explains the item at `index`. `rank` is its place in the person's list, if it has one.
pub fn explain(
    subject: &Subject<'_>,
    index: usize,
    shelved: &ShelvedItem,
    rank: Option<u32>,
    is_hidden: bool,
    reasoning: Reasoning,
) -> Explanation {
    let words = &subject.pack.words.explain;
    let situation = Situation { subject, index, shelved };
    let tone = choose_tone(&subject.pack.words, &situation);
    let values = values_for(subject, &shelved.item);
    let mut trace = Trace::default();
    let scored = score(subject, index, shelved, &mut trace);
    let may_see = reasoning == Reasoning::Visible;
    let mut primary =
        if may_see { say(&all(&words.primary), MOST_REASONS, tone, &situation, &values) } else { Vec::new() };
    if primary.is_empty() {
        primary.push(words.none.clone());
    }
    let contributing =
        if may_see { say(&all(&words.contributing), MOST_REASONS, tone, &situation, &values) } else { Vec::new() };
    let building = subject.evidence.is_building;
    Explanation {
        recommendation_id: shelved.item.id.clone(),
        as_of: "now",
        personalization: if building {
            crate::types::Personalization::Building
        } else {
            crate::types::Personalization::Full
        },
        rank,
        score: may_see.then_some(scored.score),
        is_hidden,
        primary_reasons: primary,
        contributing_factors: contributing,
        what_would_change_it: if may_see { changes(subject.pack, &trace, &values) } else { Vec::new() },
        terms: may_see.then(|| explained_terms(subject.pack, &trace, scored.score, &values)),
        factors: may_see.then_some(trace.factors),
        data_used: data_used(subject.pack, subject.input.allowed),
        how_to_improve_relevance: words.improve.clone(),
        logic: words.logic.clone(),
        degraded: Vec::new(),
        permitted_use: "ordering_only",
    }
}

fn term_words<'a>(pack: &'a Pack, name: &str) -> Option<&'a TermWords> {
    pack.words.explain.terms.get(name)
}

/// The score without a term is the score less the term's contribution times the factors' product: exact, as the sum is.
fn explained_terms(pack: &Pack, trace: &Trace, score: f64, values: &crate::text::Fill<'_>) -> Vec<ExplainedTerm> {
    let product: f64 = trace.factors.iter().map(|factor| factor.multiplier).product();
    let explained = trace.terms.iter().map(|term| ExplainedTerm {
        label: term_words(pack, &term.name)
            .and_then(|words| fill(&words.name, values))
            .unwrap_or_else(|| term.name.clone()),
        score_without: score - term.contribution * product,
        term: term.clone(),
    });
    explained.collect()
}

/// What would change it: the texts of the terms that moved the score most from "nobody knows", strongest first.
fn changes(pack: &Pack, trace: &Trace, values: &crate::text::Fill<'_>) -> Vec<String> {
    let mut moved: Vec<&Term> = trace.terms.iter().collect();
    let effect = |term: &Term| ((term.value - 0.5) * term.weight).abs();
    sort_list(&mut moved, |a, b| f64::total_cmp(&effect(b), &effect(a)).then_with(|| a.name.cmp(&b.name)));
    let texts = moved.into_iter().filter_map(|term| term_words(pack, &term.name)?.change.as_deref());
    texts.filter_map(|text| fill(text, values)).take(MOST_REASONS).collect()
}

/// The data of every purpose that is switched on.
fn data_used(pack: &Pack, allowed: Allowed) -> Vec<String> {
    let purposes =
        [("behavioral", allowed.behavioral), ("demographics", allowed.demographics), ("location", allowed.location)];
    let texts = &pack.words.explain.data_used;
    purposes.iter().filter(|(_, is_on)| *is_on).filter_map(|(name, _)| texts.get(*name).cloned()).collect()
}
