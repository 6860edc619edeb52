//! A person as a request may read them: consent first, then what it allows, and nothing else.

use crate::pack::{Basis, Pack};
use crate::ports::PersonRecord;
use crate::privacy::{allowed, may_track};
use crate::profile::{ProfileState, redact_state, redact_stated};
use crate::types::{Allowed, PersonScope, Role, Stated};
use nearside_json::read_json;

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
    /// The row.
    pub record: PersonRecord,
    /// What may be read now.
    pub allowed: Allowed,
    /// What may be learned now.
    pub may_track: bool,
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
    /// Judges a row. `is_deployment_enabled` is the deployment's own switch; the flag in the row's pointers is the other.
    pub fn new(record: PersonRecord, pack: &Pack, is_deployment_enabled: bool) -> Self {
        let is_enabled = is_deployment_enabled && is_flag_on(&record);
        Self::judged(record, pack.consent_basis, is_enabled)
    }

    /// Judges a row for tests of several packs: what may be read where a pack asks nobody first. Whether a test may, says
    /// `takes_part`.
    pub fn for_tests(record: PersonRecord, is_deployment_enabled: bool) -> Self {
        let is_enabled = is_deployment_enabled && is_flag_on(&record);
        Self::judged(record, Basis::OptOut, is_enabled)
    }

    /// True where a person who was judged for tests takes part in those of a pack with this basis.
    pub fn takes_part(&self, basis: Basis) -> bool {
        self.allowed.experiments && allowed(&self.record.settings, basis, true).experiments
    }

    /// Judges a row by consent alone: the global switch stops personalising, and leaves people their data and choices.
    pub fn whatever_the_switch(record: PersonRecord, pack: &Pack) -> Self {
        Self::judged(record, pack.consent_basis, true)
    }

    fn judged(record: PersonRecord, basis: Basis, is_enabled: bool) -> Self {
        Self {
            allowed: allowed(&record.settings, basis, is_enabled),
            may_track: may_track(&record.settings, basis),
            record,
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
