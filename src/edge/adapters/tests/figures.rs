//! Figures of the overview: what is counted, of whom, and that nothing of fewer than twenty people comes out.

use nearside_engine::ports::{Figures, FiguresAsk, ModelFacts, People, PurgeLimits, Upkeep};
use nearside_engine::types::{DAY_MS, EventKind, HOUR_MS, Interaction, ItemFacts, Settings};
use pollster::block_on;
use serde_json::{Value, json};

use super::build::{NOW, acceptance, admin, event, log, save, scope, sharing};
use super::sqlite::{Sqlite, store};
use crate::adapters::D1Store;

/// A moment in the afternoon of the tests' day.
const AFTERNOON: i64 = NOW + 14 * HOUR_MS + 1_800_000;

/// Yesterday at noon.
const YESTERDAY: i64 = NOW - DAY_MS / 2;

fn ask(store: &D1Store<Sqlite>, ask: FiguresAsk, more: &[(&str, &str)], at_ms: i64) -> String {
    let facts = ModelFacts::of("").json("kinds", &EventKind::names_json());
    let facts = more.iter().fold(facts, |facts, (name, json)| facts.json(name, json));
    block_on(store.figures(admin(), ask, &facts, at_ms)).unwrap()
}

fn close(store: &D1Store<Sqlite>, at_ms: i64) {
    assert_eq!(ask(store, FiguresAsk::Close, &[("pack/finance", "4"), ("pack/retail", "0")], at_ms), "");
}

fn show(store: &D1Store<Sqlite>, days: &str, at_ms: i64) -> Value {
    let more = [("pack/finance", "4"), ("days", days), ("environment", "\"production\"")];
    serde_json::from_str(&ask(store, FiguresAsk::Show, &more, at_ms)).unwrap()
}

/// The day before yesterday, yesterday, or today, of the last three.
fn day(store: &D1Store<Sqlite>, place: usize) -> Value {
    show(store, "3", AFTERNOON)["days"][place].clone()
}

fn dismissal(number: u32, at_ms: i64) -> Interaction {
    Interaction { kind: EventKind::RecommendationDismissed, ..event(number, at_ms) }
}

fn search(number: u32, at_ms: i64) -> Interaction {
    let facts = ItemFacts { pack: "finance".to_owned(), ..ItemFacts::default() };
    Interaction { facts, target_id: None, ..of_kind(EventKind::SearchPerformed, number, at_ms) }
}

fn of_kind(kind: EventKind, number: u32, at_ms: i64) -> Interaction {
    Interaction { kind, ..event(number, at_ms) }
}

/// People of these numbers agree to share and do the same.
fn each(store: &D1Store<Sqlite>, people: std::ops::Range<u32>, events: &[Interaction]) {
    for person in people {
        save(store, person, sharing());
        log(store, person, events.to_vec());
    }
}

fn in_category(event: Interaction, item: &str, category: &str) -> Interaction {
    let facts = ItemFacts { category: Some(category.to_owned()), ..event.facts.clone() };
    Interaction { target_id: Some(item.to_owned()), facts, ..event }
}

#[test]
fn a_day_is_counted_over_people_who_share() {
    let store = store();
    let view = event(1, YESTERDAY);
    let other = in_category(event(2, YESTERDAY), "will", "ESTATE");
    each(&store, 0..25, &[view, other, acceptance(3, "isa-allowance", YESTERDAY), dismissal(4, YESTERDAY)]);
    each(&store, 0..25, &[of_kind(EventKind::Rsvp, 5, YESTERDAY), dismissal(6, YESTERDAY), dismissal(7, YESTERDAY)]);
    let refusals = [
        Settings { personalization_enabled: Some(false), ..sharing() },
        Settings { personalization_enabled: None, ..sharing() },
        Settings { data_sharing_consent: false, ..sharing() },
        Settings { privacy_mode: true, ..sharing() },
    ];
    for (person, settings) in refusals.into_iter().enumerate() {
        save(&store, 100 + person as u32, settings);
        log(&store, 100 + person as u32, vec![event(1, YESTERDAY)]);
    }
    log(&store, 200, vec![event(1, YESTERDAY)]);
    close(&store, AFTERNOON);
    let expected = json!({
        "day": "2026-11-19", "pack": "finance", "events": 175, "active_people": 25, "shown": 50, "accepted": 50,
        "dismissed": 75, "acceptance_rate": 0.4, "items_shown": 2, "coverage": 0.5, "diversity": 0.5,
    });
    assert_eq!(day(&store, 1), expected);
    for person in 5..25 {
        block_on(store.erase(scope(person), "r", NOW)).unwrap();
    }
    assert_eq!(day(&store, 1), expected, "what was counted stays");
}

#[test]
fn nothing_is_shown_of_nineteen_people_and_nobody_can_tell_them_from_none() {
    let store = store();
    each(&store, 0..19, &[event(1, YESTERDAY), event(2, AFTERNOON - HOUR_MS)]);
    close(&store, AFTERNOON);
    let nothing = |name: &str| {
        json!({
            "day": name, "pack": "finance", "events": null, "active_people": null, "shown": null, "accepted": null,
            "dismissed": null, "acceptance_rate": null, "items_shown": null, "coverage": null, "diversity": null,
        })
    };
    let days = json!([nothing("2026-11-18"), nothing("2026-11-19"), nothing("2026-11-20")]);
    assert_eq!(show(&store, "3", AFTERNOON)["days"], days);
    assert_eq!(store.database.number("SELECT COUNT(*) FROM overview_days"), 0.0, "it is not even kept");
    each(&store, 19..20, &[event(1, YESTERDAY)]);
    close(&store, AFTERNOON);
    assert_eq!([&day(&store, 1)["shown"], &day(&store, 2)["shown"]], [&json!(20), &json!(null)]);
}

#[test]
fn no_difference_of_two_figures_tells_what_few_people_did() {
    let figures = |few: &[Interaction], many: u32| {
        let store = store();
        each(&store, 0..30, &[event(1, YESTERDAY), acceptance(2, "isa-allowance", YESTERDAY)]);
        each(&store, 0..many, few);
        close(&store, AFTERNOON);
        let day = day(&store, 1);
        ["events", "shown", "accepted", "dismissed", "acceptance_rate"].map(|name| day[name].clone())
    };
    let no = Value::Null;
    assert_eq!(figures(&[], 0), [json!(60), json!(30), json!(30), no.clone(), no.clone()]);
    let few = figures(&[dismissal(3, YESTERDAY)], 19);
    assert_eq!(
        few,
        [no.clone(), json!(30), json!(30), no.clone(), no.clone()],
        "events less the others are 19 people's"
    );
    assert_eq!(figures(&[search(3, YESTERDAY)], 1)[0], no);
    assert_eq!(figures(&[dismissal(3, YESTERDAY)], 20), [json!(80), json!(30), json!(30), json!(20), json!(0.6)]);
    assert_eq!(figures(&[search(3, YESTERDAY)], 20)[0], json!(80));
}

#[test]
fn categories_that_few_people_saw_do_not_show_in_the_diversity() {
    let store = store();
    each(&store, 0..60, &[event(1, YESTERDAY)]);
    each(&store, 0..20, &[in_category(event(2, YESTERDAY), "will", "ESTATE")]);
    each(&store, 0..19, &[in_category(event(3, YESTERDAY), "cover", "INSURANCE")]);
    close(&store, AFTERNOON);
    let day = day(&store, 1);
    assert_eq!((&day["diversity"], &day["items_shown"], &day["coverage"]), (&json!(0.375), &json!(3), &json!(0.75)));
}

#[test]
fn a_night_twice_is_a_night_once_and_late_events_come_into_the_last_three_days() {
    let store = store();
    each(&store, 0..20, &[event(1, YESTERDAY), event(2, YESTERDAY - 9 * DAY_MS)]);
    let rows = |store: &D1Store<Sqlite>| {
        store
            .database
            .query("SELECT day, shown FROM overview_days ORDER BY day")
            .iter()
            .map(|row| format!("{row:?}"))
            .collect::<Vec<_>>()
    };
    close(&store, AFTERNOON);
    let first = rows(&store);
    assert_eq!(first.len(), 2, "the first night counts what came before it");
    close(&store, AFTERNOON);
    assert_eq!(rows(&store), first);
    each(&store, 0..20, &[event(3, YESTERDAY - DAY_MS), event(4, YESTERDAY - 9 * DAY_MS)]);
    close(&store, AFTERNOON + 1);
    let second = rows(&store);
    assert_eq!((second.len(), &second[0]), (3, &first[0]), "what is older than three days stays as it was");
    each(&store, 0..20, &[event(5, AFTERNOON), event(6, AFTERNOON + 6 * DAY_MS)]);
    close(&store, AFTERNOON + 7 * DAY_MS);
    assert_eq!(rows(&store).len(), 5, "a night after nights that failed counts their days too");
}

#[test]
fn today_is_counted_until_the_last_full_hour() {
    let store = store();
    each(&store, 0..20, &[event(1, NOW), event(2, NOW + 13 * HOUR_MS), event(3, NOW + 14 * HOUR_MS)]);
    let said = show(&store, "1", AFTERNOON);
    assert_eq!(said["until"], "2026-11-20T14:00:00.000Z");
    let days = said["days"].as_array().unwrap();
    assert_eq!((days.len(), &days[0]["day"], &days[0]["shown"]), (1, &json!("2026-11-20"), &json!(40)));
    assert_eq!(show(&store, "1", NOW)["days"][0]["shown"], Value::Null);
    assert_eq!(show(&store, "90", NOW)["days"].as_array().unwrap().len(), 90);
}

#[test]
fn the_opt_out_rate_is_shown_where_both_sides_are_many() {
    let people = |yes: u32, no: u32| {
        let store = store();
        for person in 0..yes + no {
            save(&store, person, Settings { personalization_enabled: Some(person < yes), ..sharing() });
        }
        close(&store, AFTERNOON);
        show(&store, "1", AFTERNOON)["people"].clone()
    };
    let said = |known: Value, opted_out: Value, rate: Value| json!({"day": "2026-11-20", "known": known, "opted_out": opted_out, "opt_out_rate": rate});
    assert_eq!(people(60, 20), said(json!(80), json!(20), json!(0.25)));
    assert_eq!(people(60, 19), said(json!(79), Value::Null, Value::Null));
    assert_eq!(people(19, 60), said(json!(79), Value::Null, Value::Null), "those who did not are few");
    assert_eq!(people(19, 0), said(Value::Null, Value::Null, Value::Null));
    let before = show(&store(), "1", AFTERNOON)["people"].clone();
    assert_eq!(before, json!({"day": null, "known": null, "opted_out": null, "opt_out_rate": null}));
}

#[test]
fn answers_of_isolates_add_up_and_are_shown_once_one_answered_twenty_people() {
    let store = store();
    let add = |counts: &str, environment: &str| {
        let more = [("day", "20777"), ("environment", environment), ("counts", counts)];
        assert_eq!(ask(&store, FiguresAsk::AddAnswers, &more, AFTERNOON), "");
    };
    let service = || show(&store, "3", AFTERNOON)["service"].clone();
    assert_eq!(service(), json!([]));
    add(r#"[["general",0,10],["degraded",0,0],["people",0,19],["latency",1,40],["latency",5,24]]"#, "\"production\"");
    let said = |requests: Value, shares: [Value; 2], latency: [Value; 3]| {
        let [p50, p95, p99] = latency;
        json!([{
            "day": "2026-11-20", "requests": requests, "general_share": shares[0], "degraded_share": shares[1],
            "latency_ms": {"p50": p50, "p95": p95, "p99": p99},
        }])
    };
    let no = || Value::Null;
    assert_eq!(service(), said(no(), [no(), no()], [no(), no(), no()]));
    add(r#"[["general",0,6],["degraded",0,3],["people",0,19],["latency",5,30],["latency",60000,6]]"#, "\"production\"");
    assert_eq!(service()[0]["requests"], no(), "people of two isolates may be the same");
    add(r#"[["general",0,0],["degraded",0,0],["people",0,20]]"#, "\"production\"");
    add(r#"[["general",0,0],["degraded",0,0],["people",0,3],["latency",1,64]]"#, "\"test\"");
    let shares = [json!(0.16), json!(0.03)];
    assert_eq!(service(), said(json!(100), shares, [json!(5), json!(60_000), json!(60_000)]));
    let broken =
        ModelFacts::of("").json("day", "1").text("environment", "nowhere").json("counts", r#"[["people",0,1]]"#);
    assert!(block_on(store.figures(admin(), FiguresAsk::AddAnswers, &broken, NOW)).is_err());
}

#[test]
fn figures_go_when_evaluations_would() {
    let store = store();
    each(&store, 0..20, &[event(1, YESTERDAY)]);
    close(&store, AFTERNOON);
    let kept = || {
        store.database.number("SELECT (SELECT COUNT(*) FROM overview_days) + (SELECT COUNT(*) FROM overview_people)")
    };
    let limits = |now_ms: i64| PurgeLimits {
        now_ms,
        feature_vectors_days: 30,
        dead_letters_days: 30,
        tombstones_days: 365,
        audit_days: 390,
        evaluations_days: 365,
    };
    block_on(store.purge(&limits(AFTERNOON + 360 * DAY_MS))).unwrap();
    assert_eq!(kept(), 2.0);
    let purged = block_on(store.purge(&limits(AFTERNOON + 367 * DAY_MS))).unwrap();
    assert_eq!((purged.get("overview_days"), purged.get("overview_people"), kept()), (Some(&1), Some(&1), 0.0));
}
