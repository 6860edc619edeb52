//! Where the checks put what they find, and the small judgements that many of them share.

use super::finding::{Finding, shortened};
use crate::types::{SortedSet, is_text_id};
use nearside_json::{PlainNumber, Quoted};

/// The findings so far.
#[derive(Debug, Default)]
pub(super) struct Report {
    findings: Vec<Finding>,
}

impl Report {
    /// Notes one finding.
    pub(super) fn add(&mut self, path: &str, rule: &'static str, detail: impl Into<String>) {
        self.findings.push(Finding::new(path, rule, detail.into()));
    }

    /// Everything noted, in the order in which it was found.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// Notes an id that cannot be one.
    pub(super) fn text_id(&mut self, path: &str, id: &str) {
        if !is_text_id(id) {
            self.add(path, "text-id", "an id has 1 to 128 bytes, no control characters and no outer spaces");
        }
    }

    /// Notes a name that a condition, a term or an attribute cannot have.
    pub(super) fn name(&mut self, path: &str, name: &str) {
        let is_name = name.len() <= 64
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !is_name {
            self.add(path, "name", "a name has up to 64 lower-case letters, digits and underscores, a letter first");
        }
    }

    /// Notes every id that stands a second time, at the place that `path_of` gives for its index.
    pub(super) fn unique<'a>(&mut self, ids: impl IntoIterator<Item = &'a str>, path_of: impl Fn(usize) -> String) {
        let mut seen = SortedSet::new();
        for (index, id) in ids.into_iter().enumerate() {
            if !seen.insert(id) {
                self.add(&path_of(index), "duplicate-id", format!("{} stands twice", quoted(id)));
            }
        }
    }

    /// Notes a number outside its range; what is not finite is outside every range.
    pub(super) fn range(&mut self, path: &str, value: f64, range: std::ops::RangeInclusive<f64>) {
        if !range.contains(&value) {
            let [least, most, value] = [*range.start(), *range.end(), value].map(PlainNumber);
            self.add(path, "range", format!("must be {least} to {most}, not {value}"));
        }
    }

    /// Notes a number that is not above zero, or above the most.
    pub(super) fn above_zero(&mut self, path: &str, value: f64, most: f64) {
        if !(value > 0.0 && value <= most) {
            let [most, value] = [most, value].map(PlainNumber);
            self.add(path, "range", format!("must be above 0 and at most {most}, not {value}"));
        }
    }

    /// Notes a list that is too short or too long.
    pub(super) fn count(&mut self, path: &str, count: usize, range: std::ops::RangeInclusive<usize>) {
        if !range.contains(&count) {
            self.add(path, "count", format!("must have {} to {} entries, not {count}", range.start(), range.end()));
        }
    }

    /// Notes a text of a list of known ones that is not among them.
    pub(super) fn known<'a>(
        &mut self,
        path: &str,
        rule: &'static str,
        text: &str,
        known: impl IntoIterator<Item = &'a str>,
        what: &str,
    ) {
        if !known.into_iter().any(|one| one == text) {
            self.add(path, rule, format!("{} is not {what}", quoted(text)));
        }
    }
}

/// A text of the author's in quotation marks, never at length.
pub(super) fn quoted(text: &str) -> String {
    Quoted(&shortened(text, 40)).to_string()
}
