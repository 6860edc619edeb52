//! The report of a comparison as a page: how the models did at both tasks, and what the candidate adds up.

use nearside_engine::models::{Among, ModelFile};
use nearside_engine::types::format_rfc3339;

use super::split::Split;
use crate::evaluate::{Bar, Fact, Report, StepTerm, Task, html};

/// Writes the page.
pub(super) fn page(split: &Split<'_>, tasks: &[Task], file: &ModelFile, seed: u64) -> String {
    let fact = |name: &str, value: String| Fact { name: name.to_owned(), value };
    let window = &file.window;
    let name = |name: &str, among: Among| match among {
        Among::All => name.to_owned(),
        Among::New => format!("{name} (new items)"),
        Among::Again => format!("{name} (taken before)"),
    };
    let terms = file.terms.iter().map(|term| StepTerm {
        feature: name(&term.name, term.among),
        cuts: term.cuts.clone(),
        values: term.values.clone(),
    });
    html(&Report {
        title: format!("Evaluation of pack {}", file.pack),
        facts: vec![
            fact("Trained on", format!("{} to {}", format_rfc3339(window.from_ms), format_rfc3339(window.to_ms))),
            fact("Events, people, items", format!("{}, {}, {}", window.interactions, window.people, window.items)),
            fact("Tested from", format_rfc3339(split.at_ms)),
            fact("People of the test", format!("{}, of whom {} with new items", split.repeats.len(), split.new.len())),
            fact("Seed", seed.to_string()),
        ],
        tasks: tasks.to_vec(),
        importance: importance(file),
        terms: terms.collect(),
        ..Report::default()
    })
}

/// What moves most stands first.
fn importance(file: &ModelFile) -> Vec<Bar> {
    let mut bars: Vec<Bar> =
        file.importance.iter().map(|(name, value)| Bar { name: name.clone(), value: *value }).collect();
    bars.sort_by(|left, right| right.value.total_cmp(&left.value));
    bars
}
