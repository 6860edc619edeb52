//! What `publish` and `run` say of a publication.

use serde_json::{Value, json};

use super::steps::{Outcome, Published};
use crate::gate::{record, verdict_table};

/// As JSON, with the gate's verdicts.
pub(crate) fn json_of(pack: &str, published: &Published) -> Value {
    json!({
        "pack": pack,
        "outcome": word(published.outcome),
        "version": published.version,
        "live_before": published.live_before,
        "gate": is_judged(published).then(|| record(&published.verdicts)),
    })
}

/// As a table and a sentence.
pub(crate) fn text_of(pack: &str, published: &Published) -> String {
    let version = published.version.get(..12).unwrap_or(&published.version);
    let sentence = match published.outcome {
        Outcome::Refused => "is refused; what was live still is",
        Outcome::Rehearsed => "would be published; nothing was changed",
        Outcome::Unchanged => "serves already",
        Outcome::Promoted => "is live",
        Outcome::Canary => "serves its share of people",
    };
    let table = if is_judged(published) { verdict_table(&published.verdicts).for_terminal() } else { String::new() };
    format!("{table}{pack}: {version} {sentence}\n")
}

/// What serves already was judged against what was live before it; against itself the verdicts say nothing.
fn is_judged(published: &Published) -> bool {
    published.outcome != Outcome::Unchanged
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Refused => "refused",
        Outcome::Rehearsed => "rehearsed",
        Outcome::Unchanged => "unchanged",
        Outcome::Promoted => "promoted",
        Outcome::Canary => "canary",
    }
}
