//! A person as a request may read them: consent first, then what it allows, and nothing else.

use crate::pack::{Basis, Pack};
use crate::ports::{PersonRecord, Surroundings};
use crate::privacy::{allowed, in_force, may_track};
use crate::profile::{ProfileState, redact_state, redact_stated};
use crate::types::{Allowed, PersonScope, Role, Stated};
use nearside_json::read_json;

/// What `degraded` says where nothing but the request's privacy signal keeps the answer general.
pub const HELD_BACK: &str = "signal";

/// Who asks for what belongs to whom.
#[derive(Debug, Clone, Copy)]
pub struct Asker {
    /// Whose data.
    pub scope: PersonScope,
    /// The asker's role.
    pub role: Role,
}

/// A person's row with its verdicts.
#[derive(Debug, Clone)]
pub struct Person {
    /// The row, its switches as they hold for this request.
    pub record: PersonRecord,
    /// What may be read now.
    pub allowed: Allowed,
    /// What may be learned now.
    pub may_track: bool,
    /// True where nothing but the request's privacy signal keeps the answer general.
    pub is_held_back: bool,
}

/// What may be read of a person.
#[derive(Debug, Clone)]
pub struct Readable {
    /// The learned part, redacted.
    pub state: ProfileState,
    /// The stated part, redacted.
    pub stated: Stated,
    /// `features` when the stored state did not read and an empty one stands in.
    pub degraded: Vec<String>,
}

impl Person {
    /// Judges a row for a request. One switch is the deployment's, the other the flag in the row's pointers.
    pub fn new<S: Surroundings>(host: &S, record: PersonRecord, pack: &Pack) -> Self {
        let is_enabled = host.is_personalization_enabled() && is_flag_on(&record);
        Self::judged(record, pack.consent_basis, is_enabled, host.has_privacy_signal())
    }

    /// Judges what a device keeps. Whether a choice holds under the signal, the device knew before it opened the row.
    pub(super) fn on_device(record: PersonRecord, pack: &Pack, has_chosen: bool) -> Self {
        let has_signal = false;
        Self::judged(record, pack.consent_basis, has_chosen, has_signal)
    }

    /// Judges a row for tests of several packs: what may be read where a pack asks nobody first. Whether a test may, says
    /// `takes_part`.
    pub fn for_tests<S: Surroundings>(host: &S, record: PersonRecord) -> Self {
        let is_enabled = host.is_personalization_enabled() && is_flag_on(&record);
        Self::judged(record, Basis::OptOut, is_enabled, host.has_privacy_signal())
    }

    /// True where a person who was judged for tests takes part in those of a pack with this basis.
    pub fn takes_part(&self, basis: Basis) -> bool {
        self.allowed.experiments && allowed(&self.record.settings, basis, true).experiments
    }

    /// Judges a row by consent alone: the global switch stops personalising, and leaves people their data and choices.
    pub fn whatever_the_switch<S: Surroundings>(host: &S, record: PersonRecord, pack: &Pack) -> Self {
        Self::judged(record, pack.consent_basis, true, host.has_privacy_signal())
    }

    fn judged(record: PersonRecord, basis: Basis, is_enabled: bool, has_signal: bool) -> Self {
        let would_allow = allowed(&record.settings, basis, is_enabled).personalization;
        let record = PersonRecord { settings: in_force(record.settings, has_signal), ..record };
        let allowed = allowed(&record.settings, basis, is_enabled);
        Self {
            may_track: may_track(&record.settings, basis),
            is_held_back: would_allow && !allowed.personalization,
            allowed,
            record,
        }
    }

    /// Names the privacy signal where it alone keeps an answer general.
    pub(super) fn note_signal(&self, degraded: &mut Vec<String>) {
        if self.is_held_back {
            degraded.push(HELD_BACK.to_owned());
        }
    }

    /// Returns what may be read. The learned part is not even parsed where its purpose is off.
    pub fn readable(&self, pack: &Pack) -> Readable {
        let mut degraded = Vec::new();
        let state = match (&self.record.state_json, self.allowed.behavioral) {
            (Some(json), true) => parse_state(json).unwrap_or_else(|| {
                degraded.push("features".to_owned());
                ProfileState::empty()
            }),
            _ => ProfileState::empty(),
        };
        Readable { degraded, ..Readable::of(state, self.record.stated.clone(), pack, self.allowed) }
    }
}

impl Readable {
    /// What is allowed of a state and of statements.
    pub(super) fn of(state: ProfileState, stated: Stated, pack: &Pack, allowed: Allowed) -> Self {
        let (state, stated) = (redact_state(state, allowed), redact_stated(stated, pack, allowed));
        Self { state, stated, degraded: Vec::new() }
    }
}

fn is_flag_on(record: &PersonRecord) -> bool {
    record.pointers.get("personalization_enabled").is_none_or(|value| value == "true")
}

/// Reads a stored state of a version that this engine knows.
pub(super) fn parse_state(json: &str) -> Option<ProfileState> {
    read_json::<ProfileState>(json.as_bytes()).ok().filter(|state| state.format == ProfileState::FORMAT)
}
