//! Reading a Worker's exports: pages after a cursor, until there is nothing more.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::edge_lines;
use super::intake::{Intake, Plan, Tally};
use crate::store::{Known, Store, Taken};
use nearside_engine::math::sha256_hex;

/// Asks the Worker for a path; None when there is no such thing.
pub(super) type Ask<'a> = dyn FnMut(&str) -> Result<Option<String>> + 'a;

/// Reads what is new: interactions and erasures, the catalogues of their packs, profiles. Reading from the start, or the
/// whole, the people whom the export does not name any more leave the store: they stopped sharing.
///
/// # Errors
/// A Worker that refuses, an export of another shape, a cursor that another Worker gave.
pub(super) fn import(store: &mut Store, address: &str, plan: &Plan, ask: &mut Ask<'_>) -> Result<Vec<Tally>> {
    let mut people = BTreeSet::new();
    let forgets_others = plan.is_from_start || plan.is_whole;
    let source = format!("edge:{address}");
    let mut events = begin(store, &source, plan)?;
    if events.at.cursor > 0 {
        check_same_server(&events, ask)?;
    }
    if plan.is_whole {
        events.at = Known::default();
    }
    read_pages("/export/interactions", &mut events, &mut people, ask)?;
    read_catalogues(&mut events, ask)?;
    if forgets_others {
        events.tally.deleted += events.writer.forget_others(people.iter().map(String::as_str))? as u64;
    }
    let events = events.finish(plan.now_ms)?;

    let source = format!("edge:{address}/profiles");
    let mut profiles = begin(store, &source, plan)?;
    if plan.is_whole {
        profiles.at = Known::default();
    }
    read_pages("/export/profiles", &mut profiles, &mut people, ask)?;
    if forgets_others {
        profiles.tally.deleted += profiles.writer.forget_others(people.iter().map(String::as_str))? as u64;
    }
    Ok(vec![events, profiles.finish(plan.now_ms)?])
}

fn begin<'s>(store: &'s mut Store, source: &'s str, plan: &Plan) -> Result<Intake<'s>> {
    let mut intake = Intake::new(store.write(source, plan.now_ms, plan.is_rehearsal)?, source, plan);
    if plan.is_from_start {
        intake.writer.forget_rejected()?;
    } else {
        intake.at = intake.writer.known()?;
    }
    Ok(intake)
}

/// Another Worker behind the same address counts anew: going on at the old cursor would leave out what it has.
///
/// The line at the cursor must be the one that was read. It may be gone with its person; then the first line of the
/// export must be one that the store holds.
fn check_same_server(intake: &Intake<'_>, ask: &mut Ask<'_>) -> Result<()> {
    let advice = "read it anew with --from-start, which imports nothing twice";
    let cursor = intake.at.cursor;
    let first_after = |after: i64, ask: &mut Ask<'_>| -> Result<Option<String>> {
        Ok(page("/export/interactions", after, ask)?.lines().next().map(str::to_owned))
    };
    let sequence_of = |line: &str| edge_lines::open(line.as_bytes()).ok().and_then(|line| line.sequence);
    if let Some(line) = first_after(cursor - 1, ask)?
        && sequence_of(&line) == Some(cursor)
    {
        let is_same = Some(sha256_hex(line.as_bytes())) == intake.at.cursor_sha256;
        ensure!(is_same, "the export's line {cursor} is not the one that was read before: another server? {advice}");
        return Ok(());
    }
    let Some(line) = first_after(0, ask)? else {
        bail!("the export is empty, but was read up to {cursor} before: another server? {advice}");
    };
    let value: Value = serde_json::from_str(&line).unwrap_or_default();
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let is_later = sequence_of(&line).is_some_and(|sequence| sequence > cursor);
    let is_known = is_later || intake.writer.holds(text("/user_id"), text("/interaction/id"))?;
    ensure!(
        is_known,
        "the export was read up to {cursor}, and its first line is unknown here: another server? {advice}"
    );
    Ok(())
}

fn read_pages(path: &str, intake: &mut Intake<'_>, people: &mut BTreeSet<String>, ask: &mut Ask<'_>) -> Result<()> {
    loop {
        let page = page(path, intake.at.cursor, ask)?;
        let before = intake.at.cursor;
        for line in page.lines() {
            take(line, path, intake, people)?;
        }
        if intake.at.cursor == before {
            ensure!(page.is_empty(), "{path} has no line with a sequence number after {before}");
            return Ok(());
        }
        intake.checkpoint()?;
    }
}

fn take(line: &str, path: &str, intake: &mut Intake<'_>, people: &mut BTreeSet<String>) -> Result<()> {
    let bytes = line.as_bytes();
    match edge_lines::open(bytes) {
        Err(reason) => intake.put_aside(0, reason, bytes, false)?,
        Ok(read) => {
            let sequence = read.sequence.unwrap_or(0);
            if sequence > 0 {
                let before = intake.at.cursor;
                ensure!(sequence > before, "{path} goes back from {before} to {sequence}");
                intake.at = Known { cursor: sequence, cursor_sha256: Some(sha256_hex(bytes)) };
            }
            if let Some(user) = read.user.clone().filter(|_| !read.is_erasure) {
                people.insert(user);
            }
            edge_lines::take_line(read, bytes, sequence, false, intake)?;
        }
    }
    intake.step()
}

fn page(path: &str, after: i64, ask: &mut Ask<'_>) -> Result<String> {
    ask(&format!("{path}?after={after}"))?.with_context(|| format!("the Worker has no {path}"))
}

/// Reads what the live catalogues of the imported packs say of their items.
fn read_catalogues(intake: &mut Intake<'_>, ask: &mut Ask<'_>) -> Result<()> {
    for pack in intake.writer.packs()? {
        let Some(text) = ask(&format!("/catalog/{pack}"))? else { continue };
        let catalogue: Value =
            serde_json::from_str(&text).with_context(|| format!("the catalogue of {pack} is not JSON"))?;
        let items = catalogue.get("items").and_then(Value::as_array);
        for item in items.with_context(|| format!("the catalogue of {pack} has no items"))? {
            let id = item.get("id").and_then(Value::as_str);
            let id = id.with_context(|| format!("an item of the catalogue of {pack} has no id"))?;
            if intake.writer.item(&pack, id, item)? == Taken::New {
                intake.tally.items += 1;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "edge_tests.rs"]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
