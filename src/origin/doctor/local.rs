//! What can be seen on this machine: the settings, the store, the room on its disk.

use std::path::Path;

use chrono::DateTime;
use nix::sys::statvfs::statvfs;

use super::finding::Finding;
use crate::settings::{Settings, names};
use crate::store::{Survey, survey};

/// A model with its reports is a few megabytes, and a transaction of an import as well: below this, one may not end.
const LEAST_ROOM_MB: u64 = 100;
/// A year of a shop with a million events is about this.
const FAIR_ROOM_MB: u64 = 1_000;

/// Whether the configuration file can be read, and what it sets.
pub(super) fn settings(settings: &Settings) -> Finding {
    let check = "settings";
    match (settings.path(), settings.refusal()) {
        (_, Some(refusal)) => {
            Finding::problem(check, refusal, "put that line right; nearside --help lists the settings")
        }
        (None, None) => Finding::ok(check, format!("no nearside.toml in this folder; it could set {}", names())),
        (Some(path), None) => Finding::ok(check, format!("{} sets: {}", path.display(), settings.names().join(", "))),
    }
}

/// Whether the store opens, and what it holds.
pub(super) fn store(path: &Path) -> Finding {
    let check = "store";
    if !path.exists() {
        let advice = "nearside import FILE, or nearside import --from-edge, makes one";
        return Finding::problem(check, format!("there is none at {}", path.display()), advice);
    }
    match survey(path) {
        Ok(survey) => judge(path, &survey),
        Err(error) => Finding::problem(
            check,
            format!("{error:#}"),
            "name another file with --store, or move this one away and import again",
        ),
    }
}

fn judge(path: &Path, survey: &Survey) -> Finding {
    let check = "store";
    let Survey { schema_version, known_version, .. } = *survey;
    if schema_version < known_version {
        let found = format!("{} has schema version {schema_version} of {known_version}", path.display());
        return Finding::warning(check, found, "the next command that opens it brings it up to date");
    }
    let last = survey.last_import_ms.and_then(DateTime::from_timestamp_millis);
    let last = last.map_or_else(|| "never".to_owned(), |last| last.format("%Y-%m-%d %H:%M UTC").to_string());
    let found = format!(
        "{}: schema version {schema_version}, {} events of {} people, {} rows put aside, last import {last}",
        path.display(),
        survey.events,
        survey.people,
        survey.rejected_rows
    );
    if survey.events == 0 {
        Finding::warning(check, found, "there is nothing to learn from yet: nearside import")
    } else if !survey.unfinished_sources.is_empty() {
        let sources = survey.unfinished_sources.join(", ");
        Finding::warning(check, found, format!("the import of {sources} was broken off: run it again"))
    } else if survey.rejected_rows > 0 {
        Finding::warning(
            check,
            found,
            "the table rejected_rows says which and why; importing the source again tries them again",
        )
    } else {
        Finding::ok(check, found)
    }
}

/// Whether the disk of the store has room.
pub(super) fn disk(path: &Path) -> Finding {
    let check = "disk";
    let there = path.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    #[allow(clippy::useless_conversion, reason = "where a Mac counts blocks, it does so in 32 bits")]
    let room = statvfs(there).map(|disk| room_mb(u64::from(disk.blocks_available()), disk.fragment_size()));
    match room {
        Err(error) => Finding::warning(check, format!("its room cannot be told: {error}"), "look at it with df -h"),
        Ok(room_mb) => {
            let found = format!("{room_mb} MB free for the store");
            match room_mb {
                0..LEAST_ROOM_MB => Finding::problem(check, found, format!("make room: {LEAST_ROOM_MB} MB at least")),
                LEAST_ROOM_MB..FAIR_ROOM_MB => Finding::warning(check, found, "a large import may not fit"),
                _ => Finding::ok(check, found),
            }
        }
    }
}

fn room_mb(blocks: u64, block_bytes: u64) -> u64 {
    blocks.saturating_mul(block_bytes) / 1_000_000
}

#[cfg(test)]
mod tests {
    use super::super::finding::Verdict;
    use super::*;

    #[test]
    fn a_store_is_judged_by_what_it_holds() {
        let whole =
            Survey { schema_version: 2, known_version: 2, events: 5, last_import_ms: Some(0), ..Survey::default() };
        let check = |survey: &Survey, verdict: Verdict, said: &str| {
            let finding = judge(Path::new("a.db"), survey);
            let text = format!("{} {}", finding.found, finding.advice.unwrap_or_default());
            assert!(finding.verdict == verdict && text.contains(said), "{text}");
        };
        check(&whole, Verdict::Ok, "last import 1970-01-01 00:00 UTC");
        check(&Survey { events: 0, ..whole.clone() }, Verdict::Warning, "nothing to learn from");
        check(&Survey { rejected_rows: 3, ..whole.clone() }, Verdict::Warning, "3 rows put aside");
        check(
            &Survey { unfinished_sources: vec!["file:b".into()], ..whole.clone() },
            Verdict::Warning,
            "of file:b was",
        );
        check(&Survey { schema_version: 1, ..whole }, Verdict::Warning, "version 1 of 2");
    }
}
