//! How findings and a clean pack are printed.

use std::io::{self, Write};

use anyhow::Result;
use serde_json::json;

use super::folder::{CheckedFolder, FileFinding};

/// Prints every finding to standard output and their number to standard error.
pub(super) fn print_findings(findings: &[FileFinding], json: bool) -> Result<()> {
    let mut out = io::stdout().lock();
    if json {
        let list: Vec<_> = findings
            .iter()
            .map(|found| {
                let finding = &found.finding;
                json!({ "file": found.file, "path": finding.path, "rule": finding.rule, "detail": finding.detail })
            })
            .collect();
        writeln!(out, "{}", json!({ "findings": list }))?;
    } else {
        for found in findings {
            writeln!(out, "{}: {}", found.file, found.finding)?;
        }
    }
    let places = if findings.len() == 1 { "1 finding".to_owned() } else { format!("{} findings", findings.len()) };
    eprintln!("{places}; nothing can be published before they are put right");
    Ok(())
}

/// Prints what a clean pack holds.
pub(super) fn print_summary(checked: &CheckedFolder, json: bool) -> Result<()> {
    let pack = &checked.pack;
    let words = &pack.words;
    let texts = words.reasons.len()
        + words.benefits.len()
        + words.examples.len()
        + words.explain.primary.len()
        + words.explain.contributing.len();
    let counts = [
        ("categories", pack.categories.len()),
        ("items", checked.items.len()),
        ("glossary terms", pack.glossary.len()),
        ("conditional texts", texts),
        ("signals", pack.scoring.signals.len()),
        ("factors", pack.scoring.factors.len()),
    ];
    let mut out = io::stdout().lock();
    if json {
        let counts: serde_json::Map<String, serde_json::Value> =
            counts.iter().map(|(name, count)| (name.replace(' ', "_"), json!(count))).collect();
        writeln!(out, "{}", json!({ "pack": pack.id, "version": pack.version, "counts": counts, "findings": [] }))?;
    } else {
        let counts = counts.map(|(name, count)| format!("{count} {name}")).join(", ");
        writeln!(out, "{} {}: {counts}; no findings", pack.id, pack.version)?;
    }
    Ok(())
}
