//! One list, whoever ranks it: a device and the Worker say the same of random worlds, and every host says the same bytes.
//!
//! The golden file holds a digest of each five hundred cases. `tests/spec-hosts` compares it with wasm under Node and in the
//! Workers runtime, `tests/package` with the package in a browser. `UPDATE=1 cargo test -p nearside-tests --test parity`
//! writes it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

use std::env;
use std::fs;
use std::thread;

use nearside_json::write_json;
use nearside_spec_host::parity::Parity;
use nearside_tests::folders;
use serde_json::{Value, json};

const GOLDEN: &str = "tests/parity.json";
/// Cases whose answers every host must give to the byte.
const CASES: u32 = 10_000;
/// Cases of one digest.
const CHUNK: u32 = 500;
/// Cases that the Worker's flows answer too: each publishes a pack of its own.
const BOTH_WAYS: u32 = 300;

fn parity() -> Parity {
    Parity::new(&json!([folders::pack("finance"), folders::pack("tiny")]).to_string())
}

/// Splits numbers between threads, and joins what came of them in order.
fn side_by_side<T: Send + 'static>(chunks: u32, work: impl Fn(&Parity, u32) -> T + Copy + Send + 'static) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get) as u32;
    let start = |thread: u32| {
        thread::spawn(move || {
            let parity = parity();
            (thread..chunks).step_by(threads as usize).map(|chunk| (chunk, work(&parity, chunk))).collect::<Vec<_>>()
        })
    };
    let running: Vec<_> = (0..threads.min(chunks)).map(start).collect();
    let mut done: Vec<(u32, T)> = running.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    done.sort_by_key(|(chunk, _)| *chunk);
    done.into_iter().map(|(_, result)| result).collect()
}

#[test]
fn ten_thousand_worlds_are_answered_as_ever() {
    let digests = side_by_side(CASES / CHUNK, |parity, chunk| parity.digest(chunk * CHUNK, (chunk + 1) * CHUNK));
    let found = json!({ "cases": CASES, "chunk": CHUNK, "digests": digests });
    let path = folders::root().join(GOLDEN);
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
    }
    assert_eq!(found, folders::json(GOLDEN), "an answer changed; UPDATE=1 writes the digests anew");
}

#[test]
fn a_device_sends_the_list_that_the_worker_would_have_sent() {
    let differences = side_by_side(BOTH_WAYS, |parity, number| {
        // A case of each world.
        let seed = number * 51;
        let answers: Vec<String> = parity.answer(seed).lines().map(str::to_owned).collect();
        let theirs =
            parity.by_worker(seed).map(|decision| serde_json::from_str::<Value>(&write_json(&decision)).unwrap());
        let ours: Value = match answers.iter().find(|line| line.starts_with(r#"{"decision_id""#)) {
            Some(line) => serde_json::from_str(line).unwrap(),
            None => {
                return theirs
                    .is_ok()
                    .then(|| format!("case {seed}: only the Worker answers: {theirs:?}\n{answers:?}"));
            }
        };
        let theirs = match theirs {
            Ok(theirs) => theirs,
            Err(reason) => return Some(format!("case {seed}: only the device answers: {reason}")),
        };
        let compared = ["items", "personalization", "message", "degraded", "scope", "model_version", "pack_version"];
        compared
            .iter()
            .find(|name| ours[**name] != theirs[**name])
            .map(|name| format!("case {seed}: {name}\nours   {}\ntheirs {}", ours[*name], theirs[*name]))
    });
    let differences: Vec<String> = differences.into_iter().flatten().collect();
    assert!(
        differences.is_empty(),
        "{} of {BOTH_WAYS}:\n{}",
        differences.len(),
        differences[..differences.len().min(3)].join("\n")
    );
}
