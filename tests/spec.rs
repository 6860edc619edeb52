//! The spec suite on the native host: every case answers what its `then` says, and the very bytes of the golden file.
//! `UPDATE=1 cargo test -p nearside-tests --test spec` writes the golden files anew: read the difference by eye.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::sync::Mutex;

use nearside_spec_host::run_case;
use nearside_tests::{expectations, folders};
use serde_json::{Map, Value, json};

/// Packs put together once for all cases.
static PACKS: Mutex<BTreeMap<String, Value>> = Mutex::new(BTreeMap::new());

fn pack(name: &str) -> Value {
    let mut packs = PACKS.lock().unwrap();
    packs.entry(name.to_owned()).or_insert_with(|| folders::pack(name)).clone()
}

/// What a host is handed for a case: the case, and the packs that it names.
fn input_of(case: &Value) -> String {
    let named = case["given"]["packs"].as_array().cloned().unwrap_or_else(|| vec![json!("tiny")]);
    let packs = named.iter().map(|name| name.as_str().unwrap());
    let packs: Map<String, Value> = packs.map(|name| (name.to_owned(), pack(name))).collect();
    json!({ "packs": packs, "case": case }).to_string()
}

/// Returns what a case does other than its `then` says.
fn failures(case: &Value, output: &str) -> Vec<String> {
    let steps: Value = serde_json::from_str(output).unwrap_or_else(|error| panic!("{error}: {output}"));
    let Some(steps) = steps.as_array() else { return vec![output.to_owned()] };
    let mut found: Vec<String> = steps.iter().flat_map(expectations::unexplained_scores).collect();
    let expected: Vec<(usize, &Value)> = match &case["then"] {
        Value::Array(list) => {
            assert_eq!(list.len(), steps.len(), "{}: one expectation a step", case["name"]);
            list.iter().enumerate().collect()
        }
        one => vec![(steps.len() - 1, one)],
    };
    for (index, expected) in expected.into_iter().filter(|(_, expected)| !expected.is_null()) {
        let expected = expected.as_object().unwrap_or_else(|| panic!("{}: then is no table", case["name"]));
        assert!(!expected.is_empty(), "{}: an expectation expects nothing", case["name"]);
        let differences = expectations::differences(expected, &steps[index]);
        found.extend(differences.into_iter().map(|difference| format!("when[{index}]: {difference}")));
    }
    found
}

/// Runs all cases of a file. Returns how many.
fn check(file: &str) -> usize {
    let cases = folders::json(&format!("tests/spec/{file}"));
    let cases = cases.as_array().unwrap();
    let mut golden = String::new();
    let mut report = String::new();
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let output = run_case(&input_of(case));
        for failure in failures(case, &output) {
            writeln!(report, "{file}: {name}\n    {failure}").unwrap();
        }
        write!(golden, "## {name}\n{output}").unwrap();
    }
    assert!(report.is_empty(), "\n{report}");
    let path = golden_path(file);
    if std::env::var("UPDATE").is_ok_and(|value| value == "1") {
        fs::write(folders::root().join(&path), &golden).unwrap();
    }
    let known = folders::text(&path);
    if known != golden {
        let line = known.lines().zip(golden.lines()).position(|(known, now)| known != now);
        let line = line.unwrap_or(known.lines().count().min(golden.lines().count()));
        let at = |text: &str| text.lines().nth(line).unwrap_or("(the end)").trim().to_owned();
        panic!(
            "{path}, line {}: answered {:?}, not {:?}; see the head of tests/spec.rs",
            line + 1,
            at(&golden),
            at(&known)
        );
    }
    cases.len()
}

fn golden_path(file: &str) -> String {
    format!("tests/spec/golden/{}", file.replace(".json", ".golden"))
}

/// One test a file, so that a failure names its subject.
macro_rules! spec_files {
    ($($test:ident: $file:literal,)*) => {
        const FILES: &[&str] = &[$($file),*];
        $(
            #[test]
            fn $test() {
                check($file);
            }
        )*
    };
}

spec_files! {
    terms: "01-terms.json",
    factors: "02-factors.json",
    order: "03-order.json",
    hiding: "04-hiding.json",
    consent: "05-consent.json",
    words: "06-words.json",
    explanations: "07-explain.json",
    tracking: "08-tracking.json",
    failures_of_stores: "09-failures.json",
    people: "10-people.json",
    finance: "11-finance.json",
    models: "12-models.json",
    experiments: "13-experiments.json",
}

fn spec_names() -> Vec<String> {
    let mut names = folders::names("tests/spec");
    names.retain(|name| name.ends_with(".json"));
    names
}

#[test]
fn every_file_of_the_folder_is_run_and_has_a_golden_file() {
    assert_eq!(spec_names(), FILES);
    let golden: Vec<String> = FILES.iter().map(|file| file.replace(".json", ".golden")).collect();
    assert_eq!(folders::names("tests/spec/golden"), golden);
}

#[test]
fn the_suite_is_as_large_as_promised_and_no_name_stands_twice() {
    let mut names = Vec::new();
    for file in FILES {
        let cases = folders::json(&format!("tests/spec/{file}"));
        names.extend(cases.as_array().unwrap().iter().map(|case| case["name"].as_str().unwrap().to_owned()));
    }
    println!("native: {} cases in {} files", names.len(), FILES.len());
    assert!(names.len() >= 48, "{} cases", names.len());
    let number = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), number);
}
