//! Takes one step of a case and tells what it answered.

use nearside_engine::flows::{self, Asker, Intake, Refusal, Taken, TrackReport};
use nearside_engine::types::Role;
use nearside_engine::wire::{BodyLimits, QueueMessage, read_body};
use nearside_json::Read;
use nearside_json::write_json;
use serde::Serialize;
use serde_json::{Value, json};

use crate::case::{EventSeed, Step};
use crate::given::SpecHost;
use crate::{experiments, models};
use crate::{ready, seeds};

/// The answer of a step, in the order in which it is written.
#[derive(Serialize)]
struct Answer<T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    calls: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<Refused>,
}

#[derive(Serialize)]
struct Refused {
    kind: String,
    code: &'static str,
    detail: String,
}

/// Takes the step and returns its answer as JSON.
pub(crate) fn take(host: &mut SpecHost, step: &Step) -> Result<String, String> {
    if let Some(days) = step.later_days {
        host.now_ms += seeds::milliseconds(days);
        host.memory.set_now(host.now_ms);
    }
    if let Some(is_enabled) = step.deployment_enabled {
        host.memory.set_enabled(is_enabled);
    }
    if let Some(has_signal) = step.privacy_signal {
        host.memory.set_privacy_signal(has_signal);
    }
    if step.damaged_model {
        models::damage(host)?;
    }
    if step.rolled_back {
        models::roll_back(host)?;
    }
    if step.new_isolate {
        host.memory.cache.borrow_mut().clear();
    }
    if let Some(state) = &step.stored_state {
        host.memory.replace_stored_state(host.person()?, state);
    }
    host.memory.set_pointers(&step.pointers);
    host.memory.order(step.faults.clone());
    let asker = host.asker(step.role.unwrap_or(Role::Client), step.other)?;
    host.memory.set_environment(step.environment.unwrap_or_default());
    let told = act(host, &asker, step)?;
    experiments::keep(host, &told);
    Ok(told)
}

fn act(host: &SpecHost, asker: &Asker, step: &Step) -> Result<String, String> {
    let memory = &host.memory;
    let tell = Teller { host, step };
    if let Some(body) = &step.recommend {
        let body = experiments::carried(host, step, body);
        return tell.of(read(&body).and_then(|request| run(flows::recommend(memory, asker, request))));
    }
    if let Some(body) = &step.explain {
        return tell.of(read(body).and_then(|request| run(flows::explain(memory, asker, request))));
    }
    if let Some(events) = &step.track {
        return tell.of(track(host, asker, &experiments::echoed(host, step, events), step.sync));
    }
    if step.deliver {
        return tell.of(deliver(host, if step.twice { 2 } else { 1 }));
    }
    if step.profile {
        return tell.of(run(flows::view_profile(memory, asker)));
    }
    if let Some(body) = &step.preferences {
        return tell.of(read(body).and_then(|update| run(flows::set_preferences(memory, asker, update))));
    }
    if step.refresh {
        return tell.of(run(flows::refresh(memory, asker)));
    }
    if let Some(body) = &step.settings {
        return tell.of(read(body).and_then(|update| run(flows::change_settings(memory, asker, &update))));
    }
    if step.show_settings {
        return tell.of(run(flows::show_settings(memory, asker)));
    }
    if let Some(body) = &step.feedback {
        return tell.of(read(body).and_then(|request| run(flows::give_feedback(memory, asker, request))));
    }
    act_on_records(host, asker, step, &tell)
}

/// The use cases that hand out, remove or publish what is stored.
fn act_on_records(host: &SpecHost, asker: &Asker, step: &Step, tell: &Teller<'_>) -> Result<String, String> {
    let memory = &host.memory;
    if step.history {
        let page = run(flows::history(memory, asker, None));
        return tell.of(page.map(|page| {
            let shown = page.interactions.iter().map(flows::public_interaction).collect::<Vec<_>>();
            json!({ "interactions": shown, "next": page.next.map(|next| next.to_string()) })
        }));
    }
    if step.feedback_history {
        return tell.of(run(flows::feedback_history(memory, asker)));
    }
    if step.own_export {
        let export = run(flows::own_export(memory, asker));
        return tell.of(export.map(|json| serde_json::from_str::<Value>(&json).unwrap_or_default()));
    }
    if step.erase {
        return tell.of(run(flows::erase(memory, asker)));
    }
    if let Some(told) = experiments::act(host, asker, step, tell)? {
        return Ok(told);
    }
    let admin = host.admin()?;
    if step.export {
        let lines = run(flows::export_interactions(memory, admin, None));
        return tell.of(lines.map(|lines| {
            lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).collect::<Vec<_>>()
        }));
    }
    if let Some(is_on) = step.switch {
        return tell.of(run(flows::switch(memory, admin, is_on)));
    }
    if let Some(body) = &step.catalogue {
        let changed = read(body)
            .and_then(|upload| run(flows::change_catalogue(memory, admin, &host.pack, upload, flows::Taking::Write)));
        return tell
            .of(changed.and_then(|_| run(flows::commit_catalogue(memory, admin, &host.pack, flows::Taking::Write))));
    }
    tell.of::<()>(Ok(()))
}

fn track(host: &SpecHost, asker: &Asker, events: &[EventSeed], is_synchronous: bool) -> Result<TrackReport, Refusal> {
    let raws = events.iter().flat_map(|seed| seeds::grown(seed, host.now_ms));
    let intake = raws.map(|raw| Intake { scope: asker.scope, raw }).collect();
    let how = Taken { is_synchronous, may_import_old: asker.role.is_admin() };
    run(flows::track(&host.memory, intake, how))
}

/// Lets the queue's consumer apply every message; the sum of what became of them.
fn deliver(host: &SpecHost, times: usize) -> Result<Value, Refusal> {
    let mut sum = flows::ApplyReport::default();
    let queued = host.memory.take_queue();
    for text in queued.iter().flat_map(|text| std::iter::repeat_n(text, times)) {
        let message: QueueMessage = serde_json::from_str(text)
            .map_err(|_| Refusal::invalid("invalid-message", "no message of this version"))?;
        let report = run(flows::apply_message(&host.memory, message))?;
        sum.applied += report.applied;
        sum.duplicates += report.duplicates;
        sum.withheld += report.withheld;
    }
    Ok(json!({ "applied": sum.applied, "duplicates": sum.duplicates, "withheld": sum.withheld }))
}

pub(crate) fn read<T: Read>(body: &Value) -> Result<T, Refusal> {
    Ok(read_body(write_json(body).as_bytes(), BodyLimits::BULK)?)
}

pub(crate) fn run<T>(future: impl Future<Output = Result<T, Refusal>>) -> Result<T, Refusal> {
    ready::now(future).unwrap_or_else(|reason| Err(Refusal::invalid("not-ready", reason)))
}

pub(crate) struct Teller<'a> {
    host: &'a SpecHost,
    step: &'a Step,
}

impl Teller<'_> {
    pub(crate) fn of<T: Serialize>(&self, outcome: Result<T, Refusal>) -> Result<String, String> {
        let calls = self.step.show_calls.then(|| self.host.memory.calls());
        let (answer, refusal) = match outcome {
            Ok(answer) => (Some(answer), None),
            Err(refusal) => {
                let Refusal { kind, code, detail } = refusal;
                (None, Some(Refused { kind: format!("{kind:?}"), code, detail }))
            }
        };
        let told = write_json(&Answer { calls, answer, refusal });
        Ok(in_lines(&told))
    }
}

/// Puts items and terms on lines of their own, so that a difference shows where it is. Inside a text every quotation
/// mark is escaped, so only structure is touched.
fn in_lines(json: &str) -> String {
    json.replace("{\"id\":", "\n{\"id\":").replace("{\"name\":", "\n  {\"name\":")
}
