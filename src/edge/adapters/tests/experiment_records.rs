//! Definitions of tests: changed under the set that they were decided on, with epochs that nobody can rewrite.

use nearside_engine::ports::{Applied, Experiments, Library, TestAction, TestChange, TestRow, Tester};
use nearside_engine::types::{Environment, UnitKind};
use pollster::block_on;

use super::build::{NOW, admin, user};
use super::sqlite::store;
use crate::adapters::database::{Database, Statement};

/// The test that the tests count.
pub(super) const TEST: &str = "WORDS";

const PRODUCTION: Environment = Environment::Production;

fn row(action: TestAction, status: &'static str, epoch: u32) -> TestRow {
    TestRow {
        action,
        test_name: TEST.to_owned(),
        description: "louder \"words\"".to_owned(),
        hypothesis: "more is done".to_owned(),
        start_date: Some(NOW),
        end_date: None,
        status,
        variants:
            r#"[{"name":"CONTROL","traffic_percentage":33.3333333333333333},{"name":"LOUD","traffic_percentage":66.7}]"#
                .to_owned(),
        success_metric: "accepted".to_owned(),
        minimum_sample_size: 400,
        stopped_at_ms: None,
        epoch,
        stratum: 1,
        unit: UnitKind::User,
        salt: "pinch".to_owned(),
        hash_algorithm: "native",
        definition: format!(r#"{{"test_name":"WORDS","epoch":{epoch},"definition":{{"alpha":0.05000000000000001}}}}"#),
    }
}

fn change(test: Option<TestRow>, version: &str) -> TestChange {
    TestChange {
        environment: PRODUCTION,
        salt: "sea".to_owned(),
        holdout_percentage: 5.5,
        test,
        reason: "it's time".to_owned(),
        version: version.to_owned(),
    }
}

fn make(store: &impl Experiments, change: &TestChange, expected: &str) -> Applied {
    block_on(store.change_test(admin(), change, expected, NOW)).unwrap()
}

/// Creates and starts the test.
pub(super) fn create(store: &impl Experiments) {
    let created = change(Some(row(TestAction::Created, "DRAFT", 1)), "v1");
    assert_eq!(make(store, &created, ""), Applied::Yes);
    let started = change(Some(row(TestAction::Started, "ACTIVE", 2)), "v2");
    assert_eq!(make(store, &started, "v1"), Applied::Yes);
}

/// Archives it.
pub(super) fn archive(store: &impl Experiments) {
    let archived = change(Some(row(TestAction::Archived, "ARCHIVED", 3)), "v3");
    assert_eq!(make(store, &archived, "v2"), Applied::Yes);
}

#[test]
fn a_change_writes_test_epoch_audit_and_pointer_or_nothing() {
    let store = store();
    create(&store);
    let lost = change(Some(TestRow { description: "lost".to_owned(), ..row(TestAction::Changed, "ACTIVE", 3) }), "v3");
    assert_eq!(make(&store, &lost, "v1"), Applied::Conflict, "somebody else moved to v2");
    let pointers = block_on(store.pointers()).unwrap();
    assert_eq!(pointers.get("experiments/production").map(String::as_str), Some("v2"));
    let numbers = "SELECT (SELECT COUNT(*) FROM ab_test_epochs) * 100 + (SELECT COUNT(*) FROM audit_log)";
    assert_eq!(store.database.number(numbers), 202.0);
    assert_eq!(store.database.text("SELECT description FROM ab_test_configurations"), "louder \"words\"");
    let report = block_on(store.report_tests(admin(), PRODUCTION, Some(TEST), NOW)).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!((&report["status"], &report["active"], &report["epoch"]), (&"ACTIVE".into(), &true.into(), &2.into()));
    assert_eq!(report["epochs"][1]["reason"], "it's time");
    assert_eq!(report["epochs"][1]["opened_at"], "2026-11-20T00:00:00.000Z");
    let tester = |number: u32| Tester { user: user(number), variant: Some("LOUD".to_owned()) };
    assert_eq!(report["tester_changes"], serde_json::json!([]));
    block_on(store.force(admin(), PRODUCTION, TEST, &[tester(1), tester(2)], "it's a \"look\"", NOW + 1)).unwrap();
    let shown = block_on(store.report_tests(admin(), PRODUCTION, Some(TEST), NOW)).unwrap();
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let (actor, changed_at) = (admin().actor().to_string(), "2026-11-20T00:00:00.001Z");
    let logged =
        serde_json::json!([{"actor": actor, "reason": "it's a \"look\"", "testers": 2, "changed_at": changed_at}]);
    assert_eq!(shown["tester_changes"], logged);
    assert_eq!(report["definition"]["alpha"], 0.050_000_000_000_000_01);
    assert!(!report.to_string().contains("pinch"), "salts are nobody's business");
    assert_eq!(block_on(store.report_tests(admin(), Environment::Test, Some(TEST), NOW)).unwrap(), "");
    assert_eq!(block_on(store.report_tests(admin(), Environment::Test, None, NOW)).unwrap(), r#"{"tests":[]}"#);
}

#[test]
fn a_test_past_its_end_date_is_said_to_have_ended() {
    let store = store();
    create(&store);
    let ending = TestRow { end_date: Some(NOW + 5), ..row(TestAction::Changed, "ACTIVE", 3) };
    assert_eq!(make(&store, &change(Some(ending), "v3"), "v2"), Applied::Yes);
    let said = |test: Option<&str>, at_ms: i64| {
        let report = block_on(store.report_tests(admin(), PRODUCTION, test, at_ms)).unwrap();
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        let report = if test.is_some() { &report } else { &report["tests"][0] };
        (report["status"].clone(), report["active"].clone(), report["definition"]["alpha"].clone())
    };
    let alpha = 0.050_000_000_000_000_01;
    for test in [Some(TEST), None] {
        assert_eq!(said(test, NOW + 4), ("ACTIVE".into(), true.into(), alpha.into()));
        assert_eq!(said(test, NOW + 5), ("ENDED".into(), false.into(), alpha.into()));
    }
}

#[test]
fn the_set_holds_definitions_to_the_letter_without_what_is_archived() {
    let store = store();
    let empty = r#"{"format":1,"environment":"production","salt":"","holdout_percentage":0.0,"tests":[]}"#;
    assert_eq!(block_on(store.definition_set(PRODUCTION)).unwrap(), empty);
    create(&store);
    let definition = row(TestAction::Started, "ACTIVE", 2).definition;
    let set = format!(
        r#"{{"format":1,"environment":"production","salt":"sea","holdout_percentage":5.5,"tests":[{definition}]}}"#
    );
    assert_eq!(block_on(store.definition_set(PRODUCTION)).unwrap(), set);
    archive(&store);
    assert!(block_on(store.definition_set(PRODUCTION)).unwrap().ends_with(r#""tests":[]}"#));
}

#[test]
fn the_holdout_changes_alone_and_the_salt_stays() {
    let store = store();
    create(&store);
    let holdout = TestChange { holdout_percentage: 10.0, salt: "another".to_owned(), ..change(None, "v3") };
    assert_eq!(make(&store, &holdout, "v2"), Applied::Yes);
    assert_eq!(make(&store, &holdout, "v2"), Applied::Conflict);
    let kept = store.database.text("SELECT salt || holdout_percentage FROM ab_test_environments");
    assert_eq!(kept, "sea10.0");
    assert_eq!(store.database.number("SELECT COUNT(*) FROM ab_test_epochs"), 2.0);
}

#[test]
fn an_epoch_cannot_be_rewritten() {
    let store = store();
    create(&store);
    for sql in ["UPDATE ab_test_epochs SET reason = 'another'", "DELETE FROM ab_test_epochs"] {
        let refused = block_on(store.database.batch(vec![Statement::new(sql)]));
        assert!(refused.is_err_and(|error| error.reason.contains("append-only")), "{sql}");
    }
    let twice = change(Some(row(TestAction::Changed, "ACTIVE", 2)), "v3");
    assert!(block_on(store.change_test(admin(), &twice, "v2", NOW)).is_err(), "an epoch is opened once");
    assert_eq!(block_on(store.pointers()).unwrap().get("experiments/production").map(String::as_str), Some("v2"));
}
