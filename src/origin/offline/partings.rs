//! The parts of the people that figures are told by: the gate judges by them, and reports show them.

use nearside_engine::profile::{country_of, life_stage_of};

use super::split::Split;
use crate::evaluate::{Segments, Truth};

/// The label of those of whom it is not known.
const UNKNOWN: &str = "not known";

/// One way of parting people.
pub(crate) struct Parting {
    /// By what, such as `country`.
    pub(crate) by: &'static str,
    /// Who belongs where.
    pub(crate) segments: Segments,
}

/// Parts the people of a truth by the length of their history before the test, their country, and their life stage. A
/// parting that leaves everybody together says nothing and is left out, but for the first.
pub(crate) fn partings(split: &Split<'_>, truth: &[Truth]) -> Vec<Parting> {
    let (world, pack) = (split.world, &split.world.pack);
    let known = |label: Option<&str>| label.unwrap_or(UNKNOWN).to_owned();
    let country = |person: u32| known(country_of(world.stated(person).country.as_deref(), pack));
    let life_stage = |person: u32| known(life_stage_of(world.stated(person), pack));
    let history = |person: u32| history_label(split.taken.get(&person).map_or(0, Vec::len)).to_owned();
    let others = [
        Parting { by: "country", segments: Segments::of(truth, country) },
        Parting { by: "life stage", segments: Segments::of(truth, life_stage) },
    ];
    let history = Parting { by: "length of the history", segments: Segments::of(truth, history) };
    std::iter::once(history).chain(others.into_iter().filter(|parting| parting.segments.count() > 1)).collect()
}

/// Histories of about the same length rank alike.
fn history_label(items: usize) -> &'static str {
    match items {
        0..10 => "under 10 items",
        10..50 => "10 to 49 items",
        _ => "50 items and more",
    }
}
