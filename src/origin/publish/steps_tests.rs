//! Publishing against a Worker that fails at every call, lies, or is asked twice.

use std::time::Duration;

use nearside_engine::math::sha256_hex;

use super::super::fake::{FakeWorker, NOW, Trouble, candidate, key};
use super::*;
use crate::gate::Limits;

const LIMITS: Limits = Limits { most_bytes: 1_000_000, most_us_per_100: 1_000.0 };

fn plan() -> Plan<'static> {
    Plan {
        pack: "retail",
        share: 100,
        forced_reason: None,
        is_rehearsal: false,
        smoke_user: None,
        limits: &LIMITS,
        now_ms: NOW,
        patience: Patience { tries: 1, wait: Duration::ZERO },
    }
}

fn signed(seed: u64) -> Signed {
    Signed::new(&candidate(seed), "retail", &key(), NOW).unwrap()
}

/// Publishes with a passing evaluation against what is live.
fn go(worker: &FakeWorker, seed: u64, plan: &Plan<'_>) -> Result<Published> {
    let live = worker.live().filter(|live| *live != signed(seed).version);
    let evaluation = Evaluation::passing("retail", &sha256_hex(&candidate(seed)), live.as_deref());
    publish(worker, &signed(seed), &Measured::As(&evaluation), plan)
}

fn with_first() -> FakeWorker {
    let worker = FakeWorker::default();
    assert_eq!(go(&worker, 1, &plan()).unwrap().outcome, Outcome::Promoted);
    worker.calls.set(0);
    worker
}

#[test]
fn a_candidate_becomes_live_and_again_changes_nothing() {
    let worker = with_first();
    let published = go(&worker, 2, &plan()).unwrap();
    assert_eq!((published.outcome, worker.live()), (Outcome::Promoted, Some(signed(2).version)));
    assert_eq!(published.live_before, Some(signed(1).version));
    let said = worker.log.borrow().clone();
    let paths: Vec<&str> = said.iter().map(|(path, _)| path.as_str()).collect();
    let order = ["/models/retail", "/admin/evaluations", "/models/retail/promote"];
    assert_eq!(paths, [order, order].concat());
    assert_eq!(said[4].1["evaluations"][0]["metrics"]["ndcg_10"]["value"], 0.21);
    assert_eq!(said[5].1["gate"]["passed"], true);
    assert_eq!(go(&worker, 2, &plan()).unwrap().outcome, Outcome::Unchanged);
    assert_eq!(worker.log.borrow().len(), said.len(), "nothing was sent");
}

#[test]
fn whichever_call_fails_something_serves_and_the_step_is_named() {
    for trouble in [Trouble::Down, Trouble::AnswerLost] {
        let calls = {
            let worker = with_first();
            go(&worker, 2, &plan()).unwrap();
            worker.calls.get()
        };
        assert_eq!(calls, 8);
        for call in 1..=calls {
            let worker = with_first();
            worker.fails_at.set(Some((call, trouble)));
            let result = go(&worker, 2, &plan());
            let is_new = worker.live() == Some(signed(2).version);
            assert!(is_new || worker.live() == Some(signed(1).version), "call {call}: something else serves");
            match &result {
                Ok(_) => assert!(is_new, "call {call}"),
                Err(error) => {
                    let said = format!("{error:#}");
                    assert!(!is_new, "call {call} failed and still moved: {said}");
                    let names_it = said.contains("stopped at: ") || said.contains("was taken back");
                    assert!(names_it && said.contains(&format!("call {call}")), "{said}");
                }
            }
            // Only a lost answer to the move itself is made good by a look.
            assert_eq!(result.is_ok(), call == 7 && trouble == Trouble::AnswerLost, "call {call}");
            worker.fails_at.set(None);
            go(&worker, 2, &plan()).unwrap();
            assert_eq!(worker.live(), Some(signed(2).version));
        }
    }
}

#[test]
fn a_blob_that_comes_back_changed_never_serves() {
    let worker = with_first();
    worker.is_corrupt.set(true);
    let said = format!("{:#}", go(&worker, 2, &plan()).unwrap_err());
    assert!(said.contains("read back") && said.contains("another one"), "{said}");
    assert_eq!(worker.live(), Some(signed(1).version));
}

#[test]
fn what_the_worker_does_not_name_afterwards_is_taken_back() {
    let worker = with_first();
    worker.is_confused.set(true);
    let said = format!("{:#}", go(&worker, 2, &plan()).unwrap_err());
    assert!(said.contains("GET /health names null") && said.contains("it was taken back"), "{said}");
    assert_eq!(worker.live(), Some(signed(1).version));
    let first = FakeWorker::default();
    first.is_confused.set(true);
    assert!(go(&first, 1, &plan()).is_err());
    assert_eq!(first.live(), None, "back to the pack's own weights");
}

#[test]
fn what_somebody_else_published_meanwhile_is_not_taken_back() {
    let worker = with_first();
    for seed in [2, 3] {
        go(&worker, seed, &plan()).unwrap();
    }
    let (first, second) = (signed(1).version, signed(2).version);
    let published = Expected { pack: "retail", version: &second, share: 100, live_before: Some(&first) };
    let said = take_back(&worker, &published, Some(&first), &anyhow!("it is odd")).to_string();
    assert!(said.contains("somebody else moved") && said.contains(&signed(3).version), "{said}");
    assert_eq!(worker.live(), Some(signed(3).version));
}

#[test]
fn a_smoke_user_is_asked_before_and_after() {
    let worker = with_first();
    let plan = Plan { smoke_user: UserId::parse("6f726967-696e-8000-8000-6e6561727369"), ..plan() };
    assert_eq!(go(&worker, 2, &plan).unwrap().outcome, Outcome::Promoted);
    let log = worker.log.borrow();
    let asked: Vec<usize> = (0..log.len()).filter(|at| log[*at].0 == "/recommend").collect();
    assert_eq!(asked.len(), 2);
    assert_eq!(log[asked[0]].1["scope"], "retail:retail-home");
}

#[test]
fn the_gate_refuses_until_somebody_says_why_not() {
    let worker = with_first();
    let mut evaluation = Evaluation::passing("retail", &sha256_hex(&candidate(2)), worker.live().as_deref());
    evaluation.difference.lower = -0.01;
    let check = |measured: &Measured<'_>, failed: &str| {
        let published = publish(&worker, &signed(2), measured, &plan()).unwrap();
        assert_eq!(published.outcome, Outcome::Refused);
        let found: Vec<&Verdict> = published.verdicts.iter().filter(|verdict| !verdict.has_passed).collect();
        assert!(found.len() == 1 && found[0].rule.contains(failed), "{found:?}");
    };
    check(&Measured::As(&evaluation), "not worse");
    check(&Measured::Never, "was measured");
    check(&Measured::Unreadable("it ends early".to_owned()), "was measured");
    let fine = Evaluation::passing("retail", &sha256_hex(&candidate(2)), worker.live().as_deref());
    let other = Evaluation { candidate_sha256: sha256_hex(&candidate(3)), ..fine.clone() };
    check(&Measured::As(&other), "was measured");
    check(&Measured::As(&Evaluation { live_version: None, ..fine }), "compared with what is live");
    assert_eq!(worker.log.borrow().len(), 3, "nothing was sent since the first");

    let forced = Plan { forced_reason: Some("the shop moved"), ..plan() };
    assert_eq!(publish(&worker, &signed(2), &Measured::As(&evaluation), &forced).unwrap().outcome, Outcome::Promoted);
    let log = worker.log.borrow();
    let body = &log.last().unwrap().1;
    assert_eq!((&body["gate"]["passed"], &body["forced_reason"]), (&json!(false), &json!("the shop moved")));
}

#[test]
fn an_evaluation_that_does_not_read_stands_in_the_record_of_who_publishes_all_the_same() {
    let worker = with_first();
    let sent = worker.log.borrow().len();
    let forced = Plan { forced_reason: Some("the file was cut"), ..plan() };
    let measured = Measured::Unreadable("EOF while parsing ".repeat(40));
    assert_eq!(publish(&worker, &signed(2), &measured, &forced).unwrap().outcome, Outcome::Promoted);
    let log = worker.log.borrow();
    let paths: Vec<&str> = log.iter().skip(sent).map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["/models/retail", "/models/retail/promote"], "there are no figures to record");
    let body = &log.last().unwrap().1;
    assert_eq!((&body["gate"]["passed"], &body["forced_reason"]), (&json!(false), &json!("the file was cut")));
    let figure = body["gate"]["verdicts"][0]["figure"].as_str().unwrap();
    assert!(figure.starts_with("does not read: EOF") && figure.len() == 200, "{figure}");
}

#[test]
fn a_rehearsal_changes_nothing_and_a_canary_leaves_the_live_one() {
    let worker = with_first();
    let sent = worker.log.borrow().len();
    let rehearsal = Plan { is_rehearsal: true, ..plan() };
    assert_eq!(go(&worker, 2, &rehearsal).unwrap().outcome, Outcome::Rehearsed);
    assert_eq!(worker.log.borrow().len(), sent);
    let canary = Plan { share: 10, ..plan() };
    assert_eq!(go(&worker, 2, &canary).unwrap().outcome, Outcome::Canary);
    assert_eq!(worker.canary(), Some(format!("{}:10", signed(2).version)));
    assert_eq!(worker.live(), Some(signed(1).version));
    assert_eq!(go(&worker, 2, &canary).unwrap().outcome, Outcome::Unchanged);
    assert_eq!(go(&worker, 2, &plan()).unwrap().outcome, Outcome::Promoted);
    assert_eq!((worker.live(), worker.canary()), (Some(signed(2).version), None));
}

#[test]
fn the_move_names_what_the_candidate_was_compared_with() {
    let worker = with_first();
    let first = worker.live();
    let check = |seed: u64, plan: &Plan<'_>, live: &Option<String>| {
        go(&worker, seed, plan).unwrap();
        let log = worker.log.borrow();
        let body = &log.last().unwrap().1;
        assert_eq!((&body["expected_live"], &body["gate"][COMPARED_WITH]), (&json!(live), &json!(live)));
        assert!(body.as_object().unwrap().contains_key("expected_canary"));
    };
    check(2, &Plan { share: 5, ..plan() }, &first);
    check(2, &plan(), &first);
    check(3, &plan(), &Some(signed(2).version));
}

#[test]
fn somebody_elses_move_is_not_undone() {
    for forced_reason in [None, Some("the shop moved")] {
        let worker = with_first();
        // Between the gate and the move: the calls of a publication, up to the record of the evaluation.
        worker.meanwhile.replace(Some(("/admin/evaluations", signed(3).version)));
        let said = format!("{:#}", go(&worker, 2, &Plan { forced_reason, ..plan() }).unwrap_err());
        assert!(said.contains("somebody else moved") && said.contains("(model-moved)"), "{said}");
        assert_eq!(worker.live(), Some(signed(3).version));
    }
}

#[test]
fn what_somebody_else_publishes_in_the_very_moment_is_not_taken_back() {
    for share in [5, 100] {
        let worker = with_first();
        go(&worker, 2, &Plan { share, ..plan() }).unwrap();
        worker.meanwhile.replace(Some(("/models/retail/rollback", signed(3).version)));
        let (first, second) = (signed(1).version, signed(2).version);
        let published = Expected { pack: "retail", version: &second, share, live_before: Some(&first) };
        let said = take_back(&worker, &published, Some(&first), &anyhow!("it is odd")).to_string();
        assert!(said.contains("somebody else moved") && said.contains(&signed(3).version), "{said}");
        assert_eq!(worker.live(), Some(signed(3).version));
    }
}
