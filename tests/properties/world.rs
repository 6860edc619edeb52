//! A person in the club, on the memory ports: what the properties are about.

use std::sync::LazyLock;

use nearside_engine::explain::Explanation;
use nearside_engine::flows::{self, Asker, Intake, MemoryHost, Taken};
use nearside_engine::privacy::{Audience, Principal, for_admin, for_person};
use nearside_engine::types::{Decision, Item, Role, UserId, parse_rfc3339};
use nearside_engine::wire::{BodyLimits, ExplainRequest, RawInteraction, RecommendRequest, read_body};
use nearside_tests::folders;
use serde_json::{Value, json};

/// The clock of every world.
pub const NOW: &str = "2026-11-20T09:30:00Z";
/// Applied before the answer, of any age.
pub const IMPORTED: Taken = Taken { is_synchronous: true, may_import_old: true };

static CLUB: LazyLock<Value> = LazyLock::new(|| folders::pack("tiny"));

/// The club's items.
pub fn items() -> Vec<Item> {
    serde_json::from_value(CLUB["items"].clone()).unwrap()
}

/// Runs a use case.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    pollster::block_on(future)
}

fn body<T: nearside_json::Read>(value: &Value) -> T {
    read_body(&serde_json::to_vec(value).unwrap(), BodyLimits::BULK).unwrap()
}

/// One person, one pack, one store.
pub struct World {
    pub memory: MemoryHost,
    pub asker: Asker,
    user: UserId,
}

impl World {
    /// A world whose person said yes. `change` is a change of the pack's scoring.
    pub fn with(change: &Value) -> Self {
        let memory = MemoryHost::new(parse_rfc3339(NOW).unwrap());
        memory.set_time_zone("Europe/Berlin", 60);
        let user = UserId::parse("00000000-0000-7000-8000-00000000000a").unwrap();
        let principal = Principal { user, role: Role::Client };
        let asker = Asker { scope: for_person(principal, None, None).unwrap(), role: Role::Client };
        let admin = for_admin(Principal { user, role: Role::Admin }, Audience::Admin).unwrap();
        let mut pack = CLUB["pack"].clone();
        if let Some(weights) = change.as_object() {
            pack["scoring"]["weights"] = weights["weights"].clone();
            pack["scoring"]["factors"] = weights["factors"].clone();
            let terms = pack["words"]["explain"]["terms"].as_object_mut().unwrap();
            terms.retain(|name, _| name != "last_days" && name != "rain");
            terms.extend(["one", "two", "three"].map(|name| (name.to_owned(), json!({ "name": name }))));
        }
        let bytes = serde_json::to_vec(&pack).unwrap();
        let published = now(flows::publish_pack(&memory, admin, "tiny", &bytes, flows::Taking::Write));
        published.unwrap_or_else(|refusal| panic!("{}", refusal.detail));
        now(flows::change_catalogue(
            &memory,
            admin,
            "tiny",
            body(&json!({ "items": CLUB["items"] })),
            flows::Taking::Write,
        ))
        .unwrap();
        now(flows::commit_catalogue(&memory, admin, "tiny", flows::Taking::Write)).unwrap();
        let world = Self { memory, asker, user };
        world.sets(&json!({ "personalization_enabled": true }));
        // What every request of a warm isolate finds prepared.
        world.general(1);
        world
    }

    /// The person changes settings.
    pub fn sets(&self, settings: &Value) {
        now(flows::change_settings(&self.memory, &self.asker, &body(settings))).unwrap();
    }

    /// The person says no.
    pub fn objects(&self) {
        self.sets(&json!({ "personalization_enabled": false }));
    }

    /// The person states facts.
    pub fn says(&self, stated: &Value) {
        now(flows::set_preferences(&self.memory, &self.asker, body(stated))).unwrap();
    }

    /// Events as they are taken in.
    pub fn intake(&self, log: &[RawInteraction]) -> Vec<Intake> {
        log.iter().map(|raw| Intake { scope: self.asker.scope, raw: Ok(raw.clone()) }).collect()
    }

    /// Events happen, and are applied.
    pub fn lives(&self, log: &[RawInteraction]) {
        let report = now(flows::track(&self.memory, self.intake(log), IMPORTED)).unwrap();
        assert!(report.rejected.is_empty(), "{:?}", report.rejected);
    }

    /// The stored state.
    pub fn state(&self) -> Value {
        self.memory.stored_state(self.user).map_or(Value::Null, |json| serde_json::from_str(&json).unwrap())
    }

    /// How many events the log holds.
    pub fn logged(&self) -> usize {
        self.memory.logged(self.user)
    }

    /// A request with this context.
    pub fn request(&self, context: &Value, limit: u8) -> RecommendRequest {
        let context = if context.is_null() { json!({}) } else { context.clone() };
        body(&json!({ "limit": limit, "context": context }))
    }

    fn answers(&self, request: RecommendRequest) -> Decision {
        now(flows::recommend(&self.memory, &self.asker, request)).unwrap()
    }

    /// The person's list.
    pub fn recommends(&self, context: &Value, limit: u8) -> Decision {
        self.answers(self.request(context, limit))
    }

    /// The person's list with what they dismissed.
    pub fn shows_everything(&self, context: &Value, limit: u8) -> Decision {
        self.answers(RecommendRequest { show_hidden: true, ..self.request(context, limit) })
    }

    /// The person's list with interactions that are under way.
    pub fn recommends_with_pending(&self, context: &Value, pending: &[RawInteraction]) -> Decision {
        self.answers(RecommendRequest { pending: pending.to_vec(), ..self.request(context, 50) })
    }

    /// The general order.
    pub fn general(&self, limit: u8) -> Decision {
        self.answers(body(&json!({ "mode": "general", "limit": limit })))
    }

    /// Why an item is where it is.
    pub fn explains(&self, id: &str) -> Explanation {
        let request: ExplainRequest = body(&json!({ "recommendation_id": id }));
        now(flows::explain(&self.memory, &self.asker, request)).unwrap()
    }

    /// The ids of the items that fit the country, sorted: an independent word on eligibility.
    pub fn eligible(&self, _: &Decision, context: &Value, stated: &Value) -> Vec<String> {
        let said = stated["demographics"]["country"].as_str();
        let country = said.or(context["country"].as_str()).map(|country| if country == "BY" { "DE" } else { country });
        let fits = |item: &Item| {
            country.is_none_or(|country| item.countries.is_empty() || item.countries.contains(&country.to_owned()))
        };
        let mut ids: Vec<String> = items().into_iter().filter(fits).map(|item| item.id).collect();
        ids.sort();
        ids
    }
}

/// The ids of a decision, sorted.
pub fn sorted_ids(decision: &Decision) -> Vec<String> {
    let mut ids: Vec<String> = decision.items.iter().map(|item| item.id.clone()).collect();
    ids.sort();
    ids
}

/// Compares two states: whole numbers and texts are equal, sums within 1e-9 of their size.
pub fn close(left: &Value, right: &Value, path: &str) -> Result<(), String> {
    match (left, right) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().try_for_each(|(key, value)| close(value, &b[key], &format!("{path}.{key}")))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().try_for_each(|(index, (a, b))| close(a, b, &format!("{path}[{index}]")))
        }
        (Value::Number(a), Value::Number(b)) if a.is_f64() && b.is_f64() => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            // Sums of both signs may all but cancel out: then the size of what was added counts, which is at least 1e-3.
            let size = a.abs().max(b.abs()).max(1e-3);
            if (a - b).abs() <= 1e-9 * size { Ok(()) } else { Err(format!("{path}: {a} is not {b}")) }
        }
        _ if left == right => Ok(()),
        _ => Err(format!("{path}: {left} is not {right}")),
    }
}
