//! What an import does with what a source gives: take it, leave it out, or put it aside; count it, and commit it in
//! pieces together with how far the source was read.

use std::collections::BTreeMap;

use anyhow::Result;
use nearside_engine::types::{DAY_MS, Interaction, TimeMs};
use serde::Serialize;

use super::judge::PersonEvent;
use super::pseudonyms::Pseudonyms;
use crate::progress::Progress;
use crate::store::{Known, RejectedRow, Taken, Writer};
use nearside_engine::math::sha256_hex;

/// Rows of a transaction: few enough to lose little, many enough to be quick.
const ROWS_A_TRANSACTION: usize = 5_000;
/// Rows that are named on standard error; the others are only counted, and kept in the store.
const NAMED_ROWS: usize = 5;

/// What became of everything that a source gave.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Tally {
    /// Where it was read.
    pub(super) source: String,
    /// Rows that were read.
    pub(super) rows: u64,
    /// Events that are new.
    pub(super) imported: u64,
    /// Events that the store had.
    pub(super) known: u64,
    /// Events and profiles of erased people, refused.
    pub(super) erased: u64,
    /// People that were erased.
    pub(super) tombstones: u64,
    /// Rows that left the store: of erased people, and of those who stopped sharing.
    pub(super) deleted: u64,
    /// Profiles that are new or changed.
    pub(super) profiles: u64,
    /// Items that are new or changed.
    pub(super) items: u64,
    /// Rows that do not belong here, by reason.
    pub(super) left_out: BTreeMap<String, u64>,
    /// Rows that were put aside, by reason.
    pub(super) rejected: BTreeMap<String, u64>,
}

impl Tally {
    /// The number of rows that were put aside.
    pub(super) fn rejected_rows(&self) -> u64 {
        self.rejected.values().sum()
    }
}

/// The span of time that is taken; the rest is left out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    /// From this moment on …
    pub(super) since_ms: TimeMs,
    /// … and before this one.
    pub(super) until_ms: TimeMs,
}

impl Default for Span {
    fn default() -> Self {
        Self { since_ms: TimeMs::MIN, until_ms: TimeMs::MAX }
    }
}

/// What holds for every source of a run.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// What is taken.
    pub(super) span: Span,
    /// When the run began.
    pub(super) now_ms: TimeMs,
    /// Everything is read and judged, and nothing is kept.
    pub(super) is_rehearsal: bool,
    /// What the edge exports is read from its beginning again, whichever server gave what was read before.
    pub(super) is_from_start: bool,
    /// The same, once it is sure that it is the same server: who stopped sharing is only seen in the whole.
    pub(super) is_whole: bool,
    /// The key of pseudonyms, if it is known here.
    pub(super) pseudonyms: Option<Pseudonyms>,
}

impl Plan {
    /// Takes everything, once, in a run that begins now.
    pub(super) fn at(now_ms: TimeMs) -> Self {
        Self {
            span: Span::default(),
            now_ms,
            is_rehearsal: false,
            is_from_start: false,
            is_whole: false,
            pseudonyms: None,
        }
    }

    /// What happened later has not happened yet. A day is left for clocks that are ahead, and times without an offset.
    pub(super) fn latest_ms(&self) -> TimeMs {
        self.now_ms.saturating_add(DAY_MS)
    }
}

/// One source being imported.
pub(super) struct Intake<'s> {
    /// The transaction; sources that need more than events write to it themselves.
    pub(super) writer: Writer<'s>,
    /// The counts so far.
    pub(super) tally: Tally,
    /// How far the source was read.
    pub(super) at: Known,
    /// What happened later has not happened yet, and is put aside.
    pub(super) latest_ms: TimeMs,
    pseudonyms: Option<Pseudonyms>,
    span: Span,
    now_ms: TimeMs,
    since_checkpoint: usize,
    committed_rows: u64,
    progress: Progress,
}

impl<'s> Intake<'s> {
    /// Begins with a source.
    pub(super) fn new(writer: Writer<'s>, source: &str, plan: &Plan) -> Self {
        let tally = Tally { source: source.to_owned(), ..Tally::default() };
        let progress = Progress::open_ended("import");
        Self {
            writer,
            tally,
            at: Known::default(),
            latest_ms: plan.latest_ms(),
            pseudonyms: plan.pseudonyms.clone(),
            span: plan.span,
            now_ms: plan.now_ms,
            since_checkpoint: 0,
            committed_rows: 0,
            progress,
        }
    }

    /// Takes an event that happened in the span.
    pub(super) fn take(&mut self, person_event: &PersonEvent) -> Result<()> {
        self.take_now(&person_event.user, &person_event.event)
    }

    /// Takes an event of a person named apart from it.
    pub(super) fn take_now(&mut self, user: &str, event: &Interaction) -> Result<()> {
        self.take_received(user, event, self.now_ms)
    }

    /// Forgets a person, under the id and the pseudonym if the key of pseudonyms is known: the person may have changed
    /// the setting that decides under which one the export names them.
    pub(super) fn erase(&mut self, user: &str, erased_at_ms: TimeMs) -> Result<()> {
        self.tally.tombstones += 1;
        self.tally.deleted += self.writer.tombstone(user, erased_at_ms)? as u64;
        let Some(pseudonyms) = &self.pseudonyms else { return Ok(()) };
        for other in pseudonyms.other_names(user, || self.writer.people())? {
            self.tally.deleted += self.writer.tombstone(&other, erased_at_ms)? as u64;
        }
        Ok(())
    }

    /// Takes an event whose source says when it took it.
    pub(super) fn take_received(&mut self, user: &str, event: &Interaction, received_at_ms: TimeMs) -> Result<()> {
        if event.occurred_at_ms < self.span.since_ms {
            self.leave_out("before --since");
        } else if event.occurred_at_ms >= self.span.until_ms {
            self.leave_out("from --until on");
        } else {
            match self.writer.event(user, event, received_at_ms)? {
                Taken::New => self.tally.imported += 1,
                Taken::Known => self.tally.known += 1,
                Taken::Erased => self.tally.erased += 1,
            }
        }
        Ok(())
    }

    /// Counts a row that does not belong here.
    pub(super) fn leave_out(&mut self, reason: &str) {
        count(&mut self.tally.left_out, reason);
    }

    /// Counts several rows that do not belong here.
    pub(super) fn leave_out_many(&mut self, reason: &str, rows: usize) {
        if rows > 0 {
            *self.tally.left_out.entry(reason.to_owned()).or_default() += rows as u64;
        }
    }

    /// Puts a row aside, with its text when it stood in a file.
    pub(super) fn put_aside(&mut self, number: i64, reason: &str, row: &[u8], is_from_file: bool) -> Result<()> {
        let sha256 = sha256_hex(row);
        self.put_hashed_aside(&RejectedRow { number, reason, sha256: &sha256, text: is_from_file.then_some(row) })
    }

    /// Puts a row aside whose hash was made where it was read.
    pub(super) fn put_hashed_aside(&mut self, row: &RejectedRow<'_>) -> Result<()> {
        let named = self.tally.rejected_rows();
        if named < NAMED_ROWS as u64 {
            eprintln!("{}: row {}: {}", self.tally.source, row.number, row.reason);
        } else if named == NAMED_ROWS as u64 {
            eprintln!("{}: more rows are put aside and only counted; the store names them all", self.tally.source);
        }
        count(&mut self.tally.rejected, row.reason);
        self.writer.reject(*row)
    }

    /// Ends a row of a file: counts it, and commits when enough have come together.
    pub(super) fn row_done(&mut self, number: i64) -> Result<()> {
        self.at.cursor = number;
        self.step()
    }

    /// Counts a row, and commits when enough have come together.
    pub(super) fn step(&mut self) -> Result<()> {
        self.tally.rows += 1;
        self.progress.advance(1);
        self.commit_if_due()
    }

    /// Commits when this was called often enough since the last time.
    pub(super) fn commit_if_due(&mut self) -> Result<()> {
        self.since_checkpoint += 1;
        if self.since_checkpoint >= ROWS_A_TRANSACTION { self.checkpoint() } else { Ok(()) }
    }

    /// Commits what came so far.
    pub(super) fn checkpoint(&mut self) -> Result<()> {
        self.since_checkpoint = 0;
        self.committed_rows = self.tally.rows;
        self.writer.checkpoint(&self.at)
    }

    /// How many rows stay if nothing more is committed.
    pub(super) fn committed_rows(&self) -> u64 {
        self.committed_rows
    }

    /// Commits the rest and returns the counts.
    pub(super) fn finish(self, now_ms: TimeMs) -> Result<Tally> {
        self.progress.finish();
        self.writer.finish(&self.at, now_ms)?;
        Ok(self.tally)
    }
}

fn count(counts: &mut BTreeMap<String, u64>, reason: &str) {
    match counts.get_mut(reason) {
        Some(count) => *count += 1,
        None => {
            counts.insert(reason.to_owned(), 1);
        }
    }
}
