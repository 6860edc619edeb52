//! A list for the person of this device: as the Worker answers it, or in numbers, for a host that makes objects of them
//! faster than it reads them.

use std::rc::Rc;

use serde::Serialize;

use super::device::{Device, ListId, ROLE, too_many_items};
use crate::flows::pending::fold_pending;
use crate::flows::person::Readable;
use crate::flows::recommend::{Answer, Framings, Question, Wanted, decision, general, ordered, personal};
use crate::flows::refusal::Refusal;
use crate::pack::Reasoning;
use crate::ports::Surroundings;
use crate::ranking::RankedList;
use crate::scoring::{Subject, score};
use crate::types::{Decision, Explain, TraceSink};
use crate::wire::{BULK_ENTRIES, Mode, RecommendRequest};

/// A decision whose items are numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct InNumbers {
    /// What the numbers do not say.
    pub head: NumbersHead,
    /// Of each item, best first: its place in [`Device::names`], score, confidence, adjusted priority, number of terms and
    /// of factors; then of each term the place of its name in the head, value, weight and contribution; then of each
    /// factor the place of its name and the multiplier.
    pub numbers: Vec<f64>,
}

/// What of a decision in numbers is no number.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NumbersHead {
    /// The decision without its items.
    pub decision: Decision,
    /// The names of terms and factors.
    pub names: Vec<String>,
}

/// A request for a list that was judged.
struct Asked {
    question: Question,
    how: Wanted,
    is_general: bool,
    session: Option<String>,
    /// What may be read, where events of the request come on top.
    folded: Option<Readable>,
}

impl Device {
    /// Orders a list that was loaded, the posted items, or the scope's catalogue.
    ///
    /// # Errors
    /// A request that breaks a rule.
    pub fn rerank<S: Surroundings>(
        &self,
        surroundings: &S,
        list: Option<ListId>,
        request: RecommendRequest,
    ) -> Result<Decision, Refusal> {
        let asked = self.asked(surroundings, list, request)?;
        let question = &asked.question;
        let mut degraded = self.degraded.clone();
        if asked.is_general {
            return Ok(decision(surroundings, question, general(question, ROLE, asked.how.limit), degraded));
        }
        let readable = asked.folded.as_ref().unwrap_or(&self.readable);
        let shown = self.shown(question, readable, asked.session.as_deref());
        let pack = &self.domain.pack;
        let framings = Framings {
            shown: shown
                .iter()
                .filter_map(|(framing, test)| pack.experiments.variant(framing.as_deref()?, &test.variant))
                .collect(),
            tried: Vec::new(),
        };
        let (mut answer, _) = personal(question, ROLE, &self.person, readable, asked.how, &framings);
        answer.experiments = shown.into_iter().map(|(_, test)| test).collect();
        degraded.append(&mut answer.degraded);
        Ok(decision(surroundings, question, answer, degraded))
    }

    /// Orders as [`Device::rerank`] does, and answers in numbers. None where they do not say all: the general order, an
    /// answer with words, items that came with the request.
    ///
    /// # Errors
    /// A request that breaks a rule.
    pub fn rerank_in_numbers<S: Surroundings>(
        &self,
        surroundings: &S,
        list: Option<ListId>,
        request: RecommendRequest,
    ) -> Result<Option<InNumbers>, Refusal> {
        if request.explain != Explain::Terms || request.candidates.is_some() {
            return Ok(None);
        }
        let asked = self.asked(surroundings, list, request)?;
        let question = &asked.question;
        if asked.is_general || question.reasoning(ROLE) != Reasoning::Visible {
            return Ok(None);
        }
        let readable = asked.folded.as_ref().unwrap_or(&self.readable);
        let (subject, order) = ordered(question, &self.person, readable, asked.how);
        // A term that is no number would leave none in the score; JSON says it as `null`.
        if !order.items.iter().all(|scored| scored.score.is_finite()) {
            return Ok(None);
        }
        let Told { names, numbers, .. } = Told::of(&subject, &order);
        let mut answer = Answer::about(question, readable, Vec::new());
        let shown = self.shown(question, readable, asked.session.as_deref());
        answer.experiments = shown.into_iter().map(|(_, test)| test).collect();
        let mut degraded = self.degraded.clone();
        degraded.append(&mut answer.degraded);
        let decision = decision(surroundings, question, answer, degraded);
        Ok(Some(InNumbers { head: NumbersHead { decision, names }, numbers }))
    }

    /// The id and the category of each item of a list, or of the catalogue, as the places in numbers count them.
    ///
    /// # Errors
    /// `NotFound` where there is no such list.
    pub fn names(&self, list: Option<ListId>) -> Result<Vec<(&str, &str)>, Refusal> {
        let shelf = match list {
            None => &self.domain.shelf,
            Some(ListId(index)) => {
                &self.lists.get(index).and_then(Option::as_ref).ok_or_else(Refusal::not_found)?.shelf
            }
        };
        Ok(shelf.items.iter().map(|shelved| (shelved.item.id.as_str(), shelved.item.category.as_str())).collect())
    }

    fn asked<S: Surroundings>(
        &self,
        surroundings: &S,
        list: Option<ListId>,
        request: RecommendRequest,
    ) -> Result<Asked, Refusal> {
        check(&request)?;
        let mut question = self.ask(surroundings, request.scope.as_deref(), request.candidates, request.context)?;
        if let Some(ListId(index)) = list {
            let loaded = self.lists.get(index).and_then(Option::as_ref).ok_or_else(Refusal::not_found)?;
            question.posted = Some(Rc::clone(loaded));
        }
        let most = if question.posted.is_some() { BULK_ENTRIES } else { usize::from(question.scope.limit) };
        let limit = request.limit.map_or(most, usize::from);
        let how = Wanted { limit, explain: request.explain, show_hidden: request.show_hidden };
        let is_general = request.mode == Some(Mode::General) || !self.person.allowed.personalization;
        let mut folded = None;
        if !is_general {
            question.model.clone_from(&self.model);
            if !request.pending.is_empty() {
                let mut readable = self.readable.clone();
                fold_pending(surroundings, &question, &self.person, &mut readable, request.pending, ROLE)?;
                folded = Some(readable);
            }
        }
        Ok(Asked { question, how, is_general, session: request.session_id, folded })
    }
}

fn check(request: &RecommendRequest) -> Result<(), Refusal> {
    let refuse = |detail: &str| Err(Refusal::invalid("invalid-request", detail));
    if request.limit.is_some_and(|limit| limit == 0 || usize::from(limit) > BULK_ENTRIES) {
        return refuse("limit is 1 to 1000");
    }
    if request.candidates.as_ref().is_some_and(|candidates| candidates.len() > BULK_ENTRIES) {
        return Err(too_many_items());
    }
    if request.as_of.is_some() || request.user_id.is_some() {
        return refuse("as_of and user_id are for the Worker");
    }
    Ok(())
}

/// Hears the scores of a list.
struct Told {
    names: Vec<String>,
    numbers: Vec<f64>,
    /// The place of the name that comes next, if this item tells what the one before it told.
    next: usize,
    terms: f64,
    factors: f64,
}

impl Told {
    /// What one item takes, with the terms of most packs.
    const NUMBERS: usize = 48;

    fn of(subject: &Subject<'_>, order: &RankedList) -> Self {
        let numbers = Vec::with_capacity(order.items.len() * Self::NUMBERS);
        let mut told = Self { names: Vec::new(), numbers, next: 0, terms: 0.0, factors: 0.0 };
        for scored in &order.items {
            let Some(shelved) = subject.shelf.items.get(scored.index) else { continue };
            let confidence = subject.confidence(shelved);
            let priority = f64::from(scored.adjusted_priority);
            told.numbers.extend_from_slice(&[scored.index as f64, scored.score, confidence, priority]);
            let counts = told.numbers.len();
            told.numbers.extend_from_slice(&[0.0; 2]);
            (told.next, told.terms, told.factors) = (0, 0.0, 0.0);
            score(subject, scored.index, shelved, &mut told);
            if let Some(places) = told.numbers.get_mut(counts..counts + 2) {
                places.copy_from_slice(&[told.terms, told.factors]);
            }
        }
        told
    }

    /// The place of a name.
    fn place(&mut self, name: &str) -> f64 {
        if self.names.get(self.next).is_none_or(|known| known != name) {
            self.next = self.names.iter().position(|known| known == name).unwrap_or(self.names.len());
            if self.next == self.names.len() {
                self.names.push(name.to_owned());
            }
        }
        self.next += 1;
        (self.next - 1) as f64
    }
}

impl TraceSink for Told {
    fn term(&mut self, name: &str, value: f64, weight: f64, contribution: f64) {
        let place = self.place(name);
        self.numbers.extend_from_slice(&[place, value, weight, contribution]);
        self.terms += 1.0;
    }

    fn factor(&mut self, name: &str, multiplier: f64) {
        let place = self.place(name);
        self.numbers.extend_from_slice(&[place, multiplier]);
        self.factors += 1.0;
    }
}
