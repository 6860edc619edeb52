//! A person's device: what it holds, a reason and a variant for the person of this device, by the path that the Worker takes.

use std::rc::Rc;

use super::person::DevicePerson;
use super::published::{Prepared, Published, PublishedVersions, prepare};
use crate::experiments::Assignments;
use crate::explain::Explanation;
use crate::flows::domain::{Domain, Live, ScopeRef};
use crate::flows::experiments::{Ids, KnownFacts, LiveExperiments};
use crate::flows::explain::explained;
use crate::flows::live_model::LiveModel;
use crate::flows::person::{Person, Readable};
use crate::flows::recommend::{Posted, Question, ask, lay_out};
use crate::flows::refusal::Refusal;
use crate::pack::Pack;
use crate::ports::Surroundings;
use crate::types::{Context, DecidedTest, Role};
use crate::wire::{BULK_ENTRIES, Candidate, ExplainRequest};

/// Who asks on a device: the person.
pub(super) const ROLE: Role = Role::Client;

/// A person and what is published, ready to rank.
pub struct Device {
    pub(super) domain: Rc<Domain>,
    pub(super) model: Option<Rc<LiveModel>>,
    experiments: Option<LiveExperiments>,
    pub(super) degraded: Vec<String>,
    pub(super) kept: DevicePerson,
    pub(super) person: Person,
    pub(super) readable: Readable,
    pub(super) lists: Vec<Option<Rc<Posted>>>,
}

/// A list of items that a device has laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListId(pub usize);

impl Device {
    /// Makes ready what is published, for somebody of whom nothing is known. The host verified it.
    ///
    /// # Errors
    /// `no-pack` where the pack does not read. All else that does not, or is missing, is left out and named in `degraded`.
    pub fn open<S: Surroundings>(
        surroundings: &S,
        versions: &PublishedVersions,
        published: Published<'_>,
    ) -> Result<Self, Refusal> {
        let ready = prepare(versions, published, surroundings.environment(), surroundings.now_ms())?;
        let Prepared { domain, model, experiments, degraded } = ready;
        let kept = DevicePerson::default();
        let (person, readable) = kept.judged(&domain.pack);
        Ok(Self { domain, model, experiments, degraded, kept, person, readable, lists: Vec::new() })
    }

    /// The pack.
    pub fn pack(&self) -> &Pack {
        &self.domain.pack
    }

    /// What was published and does not serve: `catalog`, `popularity`, `model`, `experiments`.
    pub fn degraded(&self) -> &[String] {
        &self.degraded
    }

    /// The person as the host is to keep them.
    pub fn person(&self) -> &DevicePerson {
        &self.kept
    }

    /// Takes a person over.
    pub fn set_person(&mut self, kept: DevicePerson) {
        (self.person, self.readable) = kept.judged(&self.domain.pack);
        self.kept = kept;
    }

    /// Checks a list of items once and keeps it, so that they need not be read again for each order.
    ///
    /// # Errors
    /// More than 1,000 items; the first rule that one breaks.
    pub fn load(&mut self, items: Vec<Candidate>) -> Result<ListId, Refusal> {
        if items.len() > BULK_ENTRIES {
            return Err(too_many_items());
        }
        let list = Some(Rc::new(lay_out(items, &self.domain)?));
        let free = self.lists.iter_mut().zip(0..).find(|(place, _)| place.is_none());
        if let Some((place, index)) = free {
            *place = list;
            return Ok(ListId(index));
        }
        self.lists.push(list);
        Ok(ListId(self.lists.len() - 1))
    }

    /// Forgets a list.
    pub fn unload(&mut self, list: ListId) {
        if let Some(place) = self.lists.get_mut(list.0) {
            *place = None;
        }
    }

    /// Says why an item stands where it stands.
    ///
    /// # Errors
    /// `NotFound` where it is neither posted nor in the catalogue; a request that breaks a rule.
    pub fn explain<S: Surroundings>(&self, surroundings: &S, request: ExplainRequest) -> Result<Explanation, Refusal> {
        let mut question = self.ask(surroundings, request.scope.as_deref(), request.candidates, request.context)?;
        question.model.clone_from(&self.model);
        let known = self.person.allowed.personalization.then_some((&self.person, &self.readable));
        let explanation = explained(&question, &request.recommendation_id, known, ROLE)?;
        Ok(Explanation { degraded: self.degraded.clone(), ..explanation })
    }

    /// Returns the variant of a test; None where there is no such test.
    ///
    /// # Errors
    /// A context that breaks a rule.
    pub fn assign<S: Surroundings>(
        &self,
        surroundings: &S,
        test: &str,
        context: Context,
    ) -> Result<Option<DecidedTest>, Refusal> {
        let question = self.ask(surroundings, None, None, context)?;
        let Some(live) = self.experiments.as_ref().filter(|_| self.person.allowed.experiments) else {
            return Ok(None);
        };
        let facts = self.facts(&question, &self.readable);
        let decided = live.decide_one(test, self.ids(None), &facts, &Assignments::new(), question.now_ms);
        Ok(decided.map(|decided| decided.named()))
    }

    pub(super) fn ask<S: Surroundings>(
        &self,
        surroundings: &S,
        scope: Option<&str>,
        candidates: Option<Vec<Candidate>>,
        context: Context,
    ) -> Result<Question, Refusal> {
        // A scope may be named with its pack, as for the Worker.
        let scope = scope.map(|name| name.split_once(':').map_or(name, |(_, scope)| scope).to_owned());
        if self.domain.scope(scope.as_deref()).is_none() {
            return Err(Refusal::invalid("unknown-scope", "scope is not one of the pack's scopes"));
        }
        let live = Live { domain: Rc::clone(&self.domain), degraded: Vec::new() };
        let reference = ScopeRef { pack: self.domain.pack.id.clone(), scope };
        ask(surroundings, live, &reference, candidates, context, None)
    }

    fn facts<'a>(&'a self, question: &'a Question, readable: &'a Readable) -> KnownFacts<'a> {
        KnownFacts {
            pack: &self.domain.pack,
            context: &question.context,
            stated: &readable.stated,
            state: &readable.state,
            allowed: self.person.allowed,
            now_ms: question.now_ms,
        }
    }

    fn ids<'a>(&'a self, session: Option<&'a str>) -> Ids<'a> {
        let unit = self.kept.unit_id.as_deref();
        Ids { user: unit, session, device: unit }
    }

    /// The tests that run for the pack, each with the framing that it tries.
    pub(super) fn shown(
        &self,
        question: &Question,
        readable: &Readable,
        session: Option<&str>,
    ) -> Vec<(Option<String>, DecidedTest)> {
        let Some(live) = self.experiments.as_ref().filter(|_| self.person.allowed.experiments) else {
            return Vec::new();
        };
        let facts = self.facts(question, readable);
        let decided = live.decide(self.ids(session), &facts, &Assignments::new(), question.now_ms).into_iter();
        let own = decided.filter(|decided| decided.runs_for(&self.domain.pack.id, question.now_ms));
        own.map(|decided| (decided.test.definition.framing.clone(), decided.named())).collect()
    }
}

pub(super) fn too_many_items() -> Refusal {
    Refusal::invalid("invalid-request", "a list holds more than 1000 items")
}
