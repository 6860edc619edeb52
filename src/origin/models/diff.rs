//! Two models side by side: figures, sizes, and terms that came, went or changed.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use nearside_engine::models::{ModelFile, ModelTerm, open};
use nearside_json::read_json;
use serde::Serialize;

use super::registry::Registry;
use crate::evaluate::{TextTable, decimals};

/// What a model says of itself.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ReadModel {
    pub(super) version: String,
    pub(super) bytes: usize,
    pub(super) file: ModelFile,
}

/// One number under two models; None where one of them has none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Change {
    pub(super) name: String,
    pub(super) from: Option<f64>,
    pub(super) to: Option<f64>,
}

/// How two models differ. Names ascend.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Difference {
    pub(super) from: String,
    pub(super) to: String,
    /// Bytes, items, terms, neighbours and so on.
    pub(super) sizes: Vec<Change>,
    /// What each training found of its own lists.
    pub(super) metrics: Vec<Change>,
    /// What each term moves.
    pub(super) importance: Vec<Change>,
    pub(super) terms_added: Vec<String>,
    pub(super) terms_removed: Vec<String>,
    /// Terms of the same name with other steps, by the greatest difference of their values.
    pub(super) terms_changed: Vec<Change>,
}

/// Fetches a kept model.
///
/// # Errors
/// It is not there, or is no model.
pub(super) fn fetch(registry: &dyn Registry, version: &str) -> Result<ReadModel> {
    let text = registry.read(&format!("/model-blobs/{version}"))?;
    let text = text.with_context(|| format!("the blob of {version} is not there"))?;
    let envelope = open(text.as_bytes())?;
    let file = read_json(envelope.body).map_err(|error| anyhow::anyhow!("{version} does not read: {error}"))?;
    Ok(ReadModel { version: version.to_owned(), bytes: text.len(), file })
}

/// Compares two models.
pub(super) fn compare(from: &ReadModel, to: &ReadModel) -> Difference {
    let (old, new) = (terms(&from.file), terms(&to.file));
    let without = |all: &BTreeMap<&str, &ModelTerm>, others: &BTreeMap<&str, &ModelTerm>| -> Vec<String> {
        all.keys().filter(|name| !others.contains_key(*name)).map(|name| (*name).to_owned()).collect()
    };
    let changed = old.iter().filter_map(|(name, term)| {
        let other = new.get(name).filter(|other| other != &term)?;
        let span = |term: &ModelTerm| greatest(term) - term.least();
        Some(Change { name: (*name).to_owned(), from: Some(span(term)), to: Some(span(other)) })
    });
    let numbers = |file: &ModelFile, metrics: bool| -> BTreeMap<String, f64> {
        let map = if metrics { &file.metrics } else { &file.importance };
        map.iter().map(|(name, value)| (name.clone(), *value)).collect()
    };
    Difference {
        from: from.version.clone(),
        to: to.version.clone(),
        sizes: changes(&sizes(from), &sizes(to)),
        metrics: changes(&numbers(&from.file, true), &numbers(&to.file, true)),
        importance: changes(&numbers(&from.file, false), &numbers(&to.file, false)),
        terms_added: without(&new, &old),
        terms_removed: without(&old, &new),
        terms_changed: changed.collect(),
    }
}

/// The difference as text.
pub(super) fn text(difference: &Difference) -> String {
    let short = |version: &str| version.get(..12).unwrap_or(version).to_owned();
    let cell = |value: Option<f64>| match value {
        Some(value) if value.fract() == 0.0 && value.abs() < 1e15 => format!("{value:.0}"),
        Some(value) => decimals(value, 4),
        None => "-".to_owned(),
    };
    let mut parts = Vec::new();
    for (title, changes) in [
        ("size", &difference.sizes),
        ("figure", &difference.metrics),
        ("importance", &difference.importance),
        ("changed term, span", &difference.terms_changed),
    ] {
        let changes: Vec<&Change> =
            changes.iter().filter(|change| change.from != change.to || title.contains("term")).collect();
        if changes.is_empty() {
            continue;
        }
        let mut table = TextTable::new([title.to_owned(), short(&difference.from), short(&difference.to)]);
        for change in changes {
            table.row([change.name.clone(), cell(change.from), cell(change.to)]);
        }
        parts.push(table.plain());
    }
    for (word, names) in [("added", &difference.terms_added), ("removed", &difference.terms_removed)] {
        if !names.is_empty() {
            parts.push(format!("terms {word}: {}\n", names.join(", ")));
        }
    }
    if !parts.is_empty() {
        return parts.join("\n");
    }
    if difference.from == difference.to {
        "no difference\n".to_owned()
    } else {
        "sizes, figures and terms are the same; what is known of items differs, or where the model comes from\n"
            .to_owned()
    }
}

fn terms(file: &ModelFile) -> BTreeMap<&str, &ModelTerm> {
    file.terms.iter().map(|term| (term.name.as_str(), term)).collect()
}

fn greatest(term: &ModelTerm) -> f64 {
    term.values.iter().copied().fold(term.unknown, f64::max)
}

fn sizes(model: &ReadModel) -> BTreeMap<String, f64> {
    let ModelFile { base, items, terms, neighbours, factors, window, .. } = &model.file;
    let neighbours_bytes = neighbours
        .as_ref()
        .map_or(0, |file| file.starts.len() + file.targets.len() + file.values.len() + file.scales.len());
    let factors_bytes = factors.as_ref().map_or(0, |file| file.values.len() + file.scales.len() + file.gram.len());
    let named = [
        ("base of scores", *base),
        ("bytes", model.bytes as f64),
        ("bytes of factors", factors_bytes as f64),
        ("bytes of neighbours", neighbours_bytes as f64),
        ("items", items.len() as f64),
        ("terms", terms.len() as f64),
        ("interactions learned from", window.interactions as f64),
        ("people learned from", window.people as f64),
    ];
    named.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn changes(from: &BTreeMap<String, f64>, to: &BTreeMap<String, f64>) -> Vec<Change> {
    let mut names: Vec<&String> = from.keys().chain(to.keys()).collect();
    names.sort();
    names.dedup();
    let change =
        |name: &String| Change { name: name.clone(), from: from.get(name).copied(), to: to.get(name).copied() };
    names.into_iter().map(change).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use nearside_engine::models::{Among, Feature};

    use super::*;

    fn term(name: &str, step: f64) -> ModelTerm {
        ModelTerm {
            name: name.to_owned(),
            feature: Feature::Priority,
            among: Among::All,
            cuts: vec![1.0],
            values: vec![0.0, step],
            unknown: 0.0,
        }
    }

    fn model(version: &str, terms: Vec<ModelTerm>, ndcg: f64) -> ReadModel {
        let mut file = ModelFile { terms, ..ModelFile::default() };
        file.metrics.insert("ndcg_10".to_owned(), ndcg);
        ReadModel { version: version.to_owned(), bytes: 1_000, file }
    }

    #[test]
    fn terms_come_go_and_change() {
        let old = model("a".repeat(64).as_str(), vec![term("same", 1.0), term("gone", 1.0), term("other", 1.0)], 0.2);
        let new = model("b".repeat(64).as_str(), vec![term("same", 1.0), term("other", 2.5), term("new", 1.0)], 0.25);
        let difference = compare(&old, &new);
        assert_eq!(difference.terms_added, ["new"]);
        assert_eq!(difference.terms_removed, ["gone"]);
        assert_eq!(difference.terms_changed, [Change { name: "other".to_owned(), from: Some(1.0), to: Some(2.5) }]);
        let said = text(&difference);
        for line in [
            "figure   aaaaaaaaaaaa  bbbbbbbbbbbb\nndcg_10        0.2000        0.2500",
            "other                          1        2.5000",
            "terms added: new\n",
            "terms removed: gone\n",
        ] {
            assert!(said.contains(line), "{said}");
        }
        assert!(!said.contains("bytes"), "what is the same is not listed: {said}");
        assert_eq!(text(&compare(&old, &old)), "no difference\n");
        let twin = ReadModel { version: "c".repeat(64), ..old.clone() };
        assert!(text(&compare(&old, &twin)).contains("what is known of items differs"));
    }
}
