//! Writing events and states: what is stored, and that it comes back as it went in.

use nearside_engine::ports::{
    Applied, CategorySnapshot, FeedbackRow, InteractionLog, KnownId, People, PersonWrite, Snapshot,
};
use nearside_engine::types::{Context, EventKind, Interaction, ItemFacts, Place};
use pollster::block_on;

use super::build::{NOW, acceptance, event, event_id, log, revision, scope, user, write};
use super::sqlite::store;
use crate::adapters::database::Cell;

fn full(number: u32) -> Interaction {
    Interaction {
        kind: EventKind::TimeSpent,
        action: Some("read 'all'".to_owned()),
        reason: Some("TOO_COMPLEX".to_owned()),
        value: Some(0.1 + 0.2),
        session_id: Some("session \"1\"".to_owned()),
        device_id: Some("dévice".to_owned()),
        device_type: Some("mobile".to_owned()),
        decision_id: Some("decision".to_owned()),
        position: Some(3),
        context: Context {
            utc_offset_minutes: Some(-330),
            country: Some("ZA".to_owned()),
            place: Some(Place { lat: 51.51, lon: -0.13 }),
            scroll_depth: Some(0.333_333_333_333_333_3),
            ..Context::default()
        },
        facts: ItemFacts { tags: vec!["isa".to_owned(), "a,b".to_owned()], complexity: Some(4), ..event(0, 0).facts },
        ..event(number, NOW - 1)
    }
}

#[test]
fn an_event_comes_back_as_it_went_in() {
    let store = store();
    log(&store, 1, vec![full(1), event(2, NOW)]);
    let (checkpoint, events) = block_on(store.all(scope(1))).unwrap();
    assert_eq!((checkpoint, events), (None, vec![full(1), event(2, NOW)]));
    let page = block_on(store.page(scope(1), None, 10)).unwrap();
    assert_eq!((page.interactions, page.next), (vec![event(2, NOW), full(1)], None));
}

#[test]
fn the_state_and_its_columns_are_written_with_the_events() {
    let store = store();
    let state = r#"{"v":1,"text":"it's \"so\"","f":0.30000000000000004,"n":9007199254740991}"#;
    let snapshot = Snapshot {
        engagement_level: Some("HIGH"),
        financial_literacy_score: Some(7),
        profile_completeness: 38.89,
        dismissed_categories: vec!["DEBT".to_owned()],
        ..Snapshot::default()
    };
    let written = PersonWrite { state_json: state.to_owned(), snapshot, ..write(1, 0, vec![event(1, NOW)]) };
    assert_eq!(block_on(store.apply(&[written])).unwrap(), [Applied::Yes]);
    let record = block_on(store.load(scope(1), &[])).unwrap();
    assert_eq!((record.revision, record.state_json.as_deref()), (1, Some(state)));
    let columns = "SELECT engagement_level || financial_literacy_score || dismissed_categories || profile_completeness || last_updated FROM user_personalization_profiles";
    assert_eq!(store.database.text(columns), format!("HIGH7[\"DEBT\"]38.89{NOW}"));
}

#[test]
fn an_event_that_is_in_the_log_stays_as_it_is() {
    let store = store();
    log(&store, 1, vec![event(1, NOW)]);
    let later = Interaction { value: Some(5.0), ..event(1, NOW + 1) };
    assert_eq!(block_on(store.apply(&[write(1, 1, vec![later, event(2, NOW)])])).unwrap(), [Applied::Yes]);
    assert_eq!(block_on(store.all(scope(1))).unwrap().1, [event(1, NOW), event(2, NOW)]);
}

#[test]
fn two_people_may_use_the_same_event_id() {
    let store = store();
    let both = [write(1, 0, vec![event(1, NOW)]), write(2, 0, vec![event(1, NOW)])];
    assert_eq!(block_on(store.apply(&both)).unwrap(), [Applied::Yes, Applied::Yes]);
    let asked = [(scope(1), event_id(1)), (scope(2), event_id(1)), (scope(2), event_id(2)), (scope(3), event_id(1))];
    let logged = |number: u32| KnownId { user: user(number), id: event_id(1), test: None };
    assert_eq!(block_on(store.known(&asked)).unwrap(), [logged(1), logged(2)]);
}

#[test]
fn acceptances_and_dismissals_become_outcomes() {
    let store = store();
    let dismissal =
        Interaction { kind: EventKind::RecommendationDismissed, reason: Some("LATER".to_owned()), ..event(2, NOW) };
    let purchase_of_something_else =
        Interaction { kind: EventKind::Purchased, facts: ItemFacts::default(), ..event(3, NOW) };
    let purchase = Interaction { kind: EventKind::Purchased, ..event(4, NOW) };
    log(&store, 1, vec![acceptance(1, "pension", NOW), dismissal, purchase_of_something_else, purchase, event(5, NOW)]);
    log(&store, 1, vec![event(6, NOW)]);
    let outcomes = store.database.query("SELECT id, outcome, notes FROM recommendation_outcomes ORDER BY id");
    let text = |text: &str| Cell::Text(text.to_owned());
    let expected = [
        [text(&event_id(1)), text("ACCEPTED"), Cell::Null],
        [text(&event_id(2)), text("DISMISSED"), text("LATER")],
        [text(&event_id(4)), text("ACCEPTED"), Cell::Null],
    ];
    assert_eq!(outcomes, expected);
}

#[test]
fn feedback_is_kept_beside_the_log() {
    let store = store();
    let row = |number: u32, at_ms: i64| FeedbackRow {
        id: event_id(number),
        recommendation_id: Some("isa-allowance".to_owned()),
        feedback_type: "RATING".to_owned(),
        rating: Some(4),
        feedback_text: Some("it's \"good\"".to_owned()),
        timestamp: at_ms,
    };
    let first = PersonWrite {
        feedback: vec![row(1, NOW), row(2, NOW + 1)],
        ..write(1, 0, vec![event(1, NOW), event(2, NOW + 1)])
    };
    block_on(store.apply(&[first])).unwrap();
    assert_eq!(block_on(store.feedback(scope(1), 10)).unwrap(), [row(2, NOW + 1), row(1, NOW)]);
    assert_eq!(block_on(store.feedback(scope(1), 1)).unwrap().len(), 1);
    assert_eq!(block_on(store.feedback(scope(2), 10)).unwrap(), []);
}

fn category(name: &str, score: f64) -> CategorySnapshot {
    CategorySnapshot {
        category: name.to_owned(),
        preference_score: score,
        acceptance_count: 3,
        dismissal_count: 2,
        total_shown: 10,
        last_interaction: NOW,
    }
}

fn with_categories(write: PersonWrite, categories: Vec<CategorySnapshot>) -> PersonWrite {
    PersonWrite { snapshot: Snapshot { categories, ..Snapshot::default() }, ..write }
}

#[test]
fn category_preferences_follow_the_state_and_a_rebuild_replaces_them() {
    let store = store();
    let shown = || {
        store
            .database
            .text("SELECT group_concat(category || preference_score, ' ' ORDER BY category) FROM category_preferences")
    };
    let first = with_categories(write(1, 0, vec![event(1, NOW)]), vec![category("DEBT", 0.25), category("TAX", 0.5)]);
    let second = with_categories(write(1, 1, vec![event(2, NOW)]), vec![category("TAX", 0.75)]);
    block_on(store.apply(&[first])).unwrap();
    block_on(store.apply(&[second])).unwrap();
    assert_eq!(shown(), "DEBT0.25 TAX0.75");
    let rebuilt = with_categories(write(1, 2, Vec::new()), vec![category("TAX", 0.5)]);
    assert_eq!(block_on(store.replace_state(&rebuilt)).unwrap(), Applied::Yes);
    assert_eq!(shown(), "TAX0.5");
    let late = with_categories(write(1, 2, Vec::new()), Vec::new());
    assert_eq!(block_on(store.replace_state(&late)).unwrap(), Applied::Conflict);
    assert_eq!(shown(), "TAX0.5");
    assert_eq!(revision(&store, 1), 3);
}

#[test]
fn much_feedback_is_noted_for_the_training_job() {
    let store = store();
    let packs = ["finance", "retail"].map(str::to_owned).to_vec();
    let snapshot = Snapshot { significant_feedback: packs, ..Snapshot::default() };
    let noted = PersonWrite { snapshot, ..write(1, 0, vec![event(1, NOW)]) };
    block_on(store.apply(&[noted, write(2, 0, vec![event(1, NOW)])])).unwrap();
    let log = store.database.text(
        "SELECT group_concat(id || event_type || event_data || processing_status) FROM personalization_events_log",
    );
    let row = |pack: &str| format!(r#"{}:1:{pack}SIGNIFICANT_FEEDBACK{{"pack":"{pack}"}}PENDING"#, user(1));
    assert_eq!(log, format!("{},{}", row("finance"), row("retail")));
}

#[test]
fn more_than_a_parameter_holds_goes_in_several_transactions_and_the_answers_keep_their_order() {
    let store = store();
    let state = format!(r#"{{"v":1,"pad":"{}"}}"#, "x".repeat(300_000));
    block_on(store.apply(&[write(5, 0, vec![event(1, NOW)])])).unwrap();
    let writes: Vec<PersonWrite> = (0..8)
        .map(|person| PersonWrite { state_json: state.clone(), ..write(person, 0, vec![event(9, NOW)]) })
        .collect();
    let answers = block_on(store.apply(&writes)).unwrap();
    let expected: Vec<Applied> =
        (0..8).map(|person| if person == 5 { Applied::Conflict } else { Applied::Yes }).collect();
    assert_eq!(answers, expected);
    assert_eq!(store.database.number("SELECT COUNT(DISTINCT sequence) FROM user_interactions"), 8.0);
}

#[test]
fn a_thousand_events_of_a_hundred_people_go_in_at_once() {
    let store = store();
    let writes: Vec<PersonWrite> = (0..100)
        .map(|person| write(person, 0, (0..10).map(|number| event(number, NOW + i64::from(number))).collect()))
        .collect();
    let answers = block_on(store.apply(&writes)).unwrap();
    assert_eq!(answers, vec![Applied::Yes; 100]);
    assert_eq!(store.database.number("SELECT COUNT(*) FROM user_interactions"), 1_000.0);
    assert_eq!(store.database.number("SELECT value FROM export_sequence"), 1_100.0);
    assert_eq!(
        store.database.number(
            "SELECT COUNT(*) FROM (SELECT sequence FROM user_interactions UNION SELECT export_sequence FROM user_personalization_profiles)"
        ),
        1_100.0,
        "no number was given out twice"
    );
}
