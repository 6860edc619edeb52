//! A shop with tests, and people who come by. A test says only what matters to it.

use pollster::block_on;

use crate::flows::experiments::definition::{Definition, TestVariant};
use crate::flows::experiments::definitions::{TestMove, move_test, put_test};
use crate::flows::experiments::happened::{AskedExposure, StatedOutcome};
use crate::flows::{ApplyReport, MemoryHost, PersonEvents, Refusal, apply_events};
use crate::math::sha256_hex;
use crate::ports::{Blobs, Experiments, ExposureSource, Library, Pointers, StatisticsCell};
use crate::privacy::{for_jobs, for_system};
use crate::types::{
    Context, Environment, EventKind, Interaction, ItemFacts, OutcomeKind, ReceiptFacts, ReceiptTest, TimeMs, Unit,
    UnitKind, UserId,
};

/// A moment of the tests: 2026-11-20T00:00:00Z.
pub(super) const NOW: i64 = 1_795_132_800_000;
/// The environment of the tests.
pub(super) const HERE: Environment = Environment::Production;
/// The test that most of them count.
pub(super) const TEST: &str = "WORDS";

const PACK: &str = r#"{
    "format": 1, "id": "shop", "version": "1", "title": "A shop", "language": "en-GB", "kinds": ["article"],
    "consent_basis": "opt_out",
    "categories": [{"id": "HATS", "name": "Hats"}], "scopes": [{"id": "home"}], "countries": ["GB", "ZA"],
    "experiments": {"framings": [{"id": "BENEFIT", "variants": [{"name": "CONTROL"}, {"name": "LOUD",
        "title": [{"id": "loud", "text": "Look: {title}"}]}]}]},
    "words": {
        "building_message": "Building.", "show_more": "More", "tones": [{"id": "plain"}], "reasons": [], "benefits": [],
        "examples": [], "context": {}, "deadline": "Until {date}.", "months": [], "abbreviations": [],
        "protected": {"negations": [], "conditions": [], "warnings": []}, "currencies": {},
        "sentiment": {"positive": [], "negative": [], "negators": []},
        "explain": {"primary": [], "improve": [], "none": "", "logic": "", "data_used": {}, "terms": {}}
    }
}"#;

/// A host with a shop.
pub(super) struct Place {
    pub(super) host: MemoryHost,
}

/// The person with this number.
pub(super) fn user(number: u32) -> UserId {
    UserId::parse(&format!("00000000-0000-4000-8000-{:012x}", number + 1)).unwrap()
}

/// The person as a unit.
pub(super) fn unit(number: u32) -> Unit {
    Unit { kind: UnitKind::User, id: user(number).to_string() }
}

/// Two variants, half each.
pub(super) fn definition() -> Definition {
    let variant =
        |name: &str| TestVariant { name: name.to_owned(), traffic_percentage: 50.0, ..TestVariant::default() };
    Definition {
        pack: Some("shop".to_owned()),
        framing: Some("BENEFIT".to_owned()),
        variants: vec![variant("CONTROL"), variant("LOUD")],
        reason: "because".to_owned(),
        ..Definition::default()
    }
}

/// An event on an item.
pub(super) fn event(id: u32, kind: EventKind, at_ms: TimeMs) -> Interaction {
    let facts = ItemFacts { pack: "shop".to_owned(), is_item: true, ..ItemFacts::default() };
    Interaction {
        target_type: Some("recommendation".to_owned()),
        target_id: Some("hat".to_owned()),
        facts,
        ..Interaction::new(format!("11111111-1111-4111-8111-{id:012x}"), kind, at_ms)
    }
}

/// What a receipt of a decision says.
pub(super) fn receipt(variant: &str, at_ms: TimeMs) -> Option<ReceiptFacts> {
    let named = ReceiptTest {
        test_name: TEST.to_owned(),
        variant: variant.to_owned(),
        epoch: 2,
        counts_as: None,
        is_conflict: false,
    };
    Some(ReceiptFacts { decided_at_ms: at_ms, environment: HERE, tests: vec![named], ..ReceiptFacts::default() })
}

/// An event that echoes the receipt of a decision made at the same time.
pub(super) fn shown(id: u32, kind: EventKind, variant: &str, at_ms: TimeMs) -> Interaction {
    Interaction { receipt: receipt(variant, at_ms), ..event(id, kind, at_ms) }
}

/// A variant that was given out.
pub(super) fn asked(number: u32, variant: &str, at_ms: TimeMs) -> AskedExposure {
    AskedExposure {
        environment: HERE,
        test_name: TEST.to_owned(),
        unit: unit(number),
        variant: variant.to_owned(),
        epoch: 2,
        at_ms,
        source: ExposureSource::Asked,
        counts_as: None,
        context: Context::default(),
    }
}

/// A reported outcome.
pub(super) fn stated(number: u32, id: u32, outcome: OutcomeKind, at_ms: TimeMs) -> StatedOutcome {
    StatedOutcome {
        environment: HERE,
        test_name: TEST.to_owned(),
        id: format!("22222222-2222-4222-8222-{id:012x}"),
        unit: unit(number),
        outcome,
        recommendation_id: None,
        metric: None,
        occurred_at_ms: at_ms,
        decided_at_ms: None,
        has_bad_receipt: false,
    }
}

impl Place {
    /// A shop without a test.
    pub(super) fn new() -> Self {
        let host = MemoryHost::new(NOW);
        let version = sha256_hex(PACK.as_bytes());
        block_on(Blobs::put(&host, &format!("pack/{version}"), PACK.as_bytes())).unwrap();
        let pointers = [("pack/shop".to_owned(), version), ("default_pack".to_owned(), "shop".to_owned())];
        host.set_pointers(&Pointers::from(pointers));
        Self { host }
    }

    /// Puts another pack beside the shop's, of which everybody is asked first.
    pub(super) fn open_a_club(&self) {
        let pack = PACK.replace(r#""id": "shop""#, r#""id": "club""#).replace("opt_out", "opt_in");
        let version = sha256_hex(pack.as_bytes());
        block_on(Blobs::put(&self.host, &format!("pack/{version}"), pack.as_bytes())).unwrap();
        let mut pointers = block_on(self.host.pointers()).unwrap();
        pointers.insert("pack/club".to_owned(), version);
        self.host.set_pointers(&pointers);
    }

    /// A shop with the test running.
    pub(super) fn testing(change: impl FnOnce(&mut Definition)) -> Self {
        let place = Self::new();
        let mut made = definition();
        change(&mut made);
        place.put(TEST, made).unwrap();
        place.go(TEST, TestMove::Start).unwrap();
        place
    }

    /// Writes a test.
    pub(super) fn put(&self, name: &str, definition: Definition) -> Result<serde_json::Value, Refusal> {
        let report = block_on(put_test(&self.host, for_jobs(), HERE, name, definition))?;
        Ok(serde_json::from_str(&report).unwrap())
    }

    /// Moves a test.
    pub(super) fn go(&self, name: &str, to: TestMove) -> Result<serde_json::Value, Refusal> {
        let report = block_on(move_test(&self.host, for_jobs(), HERE, name, to, "because"))?;
        Ok(serde_json::from_str(&report).unwrap())
    }

    /// Applies what happened to a person.
    pub(super) fn apply(&self, person: PersonEvents) -> Result<ApplyReport, Refusal> {
        block_on(apply_events(&self.host, vec![person]))
    }

    /// Applies events of a person, as soon as the last one happened.
    pub(super) fn happen(&self, number: u32, events: Vec<Interaction>) -> ApplyReport {
        let last = events.iter().map(|event| event.occurred_at_ms).fold(NOW, i64::max);
        self.happen_at(number, events, last)
    }

    /// Applies events of a person that are taken at a moment.
    pub(super) fn happen_at(&self, number: u32, events: Vec<Interaction>, received_at_ms: TimeMs) -> ApplyReport {
        self.apply(PersonEvents::of(for_system(user(number)), events, received_at_ms)).unwrap()
    }

    /// Everybody's cell of a variant and metric: units, rows, total.
    pub(super) fn cell(&self, variant: &str, metric: &str) -> (u64, u64, f64) {
        let of = |cell: &&StatisticsCell| cell.segment.is_empty() && cell.variant == variant && cell.metric == metric;
        let cells = block_on(self.host.statistics_of_test(for_jobs(), HERE, TEST)).unwrap().cells;
        cells
            .iter()
            .filter(of)
            .fold((0, 0, 0.0), |(units, rows, total), cell| (units + cell.units, rows + cell.rows, total + cell.total))
    }

    /// How often something could not be counted.
    pub(super) fn health(&self, name: &str) -> u64 {
        let health = block_on(self.host.statistics_of_test(for_jobs(), HERE, TEST)).unwrap().health;
        health.into_iter().find(|(known, _)| known == name).map_or(0, |(_, count)| count)
    }
}
