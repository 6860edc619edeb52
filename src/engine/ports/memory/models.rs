//! The records of models. Reports hold what tests of the use cases look at, not all that a real store shows.

use serde_json::{Value, json};

use super::faults::Port;
use super::store::{Memory, Tables};
use crate::ports::{ModelAsk, ModelFacts, Models, Unavailable};
use crate::types::{AdminScope, TimeMs, UserId, parse_rfc3339};

/// Tables without people.
#[derive(Debug, Clone, Default)]
pub(super) struct ModelTables {
    /// In the order of uploading.
    versions: Vec<Version>,
    /// Pack, action, version, and what was live before.
    log: Vec<(String, String, Option<String>, String)>,
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
        scope: AdminScope,
        ask: ModelAsk,
        facts: &ModelFacts,
        at_ms: TimeMs,
    ) -> Result<String, Unavailable> {
        let facts = Facts(serde_json::from_str(&facts.asked(scope, at_ms)).unwrap_or_default());
        self.call(Port::Models, "model_records", &[], |tables| {
            answer(tables, ask, &facts, at_ms).map_or_else(String::new, |json| json.to_string())
        })
    }
}

/// What an ask is about.
struct Facts(Value);

impl Facts {
    fn text(&self, name: &str) -> &str {
        text(&self.0, name)
    }
}

/// A member; null where there is none.
fn at<'a>(value: &'a Value, name: &str) -> &'a Value {
    value.get(name).unwrap_or(&Value::Null)
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    at(value, name).as_str().unwrap_or_default()
}

fn answer(tables: &mut Tables, ask: ModelAsk, facts: &Facts, at_ms: TimeMs) -> Option<Value> {
    let body = at(&facts.0, "body");
    let (pack, action, version) = (facts.text("pack"), facts.text("action"), at(&facts.0, "version").as_str());
    match ask {
        ModelAsk::Add => {
            let (pack, version) = (pack.to_owned(), version.unwrap_or_default().to_owned());
            if !tables.models.versions.iter().any(|kept| kept.version == version) {
                tables.models.versions.push(Version { pack, version, status: "CANDIDATE", promoted_at_ms: None });
                log(tables, facts, action, at(&facts.0, "version").as_str());
            }
            Some(forget(tables, facts))
        }
        ModelAsk::Log => {
            log(tables, facts, action, at(&facts.0, "version").as_str());
            None
        }
        ModelAsk::Retrained => {
            let report = report(tables, facts.text("pack")).pop()?;
            log(tables, facts, "retrained", at(body, "version").as_str());
            Some(report)
        }
        ModelAsk::Move => {
            if may_move(tables, facts) {
                move_to(tables, facts, at_ms);
                log(tables, facts, action, at(&facts.0, "version").as_str());
            }
            report(tables, facts.text("pack")).pop().filter(|_| {
                pointer(tables, "model", facts.text("pack")) == facts.text("live")
                    && pointer(tables, "canary", facts.text("pack")) == facts.text("canary")
            })
        }
        ModelAsk::State => is_live(tables, facts.text("pack")).then(|| {
            let version = |kept: &Version| json!({"version": kept.version, "promoted_at_ms": kept.promoted_at_ms});
            json!({
                "live": pointer(tables, "model", facts.text("pack")),
                "canary": pointer(tables, "canary", facts.text("pack")),
                "previous": pointer(tables, "previous", facts.text("pack")),
                "versions": versions_of(tables, facts.text("pack"), version),
                "moves": moves(tables, facts.text("pack")),
            })
        }),
        ModelAsk::ModelsOfPack => report(tables, facts.text("pack")).pop(),
        ModelAsk::Models | ModelAsk::Performance => Some(json!({"packs": report(tables, facts.text("pack"))})),
        ModelAsk::Request => open_request(tables, facts, at(body, "pack").as_str().unwrap_or_default()),
        ModelAsk::Finish => {
            let known = tables.models.requests.iter_mut().find(|known| known.id == facts.text("id"))?;
            if matches!(&*known.status, "PENDING" | "RUNNING") {
                at(body, "status").as_str().unwrap_or_default().clone_into(&mut known.status);
            }
            Some(request(known))
        }
        ModelAsk::Requests => {
            let open = tables.models.requests.iter().filter(|one| matches!(&*one.status, "PENDING" | "RUNNING"));
            Some(json!({"requests": open.map(request).collect::<Vec<_>>()}))
        }
        ModelAsk::AddEvaluations => {
            let rows = list(at(body, "evaluations"));
            for row in &rows {
                let text = |name: &str| text(row, name).to_owned();
                let at_ms = parse_rfc3339(&text("evaluated_at")).unwrap_or_default();
                let key = (text("pack"), text("version"), text("kind"), at_ms);
                tables.models.evaluations.retain(|known| *known != key);
                tables.models.evaluations.push(key);
            }
            Some(counted(rows.len(), rows.len()))
        }
        ModelAsk::Evaluations => {
            let rows = tables
                .models
                .evaluations
                .iter()
                .filter(|row| facts.text("pack").is_empty() || row.0 == facts.text("pack"));
            let rows = rows.map(|row| json!({"pack": row.0, "version": row.1, "kind": row.2}));
            Some(json!({"evaluations": rows.collect::<Vec<_>>()}))
        }
        ModelAsk::HashedNames => Some(json!([])),
        ModelAsk::HashedPeople => {
            let after = UserId::parse(facts.text("id"));
            let people = tables.people.keys().filter(|user| after.is_none_or(|after| **user > after));
            let people = people.filter(|user| tables.shares(**user) && tables.settings(**user).hash_user_id);
            Some(people.map(UserId::to_string).collect())
        }
        ModelAsk::SimilarUsers => Some(similar_users(tables, facts, body)),
        ModelAsk::UserModels => Some(user_models(tables, facts, body, at_ms)),
    }
}

fn log(tables: &mut Tables, facts: &Facts, action: &str, version: Option<&str>) {
    let (pack, from) = (facts.text("pack").to_owned(), facts.text("was_live").to_owned());
    tables.models.log.push((pack, action.to_owned(), version.map(str::to_owned), from));
}

/// The last hundred, the oldest first.
fn moves(tables: &Tables, pack: &str) -> Vec<Value> {
    let is_move = |row: &&(String, String, Option<String>, String)| {
        row.0 == pack && matches!(&*row.1, "promoted" | "rolled_back")
    };
    let shown = |row: &(String, String, Option<String>, String)| json!({"is_promotion": row.1 == "promoted", "version": row.2.as_deref().unwrap_or_default(), "from": row.3});
    let mut moves: Vec<Value> = tables.models.log.iter().rev().filter(is_move).take(100).map(shown).collect();
    moves.reverse();
    moves
}

fn is_live(tables: &Tables, pack: &str) -> bool {
    tables.pointers.contains_key(&format!("pack/{pack}"))
}

fn pointer<'a>(tables: &'a Tables, kind: &str, pack: &str) -> &'a str {
    tables.pointers.get(&format!("{kind}/{pack}")).map_or("", String::as_str)
}

/// Forgets the names that no pointer names; gives those that are not kept.
fn forget(tables: &mut Tables, facts: &Facts) -> Value {
    let (pack, names) = (facts.text("pack"), list(at(&facts.0, "names")));
    let pointed = ["model", "canary", "previous"].map(|kind| pointer(tables, kind, pack).to_owned());
    let is_pointed = |version: &str| pointed.iter().any(|value| value.split(':').next() == Some(version));
    let is_named = |kept: &Version| kept.pack == pack && names.contains(&json!(kept.version));
    tables.models.versions.retain(|kept| !is_named(kept) || is_pointed(&kept.version));
    let is_kept = |name: &Value| tables.models.versions.iter().any(|kept| kept.pack == pack && *name == kept.version);
    names.iter().filter(|name| !is_kept(name)).cloned().collect()
}

/// True for the version of a move that is kept, and for none.
fn is_kept(tables: &Tables, facts: &Facts) -> bool {
    let versions = &tables.models.versions;
    at(&facts.0, "version").as_str().is_none_or(|wanted| versions.iter().any(|kept| kept.version == wanted))
}

fn may_move(tables: &Tables, facts: &Facts) -> bool {
    is_kept(tables, facts)
        && is_live(tables, facts.text("pack"))
        && pointer(tables, "model", facts.text("pack")) == facts.text("was_live")
        && pointer(tables, "canary", facts.text("pack")) == facts.text("was_canary")
}

fn move_to(tables: &mut Tables, facts: &Facts, at_ms: TimeMs) {
    let pointers =
        [("model", facts.text("live")), ("canary", facts.text("canary")), ("previous", facts.text("previous"))];
    for (kind, value) in pointers {
        let name = format!("{kind}/{}", facts.text("pack"));
        if value.is_empty() {
            tables.pointers.remove(&name);
        } else {
            tables.pointers.insert(name, value.to_owned());
        }
    }
    tables
        .models
        .versions
        .retain(|kept| kept.pack != facts.text("pack") || !list(at(&facts.0, "names")).contains(&json!(kept.version)));
    let of_pack = |kept: &Version| kept.pack == facts.text("pack");
    let last = tables.models.versions.iter().filter(|kept| of_pack(kept)).filter_map(|kept| kept.promoted_at_ms).max();
    let next = last.map_or(at_ms, |last| at_ms.max(last + 1));
    for kept in tables.models.versions.iter_mut().filter(|kept| of_pack(kept)) {
        if kept.version == facts.text("live") && facts.text("action") == "promoted" && kept.status != "LIVE" {
            kept.promoted_at_ms = Some(next);
        }
        kept.status = match kept.status {
            _ if kept.version == facts.text("live") => "LIVE",
            _ if facts.text("canary").split(':').next() == Some(&kept.version) => "CANARY",
            "LIVE" | "CANARY" => "RETIRED",
            other => other,
        };
    }
}

fn versions_of(tables: &Tables, pack: &str, shown: impl Fn(&Version) -> Value) -> Value {
    tables.models.versions.iter().rev().filter(|kept| kept.pack == pack).map(shown).collect()
}

fn report(tables: &Tables, pack: &str) -> Vec<Value> {
    let packs = tables.pointers.keys().filter_map(|name| name.strip_prefix("pack/"));
    let one = |name: &str| {
        let shown = |value: &str| if value.is_empty() { Value::Null } else { json!(value) };
        json!({
            "pack": name,
            "live": shown(pointer(tables, "model", name)),
            "canary": shown(pointer(tables, "canary", name)),
            "previous": shown(pointer(tables, "previous", name)),
            "versions": versions_of(tables, name, |kept| json!({"version": kept.version, "status": kept.status})),
            "log": tables.models.log.iter().rev().filter(|row| row.0 == name)
                .map(|row| json!({"action": row.1, "version": row.2})).collect::<Vec<_>>(),
        })
    };
    packs.filter(|name| pack.is_empty() || *name == pack).map(one).collect()
}

fn open_request(tables: &mut Tables, facts: &Facts, pack: &str) -> Option<Value> {
    let is_open =
        |known: &&Request| known.pack == pack && known.kind == facts.text("action") && known.status == "PENDING";
    if is_live(tables, pack) && !tables.models.requests.iter().any(|known| is_open(&known)) {
        tables.models.requests.push(Request {
            id: facts.text("id").to_owned(),
            pack: pack.to_owned(),
            kind: facts.text("action").to_owned(),
            status: "PENDING".to_owned(),
        });
    }
    tables.models.requests.iter().find(is_open).map(request)
}

fn request(known: &Request) -> Value {
    json!({"id": known.id, "pack": known.pack, "kind": known.kind, "status": known.status})
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn counted(written: usize, sent: usize) -> Value {
    json!({"written": written, "withheld": sent - written})
}

/// The person that a row of a body names, by id or by a hashed name that was found.
fn person(facts: &Facts, row: &Value) -> Option<UserId> {
    let name = at(row, "user_id").as_str()?;
    let found = list(at(&facts.0, "found")).into_iter().find_map(|pair| {
        let [known, id] = pair.as_array()?.as_slice() else { return None };
        if known == name { id.as_str().map(str::to_owned) } else { None }
    });
    UserId::parse(found.as_deref().unwrap_or(name))
}

fn similar_users(tables: &mut Tables, facts: &Facts, body: &Value) -> Value {
    let made_at_ms = at(body, "calculated_at").as_str().and_then(parse_rfc3339).unwrap_or_default();
    let (mut written, mut sent) = (0, 0);
    for row in list(at(body, "people")) {
        let user = person(facts, &row);
        tables.similar.retain(|(owner, _), _| Some(*owner) != user);
        for similar in list(at(&row, "similar")) {
            sent += 1;
            if let (Some(user), Some(other)) = (user, person(facts, &similar))
                && user != other
                && tables.shares(user)
                && tables.shares(other)
            {
                tables.similar.insert((user, other), (at(&similar, "score").as_f64().unwrap_or_default(), made_at_ms));
                written += 1;
            }
        }
    }
    counted(written, sent)
}

fn user_models(tables: &mut Tables, facts: &Facts, body: &Value, at_ms: TimeMs) -> Value {
    let rows = list(at(body, "models"));
    let mut written = 0;
    for row in &rows {
        let text = |name: &str| text(row, name).to_owned();
        let user = person(facts, row).filter(|user| tables.shares(*user) && tables.settings(*user).behavioral);
        if let Some(user) = user {
            let key = (user, text("model_type"), text("model_version"));
            tables.user_models.insert(key, (at(row, "weights").to_string(), at_ms));
            written += 1;
        }
    }
    counted(written, rows.len())
}
