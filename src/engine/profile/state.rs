//! What is stored of a profile: commutative sums at the fixed reference time, counts, day buckets, and sets with a
//! deterministic cap. Windows, sessions and rates are derived when it is read.

use nearside_json::{Fault, Read, Reader};
use serde::Serialize;

use crate::types::{EventKind, SortedMap, TimeMs, Verdict};

/// The learned part of a profile. Two logs with the same events give the same state, in whatever order they came.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(default)]
pub struct ProfileState {
    /// The format's version: 1. A state of another version is rebuilt from the log.
    #[serde(rename = "v")]
    pub format: u16,
    /// Events folded so far.
    #[serde(rename = "n")]
    pub events: u32,
    /// Time of the earliest event.
    #[serde(rename = "from", skip_serializing_if = "Option::is_none")]
    pub first_ms: Option<TimeMs>,
    /// Time of the latest event.
    #[serde(rename = "to", skip_serializing_if = "Option::is_none")]
    pub last_ms: Option<TimeMs>,
    /// Events by type.
    #[serde(rename = "k")]
    pub kinds: SortedMap<EventKind, u32>,
    /// Events by UTC day: the latest 120 days with any.
    #[serde(rename = "d", skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<(i32, u32)>,
    /// Events by local hour, of those whose offset was known.
    #[serde(rename = "h", skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<u32>,
    /// A sample of sessions: those with the smallest hashes.
    #[serde(rename = "s", skip_serializing_if = "SortedMap::is_empty")]
    pub sessions: SortedMap<u64, SessionState>,
    /// Devices: those with the smallest hashes.
    #[serde(rename = "dev", skip_serializing_if = "SortedMap::is_empty")]
    pub devices: SortedMap<u64, DeviceState>,
    /// Features used.
    #[serde(rename = "f", skip_serializing_if = "SortedMap::is_empty")]
    pub features: SortedMap<String, FeatureState>,
    /// Sum of the complexity of items taken up, read to the end or read.
    #[serde(rename = "cs")]
    pub complexity_sum: u64,
    /// How many of them.
    #[serde(rename = "cn")]
    pub complexity_count: u32,
    /// Sum of satisfaction heard in free feedback, in thousandths of -1..1.
    #[serde(rename = "ss")]
    pub satisfaction_sum: i64,
    /// How many texts.
    #[serde(rename = "sn")]
    pub satisfaction_count: u32,
    /// What was learned of each pack's categories, tags and items.
    #[serde(rename = "p")]
    pub packs: SortedMap<String, PackState>,
}

/// What was learned within one pack.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(default)]
pub struct PackState {
    /// Pieces of feedback.
    #[serde(rename = "f", skip_serializing_if = "is_nothing")]
    pub feedback: u32,
    /// By category id.
    #[serde(rename = "c")]
    pub categories: SortedMap<String, CategoryState>,
    /// Decayed strength at the reference time, by tag.
    #[serde(rename = "t", skip_serializing_if = "SortedMap::is_empty")]
    pub tags: SortedMap<String, f64>,
    /// By item id.
    #[serde(rename = "i", skip_serializing_if = "SortedMap::is_empty")]
    pub items: SortedMap<String, ItemState>,
}

/// What was learned of a category.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(default)]
pub struct CategoryState {
    /// Decayed strength at the reference time.
    #[serde(rename = "w")]
    pub affinity: f64,
    /// Items taken up.
    #[serde(rename = "a")]
    pub accepted: u32,
    /// Items dismissed.
    #[serde(rename = "x")]
    pub dismissed: u32,
    /// Items viewed.
    #[serde(rename = "v")]
    pub shown: u32,
    /// Time of the latest event.
    #[serde(rename = "l")]
    pub last_ms: TimeMs,
    /// The latest 120 days with any event.
    #[serde(rename = "d", skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<DayCount>,
}

/// One day of a category.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
#[serde(into = "(i32, u32, u32, u32, f64)")]
pub struct DayCount {
    /// UTC day number.
    pub day: i32,
    /// Views.
    pub shown: u32,
    /// Items taken up.
    pub accepted: u32,
    /// Items dismissed.
    pub dismissed: u32,
    /// Sum of positive strengths.
    pub attention: f64,
}

/// What was learned of an item.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(default)]
pub struct ItemState {
    /// Decayed strength at the reference time.
    #[serde(rename = "w", skip_serializing_if = "is_zero")]
    pub affinity: f64,
    /// The item's category when last heard of (the greatest text, where events disagree).
    #[serde(rename = "c")]
    pub category: String,
    /// The latest 8 days on which it was viewed.
    #[serde(rename = "v", skip_serializing_if = "Vec::is_empty")]
    pub viewed_days: Vec<i32>,
    /// The latest 8 days with an event other than a view.
    #[serde(rename = "e", skip_serializing_if = "Vec::is_empty")]
    pub engaged_days: Vec<i32>,
    /// The first view.
    #[serde(rename = "fv", skip_serializing_if = "Option::is_none")]
    pub first_viewed_ms: Option<TimeMs>,
    /// The first time it was taken up.
    #[serde(rename = "fa", skip_serializing_if = "Option::is_none")]
    pub first_accepted_ms: Option<TimeMs>,
    /// The last time it was taken up.
    #[serde(rename = "la", skip_serializing_if = "Option::is_none")]
    pub last_accepted_ms: Option<TimeMs>,
    /// The latest 5 dismissals.
    #[serde(rename = "x", skip_serializing_if = "Vec::is_empty")]
    pub dismissed_ms: Vec<TimeMs>,
    /// The latest verdict and its time.
    #[serde(rename = "m", skip_serializing_if = "Option::is_none")]
    pub verdict: Option<(TimeMs, Verdict)>,
    /// The latest time hiding was taken back.
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub restored_ms: Option<TimeMs>,
}

/// A session, by the hash of its id.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
#[serde(into = "(i64, i64, u32)")]
pub struct SessionState {
    /// The earliest event.
    pub first_ms: TimeMs,
    /// The latest event.
    pub last_ms: TimeMs,
    /// Seconds of TIME_SPENT.
    pub spent_seconds: u32,
}

/// A device, by the hash of its id: what categories it looks at.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(transparent)]
pub struct DeviceState {
    /// Events by category.
    pub categories: SortedMap<String, u32>,
}

/// A feature's use.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
#[serde(into = "(u32, i64)")]
pub struct FeatureState {
    /// How often.
    pub count: u32,
    /// The latest time.
    pub last_ms: TimeMs,
}

impl ProfileState {
    /// The version that this engine writes.
    pub const FORMAT: u16 = 1;

    /// A profile that has heard nothing.
    pub fn empty() -> Self {
        Self { format: Self::FORMAT, ..Self::default() }
    }

    /// Events of a type.
    pub fn count(&self, kind: EventKind) -> u32 {
        self.kinds.get(&kind).copied().unwrap_or(0)
    }
}

fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

fn is_nothing(count: &u32) -> bool {
    *count == 0
}

impl Read for DayCount {
    fn blank() -> Self {
        Self::default()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        // These are most of what a profile consists of, so they are read in one go; all but the last are whole numbers.
        let mut numbers = [0.0; 5];
        reader.numbers(&mut numbers)?;
        let [day, shown, accepted, dismissed, attention] = numbers;
        let is_count = |number: f64| f64::from(number as u32) == number;
        if f64::from(day as i32) != day || ![shown, accepted, dismissed].into_iter().all(is_count) {
            return Err(Fault::shape("a day and its counts are whole numbers"));
        }
        *self = Self {
            day: day as i32,
            shown: shown as u32,
            accepted: accepted as u32,
            dismissed: dismissed as u32,
            attention,
        };
        Ok(())
    }
}

impl From<DayCount> for (i32, u32, u32, u32, f64) {
    fn from(count: DayCount) -> Self {
        (count.day, count.shown, count.accepted, count.dismissed, count.attention)
    }
}

impl Read for SessionState {
    fn blank() -> Self {
        Self::default()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        reader.tuple(&mut [&mut self.first_ms, &mut self.last_ms, &mut self.spent_seconds])
    }
}

impl From<SessionState> for (i64, i64, u32) {
    fn from(session: SessionState) -> Self {
        (session.first_ms, session.last_ms, session.spent_seconds)
    }
}

impl Read for FeatureState {
    fn blank() -> Self {
        Self::default()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        reader.tuple(&mut [&mut self.count, &mut self.last_ms])
    }
}

impl From<FeatureState> for (u32, i64) {
    fn from(feature: FeatureState) -> Self {
        (feature.count, feature.last_ms)
    }
}
