//! Runs one spec case: a person, a catalogue and a clock are given, use cases run on the memory ports, and everything
//! they answered comes back as text. The same code runs natively, in wasm under Node and inside a Worker.
//!
//! What the answers should be is not known here: `tests/spec.rs` reads the expectations, and every host compares bytes.

mod acceptance;
mod assignment;
mod bench;
mod case;
mod chance;
mod experiments;
mod given;
mod logins;
mod merge;
mod models;
pub mod parity;
mod population;
mod ready;
mod seeds;
mod step;

use nearside_engine::math::{bucket, hash64};
use serde::Deserialize;
use wasm_bindgen::prelude::wasm_bindgen;

/// Has panics say where they happened, before anything else runs.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// Runs a case and returns what each of its steps answered, as JSON. `input` is
/// `{"packs": {id: {"pack": …, "items": […]}}, "case": …}`; what makes a case unreadable comes back as `{"broken": …}`.
#[wasm_bindgen]
pub fn run_case(input: &str) -> String {
    match run(input) {
        Ok(answers) => answers,
        Err(reason) => format!("{}\n", serde_json::json!({ "broken": reason })),
    }
}

fn run(input: &str) -> Result<String, String> {
    let input: case::Input = serde_json::from_str(input).map_err(|error| error.to_string())?;
    let mut host = given::host_of(&input)?;
    let answers: Result<Vec<String>, String> = input.case.when.iter().map(|step| step::take(&mut host, step)).collect();
    Ok(format!("[\n{}\n]\n", answers?.join(",\n")))
}

/// Returns hash and bucket of `{"fields": […], "buckets": n}` as the engine makes them: `HASH/BUCKET`, both decimal.
#[wasm_bindgen]
pub fn hash_of(input: &str) -> String {
    #[derive(Deserialize)]
    struct Hashed {
        fields: Vec<String>,
        buckets: u32,
    }
    match serde_json::from_str::<Hashed>(input) {
        Ok(hashed) => {
            let fields: Vec<&str> = hashed.fields.iter().map(String::as_str).collect();
            let hash = hash64(&fields);
            format!("{hash}/{}", bucket(hash, hashed.buckets))
        }
        Err(error) => error.to_string(),
    }
}
