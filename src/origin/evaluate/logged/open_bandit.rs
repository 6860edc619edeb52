//! The Open Bandit sample: what one policy showed in a shop, with its probabilities, and what was clicked.
//!
//! Each line is one item shown at one of the places of a page; `propensity_score` is the probability of that item at
//! that place. Two policies logged side by side (`random`, `bts`), so one's log can be used to judge the other, and the
//! other's own log tells how near the judgement came (Saito, Aihara, Matsutani and Narita 2020).

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use csv::StringRecord;
use flate2::read::GzDecoder;

use super::reward_model::{Shown, Space};

/// Places of a page.
pub(crate) const PLACES: usize = 3;

/// The log of one policy.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Log {
    /// In the order of the file.
    pub(crate) rounds: Vec<LoggedRound>,
    /// Features of contexts, and what describes the items.
    pub(crate) space: Space,
}

/// One item that was shown.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LoggedRound {
    /// What, where and whether it was clicked.
    pub(crate) shown: Shown,
    /// The policy's probability of this item at this place.
    pub(crate) propensity: f64,
}

impl Log {
    /// How often each item was shown at each place, as shares of the place: what the policy did on average.
    pub(crate) fn shares(&self) -> Vec<[f64; PLACES]> {
        let mut shares = vec![[0.0; PLACES]; self.space.action_features.len()];
        let mut totals = [0.0_f64; PLACES];
        for shown in self.rounds.iter().map(|round| &round.shown) {
            let own = shares.get_mut(shown.action as usize).and_then(|item| item.get_mut(shown.position));
            own.into_iter().chain(totals.get_mut(shown.position)).for_each(|count| *count += 1.0);
        }
        for item in &mut shares {
            item.iter_mut().zip(totals).for_each(|(share, total)| *share /= total.max(1.0));
        }
        shares
    }
}

/// Reads `NAME.csv` or `NAME.csv.gz` with `item_context_NAME.csv` from a folder.
///
/// # Errors
/// Files or columns that are missing; a number that is none; an item or place that is unknown; a probability outside (0, 1].
pub(crate) fn read(folder: &Path, name: &str) -> Result<Log> {
    let items = folder.join(format!("item_context_{name}.csv"));
    let described = read_items(open(&items)?).with_context(|| items.display().to_string())?;
    let plain = folder.join(format!("{name}.csv"));
    let rounds = if plain.is_file() { plain } else { folder.join(format!("{name}.csv.gz")) };
    read_rounds(open(&rounds)?, described).with_context(|| rounds.display().to_string())
}

fn open(path: &Path) -> Result<Box<dyn Read>> {
    let file = File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
    let is_packed = path.extension().is_some_and(|extension| extension == "gz");
    Ok(if is_packed { Box::new(GzDecoder::new(file)) } else { Box::new(file) })
}

/// For each item the features that it shares with others: every column `item_feature_N` that holds a word.
fn read_items(input: impl Read) -> Result<Vec<Vec<u32>>> {
    let table = Table::read(input)?;
    let id = table.column("item_id")?;
    let mut words: Vec<Vec<(usize, String)>> = Vec::new();
    for (line, row) in table.rows.iter().enumerate() {
        let item: usize = number(row, id, "item_id")?;
        ensure!(item == line, "item {item} stands where item {line} should");
        let cells = table.columns_named("item_feature_").map(|column| (column, text(row, column).to_owned()));
        words.push(cells.filter(|(_, word)| word.parse::<f64>().is_err()).collect());
    }
    let known = numbered(words.iter().flatten().cloned());
    Ok(words.iter().map(|own| own.iter().filter_map(|word| known.get(word).copied()).collect()).collect())
}

fn read_rounds(input: impl Read, action_features: Vec<Vec<u32>>) -> Result<Log> {
    let table = Table::read(input)?;
    let features: Vec<usize> = table.columns_named("user_feature_").collect();
    let word = |row: &StringRecord, column: usize| (column, text(row, column).to_owned());
    let known = numbered(table.rows.iter().flat_map(|row| features.iter().map(move |column| word(row, *column))));
    let [item, place] = [table.column("item_id")?, table.column("position")?];
    let [click, propensity] = [table.column("click")?, table.column("propensity_score")?];
    let items = action_features.len();
    let round = |row: &StringRecord| {
        let (action, place): (u32, usize) = (number(row, item, "item_id")?, number(row, place, "position")?);
        ensure!((action as usize) < items, "item {action} is not among the {items} described ones");
        ensure!((1..=PLACES).contains(&place), "position {place} is not from 1 to {PLACES}");
        let propensity: f64 = number(row, propensity, "propensity_score")?;
        ensure!(propensity > 0.0 && propensity <= 1.0, "propensity_score {propensity} is not in (0, 1]");
        let context = features.iter().filter_map(|column| known.get(&word(row, *column)).copied()).collect();
        let shown = Shown { context, action, position: place - 1, reward: number(row, click, "click")? };
        Ok(LoggedRound { shown, propensity })
    };
    let rounds: Result<Vec<LoggedRound>> = table
        .rows
        .iter()
        .enumerate()
        .map(|(line, row)| round(row).with_context(|| format!("line {}", line + 2)))
        .collect();
    let rounds = rounds?;
    ensure!(!rounds.is_empty(), "there is no round");
    Ok(Log { rounds, space: Space { context_features: known.len(), positions: PLACES, action_features } })
}

/// A number for each distinct value, in their order.
fn numbered<T: Ord>(values: impl Iterator<Item = T>) -> BTreeMap<T, u32> {
    values.collect::<BTreeSet<T>>().into_iter().zip(0..).collect()
}

struct Table {
    header: StringRecord,
    rows: Vec<StringRecord>,
}

impl Table {
    fn read(input: impl Read) -> Result<Self> {
        let mut reader = csv::Reader::from_reader(input);
        let header = reader.headers()?.clone();
        Ok(Self { header, rows: reader.into_records().collect::<Result<_, _>>()? })
    }

    fn column(&self, name: &str) -> Result<usize> {
        self.header.iter().position(|column| column == name).with_context(|| format!("there is no column {name}"))
    }

    fn columns_named(&self, start: &str) -> impl Iterator<Item = usize> {
        self.header.iter().enumerate().filter(move |(_, name)| name.starts_with(start)).map(|(column, _)| column)
    }
}

fn text(row: &StringRecord, column: usize) -> &str {
    row.get(column).unwrap_or_default()
}

fn number<T: std::str::FromStr>(row: &StringRecord, column: usize, name: &str) -> Result<T> {
    let text = text(row, column);
    text.parse().ok().with_context(|| format!("{name} {text:?} is not a number of the right kind"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const ITEMS: &str = ",item_id,item_feature_0,item_feature_1\n0,0,-0.6,red\n1,1,0.2,blue\n2,2,0.3,red\n";
    const HEADER: &str =
        ",timestamp,item_id,position,click,propensity_score,user_feature_0,user_feature_1,user-item_affinity_0\n";

    fn log(lines: &str) -> Result<Log> {
        read_rounds(format!("{HEADER}{lines}").as_bytes(), read_items(ITEMS.as_bytes())?)
    }

    #[test]
    fn rounds_are_read_as_numbers() {
        let log = log("0,t,2,3,1,0.25,x,p,0.0\n1,t,0,1,0,1.0,y,p,0.0\n2,t,1,1,0,0.5,x,q,0.0\n").unwrap();
        assert_eq!(
            log.space,
            Space { context_features: 4, positions: 3, action_features: vec![vec![1], vec![0], vec![1]] }
        );
        let first =
            LoggedRound { shown: Shown { context: vec![0, 2], action: 2, position: 2, reward: 1.0 }, propensity: 0.25 };
        assert_eq!(log.rounds[0], first);
        assert_eq!(log.shares(), [[0.5, 0.0, 0.0], [0.5, 0.0, 0.0], [0.0, 0.0, 1.0]]);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let refused = |lines: &str| format!("{:#}", log(lines).unwrap_err());
        assert_eq!(refused("0,t,9,1,0,0.5,x,p,0\n"), "line 2: item 9 is not among the 3 described ones");
        assert_eq!(refused("0,t,1,4,0,0.5,x,p,0\n"), "line 2: position 4 is not from 1 to 3");
        assert_eq!(refused("0,t,1,1,0,0.0,x,p,0\n"), "line 2: propensity_score 0 is not in (0, 1]");
        assert_eq!(refused("0,t,1,1,no,0.5,x,p,0\n"), "line 2: click \"no\" is not a number of the right kind");
        assert_eq!(refused(""), "there is no round");
        assert_eq!(read_rounds("a,b\n".as_bytes(), vec![]).unwrap_err().to_string(), "there is no column item_id");
    }
}
