//! What people like this person took up, of kinds of advice that the person has not seen (seed 000,
//! `get_collaborative_recommendations`).

use serde::Serialize;

use super::Host;
use super::domain::live_domain;
use super::person::{Asker, Person};
use super::refusal::Refusal;
use crate::math::sort_list;
use crate::pack::{Shelf, ShelvedItem};
use crate::ports::{NeighboursChoices, People, TakenItem};
use crate::profile::{country_of, evidence};
use crate::rules::{Eligibility, is_eligible};
use crate::types::SortedSet;

/// Items of an answer (seed 000).
const MOST_ITEMS: usize = 5;
/// A count of neighbours below this is not shown: of one or two people it says what they did.
const LEAST_SHOWN: u32 = 3;

/// What neighbours took up, the most relevant first; empty without consent, while the profile is building, and where
/// there is nothing.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Collaborative {
    /// At most five.
    pub recommendations: Vec<CollaborativeItem>,
}

/// An item that neighbours took up.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CollaborativeItem {
    /// The item.
    pub recommendation_id: String,
    /// Its kind of advice.
    #[serde(rename = "type")]
    pub item_type: Option<String>,
    /// Its category.
    pub category: String,
    /// Its base title.
    pub title: String,
    /// The similarities of the neighbours who took it up, divided by those of all neighbours: 0 to 1.
    pub relevance_score: f64,
    /// How many neighbours took it up; None below three.
    pub similar_user_count: Option<u32>,
    /// `COLLABORATIVE_FILTERING`.
    pub source: &'static str,
}

/// Returns what the person's neighbours took up. Both sides' consent is asked now, not when neighbours were computed: the
/// person's here, the neighbours' in the store.
///
/// # Errors
/// An unknown scope; a store that is down.
pub async fn collaborative<H: Host>(host: &H, asker: &Asker, scope: Option<&str>) -> Result<Collaborative, Refusal> {
    let record = People::load(host, asker.scope, &[]).await?;
    let (live, reference, _) = live_domain(host, scope, Some(&record.pointers)).await?;
    let domain = &live.domain;
    let scope = domain.scope(reference.scope.as_deref()).ok_or_else(Refusal::not_found)?;
    let person = Person::new(host, record, &domain.pack);
    let readable = person.readable(&domain.pack);
    let is_building = evidence(&readable.state, host.now_ms()).is_building;
    if !person.allowed.sharing || !person.allowed.behavioral || is_building {
        return Ok(Collaborative::default());
    }
    let choices = host.neighbours_choices(asker.scope).await?;
    let country = country_of(readable.stated.country.as_deref(), &domain.pack);
    let eligibility = Eligibility { scope, country, now_ms: host.now_ms() };
    Ok(Collaborative { recommendations: most_relevant(choices, &domain.shelf, &eligibility) })
}

fn most_relevant(choices: NeighboursChoices, shelf: &Shelf, eligibility: &Eligibility<'_>) -> Vec<CollaborativeItem> {
    let shelved = |id: &str| shelf.position(id).and_then(|at| shelf.items.get(at));
    let seen: SortedSet<&str> = choices.seen.iter().filter_map(|id| shelved(id)).map(kind_of).collect();
    let relevance = |taken: &TakenItem| {
        if choices.similarity > 0.0 { (taken.similarity / choices.similarity).clamp(0.0, 1.0) } else { 0.0 }
    };
    let fits = |shelved: &&ShelvedItem| !seen.contains(kind_of(shelved)) && is_eligible(shelved, eligibility);
    let mut items: Vec<CollaborativeItem> = Vec::new();
    for taken in &choices.taken {
        let Some(ShelvedItem { item, .. }) = shelved(&taken.item).filter(fits) else { continue };
        items.push(CollaborativeItem {
            recommendation_id: item.id.clone(),
            item_type: item.item_type.clone(),
            category: item.category.clone(),
            title: item.title.clone(),
            relevance_score: relevance(taken),
            similar_user_count: (taken.people >= LEAST_SHOWN).then_some(taken.people),
            source: "COLLABORATIVE_FILTERING",
        });
    }
    sort_list(&mut items, |a, b| {
        f64::total_cmp(&b.relevance_score, &a.relevance_score)
            .then_with(|| a.recommendation_id.cmp(&b.recommendation_id))
    });
    items.truncate(MOST_ITEMS);
    items
}

/// The kind of advice; an item without one is a kind of its own.
fn kind_of(shelved: &ShelvedItem) -> &str {
    shelved.item.item_type.as_deref().unwrap_or(&shelved.item.id)
}
