//! Deciding experiments, without a host around it: how long it takes, and what becomes of a million ids.

use nearside_engine::experiments::{
    ALL_HASHES, Asker, Assignments, Experiment, Holdout, Plan, Variant, decide, decide_all,
};
use nearside_engine::types::{Fact, FactValue, Facts};
use nearside_json::read_json;
use wasm_bindgen::prelude::wasm_bindgen;

/// A test as most are: a condition, and two halves.
const TEST: &str = r#"{"test_name":"NAME","status":"running","eligibility":{"fact":"context.country","in":["ZA","GB"]},
    "variants":[{"name":"CONTROL","traffic_percentage":50},{"name":"TREATMENT","traffic_percentage":50}]}"#;

/// Where the benchmark's people are.
struct InBritain;

impl Facts for InBritain {
    fn value(&self, fact: &Fact) -> FactValue<'_> {
        match fact {
            Fact::ContextCountry => FactValue::Text("GB"),
            _ => FactValue::Unknown,
        }
    }
}

fn test(name: &str, more: &str) -> Experiment {
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

    /// What becomes of the ids, as JSON: shares of a test of 50, 30 and 20 per cent; tables of pairs of tests and layers;
    /// the share that a change of weights moves, and the share it must.
    pub fn population(&self) -> String {
        let shares = [50.0, 30.0, 20.0];
        let three = weighted("three", &shares);
        let mut changed = three.clone();
        changed.reweight(&[40.0, 35.0, 25.0]);
        let moved = three.current_allocation().moved_share(&changed.current_allocation());
        let half_layer = |layer: &str| test("same", &format!(r#""layer":{{"name":"{layer}","from":0,"to":0.5}},"#));
        let half_covered = |name: &str| test(name, r#""coverage":0.5,"#);
        let singles = [
            test("a", ""),
            test("b", ""),
            half_layer("page"),
            half_layer("mail"),
            half_covered("a"),
            half_covered("c"),
        ];
        let plans: Vec<Plan> = singles.iter().map(plan_of).collect();
        let (before, after) = (plan_of(&three), plan_of(&changed));
        let mut counts = [0_u32; 3];
        let mut moved_ids = 0_u32;
        let mut tables = vec![[0_u32; 4]; singles.len() * singles.len()];
        for id in &self.ids {
            let first = self.variant(&before, id);
            counts[first as usize] += 1;
            moved_ids += u32::from(first != self.variant(&after, id));
            // For tests that not everybody is in, being in is the question.
            let is_in = |(index, plan): (usize, &Plan)| {
                let verdict = decide(plan, 0, &self.asker(id)).expect("there is a test");
                if index < 2 { usize::from(verdict.variant) } else { usize::from(verdict.is_counted()) }
            };
            let seen: Vec<usize> = plans.iter().enumerate().map(is_in).collect();
            for (row, a) in seen.iter().enumerate() {
                for (column, b) in seen.iter().enumerate().skip(row + 1) {
                    tables[row * plans.len() + column][a * 2 + b] += 1;
                }
            }
        }
        let tables: Vec<[u32; 4]> = tables.into_iter().filter(|table| table.iter().sum::<u32>() > 0).collect();
        serde_json::json!({
            "ids": self.ids.len(), "shares": shares, "counts": counts, "tables": tables,
            "moved_ids": moved_ids, "moved_share": moved, "hashes": ALL_HASHES as f64,
        })
        .to_string()
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

fn plan_of(experiment: &Experiment) -> Plan {
    Plan::new("production", &Holdout::default(), std::slice::from_ref(experiment))
}

fn weighted(name: &str, weights: &[f64]) -> Experiment {
    let mut experiment = test(name, "");
    let variant = |(index, weight): (usize, &f64)| Variant {
        name: if index == 0 { "CONTROL".to_owned() } else { index.to_string() },
        description: String::new(),
        traffic_percentage: *weight,
    };
    experiment.variants = weights.iter().enumerate().map(variant).collect();
    experiment
}

/// Ids as applications make them: 36 characters.
fn id(number: u32) -> String {
    let mixed = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!("{number:08x}-{:04x}-7{:03x}-8000-{:012x}", mixed >> 48, mixed >> 36 & 0xfff, mixed & 0xffff_ffff_ffff)
}
