//! One promise: what was measured, what was promised, and whether that holds.

use std::io::{self, Write};

use anyhow::Result;
use serde::Serialize;

use crate::evaluate::TextTable;

/// What was found of one promise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Promise {
    /// What is promised.
    pub(super) promise: &'static str,
    /// What was measured, in words.
    pub(super) measured: String,
    /// The bound, in words.
    pub(super) limit: String,
    /// Whether it holds.
    pub(super) holds: bool,
}

/// Prints a table, or one JSON array.
///
/// # Errors
/// A closed standard output.
pub(super) fn print(promises: &[Promise], as_json: bool) -> Result<()> {
    if as_json {
        writeln!(io::stdout(), "{}", serde_json::to_string(promises)?)?;
        return Ok(());
    }
    let mut table = TextTable::new(["promise", "measured", "limit", "holds"]);
    for one in promises {
        let holds = if one.holds { "yes" } else { "NO" };
        table.row([one.promise, &one.measured, &one.limit, holds]);
    }
    writeln!(io::stdout(), "{}", table.for_terminal().trim_end())?;
    Ok(())
}
