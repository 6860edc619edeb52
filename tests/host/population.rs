//! What becomes of a million ids: their shares, whether two questions are independent of each other, who is flipped, and who
//! moves. The limits are `pkg-scripts/bench/population.mjs`'s.

use nearside_engine::experiments::{
    Asker, Assignment, Assignments, Experiment, Holder, Holdout, Plan, SealKeys, UnitKind, Variant, Verdict, decide,
    id_of_test, open_token, seal_token,
};
use nearside_engine::math::chi_square_sf;
use nearside_json::{read_json, write_json};
use serde_json::{Value, json};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::assignment::{InBritain, id, test};
use crate::logins::Logins;

const THREE: [f64; 3] = [50.0, 30.0, 20.0];
const FOREIGN: [&str; 7] =
    ["growthbook-v1", "growthbook-v2", "unleash", "optimizely", "launchdarkly", "posthog", "eppo"];
/// Old and new weights.
const CHANGES: [(&str, &[f64], &[f64]); 4] = [
    ("a little of one for another", &[25.0, 25.0, 25.0, 25.0], &[24.0, 25.0, 25.0, 26.0]),
    ("all three", &THREE, &[40.0, 35.0, 25.0]),
    ("one dropped", &THREE, &[62.5, 37.5, 0.0]),
    ("one new", &[50.0, 50.0], &[40.0, 40.0, 20.0]),
];

/// What becomes of so many ids, as JSON.
#[wasm_bindgen]
pub fn population(ids: u32) -> String {
    json!({ "ids": ids, "shares": shares(ids), "pairs": pairs(ids), "flips": flips(ids), "moves": moves(ids) })
        .to_string()
}

fn plan(experiment: &Experiment) -> Plan {
    Plan::new("production", &Holdout::default(), std::slice::from_ref(experiment))
}

fn held_out(share: f64) -> Plan {
    Plan::new("production", &Holdout { share, salt: "2026".to_owned() }, &[test("a", "")])
}

fn verdict(plan: &Plan, user: &str, assignments: &Assignments) -> Verdict {
    let asker = Asker { user: Some(user), session: None, device: None, facts: &InBritain, assignments, now_ms: 0 };
    decide(plan, 0, &asker).expect("there is a test")
}

fn weighted(experiment: Experiment, weights: &[f64]) -> Experiment {
    let variant = |(index, weight): (usize, &f64)| Variant {
        name: if index == 0 { "CONTROL".to_owned() } else { index.to_string() },
        description: String::new(),
        traffic_percentage: *weight,
    };
    Experiment { variants: weights.iter().enumerate().map(variant).collect(), ..experiment }
}

/// How many ids see each variant, or take part, and the chance that sound shares are that far off.
fn shares(ids: u32) -> Vec<Value> {
    let in_layer = test("a", r#""layer":{"name":"page","from":0.25,"to":0.75},"#);
    let mut asked: Vec<(String, Plan, Vec<f64>)> = vec![
        ("native, 50/30/20".to_owned(), plan(&weighted(test("three", ""), &THREE)), THREE.to_vec()),
        ("native, 99/1".to_owned(), plan(&weighted(test("rare", ""), &[99.0, 1.0])), vec![99.0, 1.0]),
        ("half of a layer".to_owned(), plan(&in_layer), vec![50.0, 50.0]),
        ("coverage of 10 %".to_owned(), plan(&test("a", r#""coverage":0.1,"#)), vec![90.0, 10.0]),
        ("holdout of 5 %".to_owned(), held_out(0.05), vec![5.0, 95.0]),
    ];
    for name in FOREIGN {
        let hashing = format!(r#""hashing":{{"algorithm":"{name}","seed":"seed"}},"#);
        asked.push((format!("{name}, 50/30/20"), plan(&weighted(test("three", &hashing), &THREE)), THREE.to_vec()));
    }
    let none = Assignments::new();
    let count = |(name, plan, shares): (String, Plan, Vec<f64>)| {
        // Of tests of two halves that not everybody is in, being in is the question.
        let is_in = !name.contains('/');
        let mut counts = vec![0_u32; shares.len()];
        for number in 0..ids {
            let found = verdict(&plan, &id(number), &none);
            let place = if is_in { usize::from(found.is_counted()) } else { usize::from(found.variant) };
            counts[place] += 1;
        }
        let expected = shares.iter().map(|share| f64::from(ids) * share / 100.0);
        let squares =
            counts.iter().zip(expected).map(|(count, expected)| (f64::from(*count) - expected).powi(2) / expected);
        json!({ "name": name, "counts": counts, "shares": shares, "p": chi_square_sf(squares.sum(), shares.len() as f64 - 1.0) })
    };
    asked.into_iter().map(count).collect()
}

/// Questions that divide everybody in two, each with each, and the chance that independent ones differ so much.
fn pairs(ids: u32) -> Vec<Value> {
    let layer = |name: &str| plan(&test("same", &format!(r#""layer":{{"name":"{name}","from":0,"to":0.5}},"#)));
    let covered = |name: &str| plan(&test(name, r#""coverage":0.5,"#));
    // With true, the variant is the question, else being in.
    let questions = [
        ("layer page", layer("page"), false),
        ("layer mail", layer("mail"), false),
        ("layer home", layer("home"), false),
        ("layer a", layer("a"), false),
        ("variant of a", plan(&test("a", "")), true),
        ("variant of b", plan(&test("b", "")), true),
        ("coverage of a", covered("a"), false),
        ("coverage of c", covered("c"), false),
        ("holdout", held_out(0.5), false),
    ];
    let size = questions.len();
    let mut tables = vec![[0_u32; 4]; size * size];
    let none = Assignments::new();
    let mut seen = vec![0; size];
    for number in 0..ids {
        let unit = id(number);
        for (seen, (_, plan, is_variant)) in seen.iter_mut().zip(&questions) {
            let found = verdict(plan, &unit, &none);
            *seen = usize::from(if *is_variant { found.variant == 1 } else { found.is_counted() });
        }
        for row in 0..size {
            for column in row + 1..size {
                tables[row * size + column][seen[row] * 2 + seen[column]] += 1;
            }
        }
    }
    let mut pairs = Vec::new();
    for row in 0..size {
        for column in row + 1..size {
            let [a, b, c, d] = tables[row * size + column].map(f64::from);
            let square = (a + b + c + d) * (a * d - b * c).powi(2) / ((a + b) * (c + d) * (a + c) * (b + d));
            pairs.push(json!({ "names": [questions[row].0, questions[column].0], "p": chi_square_sf(square, 1.0) }));
        }
    }
    pairs
}

/// Who was asked again, and who then saw another variant. Tokens are sealed and opened as the Worker does.
fn flips(ids: u32) -> Value {
    let ramp = |coverage: f64| weighted(test("ramp", &format!(r#""coverage":{coverage},"#)), &THREE);
    let [low, half, whole] = [0.1, 0.5, 1.0].map(|coverage| plan(&ramp(coverage)));
    let reloaded = plan(&read_json(write_json(&ramp(1.0)).as_bytes()).expect("what is written is read"));
    let mut changed = ramp(1.0);
    changed.reweight(&[40.0, 35.0, 25.0]);
    changed.epoch = 2;
    let changed = plan(&changed);
    let keys = SealKeys::new("production", &[(1, b"thirty-two bytes of chance, or so")]);
    let none = Assignments::new();
    let logins = Logins::new().expect("the shop opens");
    let mut lines: Vec<(&str, u32, u32)> = [
        "ramp up",
        "ramp up, token lost",
        "ramp down",
        "reload",
        "reload, token lost",
        "token lost",
        "token lost, shares changed, recovered from the record",
        "login of a person who had no variant",
        "login of a person who had one",
        "the same login again",
        "a token of somebody else",
    ]
    .map(|name| (name, 0, 0))
    .to_vec();
    for number in 0..ids {
        let unit = id(number);
        let first = verdict(&whole, &unit, &none);
        let Some(assignment) = remembered(&first, number) else { continue };
        let recorded: Assignments = [assignment].into_iter().collect();
        let carried = carried(&recorded, &keys, &unit);
        let mut ask = |place: usize, plan: &Plan, unit: &str, known: &Assignments, expected: u8| {
            let found = verdict(plan, unit, known);
            lines[place].1 += 1;
            lines[place].2 += u32::from(found.variant != expected || !found.is_counted());
        };
        // Half of all were in before everybody is let in.
        let early = verdict(&half, &unit, &none);
        if let Some(assignment) = remembered(&early, number) {
            let token = self::carried(&[assignment].into_iter().collect(), &keys, &unit);
            ask(0, &whole, &unit, &token, early.variant);
            ask(1, &whole, &unit, &none, early.variant);
        }
        ask(2, &low, &unit, &carried, first.variant);
        ask(3, &reloaded, &unit, &carried, first.variant);
        ask(4, &reloaded, &unit, &none, first.variant);
        ask(5, &whole, &unit, &none, first.variant);
        ask(6, &changed, &unit, &self::carried(&recorded, &keys, &unit), first.variant);
        // The unit was anonymous, and turns out to be this person, of whom every other one has a variant.
        let person = id(number | 1 << 31);
        let has_own = number % 2 == 0;
        let [is_flip, is_flip_again] = logins.flips(&unit, &person, has_own).expect("the use case answers");
        for (place, is_flip) in [(if has_own { 8 } else { 7 }, is_flip), (9, is_flip_again)] {
            lines[place].1 += 1;
            lines[place].2 += u32::from(is_flip);
        }
        let sealed = seal_token(&recorded, &keys, holder(&unit)).expect("there is a key");
        lines[10].1 += 1;
        lines[10].2 += u32::from(open_token(&sealed, &keys, holder(&person)).is_ok());
    }
    lines.iter().map(|(name, asked, flips)| json!({ "name": name, "asked": asked, "flips": flips })).collect()
}

/// What is remembered of who takes part.
fn remembered(verdict: &Verdict, assigned_at_s: u32) -> Option<Assignment> {
    let Verdict { epoch, variant, .. } = *verdict;
    let test = id_of_test("production", "ramp");
    verdict.is_counted().then_some(Assignment { test, assigned_at_s, epoch, variant })
}

/// What comes back from a client that was given these.
fn carried(assignments: &Assignments, keys: &SealKeys, unit: &str) -> Assignments {
    let token = seal_token(assignments, keys, holder(unit)).expect("there is a key");
    open_token(&token, keys, holder(unit)).expect("it was sealed here")
}

fn holder(unit: &str) -> Holder<'_> {
    Holder { kind: UnitKind::User, id: unit }
}

/// Who sees another variant once the weights have changed and nothing was recorded.
fn moves(ids: u32) -> Vec<Value> {
    let none = Assignments::new();
    let moved = |(name, old, new): (&str, &[f64], &[f64])| {
        let before = weighted(test("moved", ""), old);
        let mut after = weighted(test("moved", ""), &[old, &vec![0.0; new.len() - old.len()]].concat());
        after.reweight(new);
        let allocated = before.current_allocation().moved_share(&after.current_allocation());
        let distance: f64 = (0..new.len()).map(|at| (old.get(at).unwrap_or(&0.0) - new[at]).abs()).sum::<f64>() / 200.0;
        let (before, after) = (plan(&before), plan(&after));
        let is_moved = |number: &u32| {
            let unit = id(*number);
            verdict(&before, &unit, &none).variant != verdict(&after, &unit, &none).variant
        };
        let moved_ids = (0..ids).filter(is_moved).count();
        json!({ "name": name, "moved_ids": moved_ids, "allocated": allocated, "distance": distance })
    };
    CHANGES.into_iter().map(moved).collect()
}
