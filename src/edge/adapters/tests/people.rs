//! A person's row: reading it, and writing switches and statements under its revision.

use nearside_engine::ports::{Library, People, Pointers, Saved, SettingsChange};
use nearside_engine::types::{Detail, Expertise, Level, NotificationFrequency, Settings, Stated};
use pollster::block_on;

use super::build::{NOW, admin, save, scope, scope_of_admin, sharing, user};
use super::sqlite::store;

fn pointers() -> Pointers {
    Pointers::from([("pack/finance".to_owned(), "abc".to_owned()), ("default_pack".to_owned(), "fin\"ance".to_owned())])
}

#[test]
fn a_person_nobody_knows_has_the_default_switches_and_the_live_pointers() {
    let store = store();
    block_on(store.point(admin(), &pointers(), NOW)).unwrap();
    let record = block_on(store.load(scope(1), &[])).unwrap();
    assert_eq!((record.is_known, record.revision, record.erased_at_ms), (false, 0, None));
    assert_eq!(record.settings, Settings::default());
    assert_eq!(record.pointers, pointers());
    assert_eq!(record.state_json, None);
}

#[test]
fn switches_are_read_back_as_they_were_saved() {
    let store = store();
    let settings = Settings {
        personalization_enabled: Some(false),
        behavioral: false,
        location: false,
        third_party: true,
        data_sharing_consent: true,
        privacy_mode: true,
        retention_days: Some(90),
        aggregate_retention_days: None,
        hash_user_id: false,
        consented_under_signal: true,
        tracking_since_ms: NOW - 5,
        ..Settings::default()
    };
    assert_eq!(save(&store, 1, settings.clone()), 1);
    let record = block_on(store.load(scope(1), &[])).unwrap();
    assert_eq!((record.settings, record.revision, record.is_known), (settings, 1, true));
    assert_eq!(save(&store, 1, Settings::default()), 2);
    assert_eq!(block_on(store.load(scope(1), &[])).unwrap().settings, Settings::default());
}

#[test]
fn a_change_of_switches_leaves_the_old_and_the_new_ones_in_the_audit_trail() {
    let store = store();
    save(&store, 1, Settings::default());
    let change = SettingsChange { settings: sharing(), at_ms: NOW };
    assert_eq!(block_on(store.save_settings(scope_of_admin(1), &change, 1)).unwrap(), Saved::Yes(2));
    let last = "FROM audit_log ORDER BY id DESC LIMIT 1";
    assert_eq!(
        store.database.text(&format!("SELECT actor_kind || ' ' || actor_id {last}")),
        format!("admin {}", user(999))
    );
    assert_eq!(
        store.database.query(&format!("SELECT prior_value ->> 'personalization_enabled' {last}")),
        [[crate::adapters::database::Cell::Null]]
    );
    assert_eq!(store.database.number(&format!("SELECT new_value ->> 'personalization_enabled' {last}")), 1.0);
    assert_eq!(store.database.number(&format!("SELECT prior_value ->> 'behavioral' {last}")), 1.0);
}

#[test]
fn a_change_under_an_old_revision_changes_nothing_and_is_not_audited() {
    let store = store();
    save(&store, 1, sharing());
    let change = SettingsChange { settings: Settings::default(), at_ms: NOW };
    for wrong in [0, 2] {
        assert_eq!(block_on(store.save_settings(scope(1), &change, wrong)).unwrap(), Saved::Conflict);
        assert_eq!(
            block_on(store.save_stated(scope(1), &Stated { age: Some(30), ..Stated::default() }, NOW, wrong)).unwrap(),
            Saved::Conflict
        );
    }
    let record = block_on(store.load(scope(1), &[])).unwrap();
    assert_eq!((record.settings, record.stated, record.revision), (sharing(), Stated::default(), 1));
    assert_eq!(store.database.number("SELECT COUNT(*) FROM audit_log"), 1.0);
}

#[test]
fn statements_are_read_back_and_shown_in_the_seeds_columns() {
    let store = store();
    let stated = Stated {
        age: Some(34),
        country: Some("GB".to_owned()),
        risk_tolerance: Some(Level::Medium),
        communication_preference: Some("it's \"plain\"".to_owned()),
        detail_level_preference: Some(Detail::Concise),
        recommendation_categories_preferred: vec!["TAX".to_owned()],
        notification_frequency: Some(NotificationFrequency::RealTime),
        self_reported_expertise: Some(Expertise::Novice),
        ..Stated::default()
    };
    assert_eq!(block_on(store.save_stated(scope(1), &stated, NOW, 0)).unwrap(), Saved::Yes(1));
    assert_eq!(block_on(store.load(scope(1), &[])).unwrap().stated, stated);
    let columns = store.database.text(
        "SELECT risk_tolerance || detail_preference || preferred_categories || notification_frequency || communication_style FROM user_personalization_profiles",
    );
    assert_eq!(columns, "MEDIUMCONCISE[\"TAX\"]REAL_TIMEit's \"plain\"");
}

#[test]
fn facts_of_an_unknown_shape_do_not_keep_a_person_from_their_switches() {
    let store = store();
    save(&store, 1, sharing());
    store
        .database
        .query("UPDATE user_personalization_profiles SET stated = '{\"from\":\"a later version\"}' RETURNING 1");
    let record = block_on(store.load(scope(1), &[])).unwrap();
    assert_eq!((record.stated, record.settings), (Stated::default(), sharing()));
}
