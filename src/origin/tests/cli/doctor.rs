//! `nearside doctor` in an empty folder, in a good one, and before Workers that are ill.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;

use crate::support::Folder;
use chrono::DateTime;
use serde_json::Value;

const KEYS: &str =
    r#"[{"id":"dev","algorithm":"HS256","key":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","roles":["admin"]}]"#;
const WELL: &str = concat!(
    r#"{"catalogs":{},"engine_version":""#,
    env!("CARGO_PKG_VERSION"),
    r#"","models":{},"packs":{"retail":"0123456789abcdef"},"status":"ok"}"#
);

/// Answers every request with the same status, date header and body for as long as the tests run; returns its address.
fn worker(status: &'static str, date: String, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let request = lines.next().unwrap().unwrap();
            let is_told =
                lines.map_while(Result::ok).take_while(|line| !line.is_empty()).any(|l| l.starts_with("authorization"));
            let status = if request.contains("/health") || !is_told { "200 OK" } else { status };
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\n{date}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
        }
    });
    address
}

fn findings(folder: &Folder, url: &str, code: i32) -> Vec<(String, String, String)> {
    let run = folder.run_with(&["doctor", "--json"], &[("NEARSIDE_URL", url), ("AUTH_KEYS", KEYS)]).ended_with(code);
    let said: Value = serde_json::from_str(&run.stdout).unwrap();
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let read = |finding: &Value| (text(finding, "check"), text(finding, "verdict"), text(finding, "found"));
    said["findings"].as_array().unwrap().iter().map(read).collect()
}

/// The header of a Worker whose clock is so far ahead.
fn date(ahead_minutes: i64) -> String {
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let there = DateTime::from_timestamp(i64::try_from(now).unwrap() + 60 * ahead_minutes, 0).unwrap();
    format!("date: {}\r\n", there.format("%a, %d %b %Y %H:%M:%S GMT"))
}

#[test]
fn an_empty_folder_is_told_what_to_do() {
    let folder = Folder::new("doctor-empty");
    let run = folder.run(&["doctor"]).ended_with(1);
    for said in
        ["nearside import", "npm start starts one", "npm start makes keys", "model-key.json", "no nearside.toml"]
    {
        assert!(run.stdout.contains(said), "{said}: {}", run.stdout);
    }
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 0, "looking changes nothing");
    let json = folder.run(&["doctor", "--json"]).ended_with(1).stdout;
    let said: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(said["verdict"], "problem");
}

#[test]
fn colour_is_for_those_who_want_it() {
    let folder = Folder::new("doctor-colour");
    let is_coloured = |variables: &[(&str, &str)]| folder.run_with(&["doctor"], variables).stdout.contains('\x1b');
    assert!(!is_coloured(&[]), "nobody sees colours in a pipe");
    assert!(is_coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!is_coloured(&[("CLICOLOR_FORCE", "0")]));
    assert!(!is_coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}

#[test]
fn a_folder_with_everything_has_no_problem() {
    let folder = Folder::new("doctor-well");
    folder.write("events.csv", "user_id,item_id,type,timestamp\nann,i1,CLICKED,2026-01-01\n");
    folder.run(&["import", "events.csv", "--set", "pack=retail"]).ended_with(0);
    let found = findings(&folder, &worker("404 Not Found", date(0), WELL), 0);
    let verdict = |check: &str| found.iter().find(|finding| finding.0 == check).unwrap().clone();
    for check in ["settings", "store", "worker", "token", "clock"] {
        assert_eq!(verdict(check).1, "ok", "{found:#?}");
    }
    assert!(verdict("store").2.contains("schema version") && verdict("store").2.contains("1 events of 1 people"));
    assert!(verdict("worker").2.contains("retail 0123456789ab; models: none"), "{found:#?}");
    assert_eq!(verdict("model key").1, "warning");
}

#[test]
fn what_is_wrong_with_a_worker_is_named() {
    let folder = Folder::new("doctor-ill");
    let problem = |url: &str, check: &str, said: &str| {
        let found = findings(&folder, url, 1);
        let finding = found.iter().find(|finding| finding.0 == check).unwrap();
        assert!(finding.1 == "problem" && finding.2.contains(said), "{found:#?}");
    };
    problem(&worker("403 Forbidden", date(0), WELL), "token", "does not take it");
    problem(&worker("404 Not Found", date(-10), WELL), "clock", "ahead of");
    problem(&worker("404 Not Found", date(10), WELL), "clock", "behind");
    problem(&worker("200 OK", String::new(), r#"{"hello":1}"#), "worker", "is not Nearside");
    problem(
        &worker("200 OK", String::new(), r#"{"status":"degraded","engine_version":"0"}"#),
        "worker",
        "does not answer",
    );
    problem("http://127.0.0.1:9", "worker", "nobody answers");
    problem("http://example.org", "worker", "not on this machine");
}
