//! The first stage: what is known of items, their neighbours and their factors, as of a moment, in the artefact's form.

use anyhow::Result;
use nearside_engine::math::{decay_factor, sha256_hex};
use nearside_engine::models::{DataWindow, EngineRange, ModelFile, NeighboursFile, to_base64};
use nearside_engine::profile::{ProfileState, is_taken, taken_weight};
use nearside_engine::types::{Item, SortedMap, TimeMs};
use nearside_json::write_json;

use super::facts::lists;
use super::settings::TrainSettings;
use crate::train::world::World;
use crate::train::{
    Csr, FactorSettings, ItemFactors, Neighbours, quantize_neighbours, train_factors, train_neighbours,
};

/// A catalogue needs two items before one can point to another.
const LEAST_ITEMS: usize = 2;

/// The first stage.
#[derive(Debug, Clone)]
pub(crate) struct FirstStage {
    /// What is published of it: no terms yet.
    pub(crate) file: ModelFile,
    /// The items' vectors before they became bytes.
    pub(crate) exact_factors: Option<ItemFactors>,
}

/// Fits the first stage to everybody's profiles as they are at `before_ms`.
///
/// # Errors
/// Settings out of range.
pub(crate) fn first_stage(
    world: &World,
    states: &[ProfileState],
    before_ms: TimeMs,
    settings: &TrainSettings,
) -> Result<FirstStage> {
    let taken = taken_matrix(world, states, before_ms)?;
    let has_choices = taken.columns() >= LEAST_ITEMS && taken.filled() > 0;
    let neighbours = if has_choices {
        let capped = taken.reweighted(|_, _, weight| weight.min(1.0));
        Some(neighbours_file(&train_neighbours(&capped, &settings.neighbours)?))
    } else {
        None
    };
    let exact_factors = match &settings.external_factors {
        Some(external) => Some(external.of_items(world.shelf.items.iter().map(|shelved| shelved.item.id.as_str()))),
        None if has_choices => {
            let factors = FactorSettings { seed: settings.seed, ..settings.factors.clone() };
            Some(train_factors(&taken, &factors)?.items)
        }
        None => None,
    };
    let file = ModelFile {
        format: 1,
        pack: world.pack.id.clone(),
        engine: served_by(),
        trained_at_ms: before_ms,
        window: window(world, before_ms),
        seed: settings.seed,
        hashes: hashes(world, before_ms),
        items: world.shelf.items.iter().map(|shelved| shelved.item.id.clone()).collect(),
        lists: lists(world, before_ms),
        neighbours,
        factors: exact_factors.as_ref().map(ItemFactors::file).transpose()?,
        ..ModelFile::default()
    };
    Ok(FirstStage { file, exact_factors })
}

/// This engine, and what follows it up to the next one whose minor version says that something changed.
fn served_by() -> EngineRange {
    let version = env!("CARGO_PKG_VERSION");
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or_default());
    let (major, minor) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    EngineRange { from: version.to_owned(), below: format!("{major}.{}.0", minor + 1) }
}

/// SHA-256 of what goes in, so that two models can be told to come from the same.
fn hashes(world: &World, before_ms: TimeMs) -> SortedMap<String, String> {
    let mut data: Vec<u8> = Vec::new();
    let mut text = |text: &str| {
        data.extend(text.len().to_le_bytes());
        data.extend(text.as_bytes());
    };
    let dataset = &world.dataset;
    dataset.people.iter().for_each(|person| text(person));
    dataset.items.iter().for_each(|item| text(&item.id));
    dataset.regions.iter().for_each(|region| text(region));
    for event in dataset.events.iter().take_while(|event| event.at_ms < before_ms) {
        let numbers = [event.person, event.basket, event.item, event.region.map_or(u32::MAX, u32::from)];
        data.extend(event.at_ms.to_le_bytes());
        data.extend(numbers.into_iter().flat_map(u32::to_le_bytes));
        data.extend(event.kind.name().as_bytes());
        data.extend(event.value.unwrap_or(f64::NAN).to_le_bytes());
    }
    let items: Vec<&Item> = world.shelf.items.iter().map(|shelved| &shelved.item).collect();
    let hashed = [
        ("catalog", sha256_hex(write_json(&items).as_bytes())),
        ("data", sha256_hex(&data)),
        ("pack", sha256_hex(write_json(&world.pack).as_bytes())),
    ];
    hashed.into_iter().map(|(name, hash)| (name.to_owned(), hash)).collect()
}

fn window(world: &World, before_ms: TimeMs) -> DataWindow {
    let events = world.dataset.events.iter().take_while(|event| event.at_ms < before_ms);
    let mut people: Vec<u32> = Vec::new();
    let mut items: Vec<u32> = Vec::new();
    for event in events {
        people.push(event.person);
        items.push(event.item);
    }
    let interactions = people.len() as u64;
    let distinct = |mut numbers: Vec<u32>| {
        numbers.sort_unstable();
        numbers.dedup();
        numbers.len() as u64
    };
    let from_ms = world.span_ms().map_or(before_ms, |(first_ms, _)| first_ms);
    DataWindow { from_ms, to_ms: before_ms, interactions, people: distinct(people), items: distinct(items) }
}

/// What each person took, with what time left of it: exactly what serving reads off a profile.
fn taken_matrix(world: &World, states: &[ProfileState], now_ms: TimeMs) -> Result<Csr> {
    let decay = decay_factor(now_ms, world.pack.scoring.item_affinity.half_life_days);
    let mut triples = Vec::new();
    for (person, state) in (0..).zip(states) {
        let items = state.packs.get(&world.pack.id).into_iter().flat_map(|part| &part.items);
        for (id, item) in items.filter(|(_, item)| is_taken(item)) {
            if let Some(index) = world.shelf.position(id) {
                triples.push((person, index as u32, taken_weight(item, decay) as f32));
            }
        }
    }
    Csr::from_triples(states.len(), world.shelf.items.len(), triples)
}

fn neighbours_file(neighbours: &Neighbours) -> NeighboursFile {
    let quantized = quantize_neighbours(neighbours);
    let mut by_input: Vec<Vec<(u16, i8)>> = vec![Vec::new(); quantized.columns.len()];
    for (target, column) in (0..).zip(&quantized.columns) {
        for (input, value) in column {
            if let Some(row) = by_input.get_mut(*input as usize) {
                row.push((target, *value));
            }
        }
    }
    let ends = by_input.iter().scan(0_u32, |end, row| {
        *end += row.len() as u32;
        Some(*end)
    });
    let starts: Vec<u32> = std::iter::once(0).chain(ends).collect();
    NeighboursFile {
        starts: to_base64(starts.iter().map(|start| start.to_le_bytes())),
        targets: to_base64(by_input.iter().flatten().map(|(target, _)| target.to_le_bytes())),
        values: to_base64(by_input.iter().flatten().map(|(_, value)| value.to_le_bytes())),
        scales: to_base64(quantized.scales.iter().map(|scale| scale.to_le_bytes())),
    }
}
