//! Why a model does not serve.

use std::fmt;

/// The first thing that is wrong with a model, in words for whoever published it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidModel {
    /// For programs: `envelope`, `signature`, `hash`, `format`, `engine`, `pack`, `clock` or `shape`.
    pub code: &'static str,
    /// For people, with the numbers.
    pub detail: String,
}

impl InvalidModel {
    /// Names what is wrong.
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

impl fmt::Display for InvalidModel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.detail)
    }
}

impl std::error::Error for InvalidModel {}
