//! The words that experiments try: framings by name, and what counts as urging.

use nearside_json::Read;
use serde::Serialize;

/// A pack's framings.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(deny_unknown_fields, default)]
pub struct PackExperiments {
    /// Words and phrases that urge.
    pub urgency_words: Vec<String>,
}

impl PackExperiments {
    /// True when the pack tries nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
