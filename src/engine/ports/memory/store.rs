//! The tables, and the one way to them: every call is noted, may go wrong, and is done whole or not at all.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use super::faults::{Fault, Plan, Port, Trouble};
use crate::ports::{FeedbackRow, Pointers, PopularItem, Snapshot, Unavailable};
use crate::types::{Actor, Environment, Interaction, Item, PersonScope, Settings, Stated, TimeMs, UserId};

/// A store, a queue, a clock and a source of ids. `cache` is whatever its user keeps beside it.
#[derive(Debug, Default)]
pub struct Memory<Cache = ()> {
    /// What the user of the ports keeps as long as the host lives.
    pub cache: Cache,
    pub(super) tables: RefCell<Tables>,
    pub(super) plan: RefCell<Plan>,
    pub(super) now_ms: Cell<TimeMs>,
    pub(super) is_enabled: Cell<bool>,
    pub(super) has_privacy_signal: Cell<bool>,
    pub(super) ids: Cell<u64>,
    pub(super) zones: RefCell<BTreeMap<String, i16>>,
    pub(super) signers: RefCell<Vec<String>>,
    pub(super) experiment_keys: Vec<Vec<u8>>,
    pub(super) environment: Cell<Environment>,
}

/// Everything that is stored.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables {
    pub(super) people: BTreeMap<UserId, PersonRow>,
    pub(super) tombstones: BTreeMap<UserId, Tombstone>,
    /// By sequence number, which interactions, profiles and tombstones share.
    pub(super) log: BTreeMap<i64, Logged>,
    pub(super) feedback: Vec<(UserId, FeedbackRow)>,
    pub(super) features: BTreeMap<UserId, TimeMs>,
    pub(super) audit: Vec<Audit>,
    pub(super) pointers: Pointers,
    pub(super) drafts: BTreeMap<String, BTreeMap<String, Item>>,
    pub(super) blobs: BTreeMap<String, Vec<u8>>,
    pub(super) queue: Vec<String>,
    pub(super) popularity: Vec<PopularItem>,
    pub(super) models: super::models::ModelTables,
    pub(super) similar: BTreeMap<(UserId, UserId), (f64, TimeMs)>,
    pub(super) user_models: BTreeMap<(UserId, String, String), (String, TimeMs)>,
    pub(super) experiments: super::experiment_tables::ExperimentTables,
    sequence: i64,
}

/// A person's row.
#[derive(Debug, Clone, Default)]
pub(super) struct PersonRow {
    pub(super) settings: Option<Settings>,
    pub(super) stated: Stated,
    pub(super) state_json: Option<String>,
    pub(super) checkpoint_json: Option<String>,
    pub(super) snapshot: Snapshot,
    pub(super) revision: u64,
    pub(super) sequence: i64,
    pub(super) updated_at_ms: TimeMs,
}

/// What stays of a person who was erased.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tombstone {
    pub(super) sequence: i64,
    pub(super) erased_at_ms: TimeMs,
    pub(super) revision: u64,
    pub(super) hash_user_id: bool,
}

/// A row of the log.
#[derive(Debug, Clone)]
pub(super) struct Logged {
    pub(super) user: UserId,
    pub(super) event: Interaction,
}

/// A row of the audit trail.
#[derive(Debug, Clone)]
pub(super) struct Audit {
    pub(super) at_ms: TimeMs,
    pub(super) action: &'static str,
    pub(super) actor: Actor,
    pub(super) subject: Option<UserId>,
}

impl Tables {
    pub(super) fn next_sequence(&mut self) -> i64 {
        self.sequence += 1;
        self.sequence
    }

    /// The revision that a write must expect: a tombstone goes on where the person's row ended.
    pub(super) fn revision(&self, user: UserId) -> u64 {
        let row = self.people.get(&user).map(|row| row.revision);
        row.or_else(|| self.tombstones.get(&user).map(|tombstone| tombstone.revision)).unwrap_or(0)
    }

    /// Opens a person's row for a write: made when missing, its revision and its place in the export moved.
    pub(super) fn written(&mut self, user: UserId, at_ms: TimeMs) -> &mut PersonRow {
        let revision = self.revision(user) + 1;
        let sequence = self.next_sequence();
        let row = self.people.entry(user).or_default();
        row.revision = revision;
        row.sequence = sequence;
        row.updated_at_ms = row.updated_at_ms.max(at_ms);
        row
    }

    pub(super) fn settings(&self, user: UserId) -> Settings {
        self.people.get(&user).and_then(|row| row.settings.clone()).unwrap_or_default()
    }

    /// True when the person's data may leave. Who was never asked did not say so.
    pub(super) fn shares(&self, user: UserId) -> bool {
        let settings = self.settings(user);
        settings.data_sharing_consent && !settings.privacy_mode && settings.personalization_enabled == Some(true)
    }

    /// Lets go what was learned of a person and shown to others, or of others to them, where they do not share any more.
    pub(super) fn withdraw(&mut self, user: UserId) {
        if !self.shares(user) {
            self.similar.retain(|(person, neighbour), _| *person != user && *neighbour != user);
        }
        if !self.shares(user) || !self.settings(user).behavioral {
            self.user_models.retain(|(person, _, _), _| *person != user);
        }
    }

    /// A person's part of the log by time and sequence, oldest first.
    pub(super) fn log_of(&self, user: UserId) -> Vec<(i64, &Interaction)> {
        let rows = self.log.iter().filter(|(_, logged)| logged.user == user);
        let mut rows: Vec<(i64, &Interaction)> = rows.map(|(sequence, logged)| (*sequence, &logged.event)).collect();
        rows.sort_by_key(|(sequence, event)| (event.occurred_at_ms, *sequence));
        rows
    }
}

impl<Cache: Default> Memory<Cache> {
    /// Makes an empty store whose clock stands still at `now_ms`.
    pub fn new(now_ms: TimeMs) -> Self {
        Self { now_ms: Cell::new(now_ms), is_enabled: Cell::new(true), ..Self::default() }
    }
}

impl<Cache> Memory<Cache> {
    /// Orders troubles; calls are counted and noted from here on.
    pub fn order(&self, faults: Vec<Fault>) {
        self.plan.borrow_mut().order(faults);
    }

    /// The calls since the last order, such as `people.load`.
    pub fn calls(&self) -> Vec<String> {
        self.plan.borrow().calls()
    }

    /// Takes the queue's messages out, as its consumer would.
    pub fn take_queue(&self) -> Vec<String> {
        std::mem::take(&mut self.tables.borrow_mut().queue)
    }

    /// The stored state of a person, whatever the settings say.
    pub fn stored_state(&self, user: UserId) -> Option<String> {
        self.tables.borrow().people.get(&user).and_then(|row| row.state_json.clone())
    }

    /// Puts another text in the place of a person's stored state, as a fault of the store would.
    pub fn replace_stored_state(&self, user: UserId, state_json: &str) {
        if let Some(row) = self.tables.borrow_mut().people.get_mut(&user) {
            row.state_json = Some(state_json.to_owned());
        }
    }

    /// How many interactions of a person the log holds.
    pub fn logged(&self, user: UserId) -> usize {
        self.tables.borrow().log.values().filter(|logged| logged.user == user).count()
    }

    /// Sets pointers without a trace, as a migration or another deployment would.
    pub fn set_pointers(&self, changes: &Pointers) {
        self.tables.borrow_mut().pointers.extend(changes.clone());
    }

    /// Does one call of a port: notes it, lets it go wrong as ordered, and does the work in one piece.
    pub(super) fn call<R>(
        &self,
        port: Port,
        method: &'static str,
        people: &[PersonScope],
        work: impl FnOnce(&mut Tables) -> R,
    ) -> Result<R, Unavailable> {
        let trouble = self.plan.borrow_mut().enter(port, method);
        let unavailable = || Unavailable { store: port.store(), reason: "ordered by a test" };
        let mut tables = self.tables.borrow_mut();
        match trouble {
            Some(Trouble::Down) => return Err(unavailable()),
            Some(Trouble::Race) => {
                for scope in people {
                    tables.written(scope.user(), self.now_ms.get());
                }
            }
            Some(Trouble::AnswerLost | Trouble::TakesOne) | None => {}
        }
        let answer = work(&mut tables);
        if trouble == Some(Trouble::AnswerLost) { Err(unavailable()) } else { Ok(answer) }
    }
}
