//! Tests of a case: written, moved, asked and counted by the use cases; and what the client carries from answer to step.

use nearside_engine::flows::{
    self, Asker, Definition, Method, ResultsAsk, TestMove, VariantAsk, decide_tests, evaluate_all, evaluate_one,
    move_test, put_test, record_outcome, results, set_holdout,
};
use nearside_engine::types::{Context, Environment};
use nearside_engine::wire::{DecideRequest, OutcomeRequest};
use serde_json::{Value, json};

use crate::case::{EventSeed, Given, Step};
use crate::given::{SpecHost, body, told};
use crate::merge::merge;
use crate::ready;
use crate::step::{Teller, read, run};

const REASON: &str = "the case says so";

/// Lays changes over a test that shows LOUD to everybody.
fn definition(host: &SpecHost, changes: &Value) -> Value {
    let mut whole = json!({
        "pack": host.pack, "framing": "LOUD_TITLES", "reason": REASON, "minimum_sample_size": 1,
        "variants": [{ "name": "CONTROL", "traffic_percentage": 0 }, { "name": "LOUD", "traffic_percentage": 100 }],
    });
    merge(&mut whole, changes);
    whole
}

/// Starts the tests of a case.
pub(crate) fn start(host: &SpecHost, given: &Given) -> Result<(), String> {
    let admin = host.admin()?;
    for (name, changes) in &given.tests {
        let definition: Definition = body(&definition(host, changes))?;
        let written = ready::now(put_test(&host.memory, admin, Environment::Production, name, definition))?;
        written.map_err(|refusal| told("tests", &refusal))?;
        let moved = move_test(&host.memory, admin, Environment::Production, name, TestMove::Start, REASON);
        ready::now(moved)?.map_err(|refusal| told("tests", &refusal))?;
    }
    Ok(())
}

/// Remembers what an answer gave the client to carry.
pub(crate) fn keep(host: &mut SpecHost, told: &str) {
    let step: Value = serde_json::from_str(told).unwrap_or_default();
    let text = |name: &str| step["answer"][name].as_str().map(str::to_owned);
    host.receipt = text("receipt").or(host.receipt.take());
    host.token = text("experiments_token").or(host.token.take());
}

/// A body with the token in it, where the step says so.
pub(crate) fn carried(host: &SpecHost, step: &Step, body: &Value) -> Value {
    let mut body = body.clone();
    if let (true, Some(token)) = (step.carry, &host.token) {
        merge(&mut body, &json!({ "experiments_token": token }));
    }
    body
}

/// Events with the receipt in them, where the step says so.
pub(crate) fn echoed(host: &SpecHost, step: &Step, events: &[EventSeed]) -> Vec<EventSeed> {
    let mut events = events.to_vec();
    if let (true, Some(receipt)) = (step.echo, &host.receipt) {
        for event in &mut events {
            event.fields.insert("receipt".to_owned(), json!(receipt));
        }
    }
    events
}

/// Takes a step that is about tests; None where it is not.
pub(crate) fn act(host: &SpecHost, asker: &Asker, step: &Step, tell: &Teller<'_>) -> Result<Option<String>, String> {
    let memory = &host.memory;
    let here = step.environment.unwrap_or_default();
    let token = host.token.clone().filter(|_| step.carry);
    let ask = || VariantAsk {
        context: Context::default(),
        session_id: None,
        device_id: None,
        experiments_token: token.clone(),
    };
    if let Some(name) = &step.variant {
        return tell.of(run(flows::variant(memory, asker, name, ask()))).map(Some);
    }
    if let Some(body) = &step.decide {
        let request = read::<DecideRequest>(&carried(host, step, body));
        let decided = request.and_then(|request| {
            let DecideRequest { context, session_id, device_id, experiments_token, .. } = request;
            run(decide_tests(memory, asker, VariantAsk { context, session_id, device_id, experiments_token }))
        });
        return tell.of(decided).map(Some);
    }
    if let Some(body) = &step.outcome {
        let mut body = body.clone();
        let name = body.as_object_mut().and_then(|members| members.remove("test_name")).unwrap_or_default();
        if let (true, Some(receipt)) = (step.echo, &host.receipt) {
            merge(&mut body, &json!({ "receipt": receipt }));
        }
        let request = read::<OutcomeRequest>(&body);
        let name = name.as_str().unwrap_or_default();
        return tell.of(request.and_then(|request| run(record_outcome(memory, asker, name, request)))).map(Some);
    }
    if let Some(name) = &step.flag {
        return tell.of(run(evaluate_one(memory, asker, name, ask()))).map(Some);
    }
    if step.flags {
        return tell.of(run(evaluate_all(memory, asker, ask()))).map(Some);
    }
    let admin = host.admin()?;
    if let Some(name) = &step.results {
        let ask = ResultsAsk { segment: None, method: Method::default() };
        return tell.of(run(results(memory, admin, here, name, ask))).map(Some);
    }
    if let Some(percentage) = step.holdout {
        return tell.of(run(set_holdout(memory, admin, here, percentage, REASON))).map(Some);
    }
    let Some(test) = &step.test else { return Ok(None) };
    let mut said = Ok(String::new());
    if let Some(changes) = &test.put {
        let definition = read::<Definition>(&definition(host, changes));
        said = definition.and_then(|definition| run(put_test(memory, admin, here, &test.name, definition)));
    }
    if let (Ok(_), Some(go)) = (&said, &test.go) {
        let to = match go.as_str() {
            "start" => TestMove::Start,
            "stop" => TestMove::Stop,
            "archive" => TestMove::Archive,
            other => return Err(format!("when.test.go: {other}")),
        };
        said = run(move_test(memory, admin, here, &test.name, to, REASON));
    }
    tell.of(said.map(|json| serde_json::from_str::<Value>(&json).unwrap_or_default())).map(Some)
}
