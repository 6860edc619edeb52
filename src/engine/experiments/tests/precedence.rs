//! What is asked first.

use super::super::{Assignments, Experiment, Holdout, Plan, Reason, Status, UnitKind, decide, decide_all};
use super::build::{Known, asker, assigned, condition, first, plan, remembered, slot, test};

fn check(tests: &[Experiment], user: &str, assignments: &Assignments, reason: Reason, variant: u8) {
    let verdict = first(&plan(tests), user, assignments);
    assert_eq!((verdict.reason, verdict.variant), (reason, variant), "{user}");
}

#[test]
fn a_test_that_does_not_run_answers_control_and_counts_nothing() {
    let none = Assignments::new();
    for status in [Status::Draft, Status::Stopped, Status::Archived] {
        let stopped = Experiment { status, ..test("a") };
        check(std::slice::from_ref(&stopped), "u", &none, Reason::Inactive, 0);
        check(&[stopped], "u", &assigned("a", 1), Reason::Inactive, 0);
    }
    let window = |start_at_ms, end_at_ms| Experiment { start_at_ms, end_at_ms, ..test("a") };
    check(&[window(Some(1_000_001), None)], "u", &none, Reason::Inactive, 0);
    check(&[window(None, Some(1_000_000))], "u", &none, Reason::Inactive, 0);
    let verdict = first(&plan(&[window(Some(1_000_000), Some(1_000_001))]), "u", &none);
    assert_eq!((verdict.reason, verdict.is_counted()), (Reason::Assigned, true));
    assert!(!first(&plan(&[window(None, Some(0))]), "u", &none).is_counted());
}

#[test]
fn who_is_held_out_sees_control_whatever_was_assigned() {
    let plan = Plan::new("production", &Holdout { share: 1.0, salt: String::new() }, &[test("a")]);
    let verdict = first(&plan, "u", &assigned("a", 1));
    assert_eq!((verdict.reason, verdict.variant, verdict.is_counted()), (Reason::HeldOut, 0, false));
}

#[test]
fn an_assignment_wins_over_coverage_weights_and_layer() {
    let narrow = Experiment { coverage: 0.0, layer: slot("l", 0.0, 1e-9), ..test("a") };
    for variant in [0, 1] {
        let plan = plan(std::slice::from_ref(&narrow));
        let verdict = first(&plan, "u", &assigned("a", variant));
        assert_eq!((verdict.reason, verdict.variant, verdict.epoch), (Reason::Existing, variant, 1));
        assert!(verdict.is_counted() && remembered(&plan, &verdict, 0).is_none());
    }
    let later = Experiment { epoch: 7, ..test("a") };
    assert_eq!(first(&plan(&[later]), "u", &assigned("a", 1)).epoch, 1);
    // No variant has that index: the assignment is of another definition.
    assert_eq!(first(&plan(&[test("a")]), "u", &assigned("a", 9)).reason, Reason::Assigned);
}

#[test]
fn who_is_not_eligible_any_more_stays_what_they_were() {
    let only_gb = condition(r#"{"fact":"context.country","in":["GB"]}"#);
    let kept = Experiment { eligibility: only_gb, ..test("a") };
    check(std::slice::from_ref(&kept), "u", &Assignments::new(), Reason::Ineligible, 0);
    check(std::slice::from_ref(&kept), "u", &assigned("a", 1), Reason::KeptIneligible, 1);
    let back = assigned("a", 1);
    let gb = Known::fact("context.country", "GB");
    let verdict = decide(&plan(&[kept]), 0, &asker("u", &back, &gb)).unwrap();
    assert_eq!((verdict.reason, verdict.variant), (Reason::Existing, 1));
}

#[test]
fn a_share_of_traffic_is_a_condition() {
    let share = |below: f64| Experiment {
        eligibility: condition(&format!(r#"{{"fact":"unit.share.pilot","below":{below}}}"#)),
        ..test("a")
    };
    let eligible = |below: f64| {
        let plan = plan(&[share(below)]);
        let is_in = |number: &u32| first(&plan, &super::build::id(*number), &Assignments::new()).is_counted();
        (0..2_000).filter(is_in).collect::<Vec<_>>()
    };
    let (fifth, half) = (eligible(0.2), eligible(0.5));
    assert!((330..470).contains(&fifth.len()) && (900..1_100).contains(&half.len()), "{} {}", fifth.len(), half.len());
    assert!(fifth.iter().all(|number| half.contains(number)));
    assert_eq!((eligible(0.0).len(), eligible(1.0).len()), (0, 2_000));
}

#[test]
fn tests_of_a_layer_exclude_each_other_whatever_becomes_of_their_parts() {
    let halves = |middle: f64| {
        [
            Experiment { layer: slot("page", 0.0, middle), ..test("a") },
            Experiment { layer: slot("page", middle, 1.0), ..test("b") },
        ]
    };
    let (before, after) = (plan(&halves(0.5)), plan(&halves(0.2)));
    for number in 0..2_000 {
        let user = super::build::id(number);
        let mut kept = Assignments::new();
        for plan in [&before, &after] {
            let verdicts = decide_all(plan, &asker(&user, &kept, &Known::default()));
            assert_eq!(verdicts.iter().filter(|verdict| verdict.is_counted()).count(), 1, "{user}");
            for verdict in verdicts {
                let alone = decide(plan, verdict.test, &asker(&user, &kept, &Known::default()));
                assert_eq!(alone, Some(verdict));
            }
            for new in decide_all(plan, &asker(&user, &kept, &Known::default())) {
                let new = remembered(plan, &new, 5_000);
                new.into_iter().for_each(|new| drop(Box::new(kept.keep(new))));
            }
        }
        assert_eq!(kept.len(), 1);
    }
    // When the one that has the unit stops, the other may have it.
    let mut stopped = halves(0.5);
    stopped[0].status = Status::Stopped;
    stopped[1].layer = slot("page", 0.0, 1.0);
    let verdicts = decide_all(&plan(&stopped), &asker("u", &assigned("a", 1), &Known::default()));
    assert_eq!([verdicts[0].reason, verdicts[1].reason], [Reason::Inactive, Reason::Assigned]);
}

#[test]
fn each_test_hashes_the_unit_it_names() {
    let device = Experiment { unit: UnitKind::Device, ..test("a") };
    let none = Assignments::new();
    check(std::slice::from_ref(&device), "u", &none, Reason::NoUnit, 0);
    let known = Known::default();
    let mut asker = asker("u", &none, &known);
    asker.device = Some("d");
    let verdict = decide(&plan(&[device]), 0, &asker).unwrap();
    assert_eq!((verdict.reason, verdict.variant), (Reason::Assigned, first(&plan(&[test("a")]), "d", &none).variant));
}

#[test]
fn environments_have_nothing_in_common() {
    let in_test = Experiment { environment: "test".to_owned(), ..test("a") };
    let [production, staging] = [test("a"), in_test];
    let both = [production, staging];
    let plans = ["production", "test"].map(|name| Plan::new(name, &Holdout::default(), &both));
    let variant = |plan: &Plan, number: u32| first(plan, &super::build::id(number), &Assignments::new()).variant;
    let same = (0..2_000).filter(|number| variant(&plans[0], *number) == variant(&plans[1], *number)).count();
    assert!((900..1_100).contains(&same), "{same}");
    assert_eq!(plans.map(|plan| plan.tests().len()), [1, 1]);
    assert_eq!(first(&Plan::new("test", &Holdout::default(), &both), "u", &assigned("a", 1)).reason, Reason::Assigned);
}

#[test]
fn another_engines_rule_stands_where_coverage_and_variant_stand() {
    let mut moved = test("a");
    moved.hashing = nearside_json::read_json(br#"{"algorithm":"growthbook-v1","seed":"my-test"}"#).unwrap();
    moved.coverage = 0.5;
    let rule = moved.foreign_rule().unwrap().unwrap();
    let plan = plan(&[moved]);
    for number in 0..500 {
        let user = number.to_string();
        let verdict = first(&plan, &user, &Assignments::new());
        let found = rule.assign(&user);
        assert_eq!(verdict.is_counted(), found.variant.is_some());
        assert_eq!((verdict.variant, verdict.bucket), (found.variant.unwrap_or(0), Some(found.bucket)));
    }
}
