//! A list for the person of this device: as the Worker answers it, or in numbers, for a host that makes objects of them
//! faster than it reads them.

use std::rc::Rc;

use super::device::{Device, ListId, ROLE, too_many_items};
use super::told::{InNumbers, Told};
use crate::flows::pending::fold_pending;
use crate::flows::person::Readable;
use crate::flows::recommend::{Answer, Framings, Question, Wanted, decision, general, ordered, personal, subject_of};
use crate::flows::refusal::Refusal;
use crate::pack::Reasoning;
use crate::ports::Surroundings;
use crate::types::{Decision, Explain, NoTrace};
use crate::wire::{BULK_ENTRIES, Mode, RecommendRequest};

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
        let subject = subject_of(question, &self.person, readable);
        let mut told = Told::of(&subject);
        let order = if asked.how.limit < subject.shelf.items.len() {
            let order = ordered(question, &subject, asked.how, &mut NoTrace);
            told.hear(&subject, &order);
            order
        } else {
            ordered(question, &subject, asked.how, &mut told)
        };
        // A term that is no number would leave none in the score; JSON says it as `null`.
        if !order.items.iter().all(|scored| scored.score.is_finite()) {
            return Ok(None);
        }
        let mut answer = Answer::about(question, readable, Vec::new());
        let shown = self.shown(question, readable, asked.session.as_deref());
        answer.experiments = shown.into_iter().map(|(_, test)| test).collect();
        let mut degraded = self.degraded.clone();
        degraded.append(&mut answer.degraded);
        let decision = decision(surroundings, question, answer, degraded);
        Ok(Some(told.in_numbers(&subject, &order, decision)))
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
