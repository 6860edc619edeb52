//! The job before a Worker that stands in this process.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fail loudly")]

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::*;
use crate::store::Store;

const NOW: TimeMs = 1_790_000_000_000;

/// A Worker that serves one pack and two profiles a page, and knows who shares.
#[derive(Default)]
struct Server {
    profiles: Vec<String>,
    strangers: Vec<String>,
    packs: Vec<&'static str>,
    lists: RefCell<BTreeMap<String, Vec<Value>>>,
    calls: RefCell<usize>,
}

impl Server {
    fn ask(&self, path: &str) -> Result<Option<String>> {
        if path == "/health" {
            let packs: BTreeMap<&str, &str> = self.packs.iter().map(|pack| (*pack, "v")).collect();
            return Ok(Some(json!({ "packs": packs }).to_string()));
        }
        if let Some(name) = path.strip_prefix("/packs/") {
            let bytes = || crate::online_retail::retail_pack().map(|pack| String::from_utf8(pack.bytes).unwrap());
            return self.packs.contains(&name).then(bytes).transpose();
        }
        let after: i64 = path.strip_prefix("/export/profiles?after=").unwrap().parse().unwrap();
        let lines = self
            .profiles
            .iter()
            .filter(|line| serde_json::from_str::<Value>(line).unwrap()["sequence"].as_i64() > Some(after));
        Ok(Some(lines.take(2).map(|line| format!("{line}\n")).collect()))
    }

    fn put(&self, path: &str, body: &[u8]) -> Result<Written> {
        assert_eq!(path, "/admin/similar-users");
        *self.calls.borrow_mut() += 1;
        let body: Value = serde_json::from_slice(body).unwrap();
        assert_eq!((&body["pack"], &body["calculated_at"]), (&json!("retail"), &json!(format_rfc3339(NOW))));
        let mut written = Written::default();
        for person in body["people"].as_array().unwrap() {
            let (kept, withheld): (Vec<Value>, Vec<Value>) = person["similar"]
                .as_array()
                .unwrap()
                .iter()
                .cloned()
                .partition(|other| !self.strangers.iter().any(|stranger| other["user_id"] == json!(stranger)));
            written.written += kept.len() as u64;
            written.withheld += withheld.len() as u64;
            self.lists.borrow_mut().insert(person["user_id"].as_str().unwrap().to_owned(), kept);
        }
        Ok(written)
    }

    fn run(&self, job: Job<'_>) -> Result<Report> {
        find_and_send(job, &mut |path| self.ask(path), &mut |path, body| self.put(path, body))
    }
}

fn id(number: usize) -> String {
    format!("00000000-0000-7000-8000-{number:012x}")
}

fn profile(sequence: i64, user: &str, age: u8) -> String {
    let stated = json!({ "age": age, "income_level": "HIGH" });
    json!({ "sequence": sequence, "user_id": user, "last_updated": "2026-09-01T00:00:00Z", "stated": stated, "state": null })
        .to_string()
}

fn job(lines: Option<String>) -> Job<'static> {
    Job { pack: None, lines, is_rehearsal: false, now_ms: NOW, threads: 2 }
}

fn three() -> Server {
    let hashed = "a".repeat(64);
    let profiles = vec![profile(1, &id(1), 30), profile(2, &id(2), 30), profile(5, &hashed, 30), profile(7, "??", 30)];
    Server { profiles, packs: vec!["retail"], ..Server::default() }
}

#[test]
fn everybody_gets_their_list_also_under_a_hashed_name() {
    let server = three();
    let report = server.run(job(None)).unwrap();
    assert_eq!((report.people, report.with_similar, report.pairs, report.unnamed), (3, 3, 6, 1));
    assert_eq!((report.written, report.withheld), (6, 0));
    let lists = server.lists.borrow();
    assert_eq!(lists.keys().cloned().collect::<Vec<_>>(), [id(1), id(2), "a".repeat(64)]);
    assert_eq!(
        lists[&id(1)].iter().map(|other| other["user_id"].as_str().unwrap()).collect::<Vec<_>>(),
        [id(2), "a".repeat(64)]
    );
    assert!(lists[&id(1)][0]["score"].as_f64().unwrap() > 0.5);
}

#[test]
fn who_does_not_share_any_more_is_withheld_by_the_worker() {
    let server = Server { strangers: vec![id(2)], ..three() };
    let report = server.run(job(None)).unwrap();
    assert_eq!((report.written, report.withheld), (4, 2));
}

#[test]
fn a_rehearsal_sends_nothing() {
    let server = three();
    let report = server.run(Job { is_rehearsal: true, ..job(None) }).unwrap();
    assert_eq!((report.pairs, report.written, *server.calls.borrow()), (6, 0, 0));
}

#[test]
fn profiles_of_the_store_are_those_of_the_export() {
    let server = three();
    let mut store = Store::in_memory().unwrap();
    let mut writer = store.write("edge:here/profiles", NOW, false).unwrap();
    for line in &server.profiles {
        let mut line: Value = serde_json::from_str(line).unwrap();
        line.as_object_mut().unwrap().remove("sequence");
        writer.profile(line["user_id"].as_str().unwrap(), NOW, &line).unwrap();
    }
    writer.finish(&crate::store::Known { cursor: 7, cursor_sha256: None }, NOW).unwrap();
    let of_store = server.run(job(Some(store.profile_lines().unwrap()))).unwrap();
    assert_eq!(of_store, server.run(job(None)).unwrap());
}

#[test]
fn many_people_come_in_several_calls() {
    let profiles: String = (0..1_500).map(|number| format!("{}\n", profile(1, &id(number), 30))).collect();
    let server = three();
    let report = server.run(job(Some(profiles))).unwrap();
    assert_eq!((report.people, report.pairs, report.written), (1_500, 30_000, 30_000));
    assert!(*server.calls.borrow() >= 2);
}

#[test]
fn which_pack_it_is_must_be_clear() {
    let error = |packs: Vec<&'static str>, named: Option<&'static str>| {
        let server = Server { packs, ..three() };
        server.run(Job { pack: named, ..job(None) }).unwrap_err().to_string()
    };
    assert_eq!(error(vec![], None), "no pack is live");
    assert!(error(vec!["a", "b"], None).contains("several packs are live (a, b)"));
    assert_eq!(error(vec!["retail"], Some("other")), "no pack \"other\" is live");
}
