//! The records of models. Reports hold what tests of the use cases look at, not all that a real store shows.

use serde_json::{Value, json};

use super::faults::Port;
use super::store::{Memory, Tables};
use crate::ports::{ModelAnswer, ModelAsk, ModelFacts, Models, Unavailable};
use crate::types::{AdminScope, TimeMs, UserId};

/// Tables without people.
#[derive(Debug, Clone, Default)]
pub(super) struct ModelTables {
    /// In the order of uploading.
    versions: Vec<Version>,
    log: Vec<(String, String, Option<String>)>,
    requests: Vec<Request>,
    /// Pack, version, kind, time.
    pub(super) evaluations: Vec<(String, String, String, TimeMs)>,
}

#[derive(Debug, Clone)]
struct Version {
    pack: String,
    version: String,
    status: &'static str,
    promoted_at_ms: Option<TimeMs>,
}

#[derive(Debug, Clone)]
struct Request {
    id: String,
    pack: String,
    kind: String,
    status: String,
}

impl<Cache> Models for Memory<Cache> {
    async fn model_records(
        &self,
        _: AdminScope,
        ask: ModelAsk,
        facts: &ModelFacts<'_>,
        at_ms: TimeMs,
    ) -> Result<ModelAnswer, Unavailable> {
        self.call(Port::Models, "model_records", &[], |tables| answer(tables, ask, facts, at_ms))
    }
}

fn answer(tables: &mut Tables, ask: ModelAsk, facts: &ModelFacts<'_>, at_ms: TimeMs) -> ModelAnswer {
    let is_pack = tables.pointers.contains_key(&format!("pack/{}", facts.pack));
    let said = |json: Value| ModelAnswer { json: json.to_string(), rows: 0 };
    let done = || said(json!("yes"));
    match ask {
        ModelAsk::Add if tables.models.versions.iter().any(|kept| Some(&*kept.version) == facts.version) => {
            ModelAnswer::default()
        }
        ModelAsk::Add => {
            let (pack, version) = (facts.pack.to_owned(), facts.version.unwrap_or_default().to_owned());
            tables.models.versions.push(Version { pack, version, status: "CANDIDATE", promoted_at_ms: None });
            log(tables, facts);
            done()
        }
        ModelAsk::Log if is_pack => {
            log(tables, facts);
            done()
        }
        ModelAsk::Move if may_move(tables, facts) => {
            move_to(tables, facts, at_ms);
            log(tables, facts);
            done()
        }
        ModelAsk::Log | ModelAsk::Move => ModelAnswer::default(),
        ModelAsk::Versions => said(versions_of(
            tables,
            facts.pack,
            |kept| json!({"version": kept.version, "promoted_at_ms": kept.promoted_at_ms}),
        )),
        ModelAsk::Forget => {
            tables.models.versions.retain(|kept| {
                kept.pack != facts.pack
                    || !facts.names.contains(&kept.version)
                    || matches!(kept.status, "LIVE" | "CANARY")
            });
            let kept = |name: &&String| tables.models.versions.iter().any(|kept| kept.version == **name);
            said(facts.names.iter().filter(|name| !kept(name)).cloned().collect())
        }
        ModelAsk::Models | ModelAsk::Performance => said(report(tables, facts.pack)),
        ModelAsk::Request if !is_pack => ModelAnswer::default(),
        ModelAsk::Request => {
            let is_open =
                |known: &&Request| known.pack == facts.pack && known.kind == facts.action && known.status == "PENDING";
            if !tables.models.requests.iter().any(|known| is_open(&known)) {
                tables.models.requests.push(Request {
                    id: facts.id.to_owned(),
                    pack: facts.pack.to_owned(),
                    kind: facts.action.to_owned(),
                    status: "PENDING".to_owned(),
                });
            }
            tables.models.requests.iter().find(is_open).map(|known| said(request(known))).unwrap_or_default()
        }
        ModelAsk::Finish => {
            let found = tables.models.requests.iter_mut().find(|known| known.id == facts.id);
            found.map_or_else(ModelAnswer::default, |known| {
                if matches!(&*known.status, "PENDING" | "RUNNING") {
                    facts.action.clone_into(&mut known.status);
                }
                said(request(known))
            })
        }
        ModelAsk::Requests => {
            let open = tables.models.requests.iter().filter(|one| matches!(&*one.status, "PENDING" | "RUNNING"));
            said(json!({"requests": open.map(request).collect::<Vec<_>>()}))
        }
        ModelAsk::AddEvaluations => {
            let rows = rows_of(facts);
            for row in &rows {
                let text = |at: usize| row.get(at).and_then(Value::as_str).unwrap_or_default().to_owned();
                let key = (text(0), text(1), text(2), row.get(3).and_then(Value::as_i64).unwrap_or_default());
                tables.models.evaluations.retain(|known| *known != key);
                tables.models.evaluations.push(key);
            }
            counted(rows.len())
        }
        ModelAsk::Evaluations => {
            let rows = tables.models.evaluations.iter().filter(|row| facts.pack.is_empty() || row.0 == facts.pack);
            let rows = rows.map(|row| json!({"pack": row.0, "version": row.1, "kind": row.2}));
            said(json!({"evaluations": rows.collect::<Vec<_>>()}))
        }
        ModelAsk::HashedPeople => {
            let after = UserId::parse(facts.id);
            let people = tables.people.keys().filter(|user| after.is_none_or(|after| **user > after));
            let people = people.filter(|user| tables.shares(**user) && tables.settings(**user).hash_user_id);
            said(people.map(UserId::to_string).collect())
        }
        ModelAsk::SimilarUsers => similar_users(tables, facts),
        ModelAsk::UserModels => user_models(tables, facts, at_ms),
    }
}

fn log(tables: &mut Tables, facts: &ModelFacts<'_>) {
    let row = (facts.pack.to_owned(), facts.action.to_owned(), facts.version.map(str::to_owned));
    tables.models.log.push(row);
}

fn pointer<'a>(tables: &'a Tables, kind: &str, pack: &str) -> &'a str {
    tables.pointers.get(&format!("{kind}/{pack}")).map_or("", String::as_str)
}

fn may_move(tables: &Tables, facts: &ModelFacts<'_>) -> bool {
    pointer(tables, "model", facts.pack) == facts.was_live && pointer(tables, "canary", facts.pack) == facts.was_canary
}

fn move_to(tables: &mut Tables, facts: &ModelFacts<'_>, at_ms: TimeMs) {
    for (kind, value) in [("model", facts.live), ("canary", facts.canary)] {
        let name = format!("{kind}/{}", facts.pack);
        if value.is_empty() {
            tables.pointers.remove(&name);
        } else {
            tables.pointers.insert(name, value.to_owned());
        }
    }
    let of_pack = |kept: &&mut Version| kept.pack == facts.pack;
    let last =
        tables.models.versions.iter().filter(|kept| kept.pack == facts.pack).filter_map(|kept| kept.promoted_at_ms);
    let next = last.max().map_or(at_ms, |last| at_ms.max(last + 1));
    for kept in tables.models.versions.iter_mut().filter(of_pack) {
        if kept.version == facts.live && facts.action == "promoted" && kept.status != "LIVE" {
            kept.promoted_at_ms = Some(next);
        }
        kept.status = match kept.status {
            _ if kept.version == facts.live => "LIVE",
            _ if kept.version == facts.canary_version => "CANARY",
            "LIVE" | "CANARY" => "RETIRED",
            other => other,
        };
    }
}

fn versions_of(tables: &Tables, pack: &str, shown: impl Fn(&Version) -> Value) -> Value {
    tables.models.versions.iter().rev().filter(|kept| kept.pack == pack).map(shown).collect()
}

fn report(tables: &Tables, pack: &str) -> Value {
    let packs = tables.pointers.keys().filter_map(|name| name.strip_prefix("pack/"));
    let one = |name: &str| {
        let shown = |value: &str| if value.is_empty() { Value::Null } else { json!(value) };
        json!({
            "pack": name,
            "live": shown(pointer(tables, "model", name)),
            "canary": shown(pointer(tables, "canary", name)),
            "versions": versions_of(tables, name, |kept| json!({"version": kept.version, "status": kept.status})),
            "log": tables.models.log.iter().rev().filter(|row| row.0 == name)
                .map(|row| json!({"action": row.1, "version": row.2})).collect::<Vec<_>>(),
        })
    };
    packs.filter(|name| pack.is_empty() || *name == pack).map(one).collect()
}

fn request(known: &Request) -> Value {
    json!({"id": known.id, "pack": known.pack, "kind": known.kind, "status": known.status})
}

fn rows_of(facts: &ModelFacts<'_>) -> Vec<Value> {
    serde_json::from_str(facts.rows).unwrap_or_default()
}

fn counted(rows: usize) -> ModelAnswer {
    ModelAnswer { json: String::new(), rows: u64::try_from(rows).unwrap_or(u64::MAX) }
}

fn person(row: &Value, at: usize) -> Option<UserId> {
    row.get(at).and_then(Value::as_str).and_then(UserId::parse)
}

fn similar_users(tables: &mut Tables, facts: &ModelFacts<'_>) -> ModelAnswer {
    tables.similar.retain(|(user, _), _| !facts.names.contains(&user.to_string()));
    let mut written = 0;
    for row in rows_of(facts) {
        if let (Some(user), Some(neighbour)) = (person(&row, 0), person(&row, 1))
            && tables.shares(user)
            && tables.shares(neighbour)
        {
            let score = row.get(2).and_then(Value::as_f64).unwrap_or_default();
            tables.similar.insert((user, neighbour), (score, facts.made_at_ms));
            written += 1;
        }
    }
    counted(written)
}

fn user_models(tables: &mut Tables, facts: &ModelFacts<'_>, at_ms: TimeMs) -> ModelAnswer {
    let mut written = 0;
    for row in rows_of(facts) {
        let text = |at: usize| row.get(at).and_then(Value::as_str).unwrap_or_default().to_owned();
        if let Some(user) = person(&row, 0).filter(|user| tables.shares(*user) && tables.settings(*user).behavioral) {
            tables.user_models.insert((user, text(1), text(2)), (text(3), at_ms));
            written += 1;
        }
    }
    counted(written)
}
