//! A Worker for tests: it keeps models as the real one does, and its n-th call fails before or after it did what was asked.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail, ensure};
use nearside_engine::math::sha256_hex;
use nearside_engine::models::{Among, EngineRange, Feature, ModelFile, ModelTerm, to_base64};
use nearside_engine::types::TimeMs;
use nearside_json::write_json;
use serde_json::{Value, json};

use super::key::ModelKey;
use crate::models::{Method, Registry};
use crate::online_retail::retail_pack;

/// The time of tests.
pub(crate) const NOW: TimeMs = 1_795_132_800_000;
/// Three items.
pub(crate) const CATALOGUE: &str = r#"{"format":1,"pack":"retail","items":[
    {"id":"bag","category":"BAGS","title":"A bag"},
    {"id":"cup","category":"KITCHEN","title":"A cup","priority":70},
    {"id":"egg","category":"EASTER","title":"An egg","regulated":true}]}"#;

/// A candidate's file; another seed is another candidate.
pub(crate) fn candidate(seed: u64) -> Vec<u8> {
    let list = || to_base64([1.0_f32, 2.0, 3.0].into_iter().map(f32::to_le_bytes));
    let mut file = ModelFile {
        format: 1,
        pack: "retail".to_owned(),
        engine: EngineRange { from: env!("CARGO_PKG_VERSION").to_owned(), below: "99.0.0".to_owned() },
        trained_at_ms: NOW,
        seed,
        items: ["bag", "cup", "egg"].map(str::to_owned).to_vec(),
        base: 0.5,
        ..ModelFile::default()
    };
    file.window.to_ms = NOW;
    let names = ["popularity", "latest_popularity", "recent_popularity", "long_popularity", "trend", "first_day"];
    file.lists = names.into_iter().chain(["days_since_sold"]).map(|name| (name.to_owned(), list())).collect();
    let term = |feature: Feature, cut: f64| ModelTerm {
        name: write_json(&feature).trim_matches('"').to_owned(),
        feature,
        among: Among::All,
        cuts: vec![cut],
        values: vec![0.1, 0.7],
        unknown: 0.3,
    };
    file.terms =
        vec![term(Feature::Popularity, 1.5), term(Feature::Priority, 60.0), term(Feature::RepeatFrequency, 0.1)];
    write_json(&file).into_bytes()
}

/// The key of tests.
pub(crate) fn key() -> ModelKey {
    ModelKey::of_seed("dev-1", [9; 32])
}

/// The retail pack as it is published; put together once, which takes a while without optimisation.
pub(crate) fn pack_text() -> String {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = || String::from_utf8(retail_pack().map(|pack| pack.bytes).unwrap_or_default()).unwrap_or_default();
    TEXT.get_or_init(text).clone()
}

/// When a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Nothing was done.
    Down,
    /// It was done, and the answer is lost.
    AnswerLost,
}

#[derive(Debug, Clone, Default)]
struct Kept {
    version: String,
    document: String,
    gate: Value,
    promoted: Option<u32>,
    /// What was live when it was promoted.
    before: Option<String>,
}

/// The Worker.
#[derive(Debug, Default)]
pub(crate) struct FakeWorker {
    kept: RefCell<Vec<Kept>>,
    live: RefCell<Option<String>>,
    canary: RefCell<Option<String>>,
    read_back: RefCell<BTreeSet<String>>,
    promotions: Cell<u32>,
    pub(crate) calls: Cell<usize>,
    pub(crate) fails_at: Cell<Option<(usize, Trouble)>>,
    /// Blobs come back with another byte.
    pub(crate) is_corrupt: Cell<bool>,
    /// The health names what is not live.
    pub(crate) is_confused: Cell<bool>,
    /// What somebody else makes live in the moment in which this path is asked.
    pub(crate) meanwhile: RefCell<Option<(&'static str, String)>>,
    /// What POST and PUT were asked, in order.
    pub(crate) log: RefCell<Vec<(String, Value)>>,
    /// What GET /retrain-models answers.
    pub(crate) requests: RefCell<Value>,
}

impl FakeWorker {
    pub(crate) fn live(&self) -> Option<String> {
        self.live.borrow().clone()
    }

    pub(crate) fn canary(&self) -> Option<String> {
        self.canary.borrow().clone()
    }

    fn call<A>(&self, act: impl FnOnce() -> Result<A>) -> Result<A> {
        let call = self.calls.get() + 1;
        self.calls.set(call);
        match self.fails_at.get().filter(|(at, _)| *at == call) {
            Some((_, Trouble::Down)) => bail!("503 Service Unavailable: call {call}"),
            Some((_, Trouble::AnswerLost)) => {
                act()?;
                bail!("no answer to call {call}")
            }
            None => act(),
        }
    }

    fn report(&self) -> Value {
        let line = |kept: &Kept| {
            json!({ "version": kept.version, "status": "CANDIDATE", "size_bytes": kept.document.len(),
                "trained_at": "2026-11-20T00:00:00.000Z", "metrics": {}, "gate": kept.gate,
                "promoted_at": kept.promoted.map(|number| format!("2026-01-01T00:00:{number:02}.000Z")) })
        };
        let versions: Vec<Value> = self.kept.borrow().iter().rev().map(line).collect();
        json!({ "pack": "retail", "live": self.live(), "canary": self.canary(), "previous": self.previous(),
            "versions": versions })
    }

    fn previous(&self) -> Option<String> {
        let live = self.live();
        self.kept.borrow().iter().find(|kept| Some(&kept.version) == live.as_ref())?.before.clone()
    }

    /// Where the expected pointers do not stand, nothing moves.
    fn is_expected(&self, body: &Value) -> Result<()> {
        let is = |name: &str, found: Option<String>| body.get(name).is_none_or(|expected| *expected == json!(found));
        let is_so = is("expected_live", self.live()) && is("expected_canary", self.canary());
        ensure!(is_so, "409: another version is live (model-moved)");
        Ok(())
    }

    fn promote(&self, body: &Value) -> Result<Value> {
        self.is_expected(body)?;
        let version = body["version"].as_str().context("version")?;
        assert!(self.read_back.borrow().contains(version), "a pointer moves to what nobody read back");
        ensure!(body["gate"]["passed"] == true || body["forced_reason"].is_string(), "422: no gate (model-gate)");
        let mut all = self.kept.borrow_mut();
        let kept = all.iter_mut().find(|kept| kept.version == version).context("422: (model-version)")?;
        kept.gate = body["gate"].clone();
        if body["share"] == 100 {
            self.promotions.set(self.promotions.get() + 1);
            kept.promoted = Some(self.promotions.get());
            if self.live().as_deref() != Some(version) {
                kept.before = self.live();
            }
            *self.live.borrow_mut() = Some(version.to_owned());
            *self.canary.borrow_mut() = None;
        } else {
            *self.canary.borrow_mut() = Some(format!("{version}:{}", body["share"]));
        }
        drop(all);
        Ok(self.report())
    }

    fn roll_back(&self, body: &Value) -> Result<Value> {
        ensure!(body["reason"].is_string(), "no reason");
        self.is_expected(body)?;
        let was_live =
            |version: &str| self.kept.borrow().iter().any(|kept| kept.version == version && kept.promoted.is_some());
        let back = match body["to"].as_str() {
            Some("") => None,
            Some(to) => {
                ensure!(was_live(to), "422: (model-version)");
                Some(to.to_owned())
            }
            None => self.previous(),
        };
        *self.live.borrow_mut() = back;
        *self.canary.borrow_mut() = None;
        Ok(self.report())
    }

    fn upload(&self, document: &str) -> Value {
        let version = sha256_hex(document.as_bytes());
        let mut all = self.kept.borrow_mut();
        if !all.iter().any(|kept| kept.version == version) {
            all.push(Kept { version: version.clone(), document: document.to_owned(), ..Kept::default() });
        }
        json!({ "pack": "retail", "version": version, "size_bytes": document.len() })
    }
}

impl Registry for FakeWorker {
    fn read(&self, path: &str) -> Result<Option<String>> {
        self.call(|| {
            Ok(Some(match path {
                "/models/retail" => self.report().to_string(),
                "/packs/retail" => pack_text(),
                "/catalog/retail" => CATALOGUE.to_owned(),
                "/retrain-models" => self.requests.borrow().to_string(),
                "/health" => {
                    let live = if self.is_confused.get() { None } else { self.live() };
                    let named = |value: Option<String>| value.map_or(json!({}), |value| json!({ "retail": value }));
                    json!({ "status": "ok", "packs": { "retail": "x" }, "models": named(live),
                        "canaries": named(self.canary()) })
                    .to_string()
                }
                path => {
                    let Some(version) = path.strip_prefix("/model-blobs/") else { return Ok(None) };
                    let all = self.kept.borrow();
                    let Some(kept) = all.iter().find(|kept| kept.version == version) else { return Ok(None) };
                    if self.is_corrupt.get() {
                        return Ok(Some(kept.document.replace("bag", "bug")));
                    }
                    self.read_back.borrow_mut().insert(version.to_owned());
                    kept.document.clone()
                }
            }))
        })
    }

    fn write(&self, method: Method, path: &str, body: &[u8]) -> Result<Value> {
        let text = std::str::from_utf8(body)?;
        self.call(|| {
            let value: Value = serde_json::from_str(text)?;
            self.log.borrow_mut().push((path.to_owned(), value.clone()));
            if let Some((_, version)) = self.meanwhile.borrow_mut().take_if(|(when, _)| *when == path) {
                *self.live.borrow_mut() = Some(version);
                *self.canary.borrow_mut() = None;
            }
            match (method, path) {
                (Method::Put, "/models/retail") => Ok(self.upload(text)),
                (Method::Post, "/models/retail/promote") => self.promote(&value),
                (Method::Post, "/models/retail/rollback") => self.roll_back(&value),
                (Method::Put, "/admin/evaluations") => Ok(json!({ "written": 1, "withheld": 0 })),
                (Method::Post, "/recommend") => Ok(json!({ "personalization": "full", "degraded": [],
                    "model_version": self.live(), "items": [{ "id": "cup" }] })),
                (Method::Post, path) if path.starts_with("/retrain-models/") || path.ends_with("/log") => Ok(json!({})),
                _ => bail!("404: {path}"),
            }
        })
    }
}
