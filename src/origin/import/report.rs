//! What became of all rows, as a table or as JSON.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anyhow::Result;

use super::intake::Tally;

/// Prints the counts to standard output.
pub(super) fn print(tallies: &[Tally], json: bool) -> Result<()> {
    let text = if json { serde_json::to_string(tallies)? } else { table(tallies) };
    writeln!(io::stdout(), "{}", text.trim_end())?;
    Ok(())
}

fn table(tallies: &[Tally]) -> String {
    tallies.iter().map(of_source).collect()
}

/// One block a source: its name, then a line a count. What is zero is left away, except for the new events.
fn of_source(tally: &Tally) -> String {
    let mut text = format!("{}\n", tally.source);
    let mut line = |what: &str, count: u64| {
        if count > 0 || what == "events imported" {
            text.push_str(&format!("  {count:>10}  {what}\n"));
        }
    };
    line("rows read", tally.rows);
    line("events imported", tally.imported);
    line("known already", tally.known);
    line("items new or changed", tally.items);
    line("profiles new or changed", tally.profiles);
    line("people erased", tally.tombstones);
    line("rows deleted", tally.deleted);
    line("refused: the person was erased", tally.erased);
    let mut reasons = |kind: &str, counts: &BTreeMap<String, u64>| {
        for (reason, count) in counts {
            line(&format!("{kind}: {reason}"), *count);
        }
    };
    reasons("left out", &tally.left_out);
    reasons("put aside", &tally.rejected);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_accounted_for() {
        let tally = Tally {
            source: "file:a.csv".to_owned(),
            rows: 7,
            imported: 4,
            left_out: BTreeMap::from([("before --since".to_owned(), 2)]),
            rejected: BTreeMap::from([("value is not a number".to_owned(), 1)]),
            ..Tally::default()
        };
        let expected = "file:a.csv\n           7  rows read\n           4  events imported\n           \
                        2  left out: before --since\n           1  put aside: value is not a number\n";
        assert_eq!(of_source(&tally), expected);
    }
}
