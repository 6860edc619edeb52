//! Sets the host up as the case says, by the use cases themselves: nothing is put into a store behind their back.

use nearside_engine::flows::{Asker, Intake, MemoryHost, Refusal, Taken, Taking};
use nearside_engine::flows::{
    change_catalogue, change_settings, commit_catalogue, publish_pack, set_preferences, track,
};
use nearside_engine::math::sha256_hex;
use nearside_engine::pack::{Pack, Popularity};
use nearside_engine::ports::{Blobs, Pointers};
use nearside_engine::privacy::{Audience, Principal, for_admin, for_person};
use nearside_engine::types::{AdminScope, Role, TimeMs, UserId, day_of, parse_rfc3339};
use nearside_engine::wire::{BodyLimits, read_body};
use nearside_json::Read;
use nearside_json::write_json;
use serde_json::{Value, json};

use crate::case::{Given, Input};
use crate::merge::merge;
use crate::{experiments, models, ready, seeds};

/// The clock of a case that says nothing: Friday, 20 November 2026, half past nine.
const NOW: &str = "2026-11-20T09:30:00Z";
/// The pack of a case that says nothing.
const PACK: &str = "tiny";
/// The person whom all cases are about.
const PERSON: &str = "00000000-0000-7000-8000-00000000000a";
/// Somebody else.
const OTHER: &str = "00000000-0000-7000-8000-00000000000b";
/// The admin who publishes, imports and asks for others.
const ADMIN: &str = "00000000-0000-7000-8000-0000000000ad";
/// Time zones that hosts of the cases know, with their offset in winter.
const TIME_ZONES: [(&str, i16); 3] = [("Europe/London", 0), ("Europe/Berlin", 60), ("Africa/Johannesburg", 120)];

/// A host in the given situation.
pub(crate) struct SpecHost {
    pub(crate) memory: MemoryHost,
    pub(crate) now_ms: TimeMs,
    /// The default pack's id.
    pub(crate) pack: String,
    /// The last receipt that an answer brought.
    pub(crate) receipt: Option<String>,
    /// The last token that an answer brought.
    pub(crate) token: Option<String>,
}

impl SpecHost {
    /// The person's asker in a role. Admins ask for the same person, by path.
    pub(crate) fn asker(&self, role: Role, is_other: bool) -> Result<Asker, String> {
        let own = user(if is_other { OTHER } else { PERSON })?;
        let principal = Principal { user: if role.is_admin() { user(ADMIN)? } else { own }, role };
        let scope = for_person(principal, Some(own), None).map_err(|denied| format!("{denied:?}"))?;
        Ok(Asker { scope, role })
    }

    /// The person.
    pub(crate) fn person(&self) -> Result<UserId, String> {
        user(PERSON)
    }

    /// The admin's right to what belongs to nobody.
    pub(crate) fn admin(&self) -> Result<AdminScope, String> {
        let principal = Principal { user: user(ADMIN)?, role: Role::Admin };
        for_admin(principal, Audience::Admin).map_err(|denied| format!("{denied:?}"))
    }
}

fn user(id: &str) -> Result<UserId, String> {
    UserId::parse(id).ok_or_else(|| format!("{id} is no user id"))
}

/// Makes the host of a case.
pub(crate) fn host_of(input: &Input) -> Result<SpecHost, String> {
    let given = &input.case.given;
    let now = given.now.as_deref().unwrap_or(NOW);
    let now_ms = parse_rfc3339(now).ok_or_else(|| format!("now: {now} is no time"))?;
    let memory = MemoryHost::new(now_ms);
    let mut host = SpecHost { memory, now_ms, pack: String::new(), receipt: None, token: None };
    if given.has_key {
        host.memory.set_experiment_keys(vec![b"the key of the spec cases".to_vec()]);
    }
    for (zone, offset) in TIME_ZONES {
        host.memory.set_time_zone(zone, offset);
    }
    publish(&mut host, input)?;
    if let Some(countries) = &given.popularity {
        let popularity =
            Popularity { format: 1, countries: countries.clone(), window_days: 90, as_of_day: day_of(now_ms) };
        let bytes = write_json(&popularity).into_bytes();
        let version = sha256_hex(&bytes);
        let put = ready::now(host.memory.put(&format!("popularity/{version}"), &bytes))?;
        put.map_err(|down| down.reason)?;
        host.memory.set_pointers(&Pointers::from([(format!("popularity/{}", host.pack), version)]));
    }
    models::publish(&host, given)?;
    experiments::start(&host, given)?;
    live(&host, given)?;
    Ok(host)
}

fn publish(host: &mut SpecHost, input: &Input) -> Result<(), String> {
    let given = &input.case.given;
    let names = if given.packs.is_empty() { vec![PACK.to_owned()] } else { given.packs.clone() };
    for (index, name) in names.iter().enumerate() {
        let source = input.packs.get(name).ok_or_else(|| format!("packs: {name} was not handed over"))?;
        let mut pack = source.pack.clone();
        let mut items = source.items.clone();
        if index == 0 {
            merge(&mut pack, given.change.as_ref().unwrap_or(&json!({})));
            items = given.items.clone().unwrap_or(items);
        }
        // Through the typed pack, so that every host publishes the same bytes whatever it read them from.
        let pack: Pack = serde_json::from_value(pack).map_err(|error| format!("pack {name}: {error}"))?;
        let bytes = write_json(&pack).into_bytes();
        let id = pack.id;
        if index == 0 {
            host.pack.clone_from(&id);
        }
        let admin = host.admin()?;
        ready::now(publish_pack(&host.memory, admin, &id, &bytes, Taking::Write))?
            .map_err(|refusal| told("pack", &refusal))?;
        let upload = body(&json!({ "items": items }))?;
        ready::now(change_catalogue(&host.memory, admin, &id, upload, Taking::Write))?
            .map_err(|refusal| told("items", &refusal))?;
        ready::now(commit_catalogue(&host.memory, admin, &id, Taking::Write))?
            .map_err(|refusal| told("items", &refusal))?;
    }
    Ok(())
}

/// Lets the person say yes, state, act, and then change their mind as the case says.
fn live(host: &SpecHost, given: &Given) -> Result<(), String> {
    let asker = host.asker(Role::Client, false)?;
    let memory = &host.memory;
    let decided = match &given.settings {
        Some(None) => None,
        settings => Some(settings.clone().flatten()),
    };
    if decided.is_some() {
        let yes = body(&json!({ "personalization_enabled": true }))?;
        ready::now(change_settings(memory, &asker, &yes))?.map_err(|refusal| told("settings", &refusal))?;
    }
    if let Some(stated) = &given.stated {
        ready::now(set_preferences(memory, &asker, body(stated)?))?.map_err(|refusal| told("stated", &refusal))?;
    }
    let events = given.events.iter().flat_map(|seed| seeds::grown(seed, host.now_ms));
    let intake: Vec<Intake> = events.map(|raw| Intake { scope: asker.scope, raw }).collect();
    if !intake.is_empty() {
        let how = Taken { is_synchronous: true, may_import_old: true };
        let report = ready::now(track(memory, intake, how))?.map_err(|refusal| told("events", &refusal))?;
        if let Some(rejected) = report.rejected.first() {
            return Err(format!("events[{}]: {}", rejected.index, rejected.detail));
        }
    }
    if let Some(Some(settings)) = decided {
        ready::now(change_settings(memory, &asker, &body(&settings)?))?
            .map_err(|refusal| told("settings", &refusal))?;
    }
    Ok(())
}

/// Reads a body as the Worker reads one.
pub(crate) fn body<T: Read>(value: &Value) -> Result<T, String> {
    let bytes = write_json(value).into_bytes();
    read_body(&bytes, BodyLimits::BULK).map_err(|refused| format!("{refused:?}"))
}

pub(crate) fn told(what: &str, refusal: &Refusal) -> String {
    format!("given.{what}: {} ({})", refusal.detail, refusal.code)
}
