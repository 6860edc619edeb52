//! The person as a device keeps them: one document, read and written whole.

use nearside_json::{Read, read_json, write_json};
use serde::Serialize;

use crate::flows::person::{Person, Readable};
use crate::flows::refusal::Refusal;
use crate::pack::Pack;
use crate::ports::PersonRecord;
use crate::privacy::NOTHING;
use crate::profile::ProfileState;
use crate::types::{Settings, Stated};

/// What a device keeps of its person.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(default)]
pub struct DevicePerson {
    /// The format's version: 1.
    pub format: u16,
    /// Changes so far. Whoever writes a document on which this has moved has another tab's to read first.
    pub revision: u64,
    /// A random name that tests assign by. It never leaves the device.
    pub unit_id: Option<String>,
    /// The switches.
    pub settings: Settings,
    /// What was stated.
    pub stated: Stated,
    /// What was learned.
    pub state: ProfileState,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Observed {
    /// 1 where it was folded in.
    pub accepted: u32,
    /// 1 where the person has not agreed to it.
    pub withheld: u32,
}

impl Default for DevicePerson {
    fn default() -> Self {
        Self {
            format: Self::FORMAT,
            revision: 0,
            unit_id: None,
            settings: Settings::default(),
            stated: Stated::default(),
            state: ProfileState::empty(),
        }
    }
}

impl DevicePerson {
    /// The version of the format.
    pub const FORMAT: u16 = 1;

    /// Reads a document.
    ///
    /// # Errors
    /// `invalid-profile` where it does not read or is of another format: then nothing of it is taken.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let refuse = |detail: &str| Refusal::invalid("invalid-profile", detail);
        let person: Self = read_json(bytes).map_err(|_| refuse("the stored profile does not read"))?;
        if person.format != Self::FORMAT || person.state.format != ProfileState::FORMAT {
            return Err(refuse("the stored profile has a format that this version does not know"));
        }
        Ok(person)
    }

    /// The document to keep.
    pub fn to_json(&self) -> String {
        write_json(self)
    }

    /// The verdicts, and what may be read. On a device nobody is personalised before they chose to be, whatever the pack's
    /// basis: nobody else could have agreed for them.
    pub(super) fn judged(&self, pack: &Pack) -> (Person, Readable) {
        let record = PersonRecord {
            settings: self.settings.clone(),
            is_known: self.revision > 0,
            stated: self.stated.clone(),
            revision: self.revision,
            ..PersonRecord::default()
        };
        let has_chosen = self.settings.personalization_enabled.is_some();
        let mut person = Person::on_device(record, pack, has_chosen);
        person.may_track &= has_chosen;
        let readable = Readable::of(self.state.clone(), self.stated.clone(), pack, person.allowed);
        debug_assert!(has_chosen || person.allowed == NOTHING);
        (person, readable)
    }
}
