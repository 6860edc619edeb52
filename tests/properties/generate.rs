//! Random logs, statements, packs and troubles. Fixed seeds make every run the same.

use nearside_engine::ports::memory::{Fault, Port, Trouble};
use nearside_engine::types::{DAY_MS, format_rfc3339, parse_rfc3339};
use nearside_engine::wire::RawInteraction;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::world::{NOW, items};

/// Event types, with how often each is drawn.
const KINDS: [(u32, &str); 10] = [
    (4, "RECOMMENDATION_VIEWED"),
    (3, "RECOMMENDATION_ACCEPTED"),
    (3, "RECOMMENDATION_DISMISSED"),
    (2, "CLICKED"),
    (1, "GAME_BORROWED"),
    (1, "CONTENT_READ"),
    (1, "SESSION_STARTED"),
    (1, "FEATURE_USED"),
    (1, "TIME_SPENT"),
    (2, "FEEDBACK"),
];

/// What one event is drawn from: type, target, age in minutes, session, device, feedback, offset.
type Drawn = (&'static str, usize, i64, usize, usize, usize, Option<i16>);

fn an_event(days: i64) -> impl Strategy<Value = Drawn> {
    let kind =
        prop::sample::select(KINDS.iter().flat_map(|(often, kind)| vec![*kind; *often as usize]).collect::<Vec<_>>());
    // Few distinct days and hours, so that days, sessions and ties of time meet.
    let age_minutes = prop_oneof![0_i64..days * 1_440, (0..days / 7).prop_map(|step| step * 7 * 1_440), Just(1_440)];
    let offset = prop::option::of(prop::sample::select(vec![-600_i16, 0, 60, 330, 840]));
    (kind, 0..items().len() + 1, age_minutes, 0_usize..4, 0_usize..3, 0_usize..8, offset)
}

/// A log of at most `most` events of 200 days, with ids of their own.
pub fn a_log(most: usize) -> impl Strategy<Value = Vec<RawInteraction>> {
    a_log_of(an_event(200), 1..=most)
}

/// Events that a client may still send.
pub fn some_clicks(most: usize) -> impl Strategy<Value = Vec<RawInteraction>> {
    a_log_of(an_event(29), 1..=most)
}

/// A log that overflows what a profile keeps of days, sessions, devices and features.
pub fn a_crowded_log() -> impl Strategy<Value = Vec<RawInteraction>> {
    let crowded = (an_event(200), 0_usize..2, 0_usize..90, 0_usize..12).prop_map(
        |((kind, _, age, _, _, said, offset), target, session, device)| {
            (kind, if kind == "FEATURE_USED" { session } else { target }, age, session, device, said, offset)
        },
    );
    a_log_of(crowded, 150..=250)
}

/// A log of a year and a half, a part of which is past its time.
pub fn an_old_log(most: usize) -> impl Strategy<Value = Vec<RawInteraction>> {
    a_log_of(an_event(550), 1..=most)
}

fn a_log_of(
    event: impl Strategy<Value = Drawn>,
    number: std::ops::RangeInclusive<usize>,
) -> impl Strategy<Value = Vec<RawInteraction>> {
    // The log's number in the ids tells logs apart that meet in one case.
    (prop::collection::vec(event, number), any::<u32>()).prop_map(|(drawn, log)| {
        drawn.into_iter().enumerate().map(|(index, drawn)| interaction(drawn, log, index)).collect()
    })
}

fn interaction(
    (kind, target, age_minutes, session, device, said, offset): Drawn,
    log: u32,
    index: usize,
) -> RawInteraction {
    let at_ms = parse_rfc3339(NOW).unwrap() - age_minutes * DAY_MS / 1_440;
    let items = items();
    let mut event = json!({
        "id": format!("{log:08x}-0000-7000-8000-{index:012x}"), "type": kind, "occurred_at": format_rfc3339(at_ms),
        "session_id": format!("session-{session}"), "device_id": format!("device-{device}"),
        "context": { "utc_offset_minutes": offset },
    });
    match (kind, items.get(target)) {
        ("FEATURE_USED", _) => {
            event["target_type"] = json!("feature");
            event["target_id"] = json!(format!("feature-{target}"));
        }
        ("TIME_SPENT", _) => event["value"] = json!(f64::from(u32::try_from(said).unwrap()) * 37.5),
        ("SESSION_STARTED", _) => {}
        (_, Some(item)) => event["target_id"] = json!(item.id),
        // A target that no catalogue holds, with the category that the client knows.
        (_, None) => {
            event["target_id"] = json!("long-gone");
            event["category"] = json!("PARTY");
        }
    }
    if kind == "FEEDBACK" {
        let actions =
            ["positive", "negative", "rating", "already_done", "not_relevant", "restore", "helpful", "general"];
        event["action"] = json!(actions[said]);
        event["value"] = if actions[said] == "rating" { json!(1 + target % 5) } else { json!(0.5) };
    }
    serde_json::from_value(event).unwrap()
}

/// So many clicks that one message of the queue cannot hold them.
pub fn many_clicks(number: usize) -> Vec<RawInteraction> {
    (0..number).map(|index| interaction(("CLICKED", index % items().len(), 1, 0, 0, 0, None), 1, index)).collect()
}

/// The log in another order, and some of its events once more.
pub fn disturbed(log: &[RawInteraction], seed: u64) -> (Vec<RawInteraction>, Vec<RawInteraction>) {
    let mut state = seed | 1;
    let mut draw = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let mut shuffled = log.to_vec();
    for index in (1..shuffled.len()).rev() {
        shuffled.swap(index, draw(index + 1));
    }
    let repeated = shuffled.iter().filter(|_| draw(3) == 0).cloned().collect();
    (shuffled, repeated)
}

/// What a person may say of themselves.
pub fn some_stated() -> impl Strategy<Value = Value> {
    let level = || prop::option::of(prop::sample::select(vec!["LOW", "MEDIUM", "HIGH"]));
    let detail = prop::option::of(prop::sample::select(vec!["CONCISE", "MODERATE", "DETAILED"]));
    let expertise = prop::option::of(prop::sample::select(vec!["NOVICE", "INTERMEDIATE", "EXPERT"]));
    let country = prop::option::of(prop::sample::select(vec!["DE", "AT", "BY"]));
    (prop::option::of(0_u8..=120), level(), country, detail, expertise, any::<bool>()).prop_map(
        |(age, income, country, detail, expertise, likes_coop)| {
            json!({
                "demographics": { "age": age, "income_level": income, "country": country },
                "preferences": {
                    "detail_level_preference": detail,
                    "recommendation_categories_preferred": if likes_coop { json!(["COOP"]) } else { json!([]) },
                },
                "sophistication": { "self_reported_expertise": expertise },
            })
        },
    )
}

/// Where somebody asks from.
pub fn a_context() -> impl Strategy<Value = Value> {
    let country = prop::option::of(prop::sample::select(vec!["DE", "AT", "BY", "ZZ"]));
    let weather = prop::option::of(prop::sample::select(vec!["rain", "sun"]));
    (country, weather, prop::option::of(-840_i16..=840)).prop_map(
        |(country, weather, offset)| json!({ "country": country, "weather": weather, "utc_offset_minutes": offset }),
    )
}

/// Another scoring: weights of every term, and three factors that may meet the clamp.
pub fn a_pack_change() -> impl Strategy<Value = Value> {
    let names = nearside_engine::pack::TERMS;
    let weights = prop::collection::vec(prop_oneof![Just(0.0), 0.001_f64..3.0], names.len());
    let factors = prop::collection::vec(0.1_f64..=2.0, 3);
    (weights, factors, 0.0_f64..=1.0).prop_map(move |(weights, factors, floor)| {
        let mut weighed: serde_json::Map<String, Value> =
            names.iter().zip(weights).map(|(name, weight)| ((*name).to_owned(), json!(weight))).collect();
        weighed.insert("popularity_floor".to_owned(), json!(floor));
        weighed.insert("base".to_owned(), json!(0.5));
        let when = [
            json!({ "fact": "item.tag", "in": ["team", "castle"] }),
            json!({ "fact": "item.category", "in": ["PARTY", "STRATEGY"] }),
            json!({ "fact": "history.interactions", "at_least": 10 }),
        ];
        let factors: Vec<Value> = ["one", "two", "three"]
            .iter()
            .zip(when)
            .zip(factors)
            .map(|((name, when), multiplier)| json!({ "name": name, "when": when, "multiplier": multiplier }))
            .collect();
        json!({ "weights": weighed, "factors": factors })
    })
}

/// One to three troubles at any calls of any ports.
pub fn some_trouble() -> impl Strategy<Value = Vec<Fault>> {
    let ports = vec![
        None,
        Some(Port::People),
        Some(Port::Interactions),
        Some(Port::Library),
        Some(Port::Blobs),
        Some(Port::Queue),
    ];
    let troubles = vec![Trouble::Down, Trouble::AnswerLost, Trouble::Race, Trouble::TakesOne];
    let call = prop_oneof![3 => (1_u32..8).prop_map(Some), 1 => Just(None)];
    let fault = (prop::sample::select(ports), call, prop::sample::select(troubles))
        .prop_map(|(port, call, trouble)| Fault { port, call, trouble });
    prop::collection::vec(fault, 1..=3)
}
