//! Scheduled jobs: retention behind a checkpoint, feature vectors, popularity, purges.

use nearside_engine::ports::{Applied, CheckpointWrite, InteractionLog, PurgeLimits, Upkeep};
use nearside_engine::types::{Context, DAY_MS, EventKind, Interaction, Settings};
use pollster::block_on;

use super::build::{NOW, acceptance, event, event_id, log, revision, save, scope, sharing, user};
use super::sqlite::store;

fn days_ago(days: i64) -> i64 {
    NOW - days * DAY_MS
}

#[test]
fn a_checkpoint_takes_the_place_of_what_it_holds() {
    let store = store();
    log(
        &store,
        1,
        vec![acceptance(1, "pension", days_ago(400)), event(2, days_ago(366)), acceptance(3, "isa", days_ago(1))],
    );
    let expiring = block_on(store.expiring(scope(1), days_ago(365))).unwrap();
    assert_eq!((expiring.revision, expiring.checkpoint_json), (1, None));
    assert_eq!(expiring.interactions, [acceptance(1, "pension", days_ago(400)), event(2, days_ago(366))]);
    let write = CheckpointWrite {
        scope: scope(1),
        expected_revision: 1,
        checkpoint_json: "{\"v\":1}".to_owned(),
        before_ms: days_ago(365),
        at_ms: NOW,
    };
    assert_eq!(block_on(store.checkpoint(&write)).unwrap(), Applied::Yes);
    let (checkpoint, left) = block_on(store.all(scope(1))).unwrap();
    assert_eq!((checkpoint.as_deref(), left), (Some("{\"v\":1}"), vec![acceptance(3, "isa", days_ago(1))]));
    assert_eq!(store.database.text("SELECT group_concat(id) FROM recommendation_outcomes"), event_id(3));
    assert_eq!(
        block_on(store.expiring(scope(1), days_ago(365))).unwrap().checkpoint_json.as_deref(),
        Some("{\"v\":1}")
    );
    assert_eq!(revision(&store, 1), 2);
    assert_eq!(block_on(store.expired_people(365, NOW, 10)).unwrap(), []);
}

fn seen(number: u32, kind: EventKind, at_ms: i64, session: &str, device: &str) -> Interaction {
    let context = Context { utc_offset_minutes: Some(60), country: Some("GB".to_owned()), ..Context::default() };
    let (session_id, device_type) = (Some(session.to_owned()), Some(device.to_owned()));
    Interaction { kind, session_id, device_type, context, ..event(number, at_ms) }
}

#[test]
fn feature_vectors_are_aggregates_of_the_last_thirty_days() {
    let store = store();
    save(&store, 1, sharing());
    let ten = days_ago(2) + 10 * 3_600_000;
    log(
        &store,
        1,
        vec![
            seen(1, EventKind::ContentRead, ten, "a", "mobile"),
            seen(2, EventKind::ContentCompleted, ten + 60_000, "a", "mobile"),
            seen(3, EventKind::ContentRead, days_ago(20), "b", "desktop"),
            seen(4, EventKind::ContentRead, days_ago(40), "c", "tablet"),
            seen(5, EventKind::NotificationSent, ten, "a", "mobile"),
        ],
    );
    assert_eq!(block_on(store.write_features(&[scope(1), scope(2)], false, NOW)).unwrap(), 1);
    let features: serde_json::Value =
        serde_json::from_str(&store.database.text("SELECT features FROM user_feature_vectors")).unwrap();
    let expected = serde_json::json!({
        "engagement_score": 1.0 / 3.0, "notification_ctr": 0.0, "session_count_7d": 1, "session_count_30d": 2,
        "avg_session_duration_sec": 30.0, "preferred_time_slot": 11, "device_type": "mobile", "country_code": "GB",
        "timezone_offset": 1.0,
    });
    let near = |name: &str| (features[name].as_f64().unwrap() - expected[name].as_f64().unwrap()).abs() < 1e-9;
    assert!(near("engagement_score"), "{features}");
    for name in expected.as_object().unwrap().keys().filter(|name| *name != "engagement_score") {
        assert_eq!(features[name], expected[name], "{name}");
    }
}

#[test]
fn feature_vectors_are_written_only_of_people_who_allow_learning() {
    let store = store();
    let cases = [
        (Some(sharing()), true, true),
        (None, false, true),
        (Some(Settings { personalization_enabled: Some(false), ..sharing() }), false, false),
        (Some(Settings { behavioral: false, ..sharing() }), false, false),
        (Some(Settings { privacy_mode: true, ..sharing() }), false, false),
        (Some(Settings { location: false, ..sharing() }), true, true),
    ];
    for (person, (settings, _, _)) in cases.iter().enumerate() {
        if let Some(settings) = settings {
            save(&store, person as u32, settings.clone());
        }
        log(&store, person as u32, vec![seen(1, EventKind::Clicked, NOW, "a", "mobile")]);
    }
    let people: Vec<_> = (0..6).map(scope).collect();
    for (is_opt_out, expected) in
        [(false, cases.iter().filter(|case| case.1).count()), (true, cases.iter().filter(|case| case.2).count())]
    {
        assert_eq!(block_on(store.write_features(&people, is_opt_out, NOW)).unwrap() as usize, expected);
    }
    let country = format!(
        "SELECT COUNT(*) FROM user_feature_vectors WHERE user_id = '{}' AND features ->> 'country_code' IS NULL",
        user(5)
    );
    assert_eq!(store.database.number(&country), 1.0, "no country without the purpose");
}

#[test]
fn the_days_from_the_first_view_to_the_outcome_are_filled_in() {
    let store = store();
    log(
        &store,
        1,
        vec![
            event(1, days_ago(4)),
            event(2, days_ago(3)),
            acceptance(3, "isa-allowance", days_ago(1) + 5),
            acceptance(4, "unseen", days_ago(1)),
        ],
    );
    block_on(store.write_features(&[scope(1)], true, NOW)).unwrap();
    let days = "SELECT group_concat(COALESCE(time_to_action_days, 'none'), ' ') FROM (SELECT * FROM recommendation_outcomes ORDER BY id)";
    assert_eq!(store.database.text(days), "3 none");
}

#[test]
fn popularity_counts_different_people_who_share_in_groups_of_ten() {
    let store = store();
    let country = |event: Interaction, name: &str| Interaction {
        context: Context { country: Some(name.to_owned()), ..Context::default() },
        ..event
    };
    for person in 0..12 {
        let shares = person != 11;
        save(&store, person, Settings { data_sharing_consent: shares, location: person != 0, ..sharing() });
        let mut events = vec![
            country(acceptance(1, "isa", NOW), "GB"),
            country(acceptance(2, "isa", NOW), "GB"),
            acceptance(3, "old", days_ago(91)),
        ];
        if person < 9 {
            events.push(acceptance(4, "rare", NOW));
        }
        events.push(Interaction { kind: EventKind::Clicked, ..acceptance(5, "clicked", NOW) });
        log(&store, person, events);
    }
    assert_eq!(block_on(store.refresh_popularity(days_ago(90), NOW, 10)).unwrap(), 2);
    let counts = |country: &str, people: u32, accepts: u32| nearside_engine::ports::PopularItem {
        pack: "finance".to_owned(),
        country: country.to_owned(),
        item_id: "isa".to_owned(),
        people,
        accepts,
    };
    assert_eq!(block_on(store.popularity("finance")).unwrap(), [counts("", 11, 22), counts("GB", 10, 20)]);
    assert_eq!(block_on(store.refresh_popularity(NOW + 1, NOW, 10)).unwrap(), 0);
    assert_eq!(block_on(store.popularity("finance")).unwrap(), [], "a new count replaces the old one");
}

#[test]
fn what_is_past_its_time_goes() {
    let store = store();
    save(&store, 1, sharing());
    save(&store, 2, Settings { aggregate_retention_days: Some(7), ..sharing() });
    for person in [1, 2] {
        log(&store, person, vec![event(1, days_ago(12))]);
        block_on(store.write_features(&[scope(person)], false, days_ago(10))).unwrap();
    }
    let letter = |days: i64| crate::adapters::DeadLetter {
        user: None,
        payload: days.to_string(),
        reason: String::new(),
        attempts: 1,
        at_ms: days_ago(days),
    };
    block_on(store.bury_letters(&[letter(31), letter(29)])).unwrap();
    block_on(nearside_engine::ports::People::erase(&store, scope(3), "r", days_ago(400))).unwrap();
    let limits = PurgeLimits {
        now_ms: NOW,
        feature_vectors_days: 30,
        dead_letters_days: 30,
        tombstones_days: 365,
        audit_days: 390,
        evaluations_days: 365,
    };
    let purged = block_on(store.purge(&limits)).unwrap();
    let gone: Vec<u64> =
        ["user_feature_vectors", "dead_letters", "erasure_tombstones", "audit_log", "personalization_events_log"]
            .map(|table| purged.get(table).copied().unwrap_or_default())
            .to_vec();
    assert_eq!(gone, [1, 1, 1, 1, 0]);
}
