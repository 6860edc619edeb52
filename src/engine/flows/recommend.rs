//! `POST /recommend`: consent first, then the list. Whatever fails on the way, the answer is a list.

use std::rc::Rc;

use super::Host;
use super::domain::{Domain, Live, ScopeRef, live_domain};
use super::experiments::{Carrier, Chosen, KnownFacts, choose};
use super::live_model::{LiveModel, live_model};
use super::observe::resolve_context;
use super::pending::fold_pending;
use super::person::{Asker, Person, Readable};
use super::refusal::{Kind, Refusal};
use super::without_pack::decide_without_pack;
use crate::models::PersonalWeights;
use crate::pack::{FramedVariant, Framing, Reasoning, Scope, Shelf, parse_catalogue};
use crate::ports::{People, PersonRecord, Surroundings};
use crate::profile::{country_of, evidence, is_outlier};
use crate::ranking::{
    GeneralOrder, Presentation, RankedList, TextCache, framing_acts, general_order, present_general, present_personal,
    rank_told,
};
use crate::rules::{Eligibility, Hidden, hidden_items};
use crate::scoring::{Subject, SubjectInput};
use crate::types::{
    Context, DecidedItem, DecidedTest, Decision, Item, NoTrace, Personalization, Role, TimeMs, TraceSink, parse_rfc3339,
};
use crate::wire::{BULK_ENTRIES, Candidate, Mode, RecommendRequest};
use nearside_json::read_json;

/// The most pending interactions of a request.
const MOST_PENDING: usize = 32;
/// The most items of an answer.
const MOST_ITEMS: u16 = 50;

/// A request that was judged, with the domain it asks of.
pub(super) struct Question {
    pub(super) now_ms: TimeMs,
    pub(super) context: Context,
    pub(super) live: Live,
    pub(super) scope: Scope,
    pub(super) posted: Option<Rc<Posted>>,
    /// The model that ranks, once it is known for whom.
    pub(super) model: Option<Rc<LiveModel>>,
}

/// Items that came with the request, laid out.
pub(super) struct Posted {
    pub(super) shelf: Shelf,
    pub(super) texts: TextCache,
}

impl Question {
    pub(super) fn domain(&self) -> &Domain {
        &self.live.domain
    }

    pub(super) fn shelf(&self) -> &Shelf {
        self.posted.as_ref().map_or(&self.live.domain.shelf, |posted| &posted.shelf)
    }

    pub(super) fn texts(&self) -> &TextCache {
        self.posted.as_ref().map_or(&self.live.domain.texts, |posted| &posted.texts)
    }

    /// Finds the model that ranks for a person.
    pub(super) async fn choose_model<H: Host>(
        &mut self,
        host: &H,
        person: &Person,
        asker: &Asker,
        degraded: &mut Vec<String>,
    ) {
        let (domain, user) = (&self.live.domain, asker.scope.user());
        self.model = live_model(host, domain, user, &person.record.pointers, degraded).await;
    }

    /// Seals the answer for its person.
    fn receipt<H: Host>(
        &self,
        host: &H,
        asker: &Asker,
        chosen: &Chosen,
        items: &[DecidedItem],
        acting: &[String],
    ) -> Option<String> {
        let model = self.model.as_ref().map(|model| model.version.as_str()).unwrap_or_default();
        chosen.receipt(host, asker.scope.user(), (model, &self.domain().pack_version), items, acting)
    }

    /// How much of the reasoning this role may see.
    pub(super) fn reasoning(&self, role: Role) -> Reasoning {
        if role.is_admin() { Reasoning::Visible } else { self.scope.reasoning.unwrap_or(self.domain().pack.reasoning) }
    }
}

/// Answers what this person should see next.
///
/// # Errors
/// A request that breaks a rule. Stores that are down only degrade the answer.
pub async fn recommend<H: Host>(host: &H, asker: &Asker, request: RecommendRequest) -> Result<Decision, Refusal> {
    check(&request, asker)?;
    let carrier = Carrier::new(
        asker.scope.user(),
        request.session_id.clone(),
        request.device_id.clone(),
        request.experiments_token.clone(),
    )?;
    // The log spells ids in lower case, whatever the client did.
    let pending_ids: Vec<String> =
        request.pending.iter().filter_map(|raw| Some(raw.id.as_ref()?.to_ascii_lowercase())).collect();
    let (record, mut degraded) = match request.mode {
        Some(Mode::General) => (None, Vec::new()),
        None => load_record(host, asker, &pending_ids).await,
    };
    let pointers = match (&record, request.mode) {
        (Some(record), _) => Some(record.pointers.clone()),
        (None, Some(Mode::General)) => host.pointers().await.ok(),
        (None, None) => None,
    };
    let (live, reference, _) = match live_domain(host, request.scope.as_deref(), pointers.as_ref()).await {
        Err(refusal) if refusal.kind == Kind::Unavailable => {
            degraded.push("pack".to_owned());
            return Ok(decide_without_pack(host, request, degraded));
        }
        found => found?,
    };
    degraded.extend(live.degraded.iter().cloned());
    let mut question = ask(host, live, &reference, request.candidates, request.context, request.as_of.as_deref())?;
    let limit = usize::from(request.limit.unwrap_or(u16::from(question.scope.limit)).min(MOST_ITEMS));
    let person = record.map(|record| Person::new(host, record, &question.domain().pack));
    if let Some(person) = &person {
        person.note_signal(&mut degraded);
    }
    let answer = match person.filter(|person| person.allowed.personalization) {
        None => general(&question, asker.role, limit),
        Some(person) => {
            let mut readable = person.readable(&question.domain().pack);
            fold_pending(host, &question, &person, &mut readable, request.pending, asker.role)?;
            degraded.append(&mut readable.degraded);
            question.choose_model(host, &person, asker, &mut degraded).await;
            let facts = KnownFacts {
                pack: &question.domain().pack,
                context: &question.context,
                stated: &readable.stated,
                state: &readable.state,
                allowed: person.allowed,
                now_ms: question.now_ms,
            };
            let chosen = choose(host, &carrier, &person, &facts, &mut degraded).await;
            let how = Wanted { limit, explain: request.explain, show_hidden: request.show_hidden };
            let pack = &question.domain().pack;
            let framings = Framings { shown: chosen.framings(pack), tried: chosen.tried(pack) };
            let (mut answer, acting) = personal(&question, asker.role, &person, &readable, how, &framings);
            if person.may_track {
                answer.receipt = question.receipt(host, asker, &chosen, &answer.items, &acting);
            }
            degraded.append(&mut answer.degraded);
            Answer { experiments: chosen.shown(), experiments_token: chosen.token, ..answer }
        }
    };
    Ok(decision(host, &question, answer, degraded))
}

/// What of the answer the request shapes.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    pub(super) limit: usize,
    pub(super) explain: crate::types::Explain,
    pub(super) show_hidden: bool,
}

/// How tests frame an answer: with what is shown, and with what is tried, whatever this person sees of it.
#[derive(Default)]
pub(super) struct Framings<'p> {
    pub(super) shown: Vec<FramedVariant<'p>>,
    pub(super) tried: Vec<&'p Framing>,
}

/// The items of a decision and what belongs to them.
pub(super) struct Answer {
    pub(super) personalization: Personalization,
    pub(super) items: Vec<DecidedItem>,
    pub(super) experiments: Vec<DecidedTest>,
    pub(super) experiments_token: Option<String>,
    pub(super) receipt: Option<String>,
    pub(super) degraded: Vec<String>,
}

impl Answer {
    fn of(personalization: Personalization, items: Vec<DecidedItem>) -> Self {
        let (experiments, degraded) = (Vec::new(), Vec::new());
        Self { personalization, items, experiments, experiments_token: None, receipt: None, degraded }
    }

    /// A personal answer: how far the person is known, and whether their record is believed.
    pub(super) fn about(question: &Question, readable: &Readable, items: Vec<DecidedItem>) -> Self {
        let is_building = evidence(&readable.state, question.now_ms).is_building;
        let personalization = if is_building { Personalization::Building } else { Personalization::Full };
        let mut answer = Self::of(personalization, items);
        if is_outlier(&readable.state, &question.domain().pack) {
            answer.degraded.push("outlier".to_owned());
        }
        answer
    }
}

fn check(request: &RecommendRequest, asker: &Asker) -> Result<(), Refusal> {
    let refuse = |detail: &str| Err(Refusal::invalid("invalid-request", detail));
    if request.limit.is_some_and(|limit| limit == 0 || limit > MOST_ITEMS) {
        return refuse("limit is 1 to 50");
    }
    if request.pending.len() > MOST_PENDING {
        return refuse("pending holds more than 32 interactions");
    }
    if request.candidates.as_ref().is_some_and(|candidates| candidates.len() > BULK_ENTRIES) {
        return refuse("candidates holds more than 1000 entries");
    }
    if request.as_of.is_some() && !asker.role.is_admin() {
        return refuse("as_of is for admins");
    }
    Ok(())
}

/// Reads the person's row. A store that is down means: consent unknown, so nothing personal.
pub(super) async fn load_record<H: Host>(
    host: &H,
    asker: &Asker,
    ids: &[String],
) -> (Option<PersonRecord>, Vec<String>) {
    match People::load(host, asker.scope, ids).await {
        Ok(record) => (Some(record), Vec::new()),
        Err(_) => (None, vec!["consent".to_owned()]),
    }
}

/// Judges what a request asks of a domain.
pub(super) fn ask<S: Surroundings>(
    host: &S,
    live: Live,
    reference: &ScopeRef,
    candidates: Option<Vec<Candidate>>,
    context: Context,
    as_of: Option<&str>,
) -> Result<Question, Refusal> {
    let now_ms = match as_of {
        None => host.now_ms(),
        Some(text) => {
            parse_rfc3339(text).ok_or_else(|| Refusal::invalid("invalid-request", "as_of is not an RFC 3339 time"))?
        }
    };
    let context = resolve_context(host, context, now_ms)
        .map_err(|invalid| Refusal::invalid("invalid-request", invalid.detail))?;
    let scope = live.domain.scope(reference.scope.as_deref()).cloned().ok_or_else(Refusal::not_found)?;
    let posted = candidates.map(|candidates| lay_out(candidates, &live.domain)).transpose()?.map(Rc::new);
    Ok(Question { now_ms, context, live, scope, posted, model: None })
}

/// Checks posted items and lays them out; an id stands for the catalogue's item.
///
/// # Errors
/// The first rule that an item breaks.
pub(super) fn lay_out(candidates: Vec<Candidate>, domain: &Domain) -> Result<Posted, Refusal> {
    let mut items: Vec<Item> = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        match candidate {
            Candidate::Item(item) => items.push(*item),
            // An id that the catalogue does not hold (any more) cannot be ordered; the caller sees it missing.
            Candidate::Id(id) => {
                items.extend(
                    domain
                        .shelf
                        .position(&id)
                        .and_then(|at| domain.shelf.items.get(at))
                        .map(|shelved| shelved.item.clone()),
                );
            }
        }
    }
    let checked = parse_catalogue(items, &domain.pack).map_err(|invalid| {
        let first = invalid.0.first().map(|finding| {
            format!("candidates{}: {}", finding.path.strip_prefix("items").unwrap_or_default(), finding.rule)
        });
        Refusal::invalid("invalid-request", first.unwrap_or_default())
    })?;
    let shelf = Shelf::new(checked.items, &domain.pack);
    let texts = TextCache::new(&shelf);
    Ok(Posted { shelf, texts })
}

/// The general order.
pub(super) fn general(question: &Question, role: Role, limit: usize) -> Answer {
    let domain = question.domain();
    let country = country_of(question.context.country.as_deref(), &domain.pack);
    let order = GeneralOrder {
        pack: &domain.pack,
        shelf: question.shelf(),
        eligibility: Eligibility { scope: &question.scope, country, now_ms: question.now_ms },
        popularity: domain.popularity.as_ref(),
    };
    let reasoning = question.reasoning(role);
    let shelved = general_order(&order, limit).into_iter().filter_map(|index| question.shelf().items.get(index));
    let items = shelved.zip(1..).map(|(shelved, rank)| present_general(shelved, rank, reasoning)).collect();
    Answer::of(Personalization::None, items)
}

/// The order for a person, and the framings of which some variant changes an item of it.
pub(super) fn personal(
    question: &Question,
    role: Role,
    person: &Person,
    readable: &Readable,
    wanted: Wanted,
    framings: &Framings<'_>,
) -> (Answer, Vec<String>) {
    let subject = subject_of(question, person, readable);
    let list = ordered(question, &subject, wanted, &mut NoTrace);
    let lexicon = question.domain().lexicon();
    let how = Presentation::new(lexicon, question.texts(), wanted.explain, question.reasoning(role), &framings.shown);
    let items =
        list.items.iter().zip(1..).map(|(scored, rank)| present_personal(&subject, scored, rank, &how)).collect();
    let acts = |framing: &&Framing| {
        how.reasoning == Reasoning::Visible
            && list.items.iter().any(|scored| framing_acts(&subject, scored.index, &how, framing))
    };
    let acting = framings.tried.iter().copied().filter(acts).map(|framing| framing.id.clone()).collect();
    (Answer::about(question, readable, items), acting)
}

/// A person's order of the shelf. `sink` hears how each eligible item's score came about.
pub(super) fn ordered<'a>(
    question: &Question,
    subject: &Subject<'a>,
    wanted: Wanted,
    sink: &mut impl TraceSink<'a>,
) -> RankedList {
    let eligibility =
        Eligibility { scope: &question.scope, country: subject.eligible_country, now_ms: question.now_ms };
    let hidden = hidden_for(subject, wanted.show_hidden);
    rank_told(subject, &eligibility, &hidden, wanted.limit, sink)
}

pub(super) fn subject_of<'a>(question: &'a Question, person: &Person, readable: &'a Readable) -> Subject<'a> {
    let input = SubjectInput {
        state: &readable.state,
        stated: &readable.stated,
        allowed: person.allowed,
        context: &question.context,
        now_ms: question.now_ms,
        popularity: question.live.domain.popularity.as_ref(),
    };
    let served = question.model.as_ref().map(|model| &model.served);
    let subject =
        Subject::new(input, &question.live.domain.pack, question.shelf()).with_model(served, question.posted.is_none());
    subject.with_weights(own_weights(question, person).as_ref())
}

/// The person's own weights, where they may be read and are of the version that ranks.
fn own_weights(question: &Question, person: &Person) -> Option<PersonalWeights> {
    let (model, json) = (question.model.as_ref()?, person.record.weights_json.as_ref()?);
    let weights: PersonalWeights = read_json(json.as_bytes()).ok()?;
    (person.allowed.behavioral && weights.version == model.version).then_some(weights)
}

/// What is hidden. Hiding waits for a full profile, and for an outlier it never comes.
pub(super) fn hidden_for(subject: &Subject<'_>, show_hidden: bool) -> Hidden {
    if show_hidden || subject.evidence.is_building || subject.is_outlier {
        return Hidden::default();
    }
    hidden_items(subject.part(), subject.pack, subject.shelf, subject.input.now_ms)
}

/// An answer with the versions of everything that made it.
pub(super) fn decision<S: Surroundings>(
    host: &S,
    question: &Question,
    answer: Answer,
    degraded: Vec<String>,
) -> Decision {
    let domain = question.domain();
    let message =
        (answer.personalization == Personalization::Building).then(|| domain.pack.words.building_message.clone());
    let version = |hash: &str| (!hash.is_empty()).then(|| hash.to_owned());
    Decision {
        decision_id: host.fresh_id(),
        scope: question.scope.id.clone(),
        personalization: answer.personalization,
        message,
        model_version: question.model.as_ref().map(|model| model.version.clone()),
        pack_version: version(&domain.pack_version),
        catalog_version: version(&domain.catalog_version),
        cached: false,
        degraded,
        permitted_use: "ordering_only",
        items: answer.items,
        experiments: answer.experiments,
        experiments_token: answer.experiments_token,
        receipt: answer.receipt,
    }
}
