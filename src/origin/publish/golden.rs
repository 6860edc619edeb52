//! The golden requests: before a pointer moves, the model ranks the live catalogue for people of every kind, natively and
//! by the engine that the Worker runs. Every list must be full, every score finite and the sum of what explains it.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use nearside_engine::models::Model;
use nearside_engine::pack::{Catalogue, Pack, Scope, Shelf, parse_pack};
use nearside_engine::profile::{ItemState, ProfileState};
use nearside_engine::ranking::rank;
use nearside_engine::rules::{Eligibility, Hidden};
use nearside_engine::scoring::{ServedModel, Subject, SubjectInput, score};
use nearside_engine::types::{Context as Situation, DAY_MS, Stated, TimeMs, Trace, day_of};
use nearside_json::read_json;

use crate::train::ALLOWED;

/// A score may differ from the sum of its terms by this much, relative to itself where that is above 1.
const ROUNDING: f64 = 1e-9;
/// How many items people have taken up: nobody knows the first, and the last one is a good customer.
const TAKEN: [usize; 4] = [0, 1, 5, 50];

/// The pack and the catalogue that are live.
#[derive(Debug)]
pub(super) struct LiveDomain {
    pub(super) pack: Pack,
    shelf: Shelf,
}

impl LiveDomain {
    /// Reads what the Worker serves.
    ///
    /// # Errors
    /// It does not read, or there is no item.
    pub(super) fn read(pack: &str, catalogue: &str) -> Result<Self> {
        let pack = parse_pack(pack.as_bytes())
            .map_err(|invalid| anyhow::anyhow!("the live pack breaks {} rules of this engine", invalid.0.len()))?;
        let catalogue: Catalogue = read_json(catalogue.as_bytes())
            .map_err(|error| anyhow::anyhow!("the live catalogue does not read: {error}"))?;
        ensure!(!catalogue.items.is_empty(), "the live catalogue has no item to rank");
        Ok(Self { shelf: Shelf::new(catalogue.items, &pack), pack })
    }

    /// The name of the pack's first scope, as requests write it.
    pub(super) fn first_scope(&self) -> Result<String> {
        let scope = self.pack.scopes.first().context("the pack has no scope")?;
        Ok(format!("{}:{}", self.pack.id, scope.id))
    }
}

/// Ranks for people of every kind on every surface, and returns how many scores were checked.
///
/// # Errors
/// A list that is short, a score that is not finite or not the sum of its terms; no surface that shows anything.
pub(super) fn ask_golden(domain: &LiveDomain, model: Model, now_ms: TimeMs) -> Result<usize> {
    let served = ServedModel::new(model, &domain.shelf);
    let mut checked = 0;
    for taken in TAKEN {
        let state = somebody(domain, taken, now_ms);
        for scope in &domain.pack.scopes {
            checked += ask(domain, &served, &state, scope, now_ms)
                .with_context(|| format!("somebody with {taken} items, on {}", scope.id))?;
        }
    }
    ensure!(checked > 0, "no surface of the pack shows any item of the catalogue now");
    Ok(checked)
}

fn ask(
    domain: &LiveDomain,
    served: &ServedModel,
    state: &ProfileState,
    scope: &Scope,
    now_ms: TimeMs,
) -> Result<usize> {
    let (stated, context) = (Stated::default(), Situation { utc_offset_minutes: Some(0), ..Situation::default() });
    let input = SubjectInput { state, stated: &stated, allowed: ALLOWED, context: &context, now_ms, popularity: None };
    let subject = Subject::new(input, &domain.pack, &domain.shelf).with_model(Some(served), true);
    let eligibility = Eligibility { scope, country: None, now_ms };
    let list = rank(&subject, &eligibility, &Hidden::default(), usize::from(scope.limit));
    let expected = usize::from(scope.limit).min(list.eligible);
    ensure!(list.items.len() == expected, "the list has {} items where {expected} belong", list.items.len());
    let different: BTreeSet<usize> = list.items.iter().map(|scored| scored.index).collect();
    ensure!(different.len() == expected, "the list names an item twice");
    for listed in &list.items {
        let shelved = domain.shelf.items.get(listed.index).context("the list names an item that is not there")?;
        let mut trace = Trace::default();
        let again = score(&subject, listed.index, shelved, &mut trace).score;
        let sum: f64 = trace.terms.iter().map(|term| term.contribution).sum();
        let product: f64 = trace.factors.iter().map(|factor| factor.multiplier).product();
        let id = &shelved.item.id;
        ensure!(again.is_finite() && listed.score.is_finite(), "the score of {id} is {again}");
        let gap = (sum * product - listed.score).abs();
        ensure!(gap <= ROUNDING * listed.score.abs().max(1.0), "the score of {id} is {gap:e} off the sum of its terms");
    }
    Ok(list.items.len())
}

/// Somebody who took up items from all over the catalogue, the latest three days ago.
fn somebody(domain: &LiveDomain, taken: usize, now_ms: TimeMs) -> ProfileState {
    let count = domain.shelf.items.len();
    let mut state = ProfileState::empty();
    let mut part = nearside_engine::profile::PackState::default();
    for number in 0..taken.min(count) {
        let Some(shelved) = domain.shelf.items.get(number * count / taken.min(count)) else { continue };
        let at_ms = now_ms - (3 + number as TimeMs) * DAY_MS;
        let item = ItemState {
            affinity: 1.0,
            category: shelved.item.category.clone(),
            engaged_days: vec![day_of(at_ms)],
            first_accepted_ms: Some(at_ms),
            last_accepted_ms: Some(at_ms),
            ..ItemState::default()
        };
        part.items.insert(shelved.item.id.clone(), item);
    }
    state.packs.insert(domain.pack.id.clone(), part);
    state
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::super::fake::{CATALOGUE, NOW, candidate, key, pack_text};
    use super::super::signed::Signed;
    use super::*;

    #[test]
    fn a_good_model_passes_and_an_endless_score_does_not() {
        let domain = LiveDomain::read(&pack_text(), CATALOGUE).unwrap();
        let model = Signed::new(&candidate(1), "retail", &key(), NOW).unwrap().model;
        assert!(ask_golden(&domain, model.clone(), NOW).unwrap() > 0);
        let endless = Model { base: f64::NAN, ..model };
        let error = format!("{:#}", ask_golden(&domain, endless, NOW).unwrap_err());
        assert!(error.contains("somebody with 0 items") && error.contains("is NaN"), "{error}");
    }

    #[test]
    fn nothing_to_rank_is_no_test() {
        let empty = r#"{"format":1,"pack":"retail","items":[]}"#;
        assert!(LiveDomain::read(&pack_text(), empty).unwrap_err().to_string().contains("no item"));
        assert!(LiveDomain::read("{}", CATALOGUE).unwrap_err().to_string().contains("rules"));
    }
}
