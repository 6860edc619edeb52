//! A database with the edge's own schema: who comes in, under which name, and who stays out.

use super::super::pseudonyms::Pseudonyms;
use super::*;
use crate::data::scratch_folder;
use crate::store::Kinds;

/// When the imports of these tests run: in 2027.
const NOW_MS: TimeMs = 1_800_000_000_000;

const SCHEMA: [&str; 3] = [
    include_str!("../../edge/migrations/0001_create_people.sql"),
    include_str!("../../edge/migrations/0002_create_interactions.sql"),
    include_str!("../../edge/migrations/0003_create_erasure.sql"),
];

fn user(number: u8) -> String {
    format!("018f4e9a-0000-7000-8000-0000000000{number:02}")
}

/// Flags are `personalization_enabled, data_sharing_consent, privacy_mode, hash_user_id`.
fn person(connection: &Connection, number: u8, flags: [u8; 4]) {
    let [enabled, sharing, private, hashed] = flags;
    let sql = format!(
        "INSERT INTO personalization_settings VALUES
             ('{}', {enabled}, 1, 1, 1, 1, 1, {sharing}, {private}, NULL, NULL, {hashed}, 0, 0, 0, 0)",
        user(number)
    );
    connection.execute_batch(&sql).unwrap();
}

fn click(connection: &Connection, sequence: u8, number: u8) {
    let sql = format!(
        "INSERT INTO user_interactions (sequence, user_id, id, interaction_type, target_id, context, timestamp, facts, received_at_ms)
         VALUES ({sequence}, '{}', 'e{sequence}', 'CLICKED', 'cup', '{{\"country\":\"GB\"}}', 1700000000000,
                 '{{\"pack\":\"shop\",\"is_item\":true}}', 1700000000001)",
        user(number)
    );
    connection.execute_batch(&sql).unwrap();
}

fn database(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    SCHEMA.iter().for_each(|sql| connection.execute_batch(sql).unwrap());
    person(&connection, 1, [1, 1, 0, 0]);
    person(&connection, 2, [1, 0, 0, 0]);
    person(&connection, 3, [0, 1, 0, 0]);
    person(&connection, 4, [1, 1, 1, 0]);
    person(&connection, 5, [1, 1, 0, 1]);
    // Person 6 was never asked.
    (1..=6).for_each(|number| click(&connection, number, number));
    connection
}

#[test]
fn only_people_who_share_come_in_and_the_file_stays_as_it_is() {
    let folder = scratch_folder("d1-share");
    let path = folder.path().join("v3/d1/miniflare/abc.sqlite");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    drop(database(&path));
    Connection::open(path.with_file_name("metadata.sqlite")).unwrap().execute_batch("CREATE TABLE other (x)").unwrap();
    let before = fs::read(&path).unwrap();
    let mut store = Store::in_memory().unwrap();
    let tally = import(&mut store, folder.path(), &Plan::at(NOW_MS)).unwrap();
    assert_eq!((tally.rows, tally.imported), (6, 1));
    assert_eq!((tally.left_out[WITHHELD], tally.left_out[UNNAMED]), (4, 1));
    let dataset = store.dataset("shop", Kinds::All).unwrap();
    assert_eq!((dataset.people, dataset.regions), (vec![user(1)], vec!["GB".to_owned()]));
    let again = import(&mut store, &path, &Plan::at(NOW_MS)).unwrap();
    assert_eq!((again.imported, again.known), (0, 1));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn with_the_key_hashed_people_come_in_under_their_pseudonym() {
    let folder = scratch_folder("d1-hash");
    let path = folder.path().join("abc.sqlite");
    drop(database(&path));
    let pseudonyms = Pseudonyms::new("secret".to_owned());
    let hashed = pseudonyms.of(&user(5)).unwrap();
    let plan = Plan { pseudonyms: Some(pseudonyms), ..Plan::at(NOW_MS) };
    let mut store = Store::in_memory().unwrap();
    assert_eq!(import(&mut store, &path, &plan).unwrap().imported, 2);
    assert_eq!(store.dataset("shop", Kinds::All).unwrap().people, [user(1), hashed]);
}

#[test]
fn who_is_erased_or_shares_no_longer_leaves() {
    let folder = scratch_folder("d1-leave");
    let path = folder.path().join("abc.sqlite");
    let connection = database(&path);
    person(&connection, 7, [1, 1, 0, 0]);
    click(&connection, 7, 7);
    let mut store = Store::in_memory().unwrap();
    assert_eq!(import(&mut store, &path, &Plan::at(NOW_MS)).unwrap().imported, 2);
    connection
        .execute_batch(&format!(
            "DELETE FROM user_interactions WHERE user_id = '{0}';
             INSERT INTO erasure_tombstones VALUES (9, '{0}', 1700000000005, 1, 0, 'r');
             UPDATE personalization_settings SET data_sharing_consent = 0 WHERE user_id = '{1}';",
            user(7),
            user(1)
        ))
        .unwrap();
    let tally = import(&mut store, &path, &Plan::at(NOW_MS)).unwrap();
    assert_eq!((tally.tombstones, tally.deleted), (1, 2));
    assert!(store.dataset("shop", Kinds::All).unwrap().events.is_empty());
}

#[test]
fn events_of_another_age_are_put_aside() {
    let folder = scratch_folder("d1-age");
    let path = folder.path().join("abc.sqlite");
    let connection = database(&path);
    (7..=8).for_each(|sequence| click(&connection, sequence, 1));
    let date = |sequence: u8, at_ms: TimeMs| {
        let sql = "UPDATE user_interactions SET timestamp = ?2 WHERE sequence = ?1";
        connection.execute(sql, rusqlite::params![sequence, at_ms]).unwrap();
    };
    date(7, NOW_MS + nearside_engine::types::DAY_MS + 1);
    date(8, -1);
    let tally = import(&mut Store::in_memory().unwrap(), &path, &Plan::at(NOW_MS)).unwrap();
    assert_eq!((tally.imported, tally.rejected_rows()), (1, 2));
    assert_eq!(tally.rejected["occurred_at lies in the future"], 1);
    assert_eq!(tally.rejected["occurred_at is not within 1990 to 2099"], 1);
}

#[test]
fn no_database_or_several_is_said() {
    let folder = scratch_folder("d1-none");
    let error =
        |path: &Path| format!("{:#}", import(&mut Store::in_memory().unwrap(), path, &Plan::at(NOW_MS)).unwrap_err());
    assert!(error(folder.path()).contains("there is no D1 database"));
    assert!(error(&folder.path().join("nowhere")).contains("cannot be read"));
    let text = folder.path().join("text.sqlite");
    fs::write(&text, "no database").unwrap();
    assert!(error(&text).contains("is no database"));
    drop((database(&folder.path().join("a.sqlite")), database(&folder.path().join("b.sqlite"))));
    assert!(error(folder.path()).contains("there are 2 D1 databases, name one of them"));
}
