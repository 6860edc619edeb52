//! The arguments and the work of `nearside check-factors`: does the edge's fold-in give the people's factors that another
//! engine found itself? Reading its files is the business of `external_factors`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::Args;
use nearside_engine::collab::{factor_scores, fold_in};
use nearside_engine::types::TimeMs;

use super::external_factors::{self, ExternalFactors};
use crate::data::{Dataset, read_date};
use crate::exit::Exit;
use crate::store::{Kinds, Store, StoreArgs};

/// Scores of an item that a person took up lie near 1, and people's factors come as f32.
const MOST_DIFFERENCE: f64 = 1e-5;

/// Checks factors of another engine: scores by the edge's fold-in must be those by the engine's own people's factors.
///
/// People and their items are read from the store, as the engine read them from `export-events`. Prints how many were
/// compared and the greatest difference; the exit code is 6 when it is above 0.00001.
#[derive(Debug, Args)]
pub(crate) struct CheckFactorsArgs {
    /// The items' factors; the JSON that describes them lies beside.
    #[arg(long, value_name = "FILE")]
    factors: PathBuf,
    /// The people's factors of the same run. They are personal: use them here, and nowhere else.
    #[arg(long, value_name = "FILE")]
    people: PathBuf,
    /// The date before which the engine took events.
    #[arg(long, value_name = "DATE", value_parser = read_date)]
    before: Option<TimeMs>,
    #[command(flatten)]
    store: StoreArgs,
}

/// What was compared.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Compared {
    scores: usize,
    greatest_difference: f64,
    /// Of the engine's scores, so that a reader sees what the difference is measured by.
    greatest_score: f64,
}

/// Compares, and prints one JSON object.
///
/// # Errors
/// Files that cannot be used; people or items in the store that the engine does not have, or the other way round.
pub(crate) fn check_factors(args: &CheckFactorsArgs) -> Result<ExitCode> {
    let factors = external_factors::read(&args.factors)?;
    let people = external_factors::read_vectors(&args.people, "user_id", factors.dimensions)?;
    let dataset = Store::open_existing(&args.store.path)?.dataset(&factors.pack, Kinds::Positive)?;
    let taken = taken_before(&dataset, args.before.unwrap_or(TimeMs::MAX));
    let compared = compare(&factors, &people, &taken)?;
    let Compared { scores, greatest_difference, greatest_score } = compared;
    let (items, dimensions, engine) = (factors.items.len(), factors.dimensions, &factors.engine);
    let answer = serde_json::json!({
        "engine": engine, "people": people.len(), "items": items, "dimensions": dimensions, "scores": scores,
        "greatest_score": greatest_score, "greatest_difference": greatest_difference, "limit": MOST_DIFFERENCE,
    });
    println!("{answer}");
    Ok(ending(greatest_difference).into())
}

/// What is not a number is no agreement.
fn ending(greatest_difference: f64) -> Exit {
    if greatest_difference <= MOST_DIFFERENCE { Exit::Done } else { Exit::FactorsDiffer }
}

fn taken_before(dataset: &Dataset, before_ms: TimeMs) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut taken: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for event in dataset.events.iter().filter(|event| event.at_ms < before_ms) {
        let names = (dataset.people.get(event.person as usize), dataset.items.get(event.item as usize));
        if let (Some(person), Some(item)) = names {
            taken.entry(person).or_default().insert(&item.id);
        }
    }
    taken
}

fn compare(
    factors: &ExternalFactors,
    people: &BTreeMap<String, Vec<f32>>,
    taken: &BTreeMap<&str, BTreeSet<&str>>,
) -> Result<Compared> {
    let stranger = people.keys().find(|person| !taken.contains_key(person.as_str()));
    ensure!(stranger.is_none(), "the store holds no choices of {:?}, whom the engine has", stranger);
    let places: BTreeMap<&str, usize> = factors.items.keys().map(String::as_str).zip(0..).collect();
    let mut is_taken = vec![false; places.len()];
    let served = factors.of_items(factors.items.keys().map(String::as_str)).for_fold_in();
    let mut compared = Compared { scores: 0, greatest_difference: 0.0, greatest_score: 0.0 };
    for (person, items) in taken {
        let theirs = people.get(*person).with_context(|| format!("the engine has no factors of {person:?}"))?;
        let mut numbers = Vec::new();
        for item in items {
            let number = places.get(item).with_context(|| format!("the engine has no factors of the item {item:?}"))?;
            numbers.push((*number, 1.0));
            if let Some(is_taken) = is_taken.get_mut(*number) {
                *is_taken = true;
            }
        }
        let ours = factor_scores(&served, &fold_in(&served, &numbers));
        // In f64, so that only the engine's own rounding is in it.
        let own = factors.items.values().map(|item| -> f64 {
            item.iter().zip(theirs).map(|(left, right)| f64::from(*left) * f64::from(*right)).sum()
        });
        for (ours, own) in ours.into_iter().zip(own) {
            compared.scores += 1;
            compared.greatest_difference = compared.greatest_difference.max((ours - own).abs());
            compared.greatest_score = compared.greatest_score.max(own.abs());
        }
    }
    let unused = places.keys().zip(is_taken).find(|(_, is_taken)| !is_taken);
    ensure!(
        unused.is_none(),
        "nobody in the store chose the item {:?}, which the engine has",
        unused.map(|found| found.0)
    );
    Ok(compared)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    /// One number a vector, so that the formula can be done by hand: Y^T Y = 5.
    fn factors() -> ExternalFactors {
        ExternalFactors {
            engine: "by hand".to_owned(),
            pack: "retail".to_owned(),
            dimensions: 1,
            items: BTreeMap::from([("a".to_owned(), vec![1.0]), ("b".to_owned(), vec![2.0])]),
            regularisation: 0.5,
            alpha: 3.0,
            before_ms: None,
        }
    }

    #[test]
    fn scores_of_the_formula_are_those_of_the_edge() {
        // (5 + 3 x 1 + 0.5) x = 4 x 1, and (5 + 3 x 5 + 0.5 x 2) x = 4 x 3.
        let people = BTreeMap::from([
            ("one".to_owned(), vec![(4.0_f64 / 8.5) as f32]),
            ("two".to_owned(), vec![(12.0_f64 / 21.0) as f32]),
        ]);
        let taken = BTreeMap::from([("one", BTreeSet::from(["a"])), ("two", BTreeSet::from(["a", "b"]))]);
        let compared = compare(&factors(), &people, &taken).unwrap();
        assert_eq!(compared.scores, 4);
        assert!(compared.greatest_difference < 1e-6, "{compared:?}");
        assert!((compared.greatest_score - 24.0 / 21.0).abs() < 1e-6);

        let people = BTreeMap::from([("one".to_owned(), vec![0.5]), ("two".to_owned(), vec![0.5])]);
        let other = compare(&factors(), &people, &taken).unwrap().greatest_difference;
        assert!(other > 0.05);
        assert_eq!([0.0, MOST_DIFFERENCE, other, f64::NAN].map(|one| ending(one).code()), [0, 0, 6, 6]);
    }

    #[test]
    fn other_people_or_items_are_named() {
        let people = BTreeMap::from([("one".to_owned(), vec![0.5])]);
        let check = |taken: &[(&str, &[&str])], expected: &str| {
            let taken = taken.iter().map(|(person, items)| (*person, items.iter().copied().collect())).collect();
            let error = compare(&factors(), &people, &taken).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check(&[], "no choices of Some(\"one\")");
        check(&[("one", &["a", "b"]), ("two", &["a"])], "no factors of \"two\"");
        check(&[("one", &["a", "c"])], "the item \"c\"");
        check(&[("one", &["a"])], "the item Some(\"b\")");
    }
}
