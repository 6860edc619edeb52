//! Deciding experiments, without a host around it: how long it takes.

use nearside_engine::experiments::{Asker, Assignments, Experiment, Holdout, Plan, decide, decide_all};
use nearside_engine::types::{Fact, FactValue, Facts};
use nearside_json::read_json;
use wasm_bindgen::prelude::wasm_bindgen;

/// A test as most are: a condition, and two halves.
const TEST: &str = r#"{"test_name":"NAME","status":"running","eligibility":{"fact":"context.country","in":["ZA","GB"]},
    "variants":[{"name":"CONTROL","traffic_percentage":50},{"name":"TREATMENT","traffic_percentage":50}]}"#;

/// Where the benchmark's people are.
pub(crate) struct InBritain;

impl Facts for InBritain {
    fn value(&self, fact: &Fact) -> FactValue<'_> {
        match fact {
            Fact::ContextCountry => FactValue::Text("GB"),
            _ => FactValue::Unknown,
        }
    }
}

/// The test of this name, with more fields as JSON in front.
pub(crate) fn test(name: &str, more: &str) -> Experiment {
    let json = TEST.replace("NAME", name).replacen('{', &format!("{{{more}"), 1);
    read_json(json.as_bytes()).expect("the benchmark's test is valid")
}

/// Plans and ids, prepared once.
#[wasm_bindgen]
pub struct AssignmentBench {
    one: Plan,
    layered: Plan,
    twenty: Plan,
    ids: Vec<String>,
    none: Assignments,
}

#[wasm_bindgen]
impl AssignmentBench {
    /// Prepares plans and so many ids.
    #[wasm_bindgen(constructor)]
    pub fn new(ids: u32) -> AssignmentBench {
        let none = Holdout::default();
        let holdout = Holdout { share: 0.05, salt: "2026".to_owned() };
        let layer = r#""layer":{"name":"page","from":0,"to":1},"#;
        let all: Vec<Experiment> = (0..20).map(|index| test(&format!("test-{index}"), "")).collect();
        AssignmentBench {
            one: Plan::new("production", &none, &[test("test", "")]),
            layered: Plan::new("production", &holdout, &[test("test", layer)]),
            twenty: Plan::new("production", &none, &all),
            ids: (0..ids).map(id).collect(),
            none: Assignments::new(),
        }
    }

    /// One condition and one hash for every id; returns how many see the treatment.
    pub fn one(&self) -> u32 {
        self.ids.iter().map(|id| self.variant(&self.one, id)).sum()
    }

    /// The same with a holdout and a layer.
    pub fn layered(&self) -> u32 {
        self.ids.iter().map(|id| self.variant(&self.layered, id)).sum()
    }

    /// Twenty tests for every id.
    pub fn twenty(&self) -> u32 {
        let treated = |id: &String| {
            decide_all(&self.twenty, &self.asker(id)).iter().map(|one| u32::from(one.variant)).sum::<u32>()
        };
        self.ids.iter().map(treated).sum()
    }

    /// One condition and one hash for an id from outside.
    pub fn of_id(&self, id: &str) -> u32 {
        self.variant(&self.one, id)
    }

    /// Twenty tests for an id from outside.
    pub fn all_of_id(&self, id: &str) -> u32 {
        decide_all(&self.twenty, &self.asker(id)).iter().map(|one| u32::from(one.variant)).sum()
    }
}

impl AssignmentBench {
    fn asker<'a>(&'a self, id: &'a str) -> Asker<'a, InBritain> {
        Asker { user: Some(id), session: None, device: None, facts: &InBritain, assignments: &self.none, now_ms: 0 }
    }

    fn variant(&self, plan: &Plan, id: &str) -> u32 {
        decide(plan, 0, &self.asker(id)).map_or(0, |verdict| u32::from(verdict.variant))
    }
}

/// Ids as applications make them: 36 characters.
pub(crate) fn id(number: u32) -> String {
    let mixed = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!("{number:08x}-{:04x}-7{:03x}-8000-{:012x}", mixed >> 48, mixed >> 36 & 0xfff, mixed & 0xffff_ffff_ffff)
}
