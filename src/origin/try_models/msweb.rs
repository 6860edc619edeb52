//! Reads UCI MSWeb as lines `user,item`, and hides one area of everybody who opened three or more.
//!
//! The hidden one is chosen by a hash of the seed and the person, and leaves the training data; everything else stays,
//! also that of people with fewer areas. Items that only occur hidden are left out, with the people whose truth they were.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use flate2::read::MultiGzDecoder;
use nearside_engine::math::hash64;

use super::problem::{Problem, Taken};

/// People with fewer areas have nothing hidden.
const FEWEST: usize = 3;

/// Reads the gzipped file and hides.
///
/// # Errors
/// A line that is not two numbers.
pub(super) fn read(path: &Path, seed: u64) -> Result<Problem> {
    let file = std::fs::File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
    let mut reader = csv::Reader::from_reader(MultiGzDecoder::new(file));
    let mut visits: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for line in reader.deserialize() {
        let (user, item): (u32, u32) = line.with_context(|| format!("{} is not MSWeb", path.display()))?;
        visits.entry(user).or_default().insert(item);
    }
    Ok(hide_one(&visits, seed))
}

fn hide_one(visits: &BTreeMap<u32, BTreeSet<u32>>, seed: u64) -> Problem {
    let hidden = |user: u32, items: &BTreeSet<u32>| -> Option<u32> {
        let place = hash64(&[&seed.to_string(), &user.to_string()]) % items.len().max(1) as u64;
        if items.len() < FEWEST { None } else { items.iter().nth(place as usize).copied() }
    };
    let mut kept: Vec<(u32, u32)> = Vec::new();
    let mut truth: Vec<(u32, u32)> = Vec::new();
    for (person, (user, items)) in (0..).zip(visits) {
        let hidden = hidden(*user, items);
        kept.extend(items.iter().filter(|item| Some(**item) != hidden).map(|item| (person, *item)));
        truth.extend(hidden.map(|item| (person, item)));
    }
    let known: BTreeSet<u32> = kept.iter().map(|(_, item)| *item).collect();
    let number: BTreeMap<u32, u32> = known.into_iter().zip(0..).collect();
    let taken = kept
        .iter()
        .filter_map(|(person, item)| Some(Taken { person: *person, item: *number.get(item)?, age_days: 0.0 }));
    let truth = truth.iter().filter_map(|(person, item)| Some((*person, BTreeSet::from([*number.get(item)?]))));
    Problem { people: visits.len(), items: number.len(), taken: taken.collect(), truth: truth.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_three_or_more_is_hidden() {
        let visits = BTreeMap::from([
            (10, BTreeSet::from([1, 2, 3])),
            (11, BTreeSet::from([1, 2])),
            (12, BTreeSet::from([1, 2, 3, 4])),
            (13, BTreeSet::from([3])),
            (14, BTreeSet::from([4])),
        ]);
        let problem = hide_one(&visits, 1);
        assert_eq!((problem.people, problem.items), (5, 4));
        assert_eq!(problem.taken.len(), 11 - 2);
        assert_eq!(problem.truth.iter().map(|(person, _)| *person).collect::<Vec<_>>(), [0, 2]);
        let is_hidden = |person, item| !problem.taken.iter().any(|taken| (taken.person, taken.item) == (person, item));
        assert!(problem.truth.iter().all(|(person, items)| items.iter().all(|item| is_hidden(*person, *item))));
        assert_eq!(problem, hide_one(&visits, 1));
    }
}
