//! From lines of profiles to rows of the Worker: which pack, who takes part, who is like whom, in how many calls.

use anyhow::{Context, Result, ensure};
use nearside_engine::types::{TimeMs, format_rfc3339};
use serde::Serialize;
use serde_json::{Value, json};

use crate::api::{Put, Written, put_rows};
use crate::pack::{Ask, live_pack};
use crate::train::{SimilarUsers, read_shared_people, similar_people};

/// What is to be done.
pub(super) struct Job<'a> {
    /// The pack; None for the only one that is live.
    pub(super) pack: Option<&'a str>,
    /// Profiles, one a line, as the export gives them; None reads the export.
    pub(super) lines: Option<String>,
    /// True when nothing may be sent.
    pub(super) is_rehearsal: bool,
    /// When the lists are made.
    pub(super) now_ms: TimeMs,
    /// Threads.
    pub(super) threads: usize,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Report {
    /// The pack.
    pub(super) pack: String,
    /// People who were compared.
    pub(super) people: usize,
    /// People to whom somebody is similar.
    pub(super) with_similar: usize,
    /// Entries of all lists.
    pub(super) pairs: usize,
    /// People without an interaction for 60 days: left out.
    pub(super) inactive: usize,
    /// People under a name that the Worker does not know: left out.
    pub(super) unnamed: usize,
    /// People whose learned profile is of another format.
    pub(super) unreadable_states: usize,
    /// Entries that the Worker holds now.
    pub(super) written: u64,
    /// Entries of people who do not share any more.
    pub(super) withheld: u64,
    /// True when nothing was sent.
    pub(super) is_rehearsal: bool,
}

/// Finds who is similar to whom, and sends it.
///
/// # Errors
/// No pack, or one that this program does not read; lines that are no profiles; what the Worker refuses.
pub(super) fn find_and_send(job: Job<'_>, ask: &mut Ask<'_>, put: &mut Put<'_>) -> Result<Report> {
    let pack = live_pack(job.pack, ask)?;
    let lines = match job.lines {
        Some(lines) => lines,
        None => exported(ask)?,
    };
    let shared = read_shared_people(&lines, &pack, job.now_ms)?;
    let SimilarUsers { people } = similar_people(&shared.people, job.threads);
    let mut report = Report {
        people: people.len(),
        with_similar: people.iter().filter(|person| !person.similar.is_empty()).count(),
        pairs: people.iter().map(|person| person.similar.len()).sum(),
        inactive: shared.inactive,
        unnamed: shared.unnamed,
        unreadable_states: shared.unreadable_states,
        written: 0,
        withheld: 0,
        is_rehearsal: job.is_rehearsal,
        pack: pack.id,
    };
    if !job.is_rehearsal {
        let (pack, at) = (json!(report.pack), json!(format_rfc3339(job.now_ms)));
        let head = format!(r#"{{"pack":{pack},"calculated_at":{at},"people":["#);
        let Written { written, withheld } = put_rows("/admin/similar-users", &head, people.iter(), put)?;
        (report.written, report.withheld) = (written, withheld);
    }
    Ok(report)
}

/// Reads the whole export of profiles.
fn exported(ask: &mut Ask<'_>) -> Result<String> {
    let (mut all, mut after) = (String::new(), 0);
    loop {
        let page = ask(&format!("/export/profiles?after={after}"))?.context("the Worker has no /export/profiles")?;
        if page.trim().is_empty() {
            return Ok(all);
        }
        let sequences = page.lines().filter_map(|line| {
            let line: Value = serde_json::from_str(line).ok()?;
            line.get("sequence")?.as_i64()
        });
        let last = sequences.max().unwrap_or_default();
        ensure!(last > after, "/export/profiles has no line with a sequence number after {after}");
        after = last;
        all.push_str(&page);
        all.push('\n');
    }
}

#[cfg(test)]
#[path = "job_tests.rs"]
mod tests;
