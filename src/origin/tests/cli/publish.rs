//! `nearside publish` and `nearside run` before a Worker that only answers questions: exit codes, and what is said.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread;

use serde_json::Value;

use crate::support::{Folder, Run};

const KEYS: &str =
    r#"[{"id":"dev","algorithm":"HS256","key":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","roles":["admin"]}]"#;
const KEY_FILE: &str = r#"{"id":"dev-1","private":"CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk="}"#;
const LIST: &str = "AACAPwAAAEAAAEBA";

/// Answers reads by their path, and refuses everything else, for as long as the tests run; returns its address.
fn worker(due: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut request = String::new();
            reader.read_line(&mut request).unwrap();
            let mut length = 0;
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                let line = line.to_ascii_lowercase();
                if let Some(text) = line.strip_prefix("content-length:") {
                    length = text.trim().parse().unwrap();
                }
                if line.trim().is_empty() {
                    break;
                }
            }
            let _ = reader.read_exact(&mut vec![0; length]);
            let path = request.split(' ').nth(1).unwrap().rsplit_once("/personalization").unwrap().1;
            let (status, body) = match (request.starts_with("GET"), path) {
                (true, "/health") => ("200 OK", r#"{"status":"ok","packs":{"retail":"x"}}"#),
                (true, "/models/retail") => ("200 OK", r#"{"pack":"retail","live":null,"canary":null,"versions":[]}"#),
                (true, "/models") => ("200 OK", r#"{"packs":[]}"#),
                (true, "/retrain-models") => ("200 OK", due),
                (true, _) => ("404 Not Found", r#"{"title":"Not found","detail":"there is nothing here"}"#),
                _ => (
                    "422 Unprocessable Content",
                    r#"{"title":"Invalid","detail":"the tables take nothing","type":"/problems/model-shape"}"#,
                ),
            };
            let length = body.len();
            let _ = write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
        }
    });
    address
}

/// A folder with a key and a candidate.
fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    std::fs::create_dir_all(folder.0.join(".nearside/models")).unwrap();
    folder.write(".nearside/model-key.json", KEY_FILE);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let path = folder.0.join(".nearside/model-key.json");
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    let lists = ["popularity", "latest_popularity", "recent_popularity", "long_popularity", "trend", "first_day"];
    let lists: String = lists.iter().map(|name| format!(r#""{name}":"{LIST}","#)).collect();
    let candidate = format!(
        r#"{{"format":1,"pack":"retail","engine":{{"from":"0.0.1","below":"99.0.0"}},"trained_at_ms":1,
        "window":{{"from_ms":0,"to_ms":1,"interactions":1,"people":1,"items":1}},"seed":1,"metrics":{{}},"importance":{{}},
        "items":["a","b","c"],"lists":{{{lists}"days_since_sold":"{LIST}"}},"base":0.5,"terms":[]}}"#
    );
    folder.write(".nearside/models/retail-candidate.json", &candidate);
    folder
}

fn run(folder: &Folder, url: &str, arguments: &[&str]) -> Run {
    folder.run_with(arguments, &[("NEARSIDE_URL", url), ("AUTH_KEYS", KEYS)])
}

#[test]
fn a_candidate_that_nobody_measured_is_refused_with_4() {
    let (folder, url) = (folder("publish-unmeasured"), worker("{}"));
    let said = run(&folder, &url, &["publish"]).ended_with(4);
    assert!(said.stdout.contains("this candidate was measured") && said.stdout.contains("FAILED"), "{said:?}");
    let said: Value = serde_json::from_str(&run(&folder, &url, &["publish", "--json"]).ended_with(4).stdout).unwrap();
    assert_eq!((&said["outcome"], &said["gate"]["passed"]), (&Value::from("refused"), &Value::from(false)));
    folder.write(".nearside/models/retail-evaluation.json", r#"{"format":1}"#);
    let said = run(&folder, &url, &["publish"]).ended_with(1);
    assert!(said.stderr.contains("is not an evaluation") && said.stderr.contains("--force"), "{said:?}");
    let said = run(&folder, &url, &["publish", "--force", "--reason", "a try"]).ended_with(1);
    assert!(said.stderr.contains("warning: ") && said.stderr.contains("is not an evaluation"), "{said:?}");
    assert!(said.stderr.contains("packs of retail"), "it goes on to the next step: {said:?}");
}

#[test]
fn what_is_asked_wrongly_is_refused_before_anything_is_sent() {
    let (folder, url) = (folder("publish-wrong"), worker("{}"));
    run(&folder, &url, &["publish", "--force"]).ended_with(2);
    run(&folder, &url, &["publish", "--share", "0"]).ended_with(2);
    run(&folder, &url, &["rollback"]).ended_with(2);
    let said = run(&folder, &url, &["rollback", "--reason", "it is odd"]).ended_with(1);
    assert!(said.stderr.contains("there is nothing to take back"), "{said:?}");
    let said = run(&folder, &url, &["publish", "--force", "--reason", " "]).ended_with(1);
    assert!(said.stderr.contains("--reason is empty"), "{said:?}");
    let said = run(&folder, &url, &["publish", "--pack", "bank"]).ended_with(1);
    assert!(said.stderr.contains("nearside train makes a candidate"), "{said:?}");
    let said = run(&folder, &url, &["publish", "--force", "--reason", "a try"]).ended_with(1);
    assert!(said.stderr.contains("what was live still is") && said.stderr.contains("packs of retail"), "{said:?}");
    let said = run(&folder, &url, &["promote", "abcd"]).ended_with(1);
    assert!(said.stderr.contains("no version abcd is kept"), "{said:?}");
    run(&folder, &url, &["models", "list"]).ended_with(0);
}

#[test]
fn nothing_due_ends_with_5_and_what_is_due_is_named() {
    let folder = folder("run-due");
    let idle = worker(r#"{"requests":[],"due":[{"pack":"retail","reasons":[]}]}"#);
    let said = run(&folder, &idle, &["run", "--if-due"]).ended_with(5);
    assert!(said.stdout.contains("nothing is due"), "{said:?}");
    let busy = worker(r#"{"requests":[],"due":[{"pack":"retail","reasons":["AGE"]}]}"#);
    let said = run(&folder, &busy, &["run", "--if-due", "--dry-run", "--json"]).ended_with(0);
    assert_eq!(serde_json::from_str::<Value>(&said.stdout).unwrap()["due"][0], "age");
    let asked = worker(r#"{"requests":[{"id":"r1","pack":"retail","kind":"TRAIN"}],"due":[]}"#);
    let said = run(&folder, &asked, &["run", "--if-due"]).ended_with(1);
    assert!(
        said.stderr.contains("r1 could not be marked RUNNING") && said.stderr.contains("(model-shape)"),
        "{said:?}"
    );
}
