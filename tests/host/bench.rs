//! The engine's work for one request, without a host around it: a profile in, the JSON bytes of the top 10 out.

use nearside_engine::flows::Domain;
use nearside_engine::pack::{Catalogue, Reasoning, parse_pack};
use nearside_engine::profile::{ProfileState, fold};
use nearside_engine::ranking::{Presentation, present_personal, rank};
use nearside_engine::rules::{Eligibility, hidden_items};
use nearside_engine::scoring::{Subject, SubjectInput};
use nearside_engine::types::{
    Allowed, Context, DAY_MS, DecidedItem, Decision, EventKind, Explain, Interaction, ItemFacts, Personalization,
    Stated,
};
use nearside_json::read_json;
use nearside_json::write_json;
use wasm_bindgen::prelude::wasm_bindgen;

/// Everything on: the benchmark's person agreed to all of it.
const ALL: Allowed = Allowed {
    personalization: true,
    behavioral: true,
    demographics: true,
    location: true,
    experiments: true,
    third_party: true,
    sharing: true,
};

/// A pack and a catalogue, prepared once.
#[wasm_bindgen]
pub struct Bench {
    domain: Domain,
    context: Context,
    now_ms: i64,
}

#[wasm_bindgen]
impl Bench {
    /// Prepares a pack and a catalogue.
    #[wasm_bindgen(constructor)]
    pub fn new(pack: &[u8], catalogue: &[u8], now_ms: f64) -> Bench {
        let pack = parse_pack(pack).expect("the benchmark's pack is valid");
        let catalogue: Catalogue = read_json(catalogue).expect("the benchmark's catalogue is valid");
        let domain = Domain::prepare(pack, "pack".to_owned(), Some(catalogue), "catalogue".to_owned(), None);
        let context = Context { country: Some("GB".to_owned()), utc_offset_minutes: Some(0), ..Context::default() };
        Bench { domain, context, now_ms: now_ms as i64 }
    }

    /// Makes a profile of a person who did this many things over the last half year: views, acceptances, dismissals.
    pub fn state_of(&self, events: u32) -> Vec<u8> {
        let kinds = [EventKind::RecommendationViewed, EventKind::Clicked, EventKind::RecommendationAccepted];
        let items = &self.domain.shelf.items;
        let mut state = ProfileState::empty();
        for (event, kind) in (0..i64::from(events)).zip(kinds.iter().cycle()) {
            let item = &items[(event as usize * 7) % items.len().min(60)].item;
            let occurred_at_ms = self.now_ms - (180 - event % 180) * DAY_MS - (event * 3_607_000) % DAY_MS;
            let facts = ItemFacts {
                pack: self.domain.pack.id.clone(),
                category: Some(item.category.clone()),
                tags: item.tags.clone(),
                complexity: item.complexity,
                is_item: true,
            };
            let json = serde_json::json!({
                "id": event.to_string(), "kind": kind, "target_id": item.id, "session_id": (event / 8).to_string(),
                "device_id": (event % 2).to_string(), "context": {"utc_offset_minutes": 0},
                "occurred_at_ms": occurred_at_ms, "facts": facts,
            });
            let event: Interaction = read_json(json.to_string().as_bytes()).expect("the benchmark's event is valid");
            fold(&mut state, &event, &self.domain.pack);
        }
        write_json(&state).into_bytes()
    }

    /// Answers one request: learned state and stated facts as JSON in, the decision's JSON out.
    pub fn recommend(&self, state: &[u8], stated: &[u8]) -> Vec<u8> {
        let state: ProfileState = read_json(state).expect("the benchmark's state is valid");
        let stated: Stated = read_json(stated).expect("the benchmark's statements are valid");
        let pack = &self.domain.pack;
        let scope = self.domain.scope(None).expect("a pack has a scope");
        let input = SubjectInput {
            state: &state,
            stated: &stated,
            allowed: ALL,
            context: &self.context,
            now_ms: self.now_ms,
            popularity: None,
        };
        let subject = Subject::new(input, pack, &self.domain.shelf);
        let eligibility = Eligibility { scope, country: subject.eligible_country, now_ms: self.now_ms };
        let hidden = hidden_items(subject.part(), pack, &self.domain.shelf, self.now_ms);
        let list = rank(&subject, &eligibility, &hidden, 10);
        let how = Presentation::new(self.domain.lexicon(), &self.domain.texts, Explain::Full, Reasoning::Visible, &[]);
        let items: Vec<DecidedItem> =
            list.items.iter().zip(1..).map(|(scored, rank)| present_personal(&subject, scored, rank, &how)).collect();
        let decision = Decision {
            decision_id: "00000000-0000-7000-8000-000000000001".to_owned(),
            scope: scope.id.clone(),
            personalization: Personalization::Full,
            message: None,
            model_version: None,
            pack_version: None,
            catalog_version: None,
            cached: false,
            degraded: Vec::new(),
            permitted_use: "ordering_only",
            items,
            experiments: Vec::new(),
            experiments_token: None,
            receipt: None,
        };
        write_json(&decision).into_bytes()
    }
}
