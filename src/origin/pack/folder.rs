//! A pack folder: read, put together into one document, checked, and every finding traced back to its file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use nearside_engine::pack::{Finding, Pack, check_item, check_pack, parse_pack};
use nearside_engine::types::Item;
use nearside_json::read_json;
use serde::de::IgnoredAny;
use serde_json::Value;

/// The file with the plain keys.
const MAIN: &str = "pack.json";

/// The texts of a folder, as they were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PackFolder {
    /// Before each file name in a finding: the folder as it was given.
    prefix: String,
    main: String,
    /// By key.
    parts: BTreeMap<String, String>,
    /// By file name.
    catalogue: BTreeMap<String, String>,
}

/// A folder without findings.
#[derive(Debug)]
pub(crate) struct CheckedFolder {
    /// The pack.
    pub(crate) pack: Pack,
    /// The document that is published.
    pub(crate) bytes: Vec<u8>,
    /// The items of all catalogue files.
    pub(crate) items: Vec<Item>,
}

/// A finding, and the file that holds its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileFinding {
    pub(crate) file: String,
    pub(crate) finding: Finding,
}

impl PackFolder {
    /// Reads a folder from disk.
    ///
    /// # Errors
    /// When it has no pack.json, or a file cannot be read.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        ensure!(folder.is_dir(), "{} is not a folder", folder.display());
        let main = folder.join(MAIN);
        ensure!(
            main.is_file(),
            "{} is missing: a pack folder has one, with the plain keys of the pack",
            main.display()
        );
        let mut parts = json_files(folder)?;
        let main = parts.remove("pack").unwrap_or_default();
        let catalogue = folder.join("catalog");
        let catalogue = if catalogue.is_dir() { json_files(&catalogue)? } else { BTreeMap::new() };
        let catalogue = catalogue.into_iter().map(|(name, text)| (format!("catalog/{name}.json"), text)).collect();
        Ok(Self { prefix: format!("{}/", folder.display().to_string().trim_end_matches('/')), main, parts, catalogue })
    }

    /// Puts together a folder that travels inside the program.
    pub(crate) fn embedded(prefix: &str, main: &str, parts: &[(&str, &str)]) -> Self {
        let parts = parts.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
        Self { prefix: prefix.to_owned(), main: main.to_owned(), parts, catalogue: BTreeMap::new() }
    }

    /// Checks everything.
    ///
    /// # Errors
    /// Every finding, files in order.
    pub(crate) fn check(&self) -> Result<CheckedFolder, Vec<FileFinding>> {
        let mut findings = Vec::new();
        let files = [(MAIN.to_owned(), &self.main)].into_iter();
        let files = files.chain(self.parts.iter().map(|(key, text)| (format!("{key}.json"), text)));
        for (file, text) in files {
            if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
                let place = format!("line {}, column {}", error.line(), error.column());
                findings.push(self.finding_in(&file, Finding::new(&place, "json", "is not valid JSON".to_owned())));
            }
        }
        let pack = if findings.is_empty() { self.parse(&mut findings) } else { None };
        let items = self.items(pack.as_ref().map(|(pack, _)| pack), &mut findings);
        match pack {
            Some((pack, bytes)) if findings.is_empty() => Ok(CheckedFolder { pack, bytes, items }),
            _ => Err(findings),
        }
    }

    fn parse(&self, findings: &mut Vec<FileFinding>) -> Option<(Pack, Vec<u8>)> {
        let Some(document) = self.document() else {
            let finding = Finding::new("pack", "shape", "must be an object".to_owned());
            findings.push(self.finding_in(MAIN, finding));
            return None;
        };
        let pack = match parse_pack(document.as_bytes()) {
            Ok(pack) => pack,
            Err(invalid) => {
                findings.extend(invalid.0.into_iter().map(|finding| self.finding(finding)));
                return None;
            }
        };
        findings.extend(check_pack(&pack).into_iter().map(|finding| self.finding(finding)));
        // The author's own values without the white space; what parsed once parses again.
        let bytes = serde_json::from_str::<Value>(&document).map(|value| value.to_string().into_bytes());
        bytes.ok().map(|bytes| (pack, bytes))
    }

    /// The texts as one object. They are joined as texts, so that a key that stands twice is still there to be found.
    fn document(&self) -> Option<String> {
        let inside = self.main.trim().strip_prefix('{')?.strip_suffix('}')?.trim();
        let mut members: Vec<String> = if inside.is_empty() { Vec::new() } else { vec![inside.to_owned()] };
        members.extend(self.parts.iter().map(|(key, text)| format!("{}:{text}", Value::from(key.as_str()))));
        Some(format!("{{{}}}", members.join(",")))
    }

    fn items(&self, pack: Option<&Pack>, findings: &mut Vec<FileFinding>) -> Vec<Item> {
        let mut all: Vec<Item> = Vec::new();
        let mut first_place: BTreeMap<String, String> = BTreeMap::new();
        for (file, text) in &self.catalogue {
            let items: Vec<Item> = match read_json(text.as_bytes()) {
                Ok(items) => items,
                Err(error) => {
                    let path = format!("items{}", error.path(text.as_bytes()));
                    findings.push(self.finding_in(file, Finding::new(&path, "shape", error.to_string())));
                    continue;
                }
            };
            for (index, item) in items.iter().enumerate() {
                let path = format!("items[{index}]");
                let mut found = Vec::new();
                if let Some(pack) = pack {
                    check_item(item, pack, &path, &mut found);
                }
                if let Some(first) = first_place.insert(item.id.clone(), format!("{file}: {path}")) {
                    found.push(Finding::new(
                        &format!("{path}.id"),
                        "duplicate-id",
                        format!("stands in {first} already"),
                    ));
                }
                findings.extend(found.into_iter().map(|finding| self.finding_in(file, finding)));
            }
            all.extend(items);
        }
        all
    }

    /// Finds the file of a place: the key's own one if there is one, else the main one.
    fn finding(&self, finding: Finding) -> FileFinding {
        let key = finding.path.split(['.', '[']).next().unwrap_or_default();
        let file = if self.parts.contains_key(key) { format!("{key}.json") } else { MAIN.to_owned() };
        self.finding_in(&file, finding)
    }

    fn finding_in(&self, file: &str, finding: Finding) -> FileFinding {
        FileFinding { file: format!("{}{file}", self.prefix), finding }
    }
}

/// The texts of a folder's JSON files, by name without its ending.
fn json_files(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).map(str::to_owned);
        if let (Some("json"), Some(name)) = (path.extension().and_then(|end| end.to_str()), name) {
            let text =
                fs::read_to_string(&path).with_context(|| format!("{} cannot be read as text", path.display()))?;
            files.insert(name, text);
        }
    }
    Ok(files)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const MAIN_TEXT: &str = include_str!("../../packs/retail/pack.json");
    const SCORING: &str = include_str!("../../packs/retail/scoring.json");
    const WORDS: &str = include_str!("../../packs/retail/words.json");

    fn folder(main: &str, scoring: &str, words: &str, catalogue: &[(&str, &str)]) -> PackFolder {
        let mut folder = PackFolder::embedded("retail/", main, &[("scoring", scoring), ("words", words)]);
        folder.catalogue = catalogue.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
        folder
    }

    #[track_caller]
    fn check(folder: &PackFolder, expected: &[&str]) {
        let found = folder.check().err().unwrap_or_default();
        let found: Vec<String> = found.iter().map(|found| format!("{}: {}", found.file, found.finding)).collect();
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.starts_with(expected), "{found:?} does not begin with {expected:?}");
        }
    }

    #[test]
    fn a_clean_folder_becomes_one_document() {
        let item = r#"[{"id":"a","kind":"product","category":"BAGS","title":"A bag"}]"#;
        let checked = folder(MAIN_TEXT, SCORING, WORDS, &[("catalog/bags.json", item)]).check().unwrap();
        assert_eq!((checked.pack.id.as_str(), checked.items.len()), ("retail", 1));
        assert_eq!(parse_pack(&checked.bytes).unwrap(), checked.pack);
    }

    #[test]
    fn findings_name_the_file_that_holds_the_place() {
        let main = MAIN_TEXT.replace("\"limit\": 5", "\"limit\": 0");
        let scoring = SCORING.replace("\"scale\": 0.1", "\"scale\": 0");
        let words = WORDS.replace("\"max_reasons\": 2", "\"max_reasons\": 9");
        check(
            &folder(&main, &scoring, &words, &[]),
            &[
                "retail/pack.json: scopes[1].limit: must be 1 to 50",
                "retail/scoring.json: scoring.tag_affinity.scale: ",
                "retail/words.json: words.max_reasons: ",
            ],
        );
    }

    #[test]
    fn wrong_json_is_told_by_file_and_line() {
        check(
            &folder("{\n  \"id\": }", SCORING, WORDS, &[]),
            &["retail/pack.json: line 2, column 9: is not valid JSON [json]"],
        );
        check(&folder("[]", SCORING, WORDS, &[]), &["retail/pack.json: pack: must be an object"]);
    }

    #[test]
    fn a_key_in_two_files_is_found() {
        let main = MAIN_TEXT.replacen('{', "{ \"scoring\": {},", 1);
        check(
            &folder(&main, SCORING, WORDS, &[]),
            &["retail/scoring.json: scoring: the key stands twice [duplicate-key]"],
        );
    }

    #[test]
    fn items_are_checked_in_their_own_files() {
        let wrong = r#"[{"id":"a","kind":"product","category":"GLOVES","title":"Gloves"}]"#;
        let again = r#"[{"id":"b","kind":"product","category":"BAGS","title":"Bag"},{"id":"a","kind":"product","category":"BAGS","title":"Bag"}]"#;
        let broken = r#"[{"id":"c","category":"BAGS","title":"Bag","colour":"red"}]"#;
        check(
            &folder(
                MAIN_TEXT,
                SCORING,
                WORDS,
                &[("catalog/a.json", wrong), ("catalog/b.json", again), ("catalog/c.json", broken)],
            ),
            &[
                "retail/catalog/a.json: items[0].category: ",
                "retail/catalog/b.json: items[1].id: stands in catalog/a.json: items[0] already [duplicate-id]",
                "retail/catalog/c.json: items[0]",
            ],
        );
    }
}
