//! Moves against a Worker that keeps what was moved.

use super::super::command::{go_back, objection};
use super::*;
use crate::publish::FakeWorker;
use serde_json::json;

/// Uploads a document, and reads it back.
fn upload(worker: &FakeWorker, number: u32) -> String {
    let answer = worker.write(Method::Put, "/models/retail", number.to_string().as_bytes()).unwrap();
    let version = answer["version"].as_str().unwrap().to_owned();
    worker.read(&format!("/model-blobs/{version}")).unwrap();
    version
}

fn promote(worker: &FakeWorker, version: &str, share: u8) {
    let models = models_of(worker, "retail").unwrap();
    let gate = Some(json!({ "passed": true, COMPARED_WITH: models.live }));
    let promotion = Promotion { version, share, gate, forced_reason: None, seen: models.seen() };
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
    let models = models_of(&worker, "retail").unwrap();
    assert_eq!(move_back(&worker, "retail", None, "no model at all", models.seen()).unwrap().live, None);
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
    let seen = Seen { expected_live: None, expected_canary: None };
    let promotion = Promotion { version: &version, share: 100, gate: None, forced_reason: None, seen };
    let said = format!("{:#}", move_to(&worker, "retail", &promotion).unwrap_err());
    assert!(said.contains("what was live still is") && said.contains("(model-gate)"), "{said}");
    let forced = Promotion { forced_reason: Some("a try"), ..promotion };
    move_to(&worker, "retail", &forced).unwrap();
    assert_eq!(worker.live(), Some(version));
}

#[test]
fn a_move_that_rests_on_what_is_no_longer_live_is_refused() {
    let worker = FakeWorker::default();
    let [one, two, three] = [1, 2, 3].map(|number| upload(&worker, number));
    promote(&worker, &one, 100);
    let before = models_of(&worker, "retail").unwrap();
    promote(&worker, &two, 100);
    let gate = Some(json!({ "passed": true }));
    let promotion = Promotion { version: &three, share: 100, gate, forced_reason: None, seen: before.seen() };
    let said = format!("{:#}", move_to(&worker, "retail", &promotion).unwrap_err());
    assert!(said.contains(&format!("{two} serves")) && said.contains("(model-moved)"), "{said}");
    assert!(
        move_back(&worker, "retail", None, "odd", before.seen()).unwrap_err().to_string().contains("(model-moved)")
    );
    assert_eq!(worker.live(), Some(two));
    let done = move_back(&worker, "retail", worker.live().as_deref(), "odd", before.seen()).unwrap();
    assert_eq!(done.live, worker.live(), "done is done");
}

#[test]
fn verdicts_hold_against_the_version_that_they_compared_with() {
    let worker = FakeWorker::default();
    let [one, two, three] = [1, 2, 3].map(|number| upload(&worker, number));
    let judged = |version: &str| {
        let models = models_of(&worker, "retail").unwrap();
        objection(&models, models.named(version).unwrap())
    };
    promote(&worker, &one, 100);
    assert_eq!(judged(&two), Some("no gate judged it"));
    promote(&worker, &two, 10);
    assert_eq!(judged(&two), None);
    promote(&worker, &three, 100);
    assert!(judged(&two).unwrap().contains("another version"));
    back(&worker, Some(&one)).unwrap();
    assert_eq!(judged(&two), None);
}
