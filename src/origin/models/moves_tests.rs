//! Moves against a Worker that keeps what was moved.

use super::super::command::go_back;
use super::*;
use crate::publish::FakeWorker;

/// Uploads a document, and reads it back.
fn upload(worker: &FakeWorker, number: u32) -> String {
    let answer = worker.write(Method::Put, "/models/retail", number.to_string().as_bytes()).unwrap();
    let version = answer["version"].as_str().unwrap().to_owned();
    worker.read(&format!("/model-blobs/{version}")).unwrap();
    version
}

fn promote(worker: &FakeWorker, version: &str, share: u8) {
    let promotion = Promotion { version, share, gate: Some(json!({ "passed": true })), forced_reason: None };
    move_to(worker, "retail", &promotion).unwrap();
}

fn back(worker: &FakeWorker, to: Option<&str>) -> Result<Option<String>> {
    go_back(worker, "retail", to, "it is odd").map(|models| models.live)
}

#[test]
fn each_way_back_leads_one_step_back_though_it_is_asked_by_name() {
    let worker = FakeWorker::default();
    let [one, two, three] = [1, 2, 3].map(|number| upload(&worker, number));
    for version in [&one, &two, &three] {
        promote(&worker, version, 100);
    }
    assert_eq!(back(&worker, None).unwrap(), Some(two.clone()));
    assert_eq!(worker.log.borrow().last().unwrap().1["to"], json!(two));
    assert_eq!(back(&worker, None).unwrap(), Some(one));
    assert_eq!(back(&worker, None).unwrap(), None);
    assert!(back(&worker, None).unwrap_err().to_string().contains("nothing to take back"));
    assert_eq!(back(&worker, Some(&three[..8])).unwrap(), Some(three));
    assert!(go_back(&worker, "retail", None, " ").is_err());
}

#[test]
fn what_was_taken_back_is_no_way_back() {
    let worker = FakeWorker::default();
    let [one, two] = [1, 2].map(|number| upload(&worker, number));
    promote(&worker, &one, 100);
    assert_eq!(back(&worker, None).unwrap(), None);
    promote(&worker, &two, 100);
    assert_eq!(back(&worker, None).unwrap(), None);
}

#[test]
fn the_packs_own_weights_are_one_move_away() {
    let worker = FakeWorker::default();
    for number in 1..=4 {
        promote(&worker, &upload(&worker, number), 100);
    }
    let sent = worker.log.borrow().len();
    assert_eq!(move_back(&worker, "retail", None, "no model at all").unwrap().live, None);
    assert_eq!(worker.log.borrow().len(), sent + 1, "no other version is live for a moment");
}

#[test]
fn a_canary_is_taken_back_alone() {
    let worker = FakeWorker::default();
    let [live, canary] = [1, 2].map(|number| upload(&worker, number));
    promote(&worker, &canary, 10);
    assert_eq!((back(&worker, None).unwrap(), worker.canary()), (None, None));
    promote(&worker, &live, 100);
    promote(&worker, &canary, 10);
    assert_eq!((back(&worker, None).unwrap(), worker.canary()), (Some(live), None));
}

#[test]
fn what_the_worker_refuses_is_passed_on() {
    let worker = FakeWorker::default();
    let version = upload(&worker, 1);
    let promotion = Promotion { version: &version, share: 100, gate: None, forced_reason: None };
    let said = format!("{:#}", move_to(&worker, "retail", &promotion).unwrap_err());
    assert!(said.contains("what was live still is") && said.contains("(model-gate)"), "{said}");
    let forced = Promotion { forced_reason: Some("a try"), ..promotion };
    move_to(&worker, "retail", &forced).unwrap();
    assert_eq!(worker.live(), Some(version));
}
