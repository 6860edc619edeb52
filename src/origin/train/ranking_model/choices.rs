//! What people chose after a moment, of what the first stage would have offered them at that moment.

use std::collections::BTreeSet;

use anyhow::Result;
use nearside_engine::math::hash64;
use nearside_engine::models::{Among, Feature, Model, ModelFile, ModelTerm};
use nearside_engine::profile::ProfileState;
use nearside_engine::scoring::{ServedModel, Subject, SubjectInput};
use nearside_engine::types::{Allowed, Context, TimeMs};

use super::settings::{FEATURES, TrainSettings};
use crate::train::ItemFactors;
use crate::train::additive::Lists;
use crate::train::best_first::{best_first, place_of};
use crate::train::threads::for_each_part;
use crate::train::world::World;

/// Those whose events are in the store agreed to being learned from.
pub(crate) const ALLOWED: Allowed = Allowed {
    personalization: true,
    behavioral: true,
    demographics: true,
    location: true,
    experiments: true,
    third_party: true,
    sharing: true,
};

/// The rankers that give candidates, by their columns.
const RANKERS: [Feature; 5] =
    [Feature::Neighbours, Feature::Factors, Feature::Content, Feature::LatestPopularity, Feature::RecentPopularity];

/// A first stage that serves its features and adds nothing yet.
pub(crate) fn served(world: &World, mut file: ModelFile) -> Result<ServedModel> {
    if file.terms.is_empty() {
        let silent = |(at, feature): (usize, Feature)| ModelTerm {
            name: format!("feature_{at}"),
            feature,
            among: Among::All,
            cuts: Vec::new(),
            values: vec![0.0],
            unknown: 0.0,
        };
        file.terms = FEATURES.into_iter().enumerate().map(silent).collect();
    }
    Ok(ServedModel::new(Model::of(file)?, &world.shelf))
}

/// Lets the vectors serve that the published bytes were made of: what bytes cost is the difference.
pub(crate) fn with_exact_factors(mut served: ServedModel, exact: &ItemFactors) -> ServedModel {
    if served.model.factors.is_some() {
        served.model.factors = Some(exact.for_fold_in());
    }
    served
}

/// What the first stage says of every item of the shelf to one person.
struct Rows {
    /// Row after row, the features in their order.
    features: Vec<f64>,
    /// By item: the person took it up before.
    is_taken: Vec<bool>,
}

impl Rows {
    fn of(subject: &Subject<'_>, items: usize) -> Self {
        let mut features = Vec::with_capacity(items * FEATURES.len());
        let is_taken =
            (0..items).filter_map(|index| subject.append_features(index, &FEATURES, &mut features)).collect();
        Self { features, is_taken }
    }
}

/// One person of the choices: their profile, and what they chose, ascending.
struct Chooser<'a> {
    person: u32,
    state: &'a ProfileState,
    chosen: &'a [u32],
}

/// Appends two lists for each person who chose something from `from_ms` on and before `before_ms`: one of everything,
/// one of what is new to them. `states` are as of `from_ms`.
pub(super) fn append_choices(
    lists: &mut Lists,
    world: &World,
    states: &[ProfileState],
    first_stage: &ServedModel,
    span: (TimeMs, TimeMs),
    settings: &TrainSettings,
) {
    let taken = world.taken_between(span.0, span.1);
    let choosers: Vec<Chooser<'_>> = taken
        .iter()
        .filter_map(|(person, chosen)| {
            let state = states.get(*person as usize).filter(|state| state.events > 0)?;
            Some(Chooser { person: *person, state, chosen })
        })
        .collect();
    let mut found: Vec<Lists> = choosers.iter().map(|_| Lists::new(FEATURES.len())).collect();
    let parts: Vec<(&Chooser<'_>, &mut Lists)> = choosers.iter().zip(&mut found).collect();
    for_each_part(settings.boosting.threads, parts, |_, (chooser, lists)| {
        lists_of(chooser, lists, world, first_stage, span.0, settings);
    });
    for part in found {
        lists.append(part);
    }
}

fn lists_of(
    chooser: &Chooser<'_>,
    lists: &mut Lists,
    world: &World,
    first_stage: &ServedModel,
    now_ms: TimeMs,
    settings: &TrainSettings,
) {
    let context = Context::default();
    let input = SubjectInput {
        state: chooser.state,
        stated: world.stated(chooser.person),
        allowed: ALLOWED,
        context: &context,
        now_ms,
        popularity: None,
    };
    let subject = Subject::new(input, &world.pack, &world.shelf).with_model(Some(first_stage), true);
    let shelf = Rows::of(&subject, world.shelf.items.len());
    for is_new_only in [false, true] {
        let candidates = candidates(chooser, &shelf, is_new_only, settings);
        let is_chosen = |index: usize| chooser.chosen.binary_search(&(index as u32)).is_ok();
        let chosen = candidates.iter().filter(|index| is_chosen(**index)).count();
        if chosen == 0 || chosen == candidates.len() {
            continue;
        }
        for index in candidates {
            let (Some(values), Some(is_taken)) =
                (shelf.features.chunks_exact(FEATURES.len()).nth(index), shelf.is_taken.get(index))
            else {
                continue;
            };
            lists.columns.iter_mut().zip(values).for_each(|(column, value)| column.push(*value as f32));
            lists.chosen.push(is_chosen(index));
            lists.is_taken.push(*is_taken);
        }
        lists.end_list();
    }
}

/// The best of every ranker, what the person took before, and some that chance picks.
fn candidates(chooser: &Chooser<'_>, shelf: &Rows, is_new_only: bool, settings: &TrainSettings) -> BTreeSet<usize> {
    let open: Vec<usize> = (0..)
        .zip(&shelf.is_taken)
        .filter(|(_, is_taken)| !(is_new_only && **is_taken))
        .map(|(index, _)| index)
        .collect();
    let mut candidates = BTreeSet::new();
    let mut keys: Vec<u64> = Vec::with_capacity(open.len());
    for ranker in RANKERS {
        let Some(column) = FEATURES.iter().position(|feature| *feature == ranker) else { continue };
        let value = |index: usize| shelf.features.get(index * FEATURES.len() + column).copied();
        // Whom a ranker does not know stands last.
        let known = |index: usize| value(index).filter(|value| !value.is_nan()).unwrap_or(f64::MIN);
        keys.clear();
        keys.extend(open.iter().map(|index| best_first(known(*index) as f32, *index as u32)));
        if settings.candidates < keys.len() {
            keys.select_nth_unstable(settings.candidates);
            keys.truncate(settings.candidates);
        }
        candidates.extend(keys.iter().map(|key| place_of(*key) as usize));
    }
    let seed = settings.seed.to_string();
    let person = chooser.person.to_string();
    let share = settings.random_candidates as f64 / open.len().max(1) as f64;
    for index in open {
        let is_taken = shelf.is_taken.get(index).copied().unwrap_or_default();
        let chance = hash64(&["candidate", &seed, &person, &index.to_string()]) as f64 / u64::MAX as f64;
        if is_taken || chance < share {
            candidates.insert(index);
        }
    }
    candidates
}
