//! Makes what the tests need; a test says only what matters to it.

use nearside_engine::ports::{
    Applied, ExperimentWrite, InteractionLog, People, PersonWrite, Saved, SettingsChange, Snapshot,
};
use nearside_engine::privacy::{Audience, Principal, for_admin, for_person, for_system};
use nearside_engine::types::{AdminScope, EventKind, Interaction, ItemFacts, PersonScope, Role, Settings, UserId};
use pollster::block_on;

/// A moment of the tests: 2026-11-20T00:00:00Z.
pub(super) const NOW: i64 = 1_795_132_800_000;

/// The person with this number.
pub(super) fn user(number: u32) -> UserId {
    UserId::parse(&format!("00000000-0000-4000-8000-{:012x}", number + 1)).unwrap()
}

/// The person's own rows, as the queue's consumer asks for them.
pub(super) fn scope(number: u32) -> PersonScope {
    for_system(user(number))
}

/// The person's rows, as an admin asks for them.
pub(super) fn scope_of_admin(number: u32) -> PersonScope {
    for_person(Principal { user: user(999), role: Role::Admin }, Some(user(number)), None).unwrap()
}

/// What belongs to nobody in particular.
pub(super) fn admin() -> AdminScope {
    for_admin(Principal { user: user(999), role: Role::Admin }, Audience::Admin).unwrap()
}

/// An event id.
pub(super) fn event_id(number: u32) -> String {
    format!("11111111-1111-4111-8111-{number:012x}")
}

/// A view of an item of the finance pack, with this id, at this time.
pub(super) fn event(number: u32, at_ms: i64) -> Interaction {
    let facts = ItemFacts {
        pack: "finance".to_owned(),
        category: Some("TAX".to_owned()),
        is_item: true,
        ..ItemFacts::default()
    };
    Interaction {
        target_type: Some("recommendation".to_owned()),
        target_id: Some("isa-allowance".to_owned()),
        facts,
        ..Interaction::new(event_id(number), EventKind::RecommendationViewed, at_ms)
    }
}

/// An acceptance of an item.
pub(super) fn acceptance(number: u32, item: &str, at_ms: i64) -> Interaction {
    Interaction { kind: EventKind::RecommendationAccepted, target_id: Some(item.to_owned()), ..event(number, at_ms) }
}

/// A write of these events under this revision.
pub(super) fn write(person: u32, expected_revision: u64, events: Vec<Interaction>) -> PersonWrite {
    PersonWrite {
        scope: scope(person),
        expected_revision,
        state_json: format!(r#"{{"v":1,"n":{}}}"#, events.len()),
        events,
        feedback: Vec::new(),
        received_at_ms: NOW,
        snapshot: Snapshot::default(),
        experiments: ExperimentWrite::default(),
    }
}

/// Switches of somebody who agreed to everything.
pub(super) fn sharing() -> Settings {
    Settings {
        personalization_enabled: Some(true),
        data_sharing_consent: true,
        third_party: true,
        ..Settings::default()
    }
}

/// Saves switches under the revision that holds now.
pub(super) fn save(store: &(impl People + InteractionLog), person: u32, settings: Settings) -> u64 {
    let revision = revision(store, person);
    let change = SettingsChange { settings, at_ms: NOW };
    match block_on(store.save_settings(scope(person), &change, revision)).unwrap() {
        Saved::Yes(revision) => revision,
        Saved::Conflict => panic!("nobody else writes"),
    }
}

/// Writes events under the revision that holds now.
pub(super) fn log(store: &(impl People + InteractionLog), person: u32, events: Vec<Interaction>) {
    let revision = revision(store, person);
    assert_eq!(block_on(store.apply(&[write(person, revision, events)])).unwrap(), [Applied::Yes]);
}

/// The revision that holds now.
pub(super) fn revision(store: &(impl People + InteractionLog), person: u32) -> u64 {
    block_on(store.load(scope(person), &[])).unwrap().revision
}
