//! The job before a Worker that stands in this process. What is learned is tested where it is learned.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fail loudly")]

use nearside_engine::models::{Among, EngineRange, Envelope, Feature, ModelFile, ModelTerm};
use nearside_engine::types::{EventKind, Interaction, ItemFacts};
use serde_json::{Value, json};

use super::*;
use crate::pack::Ask;
use crate::personal_models::base::live as live_base;
use crate::store::{Known, Store};
use crate::train::{FactorSettings, NeighbourSettings};

const START_MS: TimeMs = 1_700_000_000_000;
const DAY_MS: TimeMs = 86_400_000;
const VERSION: &str = "0123";

fn model_document() -> String {
    let term = |name: &str, feature| ModelTerm {
        name: name.to_owned(),
        feature,
        among: Among::All,
        cuts: vec![0.5, 1.5],
        values: vec![0.0, 1.0, 2.0],
        unknown: 0.0,
    };
    let model = ModelFile {
        format: 1,
        pack: "retail".to_owned(),
        engine: EngineRange { from: "0.1.0".to_owned(), below: "0.2.0".to_owned() },
        terms: vec![term("popularity", Feature::LongPopularity), term("own", Feature::RepeatFrequency)],
        ..ModelFile::default()
    };
    let body = serde_json::to_vec(&model).unwrap();
    String::from_utf8(Envelope { key: "job", signature: [7; 64], body: &body }.write().unwrap()).unwrap()
}

/// Serves the retail pack with ten items, and a model when there is one.
fn ask(path: &str, live: Option<&str>) -> Result<Option<String>> {
    let pack = crate::online_retail::retail_pack()?;
    let category = &pack.pack.categories[0].id;
    let item = |number: u32| json!({"id": format!("item-{number}"), "category": category, "title": "T"});
    Ok(match path {
        "/health" => Some(json!({ "packs": { "retail": "v" } }).to_string()),
        "/packs/retail" => Some(String::from_utf8(pack.bytes)?),
        "/catalog/retail" => Some(json!({ "items": (0..10).map(item).collect::<Vec<_>>() }).to_string()),
        "/models/retail" => Some(json!({ "live": live }).to_string()),
        "/model-blobs/0123" => Some(model_document()),
        _ => None,
    })
}

/// Three people who take two things every fifth day.
fn store() -> Store {
    let mut store = Store::in_memory().unwrap();
    let mut writer = store.write("test", START_MS, false).unwrap();
    for (day, person) in (0..60).flat_map(|day| (0..3).map(move |person| (day, person))) {
        for place in 0..2 {
            let event = Interaction {
                target_id: Some(format!("item-{}", (day * (person + 3) + place * 7) % 10)),
                facts: ItemFacts { pack: "retail".to_owned(), ..ItemFacts::default() },
                ..Interaction::new(
                    format!("{day}-{person}-{place}"),
                    EventKind::Purchased,
                    START_MS + day * 5 * DAY_MS + person,
                )
            };
            writer.event(&format!("person-{person}"), &event, START_MS).unwrap();
        }
    }
    writer.finish(&Known { cursor: 1, cursor_sha256: None }, START_MS).unwrap();
    store
}

fn run(store: &Store, live: Option<&str>, is_rehearsal: bool) -> (Result<Report>, Vec<Value>) {
    let mut sent: Vec<Value> = Vec::new();
    let ask: &mut Ask<'_> = &mut |path| ask(path, live);
    let base = match live_base(store, None, ask) {
        Ok(base) => base,
        Err(error) => return (Err(error), Vec::new()),
    };
    let job = Job {
        base,
        is_rehearsal,
        train: TrainSettings {
            neighbours: NeighbourSettings { threads: 1, ..NeighbourSettings::default() },
            factors: FactorSettings { dimensions: 2, ..FactorSettings::default() },
            ..TrainSettings::default()
        },
        // Everybody's is kept, so that there is something to send.
        settings: PersonalSettings {
            least_accuracy: -1.0,
            least_errors: f64::NEG_INFINITY,
            ..PersonalSettings::default()
        },
    };
    let report = learn_and_send(job, &mut |path, body| {
        assert_eq!(path, "/admin/user-models");
        let body: Value = serde_json::from_slice(body).unwrap();
        let rows = body["models"].as_array().unwrap().clone();
        let written = rows.len() as u64;
        sent.extend(rows);
        Ok(Written { written, withheld: 0 })
    });
    (report, sent)
}

#[test]
fn models_are_learned_from_the_store_and_sent_as_corrections_of_the_live_version() {
    let store = store();
    let (report, sent) = run(&store, Some(VERSION), false);
    let report = report.unwrap();
    assert_eq!((report.pack.as_str(), report.version.as_str()), ("retail", VERSION));
    assert_eq!((report.people, report.judged), (3, 3));
    assert_eq!((report.kept, report.written), (sent.len(), sent.len() as u64));
    assert!(sent.iter().all(|row| row["model_version"] == VERSION && row["weights"].is_object()));
    let (rehearsal, nothing) = run(&store, Some(VERSION), true);
    assert_eq!(rehearsal.unwrap(), Report { written: 0, is_rehearsal: true, ..report });
    assert!(nothing.is_empty());
}

#[test]
fn without_a_live_model_there_is_nothing_to_correct() {
    let (report, sent) = run(&store(), None, false);
    assert!(report.unwrap_err().to_string().contains("no model of \"retail\" is live"));
    assert!(sent.is_empty());
}
