//! Reads offers and their answers, one a line: UCI Bank Marketing in both of its editions, and any other CSV file with a
//! column that says whether the offer was accepted. The lines are taken to be in the order of time.
//!
//! `.csv` or `.csv.gz`; commas, semicolons or tabs, as the header has them. A column whose every known value is a number
//! is a column of numbers, any other one of categories. Nothing, `NA`, `NaN` and `?` say that a value is not known.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use csv::StringRecord;
use flate2::read::MultiGzDecoder;

/// The first bytes of a gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Some tools begin a file with this mark.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Which columns of a file mean what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    /// The column with the answer.
    pub(crate) label: String,
    /// What stands there when the offer was accepted; every other value is a refusal.
    pub(crate) positive: String,
    /// Columns that are not known before the answer is.
    pub(crate) dropped: Vec<String>,
    /// Columns that count together.
    pub(crate) pairs: Vec<(String, String)>,
}

impl Layout {
    /// Bank Marketing. `duration`, how long the call took, is known only when the answer is, so it is dropped. What a
    /// channel is worth changes with the month.
    pub(crate) fn bank_marketing() -> Self {
        let text = |text: &str| text.to_owned();
        Self {
            label: text("y"),
            positive: text("yes"),
            dropped: vec![text("duration")],
            pairs: vec![(text("contact"), text("month"))],
        }
    }
}

/// Offers and their answers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Offers {
    /// The columns that are known before the answer is, in the file's order.
    pub(super) columns: Vec<Column>,
    /// Whether each offer was accepted, in the file's order.
    pub(super) accepted: Vec<bool>,
    /// Pairs of indices into `columns`, of those pairs of the layout that the file has.
    pub(super) pairs: Vec<(usize, usize)>,
}

/// A column and its values, one an offer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) values: Values,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Values {
    /// NaN where it is not known.
    Numbers(Vec<f64>),
    /// As they stand in the file; empty where it is not known.
    Categories(Vec<String>),
}

/// Reads a file.
///
/// # Errors
/// A file, header or line that cannot be read, with the line's number; a label without two values.
pub(super) fn read(path: &Path, layout: &Layout) -> Result<Offers> {
    let name = path.display();
    let mut bytes = Vec::new();
    let mut file = BufReader::new(File::open(path).with_context(|| format!("{name} cannot be opened"))?);
    file.read_to_end(&mut bytes).with_context(|| format!("{name} cannot be read"))?;
    if bytes.starts_with(&GZIP) {
        let mut plain = Vec::new();
        MultiGzDecoder::new(&bytes[..]).read_to_end(&mut plain).with_context(|| format!("{name} is damaged"))?;
        bytes = plain;
    }
    let text = std::str::from_utf8(&bytes).with_context(|| format!("{name} is not UTF-8"))?;
    parse(text, layout).with_context(|| format!("{name} cannot be evaluated"))
}

/// Reads the text of a file.
///
/// # Errors
/// As `read`.
pub(super) fn parse(text: &str, layout: &Layout) -> Result<Offers> {
    let text = text.trim_start_matches(BYTE_ORDER_MARK);
    let header = text.lines().next().unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter(header)).from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers()?.iter().map(|name| name.trim().to_owned()).collect();
    let distinct: BTreeSet<&String> = names.iter().collect();
    ensure!(distinct.len() == names.len(), "a column stands twice in the header: {}", names.join(", "));
    let label = names.iter().position(|name| *name == layout.label);
    let Some(label) = label else { bail!("no column {:?} among {}", layout.label, names.join(", ")) };
    // The csv reader refuses lines that are longer or shorter than the header, and names them.
    let rows = reader.records().collect::<Result<Vec<StringRecord>, _>>()?;
    let accepted = answers(&rows, label, layout)?;
    // A column without a name is the line number that some tools write in front.
    let is_known = |index: usize, name: &String| index != label && !name.is_empty() && !layout.dropped.contains(name);
    let known = names.iter().enumerate().filter(|(index, name)| is_known(*index, name));
    let columns: Vec<Column> =
        known.map(|(index, name)| Column { name: name.clone(), values: values(&rows, index) }).collect();
    ensure!(!columns.is_empty(), "no column besides the label {:?}", layout.label);
    let place = |name: &String| columns.iter().position(|column| column.name == *name);
    let pairs = layout.pairs.iter().filter_map(|(first, second)| place(first).zip(place(second))).collect();
    Ok(Offers { columns, accepted, pairs })
}

/// The separator that the header has most of.
fn delimiter(header: &str) -> u8 {
    let count = |separator: &u8| header.bytes().filter(|byte| byte == separator).count();
    // The last of equals is taken, so a header without any has the comma.
    b"\t;,".iter().copied().max_by_key(count).unwrap_or(b',')
}

fn answers(rows: &[StringRecord], label: usize, layout: &Layout) -> Result<Vec<bool>> {
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    let mut accepted = Vec::with_capacity(rows.len());
    for row in rows {
        let answer = row.get(label).unwrap_or_default().trim();
        if is_unknown(answer) {
            bail!("line {} has no answer in {:?}", row.position().map_or(0, csv::Position::line), layout.label);
        }
        *found.entry(answer).or_default() += 1;
        accepted.push(answer == layout.positive);
    }
    let is_two = found.len() == 2 && found.contains_key(layout.positive.as_str());
    if !is_two {
        let first: Vec<String> = found.iter().take(5).map(|(answer, count)| format!("{answer:?} ({count})")).collect();
        let (label, positive) = (&layout.label, &layout.positive);
        bail!("{label:?} needs {positive:?} and one other value, and has {}: {}", found.len(), first.join(", "));
    }
    Ok(accepted)
}

fn values(rows: &[StringRecord], index: usize) -> Values {
    let known = |row: &StringRecord| {
        let value = row.get(index).unwrap_or_default().trim();
        if is_unknown(value) { String::new() } else { value.to_owned() }
    };
    let texts: Vec<String> = rows.iter().map(known).collect();
    let number = |text: &String| if text.is_empty() { Some(f64::NAN) } else { text.parse().ok() };
    let are_all_unknown = texts.iter().all(String::is_empty);
    match texts.iter().map(number).collect::<Option<Vec<f64>>>() {
        Some(numbers) if !are_all_unknown => Values::Numbers(numbers),
        _ => Values::Categories(texts),
    }
}

fn is_unknown(text: &str) -> bool {
    text.is_empty() || text == "?" || text.eq_ignore_ascii_case("na") || text.eq_ignore_ascii_case("nan")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests may fail loudly")]
mod tests {
    use std::io::Write;

    use super::*;

    const BANK: &str = "\"age\";\"job\";\"contact\";\"month\";\"duration\";\"y\"\n\
                        56;\"housemaid\";\"telephone\";\"may\";261;\"no\"\n\
                        30;\"unknown\";\"cellular\";\"jun\";10;\"yes\"\n";

    fn refusal(text: &str) -> String {
        format!("{:#}", parse(text, &Layout::bank_marketing()).unwrap_err())
    }

    #[test]
    fn the_semicolons_of_the_original_and_commas_read_alike() {
        let offers = parse(BANK, &Layout::bank_marketing()).unwrap();
        let names: Vec<&str> = offers.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["age", "job", "contact", "month"]);
        assert_eq!(offers.columns[0].values, Values::Numbers(vec![56.0, 30.0]));
        assert_eq!(offers.columns[1].values, Values::Categories(vec!["housemaid".to_owned(), "unknown".to_owned()]));
        assert_eq!((offers.accepted.clone(), offers.pairs.clone()), (vec![false, true], vec![(2, 3)]));
        let commas = BANK.replace(';', ",").replace('"', "").replace('\n', "\r\n");
        assert_eq!(parse(&format!("\u{feff}{commas}"), &Layout::bank_marketing()).unwrap(), offers);
    }

    #[test]
    fn what_is_not_known_is_no_number_and_no_category() {
        let offers = parse(",a,b,y\n0,?,x,yes\n1,7,,no\n", &Layout::bank_marketing()).unwrap();
        let is_found =
            |values: &Values| matches!(values, Values::Numbers(found) if found[0].is_nan() && found[1] == 7.0);
        assert!(is_found(&offers.columns[0].values), "{:?}", offers.columns);
        assert_eq!(offers.columns[1].values, Values::Categories(vec!["x".to_owned(), String::new()]));
        assert_eq!(offers.columns.len(), 2, "the column without a name is left out");
    }

    #[test]
    fn mistakes_are_named() {
        let cases = [
            ("a,b\n1,2\n", "no column \"y\" among a, b"),
            ("a,y\n1,yes\n2,yes\n", "\"y\" needs \"yes\" and one other value, and has 1: \"yes\" (2)"),
            ("a,y\n1,yes\n2,no\n3,maybe\n", "and has 3: \"maybe\" (1), \"no\" (1), \"yes\" (1)"),
            ("a,y\n1,yes\n2,\n", "line 3 has no answer"),
            ("a,a,y\n1,1,yes\n", "a column stands twice"),
            ("a,y\n1,yes\n2\n", "line: 3"),
            ("y\nyes\nno\n", "no column besides the label"),
            ("", "no column \"y\""),
        ];
        for (text, expected) in cases {
            let found = refusal(text);
            assert!(found.contains(expected), "{found} instead of {expected}");
        }
    }

    #[test]
    fn gzipped_files_are_read_and_damaged_ones_are_named() {
        let folder = std::env::temp_dir().join(format!("nearside-bank-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("bank.csv.gz");
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(BANK.as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        std::fs::write(&path, &packed).unwrap();
        assert_eq!(read(&path, &Layout::bank_marketing()).unwrap().accepted, [false, true]);
        std::fs::write(&path, &packed[..packed.len() / 2]).unwrap();
        assert!(format!("{:#}", read(&path, &Layout::bank_marketing()).unwrap_err()).contains("is damaged"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
