//! Counting experiments: the cells are what a recount of everything that happened gives, however it was delivered.

use std::collections::BTreeMap;

use nearside_engine::ports::memory::Memory;
use nearside_engine::ports::{
    Applied, ExperimentWrite, Experiments, Exposure, ExposureSource, HealthCount, HealthName, InteractionLog, People,
    PersonWrite, StatisticsCell, TestOutcome, TestStatistics, Tester, TotalChange,
};
use nearside_engine::types::{DAY_MS, Environment, OutcomeKind, Unit, UnitKind};
use pollster::block_on;

use super::build::{NOW, admin, event_id, revision, scope, user, write};
use super::experiment_records::{TEST, archive, create};
use super::sqlite::{Sqlite, store};
use crate::adapters::D1Store;

pub(super) const PRODUCTION: Environment = Environment::Production;

pub(super) fn person(number: u32) -> Unit {
    Unit { kind: UnitKind::User, id: user(number).to_string() }
}

pub(super) fn device(number: u32) -> Unit {
    Unit { kind: UnitKind::Device, id: format!("phone-{number}") }
}

pub(super) fn exposure(unit: &Unit, variant: &str) -> Exposure {
    Exposure {
        unit: unit.clone(),
        environment: PRODUCTION,
        test_name: TEST.to_owned(),
        variant: variant.to_owned(),
        epoch: 1,
        assigned_at_ms: NOW,
        source: ExposureSource::Receipt,
        counts_as: None,
        segments: vec![String::new(), "country=GB".to_owned()],
        pre: 0.0,
    }
}

pub(super) fn change(unit: &Unit, metric: &str, is_conversion: bool, delta: f64) -> TotalChange {
    TotalChange {
        unit: unit.clone(),
        environment: PRODUCTION,
        test_name: TEST.to_owned(),
        metric: metric.to_owned(),
        is_conversion,
        delta,
        rows: 1,
    }
}

/// An acceptance of an item, under an event's id.
pub(super) fn outcome(unit: &Unit, number: u32) -> TestOutcome {
    TestOutcome {
        id: event_id(number),
        environment: PRODUCTION,
        test_name: TEST.to_owned(),
        unit: unit.clone(),
        recommendation_id: Some("isa-allowance".to_owned()),
        outcome: OutcomeKind::Accepted,
        occurred_at_ms: NOW,
        context_json: None,
    }
}

pub(super) fn counting(number: u32, expected_revision: u64, experiments: ExperimentWrite) -> PersonWrite {
    PersonWrite { experiments, ..write(number, expected_revision, Vec::new()) }
}

pub(super) fn exposed(units: &[(Unit, &str)]) -> ExperimentWrite {
    let exposures = units.iter().map(|(unit, variant)| exposure(unit, variant)).collect();
    ExperimentWrite { exposures, ..ExperimentWrite::default() }
}

pub(super) fn added(totals: Vec<TotalChange>) -> ExperimentWrite {
    ExperimentWrite { totals, ..ExperimentWrite::default() }
}

pub(super) fn count(store: &D1Store<Sqlite>, number: u32, experiments: ExperimentWrite) {
    let written = block_on(store.apply(&[counting(number, revision(store, number), experiments)])).unwrap();
    assert_eq!(written, [Applied::Yes]);
}

pub(super) fn cells(store: &D1Store<Sqlite>) -> Vec<StatisticsCell> {
    block_on(store.statistics_of_test(admin(), PRODUCTION, TEST)).unwrap().cells
}

pub(super) fn cell(store: &D1Store<Sqlite>, variant: &str, metric: &str) -> StatisticsCell {
    let of_everybody = |cell: &StatisticsCell| cell.segment.is_empty();
    let mut found = cells(store).into_iter().filter(of_everybody);
    found.rfind(|cell| cell.variant == variant && cell.metric == metric).unwrap_or_default()
}

/// What a unit was exposed to, and what it has: the truth that the cells are compared with.
#[derive(Default)]
struct Recount {
    units: BTreeMap<Unit, Exposure>,
    totals: BTreeMap<(Unit, String), (f64, u64)>,
}

impl Recount {
    fn happened(&mut self, write: &ExperimentWrite) {
        for exposure in &write.exposures {
            self.units.entry(exposure.unit.clone()).or_insert_with(|| exposure.clone());
        }
        for change in write.totals.iter().filter(|change| self.units.contains_key(&change.unit)) {
            let of_unit = self.totals.entry((change.unit.clone(), change.metric.clone())).or_default();
            of_unit.0 = if change.is_conversion { 1.0 } else { of_unit.0 + change.delta };
            of_unit.1 += u64::from(change.rows);
        }
    }

    fn cells(&self) -> Vec<StatisticsCell> {
        let mut cells: BTreeMap<(u32, String, String, String), StatisticsCell> = BTreeMap::new();
        let of_unit = |unit: &Unit, metric: &str, total: Option<(f64, u64)>, cells: &mut BTreeMap<_, _>| {
            let exposure = &self.units[unit];
            for segment in &exposure.segments {
                let (epoch, variant) = (exposure.epoch, exposure.variant.clone());
                let key = (epoch, variant.clone(), metric.to_owned(), segment.clone());
                let cell: &mut StatisticsCell = cells.entry(key).or_default();
                *cell = StatisticsCell {
                    epoch,
                    variant,
                    metric: metric.to_owned(),
                    segment: segment.clone(),
                    units: cell.units + 1,
                    rows: cell.rows + total.map_or(1, |(_, rows)| rows),
                    total: cell.total + total.map_or(0.0, |(total, _)| total),
                    total_squares: cell.total_squares + total.map_or(0.0, |(total, _)| total * total),
                    pre: cell.pre + if total.is_none() { exposure.pre } else { 0.0 },
                    pre_squares: cell.pre_squares + if total.is_none() { exposure.pre * exposure.pre } else { 0.0 },
                    total_pre: cell.total_pre + total.map_or(0.0, |(total, _)| total * exposure.pre),
                };
            }
        };
        self.units.keys().for_each(|unit| of_unit(unit, "exposure", None, &mut cells));
        for ((unit, metric), total) in &self.totals {
            of_unit(unit, metric, Some(*total), &mut cells);
        }
        cells.into_values().collect()
    }
}

/// Whole numbers that look like chance.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// What one person's write says: exposures of the person or of a shared device, and changes up and down.
fn anything(dice: &mut Dice, number: u32) -> ExperimentWrite {
    let unit = if dice.below(3) == 0 { device(dice.below(4) as u32) } else { person(number) };
    let variant = ["CONTROL", "LOUD"][dice.below(2) as usize];
    let mut made = exposed(&[(unit.clone(), variant)]);
    made.exposures[0].epoch = 1 + dice.below(2) as u32;
    made.exposures[0].pre = dice.below(5) as f64;
    made.exposures[0].segments.push(format!("device_type={}", dice.below(2)));
    if dice.below(4) == 0 {
        made.exposures.clear();
    }
    for _ in 0..dice.below(4) {
        // Quarters add up exactly, so the comparison can be exact.
        let delta = (dice.below(41) as f64 - 20.0) / 4.0;
        let is_value = dice.below(2) == 0;
        let metric = if is_value { "revenue" } else { "accepted" };
        match made.totals.iter_mut().find(|change| change.metric == metric) {
            Some(known) => (known.delta, known.rows) = (known.delta + delta, known.rows + 1),
            None => made.totals.push(change(&unit, metric, !is_value, delta)),
        }
    }
    made
}

#[test]
fn the_cells_are_what_a_recount_gives_when_totals_go_up_and_down() {
    let (store, mut recount, mut dice) = (store(), Recount::default(), Dice(7));
    create(&store);
    for _ in 0..60 {
        let size = 1 + dice.below(6) as u32;
        let first = dice.below(12) as u32;
        let writes: Vec<PersonWrite> = (first..first + size)
            .map(|number| counting(number, revision(&store, number), anything(&mut dice, number)))
            .collect();
        assert_eq!(block_on(store.apply(&writes)).unwrap(), vec![Applied::Yes; writes.len()]);
        // A batch counts its exposures before its outcomes, whoever they come from.
        writes
            .iter()
            .for_each(|write| recount.happened(&ExperimentWrite { totals: Vec::new(), ..write.experiments.clone() }));
        let totals = |write: &PersonWrite| ExperimentWrite { exposures: Vec::new(), ..write.experiments.clone() };
        writes.iter().for_each(|write| recount.happened(&totals(write)));
        assert_eq!(block_on(store.apply(&writes)).unwrap(), vec![Applied::Conflict; writes.len()], "the same again");
        assert_eq!(cells(&store), recount.cells());
    }
    let days = "SELECT SUM(d.total_squares) - (SELECT SUM(total_squares) FROM ab_test_statistics WHERE segment = '')
        FROM ab_test_daily AS d";
    assert_eq!(store.database.number(days), 0.0, "the days add up to the cells");
    assert!(recount.cells().len() > 20);
}

#[test]
fn memory_counts_what_the_tables_count() {
    let (store, memory, mut dice) = (store(), Memory::<()>::default(), Dice(11));
    create(&store);
    create(&memory);
    for _ in 0..25 {
        let writes: Vec<PersonWrite> =
            (0..5).map(|number| counting(number, revision(&store, number), anything(&mut dice, number))).collect();
        let answers = [block_on(store.apply(&writes)).unwrap(), block_on(memory.apply(&writes)).unwrap()];
        assert_eq!(answers[0], answers[1]);
    }
    let read = |store: &dyn Fn() -> TestStatistics| {
        let read = store();
        let report: serde_json::Value = serde_json::from_str(&read.report_json).unwrap();
        (report, read.cells, read.days, read.health)
    };
    let of_tables = read(&|| block_on(store.statistics_of_test(admin(), PRODUCTION, TEST)).unwrap());
    let of_memory = read(&|| block_on(memory.statistics_of_test(admin(), PRODUCTION, TEST)).unwrap());
    assert_eq!(of_tables, of_memory);
    for number in 0..5 {
        let rows = [
            block_on(People::load(&store, scope(number), &[])).unwrap().assignments_json,
            block_on(People::load(&memory, scope(number), &[])).unwrap().assignments_json,
        ];
        assert_eq!(rows[0], rows[1]);
    }
    let sets =
        [block_on(store.definition_set(PRODUCTION)).unwrap(), block_on(memory.definition_set(PRODUCTION)).unwrap()];
    assert_eq!(sets[0], sets[1]);
}

#[test]
fn two_people_of_a_batch_who_share_a_device_are_one_unit() {
    let store = store();
    create(&store);
    let writes = [
        counting(1, 0, exposed(&[(device(1), "LOUD")])),
        counting(
            2,
            0,
            ExperimentWrite {
                totals: vec![change(&device(1), "accepted", true, 1.0)],
                ..exposed(&[(device(1), "CONTROL")])
            },
        ),
    ];
    block_on(store.apply(&writes)).unwrap();
    count(&store, 1, added(vec![change(&device(1), "accepted", true, 1.0)]));
    let loud = cell(&store, "LOUD", "accepted");
    assert_eq!((loud.units, loud.rows, loud.total), (1, 2, 1.0), "both acceptances are of the one unit");
    assert_eq!((cell(&store, "LOUD", "exposure").units, cell(&store, "CONTROL", "exposure").units), (1, 0));
    let recorded = block_on(store.assignments(scope(1), PRODUCTION, &[device(1), device(2)])).unwrap();
    assert_eq!(recorded.len(), 1);
    assert_eq!((recorded[0].unit.clone(), recorded[0].variant.as_str()), (device(1), "LOUD"));
}

#[test]
fn what_is_not_exposed_or_is_forced_or_goes_on_another_unit_adds_nothing() {
    let store = store();
    create(&store);
    let tester = Tester { user: user(1), variant: Some("LOUD".to_owned()) };
    block_on(store.force(admin(), PRODUCTION, TEST, &[tester], "because", NOW)).unwrap();
    let mut merged = exposed(&[(person(2), "LOUD")]);
    (merged.exposures[0].source, merged.exposures[0].counts_as) = (ExposureSource::Merged, Some("phone-1".to_owned()));
    count(&store, 1, exposed(&[(person(1), "CONTROL")]));
    count(&store, 1, added(vec![change(&person(1), "accepted", true, 1.0)]));
    count(&store, 2, merged);
    count(&store, 3, added(vec![change(&person(3), "accepted", true, 1.0)]));
    assert_eq!(cells(&store), []);
    assert_eq!(store.database.number("SELECT COUNT(*) FROM ab_test_unit_totals"), 0.0);
    let record = block_on(nearside_engine::ports::People::load(&store, scope(1), &[])).unwrap();
    let forced = format!(r#"[["production","WORDS","LOUD",2,{NOW},1,null]]"#);
    assert_eq!(record.assignments_json.as_deref(), Some(&*forced));
    let tester = Tester { user: user(1), variant: None };
    block_on(store.force(admin(), PRODUCTION, TEST, &[tester], "because", NOW)).unwrap();
    count(&store, 1, exposed(&[(person(1), "CONTROL")]));
    assert_eq!(cell(&store, "CONTROL", "exposure").units, 1);
}

#[test]
fn outcomes_keep_the_variant_of_the_unit() {
    let store = store();
    create(&store);
    let outcome = outcome(&person(1), 1);
    let late = HealthCount { environment: PRODUCTION, test_name: TEST.to_owned(), name: HealthName::Late, count: 2 };
    let made = ExperimentWrite { outcomes: vec![outcome], health: vec![late], ..exposed(&[(person(1), "LOUD")]) };
    count(&store, 1, made.clone());
    assert_eq!(block_on(store.apply(&[counting(1, 0, made)])).unwrap(), [Applied::Conflict]);
    assert_eq!(store.database.text("SELECT variant || outcome || unit_kind FROM ab_test_outcomes"), "LOUDACCEPTEDuser");
    let health = block_on(store.statistics_of_test(admin(), PRODUCTION, TEST)).unwrap().health;
    assert_eq!(health, [("late".to_owned(), 2)]);
}

#[test]
fn results_read_as_many_rows_as_they_show_whatever_the_traffic() {
    let rows_of = |people: u32| {
        let store = store();
        create(&store);
        for number in 0..people {
            let totals = vec![change(&person(number), "accepted", true, 1.0)];
            let variant = ["CONTROL", "LOUD"][number as usize % 2];
            count(&store, number, ExperimentWrite { totals, ..exposed(&[(person(number), variant)]) });
        }
        let read = block_on(store.statistics_of_test(admin(), PRODUCTION, TEST)).unwrap();
        (read.cells.len(), read.days.len(), read.health.len())
    };
    assert_eq!(rows_of(4), (8, 4, 0), "two variants, two metrics, two segments; two metrics a day");
    assert_eq!(rows_of(4), rows_of(200));
}

/// The bill of D1 counts rows written, those of indexes too.
#[test]
fn an_exposure_writes_four_rows_and_an_acceptance_ten() {
    let store = store();
    create(&store);
    let changes = || store.database.number("SELECT total_changes()");
    let written = |experiments: ExperimentWrite| {
        // Once for nothing: what is left is the experiments' part.
        let before = changes();
        count(&store, 1, ExperimentWrite::default());
        let without = changes() - before;
        let before = changes();
        count(&store, 1, experiments);
        changes() - before - without
    };
    assert_eq!(written(exposed(&[(person(1), "LOUD")])), 4.0, "the row, two cells, a day");
    let accepted = ["accepted", "engaged"].map(|metric| change(&person(1), metric, true, 1.0));
    let outcome = outcome(&person(1), 1);
    let made = ExperimentWrite { outcomes: vec![outcome], ..added(accepted.to_vec()) };
    assert_eq!(written(made), 9.0, "the outcome (its index is a tenth), two totals, four cells, two days");
}

#[test]
fn what_was_viewed_and_left_for_a_week_is_ignored_once_and_archived_rows_go_while_sums_stay() {
    let store = store();
    create(&store);
    let now = NOW + 20 * DAY_MS;
    let then = |unit: &Unit, days: i64| Exposure { assigned_at_ms: now - days * DAY_MS, ..exposure(unit, "LOUD") };
    let seen = |number: u32, days: i64, metrics: &[&str]| {
        let unit = person(number);
        let totals = metrics.iter().map(|metric| change(&unit, metric, true, 1.0)).collect();
        count(&store, number, ExperimentWrite { exposures: vec![then(&unit, days)], ..added(totals) });
    };
    seen(1, 8, &["viewed"]);
    seen(2, 8, &["viewed", "dismissed"]);
    seen(3, 8, &[]);
    seen(4, 6, &["viewed"]);
    seen(5, 20, &["viewed"]);
    assert_eq!(block_on(store.settle_tests(now)).unwrap(), 1);
    assert_eq!(block_on(store.settle_tests(now + 1)).unwrap(), 0);
    let ignored = cell(&store, "LOUD", "ignored");
    assert_eq!((ignored.units, ignored.rows, ignored.total, ignored.total_squares), (1, 1, 1.0, 1.0));
    archive(&store);
    assert_eq!(block_on(store.settle_tests(NOW + 89 * DAY_MS)).unwrap(), 0);
    assert_eq!(block_on(store.settle_tests(NOW + 91 * DAY_MS)).unwrap(), 5 + 6);
    assert_eq!((cell(&store, "LOUD", "exposure").units, cell(&store, "LOUD", "ignored").units), (5, 1));
}
