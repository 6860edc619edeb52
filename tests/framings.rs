//! The finance pack's tested words before every one of its items, on many days and with many counts of people: a claim
//! stands only where it is true, nothing claims anything of a regulated item, and what cannot be said leaves the words alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

use nearside_engine::pack::{FramedVariant, Pack, Popularity, Reasoning, Shelf, ShelvedItem, check_pack};
use nearside_engine::profile::ProfileState;
use nearside_engine::ranking::{Presentation, TextCache, framing_acts, present_personal};
use nearside_engine::scoring::{Scored, Subject, SubjectInput};
use nearside_engine::text::Lexicon;
use nearside_engine::types::{
    Allowed, Context, DAY_MS, DecidedItem, Explain, Item, Stated, TimeMs, day_of, parse_rfc3339,
};
use nearside_json::read_json;
use nearside_tests::folders;
use serde_json::{Value, json};

struct World {
    pack: Pack,
    shelf: Shelf,
    lexicon: Lexicon,
    texts: TextCache,
}

impl World {
    /// The finance pack, with what a test changes in each item.
    fn new(change: impl Fn(&mut Value)) -> Self {
        let document = folders::pack("finance");
        let pack: Pack = read_json(document["pack"].to_string().as_bytes()).unwrap();
        assert_eq!(check_pack(&pack), vec![]);
        let mut items = document["items"].clone();
        items.as_array_mut().unwrap().iter_mut().for_each(change);
        let items: Vec<Item> = read_json(items.to_string().as_bytes()).unwrap();
        let shelf = Shelf::new(items, &pack);
        Self { lexicon: Lexicon::new(&pack), texts: TextCache::new(&shelf), shelf, pack }
    }

    fn variant(&self, framing: &str, variant: &str) -> FramedVariant<'_> {
        self.pack.experiments.variant(framing, variant).unwrap()
    }

    /// Calls `see` with every item as a person in Britain sees it at a time, without and with these variants, and whether
    /// the first one's framing would act on it.
    fn shown(
        &self,
        now_ms: TimeMs,
        popularity: Option<&Popularity>,
        framings: &[FramedVariant<'_>],
        mut see: impl FnMut(&ShelvedItem, DecidedItem, DecidedItem, bool),
    ) {
        let (state, context) = (ProfileState::default(), Context::default());
        let stated = Stated { country: Some("GB".to_owned()), ..Stated::default() };
        let allowed = Allowed { personalization: true, behavioral: true, location: true, ..Allowed::default() };
        let input = SubjectInput { state: &state, stated: &stated, allowed, context: &context, now_ms, popularity };
        let subject = Subject::new(input, &self.pack, &self.shelf);
        let how = |framings| Presentation::new(&self.lexicon, &self.texts, Explain::None, Reasoning::Visible, framings);
        let (neutral, framed) = (how(&[]), how(framings));
        for (index, shelved) in self.shelf.items.iter().enumerate() {
            let scored = Scored { index, score: 1.0, adjusted_priority: 1 };
            let acts = framings.first().is_some_and(|first| framing_acts(&subject, index, &neutral, first.framing));
            let plain = present_personal(&subject, &scored, 1, &neutral);
            assert_eq!(plain.framing, Vec::<String>::new());
            see(shelved, plain, present_personal(&subject, &scored, 1, &framed), acts);
        }
    }
}

fn text(words: Option<String>) -> String {
    words.unwrap()
}

fn at(rfc3339: &str) -> TimeMs {
    parse_rfc3339(rfc3339).unwrap()
}

#[test]
fn urgency_is_said_of_unregulated_items_before_their_deadline_only() {
    let world = World::new(|_| {});
    let urgent = [world.variant("URGENCY_FRAMING", "HIGH_URGENCY")];
    let mut said = 0;
    for step in 0..150 {
        let now_ms = at("2026-11-25T00:00:00Z") + step * 25 * DAY_MS / 24;
        world.shown(now_ms, None, &urgent, |shelved, plain, framed, acts| {
            let left_ms = shelved.deadline_ms.map_or(0, |deadline_ms| deadline_ms - now_ms);
            let may_say = !shelved.item.regulated && left_ms > 0 && left_ms < 30 * DAY_MS;
            assert_eq!(acts, may_say, "{}", shelved.item.id);
            if !may_say {
                assert_eq!(framed, plain, "{}", shelved.item.id);
                return;
            }
            said += 1;
            assert_eq!(framed.framing, ["URGENCY_FRAMING:HIGH_URGENCY"]);
            assert_eq!((&framed.title, &framed.description_full), (&plain.title, &plain.description_full));
            let (framed, plain) = (text(framed.description), text(plain.description));
            let claim = framed.strip_suffix(&plain).unwrap().trim_end().strip_prefix("⚠️ Less than ").unwrap();
            let days = claim.strip_suffix(" left.").unwrap();
            let days: i64 = if days == "a day" { 1 } else { days.strip_suffix(" days").unwrap().parse().unwrap() };
            assert!(left_ms < days * DAY_MS && left_ms >= (days - 1) * DAY_MS, "{claim} with {left_ms} ms");
        });
    }
    assert!(said > 100, "{said}");
}

#[test]
fn popularity_is_said_of_unregulated_items_with_a_live_count_above_ten() {
    let world = World::new(|_| {});
    let social = [world.variant("SOCIAL_PROOF", "SOCIAL_PROOF")];
    let now_ms = at("2026-11-25T12:00:00Z");
    let people = |place: usize| u32::try_from(place * 3).unwrap();
    let counts: serde_json::Map<String, Value> = world
        .shelf
        .items
        .iter()
        .enumerate()
        .map(|(place, shelved)| (shelved.item.id.clone(), json!(people(place))))
        .collect();
    for (age_days, window_days, is_live) in
        [(0, 90, true), (3, 7, true), (4, 90, false), (-1, 90, false), (0, 0, false)]
    {
        let list = json!({ "format": 1, "countries": { "GB": counts }, "window_days": window_days, "as_of_day": day_of(now_ms) - age_days });
        let list: Popularity = read_json(list.to_string().as_bytes()).unwrap();
        let mut place = 0;
        world.shown(now_ms, Some(&list), &social, |shelved, plain, framed, acts| {
            let may_say = is_live && people(place) > 10 && !shelved.item.regulated;
            assert_eq!(acts, may_say, "{}", shelved.item.id);
            if may_say {
                let said = people(place) / 10 * 10;
                let claim = format!("\n\n✓ At least {said} people have acted on this in the last {window_days} days.");
                assert_eq!(text(framed.description), text(plain.description) + &claim);
                assert_eq!(framed.framing, ["SOCIAL_PROOF:SOCIAL_PROOF"]);
            } else {
                assert_eq!(framed, plain);
            }
            place += 1;
        });
    }
    world.shown(now_ms, None, &social, |_, plain, framed, acts| assert_eq!((framed, acts), (plain, false)));
}

#[test]
fn a_benefit_leads_the_title_where_the_item_states_one() {
    let world = World::new(|_| {});
    let mut found = [0, 0];
    for (place, (variant, lead)) in
        [("MONETARY_FOCUS", "Worth around "), ("PERCENTAGE_FOCUS", "Improve by around ")].into_iter().enumerate()
    {
        let framings = [world.variant("BENEFIT_EMPHASIS", variant)];
        world.shown(at("2026-11-25T12:00:00Z"), None, &framings, |shelved, plain, framed, _| {
            let benefit = shelved.item.benefit.as_ref();
            let states = benefit.is_some_and(|benefit| match place {
                0 => benefit.amount.is_some(),
                _ => benefit.percentage.is_some(),
            });
            let (title, own) = (text(framed.title.clone()), text(plain.title.clone()));
            assert_eq!(title.starts_with(lead) && title.ends_with(&own), states, "{title}");
            assert_eq!(framed.description, plain.description);
            assert!(states || framed == plain);
            found[place] += usize::from(states);
        });
    }
    assert!(found[0] > 10 && found[1] > 0, "{found:?}");
}

#[test]
fn less_pressure_takes_words_of_haste_out_and_nothing_else() {
    let hasty = World::new(|item| {
        item["description"] =
            json!(format!("Act now! {} Ask immediately for the form.", item["description"].as_str().unwrap()));
    });
    let own = World::new(|item| {
        item["description"] = json!(format!("{} Ask for the form.", item["description"].as_str().unwrap()));
    });
    let now_ms = at("2026-11-25T12:00:00Z");
    let low = [hasty.variant("URGENCY_FRAMING", "LOW_PRESSURE")];
    let mut expected = Vec::new();
    own.shown(now_ms, None, &[], |_, plain, _, _| expected.push(plain));
    let mut place = 0;
    hasty.shown(now_ms, None, &low, |shelved, plain, framed, acts| {
        let expected = &expected[place];
        assert!(acts && framed.framing == ["URGENCY_FRAMING:LOW_PRESSURE"], "{}", shelved.item.id);
        assert_eq!((&framed.title, &framed.description), (&expected.title, &expected.description));
        assert_eq!(framed.description_full, plain.description_full, "the publisher's own words stay to be read");
        place += 1;
    });
    own.shown(now_ms, None, &[own.variant("URGENCY_FRAMING", "LOW_PRESSURE")], |_, plain, framed, _| {
        assert_eq!(framed, plain);
    });
}

#[test]
fn several_tests_act_one_after_the_other() {
    let world = World::new(|item| item["regulated"] = json!(false));
    let now_ms = at("2027-04-01T12:00:00Z");
    let framings = [
        world.variant("BENEFIT_EMPHASIS", "MONETARY_FOCUS"),
        world.variant("URGENCY_FRAMING", "HIGH_URGENCY"),
        world.variant("SOCIAL_PROOF", "CONTROL"),
    ];
    let mut both = 0;
    world.shown(now_ms, None, &framings, |_, plain, framed, _| {
        let has_both = framed.framing == ["BENEFIT_EMPHASIS:MONETARY_FOCUS", "URGENCY_FRAMING:HIGH_URGENCY"];
        both += usize::from(has_both);
        assert!(!has_both || (framed.title != plain.title && framed.description != plain.description));
    });
    assert!(both > 3, "{both}");
}
