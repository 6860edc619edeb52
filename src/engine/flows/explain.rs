//! Why a person sees an item: the same path as the list's, run now, with a trace.

use super::Host;
use super::domain::live_domain;
use super::person::{Asker, Person, Readable};
use super::recommend::{Question, ask, hidden_for, load_record, subject_of};
use super::refusal::Refusal;
use crate::explain::{Explanation, explain as explain_item};
use crate::pack::Pack;
use crate::ranking::rank;
use crate::rules::Eligibility;
use crate::types::{Personalization, Role};
use crate::wire::ExplainRequest;

/// Explains one item of the scope's catalogue, or of the posted list.
///
/// # Errors
/// `NotFound` when the item is in neither; a request that breaks a rule.
pub async fn explain<H: Host>(host: &H, asker: &Asker, request: ExplainRequest) -> Result<Explanation, Refusal> {
    if request.as_of.is_some() && !asker.role.is_admin() {
        return Err(Refusal::invalid("invalid-request", "as_of is for admins"));
    }
    let (record, mut degraded) = load_record(host, asker, &[]).await;
    let pointers = record.as_ref().map(|record| record.pointers.clone());
    let (live, reference, _) = live_domain(host, request.scope.as_deref(), pointers.as_ref()).await?;
    degraded.extend(live.degraded.iter().cloned());
    let mut question = ask(host, live, &reference, request.candidates, request.context, request.as_of.as_deref())?;
    let id = &request.recommendation_id;
    let person = record.map(|record| Person::new(host, record, &question.domain().pack));
    if let Some(person) = &person {
        person.note_signal(&mut degraded);
    }
    let Some(person) = person.filter(|person| person.allowed.personalization) else {
        return Ok(Explanation { degraded, ..explained(&question, id, None, asker.role)? });
    };
    let mut readable = person.readable(&question.domain().pack);
    degraded.append(&mut readable.degraded);
    question.choose_model(host, &person, asker, &mut degraded).await;
    Ok(Explanation { degraded, ..explained(&question, id, Some((&person, &readable)), asker.role)? })
}

/// Why an item stands where it stands, for a person, or in the general order.
///
/// # Errors
/// `NotFound` when the item is not on the shelf.
pub(super) fn explained(
    question: &Question,
    id: &str,
    known: Option<(&Person, &Readable)>,
    role: Role,
) -> Result<Explanation, Refusal> {
    let index = question.shelf().position(id).ok_or_else(Refusal::not_found)?;
    let Some((person, readable)) = known else {
        return Ok(of_general_order(id, &question.domain().pack));
    };
    let shelved = question.shelf().items.get(index).ok_or_else(Refusal::not_found)?;
    let subject = subject_of(question, person, readable);
    let hidden = hidden_for(&subject, false);
    let eligibility =
        Eligibility { scope: &question.scope, country: subject.eligible_country, now_ms: question.now_ms };
    let list = rank(&subject, &eligibility, &hidden, question.shelf().items.len());
    let rank = list.items.iter().zip(1..).find(|(scored, _)| scored.index == index).map(|(_, rank)| rank);
    let is_hidden = rank.is_none() && hidden.contains(index, shelved.category);
    Ok(explain_item(&subject, index, shelved, rank, is_hidden, question.reasoning(role)))
}

/// In the general order no fact of the person plays a part, and the explanation says just that.
fn of_general_order(id: &str, pack: &Pack) -> Explanation {
    let words = &pack.words.explain;
    Explanation {
        recommendation_id: id.to_owned(),
        as_of: "now",
        personalization: Personalization::None,
        rank: None,
        score: None,
        is_hidden: false,
        primary_reasons: vec![words.none.clone()],
        contributing_factors: Vec::new(),
        terms: None,
        factors: None,
        data_used: Vec::new(),
        what_would_change_it: Vec::new(),
        how_to_improve_relevance: words.improve.clone(),
        logic: words.logic.clone(),
        degraded: Vec::new(),
        permitted_use: "ordering_only",
    }
}
