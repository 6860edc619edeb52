//! Models through the memory ports: taken in, moved, taken back, and let go.

use pollster::block_on;

use super::*;
use crate::flows::MemoryHost;
use crate::models::Envelope;
use crate::ports::memory::{Fault, Port, Trouble, memory_signature};
use crate::ports::{Library, Models, Pointers};

const NOW: i64 = 1_795_132_800_000;

fn host() -> MemoryHost {
    let host = MemoryHost::new(NOW);
    host.set_pointers(&Pointers::from([("pack/finance".to_owned(), "p".to_owned())]));
    host.trust("origin");
    host
}

fn document(seed: u32) -> Vec<u8> {
    let body = format!(
        r#"{{"format":1,"pack":"finance","engine":{{"from":"0.1.0","below":"0.2.0"}},"trained_at_ms":{NOW},"window":{{}},"seed":{seed},"metrics":{{}},"importance":{{}},"items":[],"base":0,"terms":[]}}"#
    );
    let signature = memory_signature("origin", &signed_message(body.as_bytes()));
    Envelope { key: "origin", signature, body: body.as_bytes() }.write().unwrap()
}

fn upload(host: &MemoryHost, seed: u32) -> String {
    block_on(upload_model(host, for_jobs(), "finance", &document(seed))).unwrap()
}

fn promote(host: &MemoryHost, version: &str) -> Result<String, Refusal> {
    let gate = Some(read_json(br#"{"passed":true}"#).unwrap());
    let request = MoveRequest { version: Some(version.to_owned()), gate, ..MoveRequest::default() };
    block_on(move_model(host, for_jobs(), "finance", true, request))
}

fn live(host: &MemoryHost) -> Option<String> {
    block_on(host.pointers()).unwrap().get("model/finance").cloned()
}

#[test]
fn a_model_goes_there_and_back() {
    let host = host();
    let (first, second) = (upload(&host, 1), upload(&host, 2));
    assert_eq!(upload(&host, 1), first);
    for version in [&first, &second] {
        promote(&host, version).unwrap();
        assert_eq!(live(&host).as_ref(), Some(version));
    }
    for expected in [Some(first), None, None] {
        block_on(move_model(&host, for_jobs(), "finance", false, MoveRequest::default())).unwrap();
        assert_eq!(live(&host), expected);
    }
}

fn back(host: &MemoryHost, to: Option<&str>) -> Option<String> {
    let request = MoveRequest { to: to.map(str::to_owned), ..MoveRequest::default() };
    block_on(move_model(host, for_jobs(), "finance", false, request)).unwrap();
    live(host)
}

fn before(host: &MemoryHost) -> Option<String> {
    block_on(host.pointers()).unwrap().get("previous/finance").cloned()
}

#[test]
fn a_move_that_rests_on_other_pointers_is_refused() {
    let host = host();
    let [first, second] = [1, 2].map(|seed| upload(&host, seed));
    let go = |is_promotion: bool, json: String| {
        let request: MoveRequest = read_json(json.as_bytes()).unwrap();
        block_on(move_model(&host, for_jobs(), "finance", is_promotion, request)).map_err(|refusal| refusal.code)
    };
    let promote = |version: &str, share: u8, expected: &str| {
        go(true, format!(r#"{{"version":"{version}","share":{share},"gate":{{"passed":true}},{expected}}}"#))
    };
    let expects = |live: &str| format!(r#""expected_live":"{live}""#);
    assert_eq!(promote(&first, 100, &expects(&second)), Err("model-moved"));
    promote(&first, 100, r#""expected_live":null,"expected_canary":null"#).unwrap();
    for (expected, code) in [(r#""expected_live":null"#.to_owned(), "model-moved"), (expects(&second), "model-moved")] {
        assert_eq!(promote(&second, 100, &expected), Err(code));
        assert_eq!(go(false, format!("{{{expected}}}")), Err(code));
    }
    assert_eq!(live(&host), Some(first.clone()));
    promote(&second, 5, &expects(&first)).unwrap();
    assert_eq!(promote(&second, 100, r#""expected_canary":null"#), Err("model-moved"));
    promote(&second, 100, &format!(r#""expected_canary":"{second}:5",{}"#, expects(&first))).unwrap();
    go(false, format!("{{{}}}", expects(&second))).unwrap();
    assert_eq!(live(&host), Some(first));
}

#[test]
fn what_was_taken_back_is_no_way_back() {
    let host = host();
    let [first, second, third] = [1, 2, 3].map(|seed| upload(&host, seed));
    promote(&host, &first).unwrap();
    assert_eq!((back(&host, None), before(&host)), (None, None));
    promote(&host, &second).unwrap();
    assert_eq!(before(&host), None, "the pack's own weights were live");
    assert_eq!((back(&host, None), before(&host)), (None, None));
    promote(&host, &first).unwrap();
    promote(&host, &second).unwrap();
    assert_eq!(before(&host), Some(first.clone()));
    assert_eq!((back(&host, None), before(&host)), (Some(first.clone()), None));
    promote(&host, &third).unwrap();
    assert_eq!((back(&host, None), before(&host)), (Some(first.clone()), None));
    promote(&host, &second).unwrap();
    promote(&host, &first).unwrap();
    assert_eq!((back(&host, None), before(&host)), (Some(second), None), "there and back is no circle");
    assert_eq!(back(&host, None), None);
}

#[test]
fn an_empty_name_leads_to_the_packs_own_weights_in_one_move() {
    let host = host();
    let [first, second] = [1, 2].map(|seed| upload(&host, seed));
    for version in [&first, &second] {
        promote(&host, version).unwrap();
    }
    assert_eq!((back(&host, Some("")), before(&host)), (None, None));
    assert_eq!((back(&host, Some(&second)), before(&host)), (Some(second), Some(first)));
}

#[test]
fn whichever_call_fails_the_pointer_stands_where_it_stood_or_where_it_was_to_stand() {
    for trouble in [Trouble::Down, Trouble::AnswerLost] {
        for call in 1..=8 {
            let host = host();
            let (first, second) = (upload(&host, 1), upload(&host, 2));
            promote(&host, &first).unwrap();
            host.order(vec![Fault { port: None, call: Some(call), trouble }]);
            let answer = promote(&host, &second);
            host.order(Vec::new());
            let is_moved = live(&host) == Some(second.clone());
            assert!(is_moved || live(&host) == Some(first), "call {call}");
            assert!(is_moved || answer.is_err(), "call {call}");
            promote(&host, &second).unwrap();
        }
    }
}

#[test]
fn no_document_with_a_byte_changed_or_cut_off_is_taken_in() {
    let host = host();
    let whole = document(1);
    let refused = |document: &[u8]| block_on(upload_model(&host, for_jobs(), "finance", document)).is_err();
    for at in 0..whole.len() {
        for change in [1, 0x20, 0x80] {
            let mut other = whole.clone();
            other[at] ^= change;
            assert!(refused(&other), "byte {at} changed by {change}");
        }
        assert!(refused(&whole[..at]), "cut off at {at}");
    }
    assert!(!refused(&whole));
    assert_eq!(live(&host), None);
}

#[test]
fn a_blob_that_is_not_there_is_waited_for() {
    let host = host();
    let version = upload(&host, 1);
    host.order(vec![Fault { port: Some(Port::Blobs), call: None, trouble: Trouble::Down }]);
    assert_eq!(promote(&host, &version).unwrap_err().kind, Kind::Unavailable);
    host.order(Vec::new());
    block_on(Blobs::remove(&host, &blob_name(&version))).unwrap();
    assert_eq!(promote(&host, &version).unwrap_err().code, "model-blob");
    assert_eq!(live(&host), None);
}

fn kept(host: &MemoryHost) -> Vec<String> {
    let state = block_on(host.model_records(for_jobs(), ModelAsk::State, &ModelFacts::of("finance"), NOW)).unwrap();
    state_of(&state).unwrap().versions.into_iter().map(|kept| kept.version).collect()
}

#[test]
fn ten_versions_are_kept_though_nobody_promotes() {
    let host = host();
    let versions: Vec<String> = (0..13).map(|seed| upload(&host, seed)).collect();
    let newest: Vec<&String> = versions.iter().rev().take(10).collect();
    assert_eq!(kept(&host).iter().collect::<Vec<_>>(), newest);
    for (at, version) in versions.iter().enumerate() {
        assert_eq!(block_on(Blobs::get(&host, &blob_name(version))).unwrap().is_some(), at >= 3, "blob {at}");
    }
    assert_eq!(promote(&host, &versions[0]).unwrap_err().code, "model-version");
}

#[test]
fn what_a_pointer_names_stays_however_much_is_uploaded() {
    let host = host();
    let [before, live, canary] = [1, 2, 3].map(|seed| upload(&host, seed));
    promote(&host, &before).unwrap();
    promote(&host, &live).unwrap();
    let forced_reason = Some("a test".to_owned());
    let version = Some(canary.clone());
    let request = MoveRequest { version, share: Some(5), forced_reason, ..MoveRequest::default() };
    block_on(move_model(&host, for_jobs(), "finance", true, request)).unwrap();
    let newer: Vec<String> = (4..20).map(|seed| upload(&host, seed)).collect();
    let mut expected: Vec<String> = newer.into_iter().rev().take(7).collect();
    expected.extend([&canary, &live, &before].map(String::clone));
    assert_eq!(kept(&host), expected);
    for version in &expected {
        assert!(block_on(Blobs::get(&host, &blob_name(version))).unwrap().is_some());
    }
}
