//! What was found, as a table for people and as JSON.

use serde::Serialize;

use crate::terminal::{Colour, is_coloured, paint};

/// How bad it is, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    /// All is well.
    Ok,
    /// Something will not work later, or may be a mistake.
    Warning,
    /// Something does not work now.
    Problem,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    /// What was looked at, in a word.
    pub(super) check: &'static str,
    /// How bad it is.
    pub(super) verdict: Verdict,
    /// What was found.
    pub(super) found: String,
    /// What to do about it; None when nothing has to be done.
    pub(super) advice: Option<String>,
}

impl Finding {
    /// All is well.
    pub(super) fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Ok, found: found.into(), advice: None }
    }

    /// Something will not work later, or may be a mistake.
    pub(super) fn warning(check: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Warning, found: found.into(), advice: Some(advice.into()) }
    }

    /// Something does not work now.
    pub(super) fn problem(check: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Problem, found: found.into(), advice: Some(advice.into()) }
    }
}

/// The worst of all verdicts.
pub(super) fn worst(findings: &[Finding]) -> Verdict {
    findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Ok)
}

/// One object: the worst verdict, and all findings.
pub(super) fn json(findings: &[Finding]) -> serde_json::Result<String> {
    serde_json::to_string(&serde_json::json!({ "verdict": worst(findings), "findings": findings }))
}

/// A line a finding, and below it what to do.
pub(super) fn table(findings: &[Finding]) -> String {
    let is_coloured = is_coloured();
    let line = |finding: &Finding| {
        let (word, colour) = match finding.verdict {
            Verdict::Ok => ("ok", Colour::Green),
            Verdict::Warning => ("warning", Colour::Yellow),
            Verdict::Problem => ("problem", Colour::Red),
        };
        let word = format!("{word:<8}");
        let word = if is_coloured { paint(&word, colour) } else { word };
        let advice = finding.advice.as_ref().map(|advice| format!("{:20}-> {advice}\n", "")).unwrap_or_default();
        format!("{word} {:<10} {}\n{advice}", finding.check, finding.found)
    };
    findings.iter().map(line).collect()
}
