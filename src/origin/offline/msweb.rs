//! MSWeb: lines `user,item` of a web site, where one area of everybody who opened three or more is hidden and looked for.
//!
//! The hidden one is chosen by a hash of the seed and the person, and leaves the training data; everything else stays,
//! also that of people with fewer areas. Items that only occur hidden are left out, with the people whose truth they were.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use nearside_engine::math::hash64;

use super::baselines::{FactorRanker, NeighbourRanker, TableRanker};
use super::past::{Past, Taken};
use super::rankers::{Ranker, lists};
use super::tables;
use crate::data::open_plain;
use crate::evaluate::{Catalogue, ItemFacts, Lists, Measured, Setting, Truth, measure};
use crate::exit::Exit;
use crate::progress::note;
use crate::train::{NeighbourSettings, available_threads};

/// People with fewer areas have nothing hidden.
const FEWEST: usize = 3;

/// EASE^R: the regularisation of a site of 300 areas, of which people open few.
const EASE_REGULARISATION: f64 = 20.0;

/// What is known, and what is hidden.
#[derive(Debug, Clone, PartialEq)]
struct Problem {
    past: Past,
    /// What of it each person opened, ascending.
    opened: Vec<Vec<u32>>,
    /// One area a person.
    truth: Vec<Truth>,
}

/// Measures neighbours and factors, as trained and as bytes, beside popularity.
///
/// # Errors
/// Data that cannot be read, or in which nobody has anything to hide; a report, which there is none of.
pub(super) fn evaluate(data: &Path, seed: u64, page: Option<&Path>, is_json: bool) -> Result<()> {
    if page.is_some() {
        return Err(Exit::Usage.because("there is no --report of --format msweb; leave it out, or use --json"));
    }
    let problem = read(data, seed)?;
    let hidden = problem.truth.len();
    ensure!(hidden > 0, "{}: nobody opened {FEWEST} areas or more, so nothing can be hidden", data.display());
    note!("{} areas, {} people with a hidden one", problem.past.items(), problem.truth.len());
    let neighbours =
        NeighbourSettings { regularisation: EASE_REGULARISATION, keep: problem.past.items(), ..Default::default() };
    let pairs = problem.past.pairs()?;
    let rows = [
        problem.measured(&|| Ok(Box::new(TableRanker::popularity(&problem.past)?)), seed)?,
        problem.measured(&|| Ok(Box::new(NeighbourRanker::train(pairs.clone(), &neighbours)?)), seed)?,
        problem.measured(&|| Ok(Box::new(NeighbourRanker::train_bytes(pairs.clone(), &neighbours)?)), seed)?,
        problem.measured(&|| Ok(Box::new(FactorRanker::train(pairs.clone(), seed)?)), seed)?,
    ];
    match is_json {
        true => tables::print_hidden_json(&rows),
        false => tables::print_hidden(&rows),
    }
}

/// Reads the file, gzipped or not, and hides.
///
/// # Errors
/// A line that is not two numbers; no line at all.
fn read(path: &Path, seed: u64) -> Result<Problem> {
    let mut reader = csv::Reader::from_reader(open_plain(path)?);
    let mut visits: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for line in reader.deserialize() {
        let (user, item): (u32, u32) = line.with_context(|| format!("{} is not MSWeb", path.display()))?;
        visits.entry(user).or_default().insert(item);
    }
    ensure!(!visits.is_empty(), "{} holds no line after its header", path.display());
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
    let mut opened = vec![Vec::new(); visits.len()];
    let mut taken = Vec::new();
    for (person, item) in &kept {
        let (Some(item), Some(own)) = (number.get(item), opened.get_mut(*person as usize)) else { continue };
        own.push(*item);
        taken.push(Taken { person: *person, item: *item, age_days: 0.0 });
    }
    let truth = truth
        .iter()
        .filter_map(|(person, item)| Some(Truth { person: *person, items: BTreeSet::from([*number.get(item)?]) }));
    Problem { past: Past::new(visits.len(), number.len(), taken), opened, truth: truth.collect() }
}

impl Problem {
    fn opened(&self, person: u32) -> &[u32] {
        self.opened.get(person as usize).map_or(&[][..], Vec::as_slice)
    }

    /// Trains a ranker and measures its lists of what each person did not open.
    fn measured(&self, train: &dyn Fn() -> Result<Box<dyn Ranker>>, seed: u64) -> Result<(Measured, f64)> {
        let begun = Instant::now();
        let ranker = train()?;
        let seconds = begun.elapsed().as_secs_f64();
        let known = vec![true; self.past.items()];
        let lists = lists(ranker.as_ref(), &self.truth, available_threads(), &known, |person| self.opened(person));
        let takers = self.past.popularity()?;
        let item = |takers: &f64| ItemFacts { category: None, tags: BTreeSet::new(), takers: *takers as usize };
        let catalogue = Catalogue { items: takers.iter().map(item).collect(), people: self.opened.len() };
        let histories: Vec<Vec<u32>> = self.truth.iter().map(|one| self.opened(one.person).to_vec()).collect();
        let setting = Setting { truth: &self.truth, histories: &histories, catalogue: &catalogue, seed };
        Ok((measure(Lists { model: &ranker.name(), lists: &lists }, &setting)?, seconds))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;
    use crate::data::scratch_folder;

    #[test]
    fn plain_or_gzipped_is_the_same_and_nothing_is_an_error() {
        let folder = scratch_folder("msweb");
        let path = folder.path().join("visits.csv");
        let text = "user,item\n1,1000\n1,1001\n1,1002\n2,1000\n2,1001\n2,1002\n";
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(text.as_bytes()).unwrap();
        let read = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            read(&path, 1)
        };
        let plain = read(text.as_bytes()).unwrap();
        assert_eq!(plain.truth.len(), 2);
        assert_eq!(read(&packed.finish().unwrap()).unwrap(), plain);
        for empty in ["", "user,item\n"] {
            assert!(read(empty.as_bytes()).unwrap_err().to_string().contains("holds no line"));
        }
        assert!(format!("{:#}", read(b"user,item\n1,many\n").unwrap_err()).contains("is not MSWeb"));
        std::fs::write(&path, "user,item\n1,1000\n").unwrap();
        assert!(evaluate(&path, 1, None, true).unwrap_err().to_string().contains("nobody opened 3"));
        assert!(evaluate(&path, 1, Some(&path), true).unwrap_err().to_string().contains("--report"));
    }

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
        assert_eq!((problem.opened.len(), problem.past.items()), (5, 4));
        assert_eq!(problem.opened.concat().len(), 11 - 2);
        assert_eq!(problem.truth.iter().map(|one| one.person).collect::<Vec<_>>(), [0, 2]);
        let is_hidden = |one: &Truth| one.items.iter().all(|item| !problem.opened(one.person).contains(item));
        assert!(problem.truth.iter().all(is_hidden));
        assert_eq!(problem, hide_one(&visits, 1));
    }
}
