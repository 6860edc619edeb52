//! Ctrl-C in the middle of an import: the program ends at once with code 130, and the same command goes on later.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use crate::support::Folder;
use rusqlite::Connection;

/// Enough that an import is not over when it is interrupted at a third.
const ROWS: usize = 30_000;
/// This row is named on standard error, which tells the test how far the import is. 5,000 rows are a transaction.
const WRONG_ROW: usize = 10_000;

#[test]
fn an_interrupted_import_keeps_what_it_committed_and_goes_on() {
    let folder = Folder::new("interrupt");
    let mut rows = "user_id,item_id,type,timestamp\n".to_owned();
    for row in 1..=ROWS {
        let kind = if row == WRONG_ROW { "NONSENSE" } else { "CLICKED" };
        writeln!(rows, "u{},i{},{kind},2026-01-01T00:00:{:02}Z", row % 977, row, row % 60).unwrap();
    }
    folder.write("events.csv", &rows);
    let import = ["import", "events.csv", "--set", "pack=retail", "--json"];
    let mut child = folder.command(&import).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    assert!(line.contains("row 1000"), "{line}");
    let sent = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status().unwrap();
    assert!(sent.success());
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130), "{rest}");
    assert!(rest.contains("run the same command again"), "{rest}");
    assert!(ended.stdout.is_empty(), "nothing half is printed");

    let kept = events(&folder);
    assert!(kept >= 5_000 && kept < ROWS as i64 - 1, "{kept} events");
    let seen = folder.run(&["doctor"]).ended_with(1).stdout;
    assert!(seen.contains("the import of file:events.csv was broken off"), "{seen}");

    let again = folder.run(&import).ended_with(0).stdout;
    let counts: serde_json::Value = serde_json::from_str(&again).unwrap();
    assert_eq!(counts[0]["known"], kept);
    assert_eq!(counts[0]["imported"], ROWS as i64 - 1 - kept);
    assert_eq!(events(&folder), ROWS as i64 - 1);
}

fn events(folder: &Folder) -> i64 {
    let store = Connection::open(folder.0.join(".nearside/store.db")).unwrap();
    store.query_row("SELECT count(*) FROM interactions", [], |row| row.get(0)).unwrap()
}
