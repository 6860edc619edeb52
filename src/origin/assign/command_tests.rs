//! Requests are answered as the engines they name would answer them, and bad lines at their place.

use serde_json::json;

use super::*;

fn answered_to(request: &Value) -> Value {
    let mut output = Vec::new();
    let text = request.to_string();
    answer_lines(&mut text.as_bytes(), &mut output).unwrap();
    serde_json::from_slice(&output).unwrap()
}

fn check(request: Value, variant: i64) {
    let answer = answered_to(&request);
    assert_eq!(answer["variant"], variant, "{request}: {answer}");
}

fn check_refused(request: Value, why: &str) {
    let answer = answered_to(&request);
    assert!(answer["error"].as_str().is_some_and(|error| error.contains(why)), "{request}: {answer}");
}

#[test]
fn other_libraries_answer_the_same() {
    let vectors: Value = serde_json::from_str(include_str!("../../../tests/vectors/assignment.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert!(cases.len() > 400);
    for case in cases {
        let answer = answered_to(&case["request"]);
        assert_eq!(answer["variant"], case["answer"]["variant"], "{case}: {answer}");
        let buckets = [&answer, &case["answer"]].map(|answer| answer["bucket"].as_f64());
        let is_same = match buckets {
            [Some(ours), Some(theirs)] => (ours - theirs).abs() < 1e-15,
            [ours, theirs] => ours == theirs,
        };
        assert!(is_same, "{case}: {answer}");
    }
}

#[test]
fn every_line_has_its_answer_and_bad_ones_say_why() {
    let input =
        b"{\"algorithm\":\"native\",\"seed\":\"s\",\"unit\":\"u\"}\n\nnot json\n{\"algorithm\":\"md4\"}\n[1]\r\n";
    let mut output = Vec::new();
    assert_eq!(answer_lines(&mut input.as_slice(), &mut output).unwrap(), (4, 3));
    let lines: Vec<Value> =
        output.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
    assert_eq!(lines[0]["variant"], 0);
    assert_eq!([&lines[1]["line"], &lines[2]["line"], &lines[3]["line"]], [&json!(3), &json!(4), &json!(5)]);
    assert!(lines[2]["error"].as_str().unwrap().contains("growthbook-v2"), "{}", lines[2]);
}

#[test]
fn a_line_without_end_is_refused_and_the_next_is_read() {
    let mut input = vec![b'x'; LONGEST_LINE_BYTES as usize * 2 + 5];
    input.extend_from_slice(b"\n{\"algorithm\":\"native\",\"unit\":\"u\"}");
    let mut output = Vec::new();
    assert_eq!(answer_lines(&mut input.as_slice(), &mut output).unwrap(), (2, 1));
    assert!(String::from_utf8(output).unwrap().contains("longer than 1048576 bytes"));
}

#[test]
fn fields_have_the_names_of_their_engines() {
    // 0.2575 of hash version 2 and 0.652 of version 1: GrowthBook's own cases.
    let growthbook = |more: Value| {
        let mut request = json!({"algorithm": "growthbook", "key": "foo", "userId": "ab", "hashVersion": 2});
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        request
    };
    check(growthbook(json!({"variations": 4})), 1);
    check(growthbook(json!({"variations": ["a", "b"], "weights": [0.2, 0.8]})), 1);
    check(growthbook(json!({"ranges": [[0, 0.2], [0.3, 1]]})), -1);
    check(growthbook(json!({"coverage": 0.2575})), 0);
    check(growthbook(json!({"coverage": 0.2574})), -1);
    check(growthbook(json!({"hashVersion": 99})), -1);
    check(growthbook(json!({"bucket": 0.9, "weights": [0.5, 0.5]})), 1);
    // 5254 of 10,000, as Optimizely publishes it.
    let optimizely = |ends: Value, variations: Value| {
        json!({"algorithm": "optimizely", "experimentId": 1886780721, "userId": "ppid1",
            "trafficAllocation": ends, "variations": variations})
    };
    let row = |entity: &str, end: u32| json!({"entityId": entity, "endOfRange": end});
    check(optimizely(json!([row("a", 5254), row("b", 10_000)]), json!(["b", "a"])), 0);
    check(optimizely(json!([row("a", 5255), row("b", 10_000)]), json!([{"id": "b"}, {"id": "a"}])), 1);
    check(optimizely(json!([row("a", 5000), row("", 6000), row("b", 10_000)]), Value::Null), -1);
    check(optimizely(json!([row("a", 10_000)]), json!(["b"])), -1);
    // 42157 of 100,000, as LaunchDarkly publishes it; its vectors call the id `key`.
    let launchdarkly = |weights: Value| json!({"algorithm": "launchdarkly", "flag": "hashKey", "salt": "saltyA", "key": "userKeyA", "variations": weights});
    check(launchdarkly(json!([{"variation": 5, "weight": 42157}, {"variation": 2, "weight": 57843}])), 2);
    check(launchdarkly(json!([{"variation": 5, "weight": 42158}, {"variation": 2, "weight": 57842}])), 5);
    let request = json!({"algorithm": "launchdarkly", "seed": "hashKey", "salt": "saltyA", "unit": "userKeyA"});
    assert_eq!(answered_to(&request), answered_to(&launchdarkly(Value::Null)));
    check(launchdarkly(json!([{"variation": 0, "weight": 1}, {"variation": 1, "weight": 1}])), 1);
}

#[test]
fn unleash_sticks_to_what_it_is_told() {
    let context = json!({"userId": "25", "sessionId": "147", "properties": {"customField": "388"}});
    let request = |group: &str, rollout: u32, stickiness: &str| json!({"algorithm": "unleash", "group": group, "rollout": rollout, "stickiness": stickiness, "context": context});
    check(request("Feature.flexibleRollout.userId.55", 55, "userId"), 0);
    check(request("Feature.flexibleRollout.sessionId.42", 42, "sessionId"), 0);
    check(request("Feature.flexible.rollout.custom.stickiness_50", 50, "customField"), 0);
    check(request("g", 100, "absent"), -1);
    check(request("g", 100, "random"), 0);
    check_refused(request("g", 50, "random"), "chance");
    let variants = json!([
        {"name": "a", "weight": 1, "overrides": [{"contextName": "userId", "values": ["25"]}]},
        {"name": "b", "weight": 0}
    ]);
    check(json!({"algorithm": "unleash", "group": "g", "context": context, "variants": variants}), 0);
    check(json!({"algorithm": "unleash", "group": "g", "unit": "x", "weights": [0, 0]}), -1);
}

#[test]
fn what_makes_no_sense_is_refused() {
    check_refused(json!({"unit": "u"}), "names no algorithm");
    check_refused(json!({"algorithm": "native", "unit": "u", "weights": [0.5, 0.4]}), "sum to 0.9");
    check_refused(json!({"algorithm": "native", "unit": "u", "coverage": 2}), "coverage is 2");
    check_refused(json!({"algorithm": "posthog", "key": "k", "unit": "u", "weights": [0.5, -0.5]}), "0 or above");
    check_refused(json!({"algorithm": "posthog", "key": "k", "unit": {"a": 1}}), "unit");
    check_refused(json!({"algorithm": "eppo", "unit": "u", "totalShards": 0}), "totalShards");
    check_refused(json!({"algorithm": "growthbook-v1", "unit": "u", "weights": "half"}), "weights is not a list");
    check_refused(json!({"algorithm": "growthbook-v1", "unit": "u", "namespace": ["a", 0]}), "namespace");
    check_refused(json!({"algorithm": "launchdarkly", "unit": "u"}), "no seed and no flag");
}

#[test]
fn our_own_layers_and_holdouts_are_asked_too() {
    let native = |more: Value| {
        let mut request = json!({"algorithm": "native", "seed": "s", "unit": "u", "weights": [0.5, 0.5]});
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        answered_to(&request)["variant"].clone()
    };
    let plain = native(json!({}));
    assert_eq!(native(json!({"layer": {"name": "l", "from": 0, "to": 1}})), plain);
    assert_eq!(native(json!({"layer": {"name": "l", "from": 0, "to": 0}})), -1);
    assert_eq!(native(json!({"holdout": {"share": 1}})), -1);
    assert_eq!(native(json!({"holdout": {"share": 0}})), plain);
    assert_eq!(native(json!({"weights": [50, 50]})), plain);
}
