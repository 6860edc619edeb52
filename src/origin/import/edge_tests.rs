//! Reading exports: cursors, restarts, erasures, and servers that are not the one from before.

use nearside_engine::types::{DAY_MS, TimeMs, format_rfc3339};
use serde_json::json;

use super::*;
use crate::store::Kinds;

/// When the imports of these tests run: in 2027.
const NOW_MS: TimeMs = 1_800_000_000_000;

/// A Worker with three lines a page.
#[derive(Default)]
struct Server {
    interactions: Vec<String>,
    profiles: Vec<String>,
    asked: usize,
    fails_after: Option<usize>,
}

impl Server {
    fn ask(&mut self, path: &str) -> Result<Option<String>> {
        self.asked += 1;
        if self.fails_after.is_some_and(|limit| self.asked > limit) {
            bail!("the line is dead");
        }
        if path == "/catalog/shop" {
            return Ok(Some(
                json!({ "items": [{ "id": "cup", "category": "KITCHEN", "title": "A cup" }] }).to_string(),
            ));
        }
        let (path, after) = path.split_once("?after=").unwrap();
        let lines = if path == "/export/profiles" { &self.profiles } else { &self.interactions };
        let after: i64 = after.parse().unwrap();
        let sequence = |line: &&String| edge_lines::open(line.as_bytes()).unwrap().sequence.unwrap_or(i64::MAX);
        let page: Vec<String> = lines.iter().filter(|line| sequence(line) > after).take(3).cloned().collect();
        Ok(Some(page.iter().map(|line| format!("{line}\n")).collect()))
    }
}

fn click(sequence: i64, user: &str, id: &str) -> String {
    let interaction = json!({
        "id": id, "type": "CLICKED", "target_type": null, "target_id": "cup", "category": "KITCHEN", "tags": ["tea"],
        "pack": "shop", "action": null, "reason": null, "value": 0.1, "session_id": "s", "device_id": null,
        "device_type": null, "decision_id": null, "position": 2, "context": { "country": "GB" },
        "occurred_at": format_rfc3339(1_700_000_000_000 + sequence),
    });
    json!({ "sequence": sequence, "user_id": user, "interaction": interaction }).to_string()
}

fn erased(sequence: i64, user: &str) -> String {
    json!({ "sequence": sequence, "user_id": user, "erased_at": format_rfc3339(1_700_000_000_000 + sequence) })
        .to_string()
}

fn profile(sequence: i64, user: &str) -> String {
    json!({ "sequence": sequence, "user_id": user, "last_updated": "2026-01-01T00:00:00Z", "stated": {}, "state": null })
        .to_string()
}

fn five_clicks() -> Server {
    Server {
        interactions: (1..=5).map(|number| click(number * 2, "ann", &number.to_string())).collect(),
        profiles: vec![profile(11, "ann")],
        ..Server::default()
    }
}

fn run(store: &mut Store, server: &mut Server) -> Result<Vec<Tally>> {
    import(store, "http://127.0.0.1:1", &Plan::at(NOW_MS), &mut |path| server.ask(path))
}

fn run_from_start(store: &mut Store, server: &mut Server) -> Result<Vec<Tally>> {
    let plan = Plan { is_from_start: true, ..Plan::at(NOW_MS) };
    import(store, "http://127.0.0.1:1", &plan, &mut |path| server.ask(path))
}

fn events(store: &Store) -> usize {
    store.dataset("shop", Kinds::All).unwrap().events.len()
}

#[test]
fn everything_comes_in_once() {
    let (mut store, mut server) = (Store::in_memory().unwrap(), five_clicks());
    let first = run(&mut store, &mut server).unwrap();
    assert_eq!((first[0].imported, first[0].items, first[1].profiles), (5, 1, 1));
    let dataset = store.dataset("shop", Kinds::Positive).unwrap();
    assert_eq!((dataset.people, dataset.regions), (vec!["ann".to_owned()], vec!["GB".to_owned()]));
    assert_eq!(dataset.items[0].title, "A cup");
    assert_eq!(dataset.events[0].value.unwrap().to_bits(), 0.1_f64.to_bits());

    let second = run(&mut store, &mut server).unwrap();
    assert_eq!((second[0].rows, second[0].imported, second[1].rows), (0, 0, 0));
    server.interactions.push(click(12, "bob", "6"));
    assert_eq!(run(&mut store, &mut server).unwrap()[0].imported, 1);
    assert_eq!(run_from_start(&mut store, &mut server).unwrap()[0].known, 6);
}

#[test]
fn an_import_that_breaks_off_goes_on_where_it_was() {
    for fails_after in 0..8 {
        let (mut store, mut server) = (Store::in_memory().unwrap(), five_clicks());
        server.fails_after = Some(fails_after);
        let broken = run(&mut store, &mut server);
        server.fails_after = None;
        run(&mut store, &mut server).unwrap();
        assert_eq!(events(&store), 5, "broken after {fails_after} answers: {broken:?}");
    }
}

#[test]
fn a_tombstone_after_its_rows_deletes_them_and_late_rows_stay_out() {
    let (mut store, mut server) = (Store::in_memory().unwrap(), five_clicks());
    run(&mut store, &mut server).unwrap();
    server.interactions = vec![click(3, "bob", "b"), click(10, "ann", "5"), erased(20, "ann")];
    server.profiles.push(erased(20, "ann"));
    let tallies = run(&mut store, &mut server).unwrap();
    assert_eq!((tallies[0].tombstones, tallies[0].deleted), (1, 6));
    assert_eq!(events(&store), 0);
    // The same lines in another order, as a late page would give them.
    let mut late = Server { interactions: vec![erased(1, "ann"), click(2, "bob", "b")], ..Server::default() };
    late.interactions.push(click(3, "ann", "5"));
    let tallies = run_from_start(&mut store, &mut late).unwrap();
    assert_eq!((tallies[0].imported, tallies[0].erased), (1, 1));
}

#[test]
fn another_server_behind_the_address_is_noticed() {
    let error = |server: &mut Server| {
        let mut store = Store::in_memory().unwrap();
        run(&mut store, &mut five_clicks()).unwrap();
        let error = run(&mut store, server).unwrap_err().to_string();
        assert_eq!(events(&store), 5, "nothing changed");
        run_from_start(&mut store, server).unwrap();
        error
    };
    let other = |count: i64| Server {
        interactions: (1..=count).map(|number| click(number * 2, "zoe", &format!("z{number}"))).collect(),
        ..Server::default()
    };
    assert!(error(&mut other(9)).contains("the export's line 10 is not the one that was read before"));
    assert!(error(&mut other(2)).contains("its first line is unknown here"));
    assert!(error(&mut other(0)).contains("the export is empty, but was read up to 10"));
    assert!(error(&mut other(0)).contains("--from-start"));
}

#[test]
fn a_line_at_the_cursor_that_went_with_its_person_is_no_other_server() {
    let (mut store, mut server) = (Store::in_memory().unwrap(), five_clicks());
    server.interactions.push(click(11, "bob", "b"));
    run(&mut store, &mut server).unwrap();
    server.interactions.pop();
    server.interactions.push(erased(12, "bob"));
    assert_eq!(run(&mut store, &mut server).unwrap()[0].deleted, 1);
}

#[test]
fn people_who_stopped_sharing_leave_when_everything_is_read_again() {
    let (mut store, mut server) = (Store::in_memory().unwrap(), five_clicks());
    server.interactions.push(click(12, "bob", "b"));
    server.profiles.push(profile(13, "bob"));
    run(&mut store, &mut server).unwrap();
    server.interactions.pop();
    server.profiles.pop();
    let tallies = run_from_start(&mut store, &mut server).unwrap();
    assert_eq!((tallies[0].deleted, tallies[1].deleted), (1, 1));
    assert_eq!(events(&store), 5);
}

#[test]
fn the_whole_is_read_of_the_same_server_only_and_who_stopped_sharing_leaves() {
    let whole = |store: &mut Store, server: &mut Server| {
        let plan = Plan { is_whole: true, ..Plan::at(NOW_MS) };
        import(store, "http://127.0.0.1:1", &plan, &mut |path| server.ask(path))
    };
    let (mut store, mut server) = (Store::in_memory().unwrap(), five_clicks());
    server.interactions.insert(0, click(1, "bob", "b"));
    assert_eq!(whole(&mut store, &mut server).unwrap()[0].imported, 6);
    server.interactions.remove(0);
    server.interactions.push(click(12, "ann", "6"));
    let tally = whole(&mut store, &mut server).unwrap().swap_remove(0);
    assert_eq!((tally.imported, tally.known, tally.deleted, events(&store)), (1, 5, 1, 6));
    let interactions = (1..=9).map(|number| click(number * 2, "zoe", &format!("z{number}"))).collect();
    let mut other = Server { interactions, ..Server::default() };
    assert!(whole(&mut store, &mut other).unwrap_err().to_string().contains("another server?"));
    assert_eq!(events(&store), 6);
}

#[test]
fn lines_that_cannot_be_used_are_put_aside_without_their_text() {
    let (mut store, mut server) = (Store::in_memory().unwrap(), five_clicks());
    let mut odd: Value = serde_json::from_str(&click(12, "ann", "odd")).unwrap();
    odd["interaction"]["type"] = json!("BOUGHT");
    let mut old: Value = serde_json::from_str(&click(13, "ann", "old")).unwrap();
    old["interaction"]["occurred_at"] = json!("1066-10-14T00:00:00Z");
    let mut ahead: Value = serde_json::from_str(&click(14, "ann", "ahead")).unwrap();
    ahead["interaction"]["occurred_at"] = json!(format_rfc3339(NOW_MS + DAY_MS + 1));
    let unknown = r#"{"sequence":15,"user_id":"ann"}"#.to_owned();
    server.interactions.extend([odd.to_string(), old.to_string(), ahead.to_string(), unknown]);
    let tally = &run(&mut store, &mut server).unwrap()[0];
    assert_eq!((tally.imported, tally.rejected_rows(), tally.rejected.len()), (5, 4, 4));
    assert_eq!(tally.rejected["occurred_at lies in the future"], 1);
    assert_eq!(run(&mut store, &mut server).unwrap()[0].rows, 0, "the cursor went on");
}

#[test]
fn an_export_that_goes_back_or_has_no_numbers_ends_the_import() {
    let error = |lines: Vec<&str>| {
        let mut ask = |_: &str| Ok(Some(lines.join("\n")));
        let mut store = Store::in_memory().unwrap();
        import(&mut store, "http://127.0.0.1:1", &Plan::at(NOW_MS), &mut ask).unwrap_err().to_string()
    };
    let (two, one) = (click(2, "ann", "2"), click(1, "ann", "1"));
    assert_eq!(error(vec![&two, &one]), "/export/interactions goes back from 2 to 1");
    assert!(error(vec!["<html>"]).contains("has no line with a sequence number after 0"));
}

#[test]
fn a_rehearsal_keeps_nothing() {
    let (mut store, mut server) = (Store::in_memory().unwrap(), five_clicks());
    let plan = Plan { is_rehearsal: true, ..Plan::at(NOW_MS) };
    let tallies = import(&mut store, "http://127.0.0.1:1", &plan, &mut |path| server.ask(path)).unwrap();
    assert_eq!((tallies[0].imported, events(&store)), (5, 0));
}
