//! For each person the twenty most like them: everybody is compared with everybody (seed 000).
//!
//! The likeness itself is the engine's (`collab`). Nothing is approximated: a pair is put aside early only where its bound
//! shows that it cannot enter the list. Equal scores stand by id. Time grows with the square of the number of people: 16,000
//! cost 9 CPU seconds where this was written, so some 55,000 fill a minute on two cores, and more want an index.

use std::sync::Mutex;

use nearside_engine::collab::{MOST_SIMILAR_PEOPLE, PersonFacets, SIMILAR_ABOVE, common_attributes, similarity_from};
use serde::Serialize;

use super::shared_people::SharedPerson;
use super::threads::for_each_part;
use crate::progress::Progress;

/// People that one thread takes at a time.
const PART: usize = 64;

/// The body of `PUT /admin/similar-users`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct SimilarUsers {
    /// Everybody who takes part, by id; also those to whom nobody is similar, so that an older list goes.
    pub(crate) people: Vec<SimilarToPerson>,
}

/// The people most like one person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct SimilarToPerson {
    /// Whose list it is.
    pub(crate) user_id: String,
    /// At most 20, most similar first, all strictly above 0.5.
    pub(crate) similar: Vec<SimilarUser>,
}

/// One similar person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct SimilarUser {
    /// Who.
    pub(crate) user_id: String,
    /// Above 0.5, to 1.
    pub(crate) score: f64,
    /// What both share, under the profile's names.
    pub(crate) common_attributes: Vec<&'static str>,
}

/// Finds the similar people of everybody. `people` are by id ascending, each once.
pub(crate) fn similar_people(people: &[SharedPerson], threads: usize) -> SimilarUsers {
    let facets: Vec<PersonFacets> = people.iter().map(|person| person.facets.clone()).collect();
    let found = most_similar(&facets, threads);
    let named = people.iter().zip(found).map(|(person, similar)| SimilarToPerson {
        user_id: person.user_id.clone(),
        similar: similar
            .into_iter()
            .filter_map(|(other, score)| {
                let other = people.get(other)?;
                let common = common_attributes(&person.facets, &other.facets);
                let common_attributes = common.into_iter().map(|attribute| attribute.name()).collect();
                Some(SimilarUser { user_id: other.user_id.clone(), score, common_attributes })
            })
            .collect(),
    });
    SimilarUsers { people: named.collect() }
}

/// For each person the places and scores of the most similar others: at most 20, most similar first.
pub(crate) fn most_similar(people: &[PersonFacets], threads: usize) -> Vec<Vec<(usize, f64)>> {
    let progress = Progress::start("similar", people.len());
    let found = Mutex::new(vec![Vec::new(); people.len()]);
    for_each_part(threads, people.chunks(PART).collect(), |part, persons| {
        for (inside, person) in persons.iter().enumerate() {
            let own = part * PART + inside;
            let list = most_similar_to(own, person, people);
            if let Some(slot) = found.lock().ok().as_mut().and_then(|found| found.get_mut(own)) {
                *slot = list;
            }
        }
        progress.advance(persons.len());
    });
    progress.finish();
    found.into_inner().unwrap_or_default()
}

/// Others come in the order of their ids, so one who equals the last of a full list stays behind it.
fn most_similar_to(own: usize, person: &PersonFacets, people: &[PersonFacets]) -> Vec<(usize, f64)> {
    let mut best: Vec<(usize, f64)> = Vec::with_capacity(MOST_SIMILAR_PEOPLE + 1);
    let mut least = SIMILAR_ABOVE;
    for (place, other) in people.iter().enumerate() {
        let score = similarity_from(person, other, least).filter(|score| *score > least && place != own);
        let Some(score) = score else { continue };
        let before = best.partition_point(|(_, known)| *known >= score);
        best.insert(before, (place, score));
        best.truncate(MOST_SIMILAR_PEOPLE);
        if let (MOST_SIMILAR_PEOPLE, Some((_, last))) = (best.len(), best.last()) {
            least = *last;
        }
    }
    best
}

#[cfg(test)]
#[path = "similar_people_tests.rs"]
mod tests;
