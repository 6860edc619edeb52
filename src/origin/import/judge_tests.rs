//! Rows that are events, and rows that are not.

use super::*;

const NOW_MS: TimeMs = 1_800_000_000_000;

fn row(cells: &[(Field, Cell)]) -> Row {
    let mut row = Row::default();
    for (field, cell) in cells {
        row[field.place()] = cell.clone();
    }
    row
}

fn plain() -> Row {
    row(&[
        (Field::User, Cell::Text("17850".to_owned())),
        (Field::Kind, Cell::Text("purchased".to_owned())),
        (Field::Target, Cell::Text(" 85123A ".to_owned())),
        (Field::OccurredAt, Cell::Text("2010-12-01 08:26:00".to_owned())),
        (Field::Pack, Cell::Text("shop".to_owned())),
    ])
}

fn with(field: Field, cell: Cell) -> Result<PersonEvent, String> {
    let mut row = plain();
    row[field.place()] = cell;
    judge(&mut row, NOW_MS)
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

#[test]
fn a_plain_row_is_an_event() {
    let judged = judge(&mut plain(), NOW_MS).unwrap();
    assert_eq!(judged.user, "17850");
    assert_eq!(judged.event.kind, EventKind::Purchased);
    assert_eq!(judged.event.target_id.as_deref(), Some("85123A"));
    assert_eq!(judged.event.occurred_at_ms, 1_291_191_960_000);
    assert_eq!(judged.event.facts.pack, "shop");
}

#[test]
fn the_same_row_has_the_same_id_and_another_has_another() {
    let id = |row: &mut Row| judge(row, NOW_MS).unwrap().event.id;
    let first = id(&mut plain());
    assert_eq!(first, id(&mut plain()));
    assert_eq!(Uuid::parse_str(&first).unwrap().get_version_num(), 5);
    assert_ne!(first, with(Field::Value, text("2")).unwrap().event.id);
    assert_eq!(with(Field::Id, text("given")).unwrap().event.id, "given");
}

#[test]
fn numbers_may_be_ids_and_times() {
    assert_eq!(with(Field::User, Cell::Number(17_850.0)).unwrap().user, "17850");
    assert_eq!(with(Field::User, Cell::Integer(17_850)).unwrap().user, "17850");
    let at = |cell| with(Field::OccurredAt, cell).unwrap().event.occurred_at_ms;
    assert_eq!(at(Cell::Integer(1_291_191_960)), 1_291_191_960_000);
    assert_eq!(at(Cell::Number(1_291_191_960_000.0)), 1_291_191_960_000);
    assert_eq!(at(Cell::Millis(1_291_191_960_000)), 1_291_191_960_000);
}

#[test]
fn what_is_wrong_is_said_without_the_row() {
    let check = |field, cell, reason: &str| assert_eq!(with(field, cell).unwrap_err(), reason);
    check(Field::User, Cell::Missing, "user_id is missing");
    check(Field::User, text("  "), "user_id is missing");
    check(Field::User, text("a\u{0}b"), "user_id is longer than 128 bytes or holds control characters");
    check(Field::User, text(&"x".repeat(129)), "user_id is longer than 128 bytes or holds control characters");
    check(Field::User, Cell::Number(f64::NAN), "user_id is a fraction where an id or a word belongs");
    check(Field::Kind, text("BOUGHT"), "type is not one of the engine's event types");
    check(Field::Target, Cell::Missing, "target_id is missing");
    check(Field::OccurredAt, text("soon"), "occurred_at is not a time");
    check(Field::OccurredAt, Cell::Number(f64::NAN), "occurred_at is not a time");
    check(Field::OccurredAt, Cell::Number(f64::MAX), "occurred_at is not within 1990 to 2099");
    check(Field::OccurredAt, text("1066-10-14"), "occurred_at is not within 1990 to 2099");
    check(Field::OccurredAt, text("2027-01-17"), "occurred_at lies in the future");
    check(Field::Value, text("many"), "value is not a number");
    for value in ["NaN", "inf", "-inf", "1e300"] {
        check(Field::Value, text(value), "value is not a finite number within 2^53");
    }
    check(Field::Value, Cell::Number(f64::NAN), "value is not a finite number within 2^53");
    check(Field::Position, text("1.5"), "position is not a whole number of 0 to 10000");
    check(Field::Context, text("{\"colour\":1}"), "context is not a JSON object of the known fields");
    check(Field::Context, text(&"[".repeat(4_000)), "context is not a JSON object of the known fields");
    check(Field::Tags, Cell::Integer(1), "tags are not a list of texts");
}

#[test]
fn context_country_and_tags_find_their_places() {
    let judged = with(Field::Context, text("{\"device_type\":\"mobile\"}")).unwrap();
    assert_eq!(judged.event.context.device_type.as_deref(), Some("mobile"));
    assert_eq!(with(Field::Country, text("GB")).unwrap().event.context.country.as_deref(), Some("GB"));
    for tags in [text("tea|blue; tea"), text("[\"tea\",\"blue\"]"), Cell::List(vec!["tea".into(), "blue".into()])] {
        assert_eq!(with(Field::Tags, tags).unwrap().event.facts.tags, ["blue", "tea"]);
    }
    assert_eq!(with(Field::Value, text("")).unwrap().event.value, None);
}
