//! Additivity, as it is served: lists are ranked and presented by the engine with every term, written as JSON and read
//! back; then the terms must add up to the score.

use std::sync::Mutex;

use anyhow::{Context, Result, ensure};
use nearside_engine::pack::Reasoning;
use nearside_engine::profile::ProfileState;
use nearside_engine::ranking::{Presentation, TextCache, present_personal, rank};
use nearside_engine::rules::{Eligibility, hidden_items};
use nearside_engine::scoring::{ServedModel, Subject, SubjectInput};
use nearside_engine::text::Lexicon;
use nearside_engine::types::{Context as Situation, Explain, TimeMs};
use nearside_json::write_json;
use serde::Deserialize;

use crate::progress::Progress;
use crate::train::{ALLOWED, Profiles, World, available_threads, for_each_part};

/// Items of a list: the most that a request may ask for.
const LIST: usize = 50;

/// What is read back of a served item.
#[derive(Deserialize)]
struct Served {
    score: f64,
    terms: Vec<ServedTerm>,
    factors: Vec<ServedFactor>,
}

#[derive(Deserialize)]
struct ServedTerm {
    contribution: f64,
}

#[derive(Deserialize)]
struct ServedFactor {
    multiplier: f64,
}

/// What was found.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Additivity {
    /// Items that were served with their terms.
    pub(super) decisions: usize,
    /// Lists that they stood in.
    pub(super) lists: usize,
    /// The largest distance of a score from the sum of its terms (times the factors, which the answer lists too).
    pub(super) largest: f64,
}

/// Serves lists to one person after the other until so many decisions were made, or everybody had one.
///
/// # Errors
/// An answer without terms; nobody to serve.
pub(super) fn additivity(world: &World, model: &ServedModel, now_ms: TimeMs, decisions: usize) -> Result<Additivity> {
    let mut profiles = Profiles::new(world);
    profiles.advance(now_ms);
    let people: Vec<(u32, &ProfileState)> = (0..).zip(&profiles.states).filter(|(_, state)| state.events > 0).collect();
    let people = people.get(..decisions.div_ceil(LIST.min(world.shelf.items.len().max(1)))).unwrap_or(&people);
    let lexicon = Lexicon::new(&world.pack);
    let progress = Progress::start("decisions", people.len());
    let found: Mutex<Result<Additivity>> = Mutex::new(Ok(Additivity::default()));
    for_each_part(available_threads(), people.to_vec(), |_, (person, state): (u32, &ProfileState)| {
        let list = one_list(world, model, &lexicon, (person, state), now_ms);
        if let Ok(mut found) = found.lock() {
            match (list, found.as_mut()) {
                (Ok(list), Ok(sum)) => {
                    sum.decisions += list.decisions;
                    sum.lists += 1;
                    sum.largest = sum.largest.max(list.largest);
                }
                (Err(error), Ok(_)) => *found = Err(error),
                (_, Err(_)) => {}
            }
        }
        progress.advance(1);
    });
    progress.finish();
    let found = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)?;
    ensure!(found.decisions > 0, "nobody has a profile at that time, so nothing was served");
    Ok(found)
}

fn one_list(
    world: &World,
    model: &ServedModel,
    lexicon: &Lexicon,
    (person, state): (u32, &ProfileState),
    now_ms: TimeMs,
) -> Result<Additivity> {
    let (stated, context) = (world.stated(person), Situation::default());
    let input = SubjectInput { state, stated, allowed: ALLOWED, context: &context, now_ms, popularity: None };
    let subject = Subject::new(input, &world.pack, &world.shelf).with_model(Some(model), true);
    let scope = world.pack.scopes.first().context("the pack has no scope")?;
    let eligibility = Eligibility { scope, country: subject.eligible_country, now_ms };
    let hidden = hidden_items(subject.part(), &world.pack, &world.shelf, now_ms);
    let list = rank(&subject, &eligibility, &hidden, LIST);
    let texts = TextCache::new(&world.shelf);
    let how = Presentation::new(lexicon, &texts, Explain::Full, Reasoning::Visible, &[]);
    let mut found = Additivity { lists: 1, ..Additivity::default() };
    for (scored, place) in list.items.iter().zip(1..) {
        let served = write_json(&present_personal(&subject, scored, place, &how));
        let served: Served = serde_json::from_str(&served).context("a served item lists no terms")?;
        let sum: f64 = served.terms.iter().map(|term| term.contribution).sum();
        let product: f64 = served.factors.iter().map(|factor| factor.multiplier).product();
        found.largest = found.largest.max((sum * product - served.score).abs());
        found.decisions += 1;
    }
    Ok(found)
}
