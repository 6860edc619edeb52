//! What two ways through the engine say of a case: a device's, and the Worker's over ports in memory.

use nearside_engine::flows::{self, Asker, Device, DevicePerson, Intake, ListId, MemoryHost, Published, Taken};
use nearside_engine::ports::Surroundings;
use nearside_engine::privacy::{Principal, for_jobs, for_person};
use nearside_engine::types::{Decision, Environment, Role, TimeMs, UserId};
use nearside_engine::wire::{BodyLimits, ExplainRequest, MoveRequest, RawInteraction, read_body};
use nearside_json::{Read, read_json, write_json};
use serde_json::json;

use super::Case;
use super::world::{KEY, NOW_MS, World};
use crate::ready::now;

/// One moment of a device.
struct Moment {
    now_ms: TimeMs,
    id: String,
}

impl Surroundings for Moment {
    fn now_ms(&self) -> TimeMs {
        self.now_ms
    }

    fn fresh_id(&self) -> String {
        self.id.clone()
    }

    fn is_personalization_enabled(&self) -> bool {
        true
    }

    fn experiment_keys(&self) -> &[Vec<u8>] {
        &[]
    }

    fn environment(&self) -> Environment {
        Environment::Production
    }

    fn pseudonym(&self, _user: UserId) -> String {
        String::new()
    }

    fn utc_offset_minutes(&self, _time_zone: &str, _at_ms: TimeMs) -> Option<i16> {
        None
    }
}

fn read<T: Read>(text: &str) -> T {
    read_json(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The device in a world.
pub(super) fn device_of(world: &World) -> Device {
    let (pack, catalog, model) = (world.pack.to_string(), world.catalog(), world.model_document());
    let published = Published {
        pack: pack.as_bytes(),
        catalog: Some(catalog.as_bytes()),
        model: model.as_deref(),
        ..Published::default()
    };
    let moment = Moment { now_ms: NOW_MS, id: String::new() };
    Device::open(&moment, &world.versions(), published).expect("what is published verifies")
}

/// The device's answers: the decision, an explanation, the profile, the document to keep. A refusal stands in its place.
pub(super) fn by_device(device: &mut Device, case: &Case) -> String {
    let at = |now_ms: TimeMs| Moment { now_ms, id: case.id.clone() };
    // Another host's engine makes names of its own: here every name is the case's.
    device.set_person(DevicePerson { unit_id: Some(case.id.clone()), ..DevicePerson::default() });
    device.change_settings(&at(case.now_ms), &read(&case.settings)).expect("the settings are in range");
    let stated = device.set_preferences(&at(case.now_ms), read(&case.preferences));
    let mut lines = vec![stated.map_or_else(|refusal| refusal.code.to_owned(), |profile| write_json(&profile))];
    for (now_ms, event) in &case.events {
        let observed = device.observe(&at(*now_ms), read(event));
        if let Err(refusal) = observed {
            lines.push(refusal.detail);
        }
    }
    let decision = device.rerank(&at(case.now_ms), None::<ListId>, read(&case.request));
    lines.push(decision.map_or_else(|refusal| refusal.detail, |decision| write_json(&decision)));
    let asked = ExplainRequest { recommendation_id: case.explained.clone(), ..ExplainRequest::default() };
    let explained = device.explain(&at(case.now_ms), asked);
    lines.push(explained.map_or_else(|refusal| refusal.detail, |explanation| write_json(&explanation)));
    lines.push(write_json(&device.profile(&at(case.now_ms))));
    lines.push(device.person().to_json());
    lines.join("\n")
}

/// The items that the Worker's own flows would send, with how far they are personal.
pub(super) fn by_worker(world: &World, case: &Case) -> Result<Decision, String> {
    let user = UserId::parse("00000000-0000-7000-8000-00000000000a").expect("it is an id");
    let scope = for_person(Principal { user, role: Role::Client }, None, None).expect("a client may ask");
    let asker = Asker { scope, role: Role::Client };
    let said = |refusal: flows::Refusal| refusal.detail;
    let host = MemoryHost::new(case.now_ms);
    now(flows::publish_pack(
        &host,
        for_jobs(),
        &world.pack_id(),
        world.pack.to_string().as_bytes(),
        flows::Taking::Write,
    ))?
    .map_err(said)?;
    let items = json!({ "items": world.items }).to_string();
    let items = read_body(items.as_bytes(), BodyLimits::BULK).map_err(|refused| format!("{refused:?}"))?;
    now(flows::change_catalogue(&host, for_jobs(), &world.pack_id(), items, flows::Taking::Write))?.map_err(said)?;
    now(flows::commit_catalogue(&host, for_jobs(), &world.pack_id(), flows::Taking::Write))?.map_err(said)?;
    if let Some(document) = world.model_document() {
        host.trust(KEY);
        let version = now(flows::upload_model(&host, for_jobs(), &world.pack_id(), &document))?.map_err(said)?;
        let forced_reason = Some("a case".to_owned());
        let request = MoveRequest { version: Some(version), forced_reason, ..MoveRequest::default() };
        now(flows::move_model(&host, for_jobs(), &world.pack_id(), true, request))?.map_err(said)?;
    }
    now(flows::change_settings(&host, &asker, &read(&case.settings)))?.map_err(said)?;
    // Who said no states nothing.
    let _ = now(flows::set_preferences(&host, &asker, read(&case.preferences)))?;
    let intake = case.events.iter().map(|(_, event)| Intake { scope, raw: Ok(read::<RawInteraction>(event)) });
    let how = Taken { is_synchronous: true, may_import_old: true };
    now(flows::track(&host, intake.collect(), how))?.map_err(said)?;
    now(flows::recommend(&host, &asker, read(&case.request)))?.map_err(said)
}
