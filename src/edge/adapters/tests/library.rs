//! Pointers and drafts.

use nearside_engine::ports::{DraftChange, Library, Pointers};
use nearside_engine::types::Item;
use pollster::block_on;

use super::build::{NOW, admin};
use super::sqlite::store;

fn item(id: &str, title: &str) -> Item {
    serde_json::from_value(serde_json::json!({"id": id, "category": "TAX", "title": title, "attributes": {"x": 0.1}}))
        .unwrap()
}

fn change(items: Vec<Item>, remove: &[&str]) -> DraftChange {
    DraftChange { pack: "finance".to_owned(), items, remove: remove.iter().map(|id| (*id).to_owned()).collect() }
}

#[test]
fn pointers_move_together_and_the_others_stay() {
    let store = store();
    let pointers = |pairs: &[(&str, &str)]| -> Pointers {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    assert_eq!(block_on(store.pointers()).unwrap(), Pointers::new());
    block_on(store.point(admin(), &pointers(&[("pack/a", "1"), ("catalog/a", "2")]), NOW)).unwrap();
    block_on(store.point(admin(), &pointers(&[("pack/a", "3"), ("switch", "true")]), NOW)).unwrap();
    assert_eq!(
        block_on(store.pointers()).unwrap(),
        pointers(&[("pack/a", "3"), ("catalog/a", "2"), ("switch", "true")])
    );
    let trail = store.database.text("SELECT prior_value || ' ' || new_value FROM audit_log ORDER BY id DESC LIMIT 1");
    assert_eq!(trail, r#"{"pack/a":"1"} {"pack/a":"3","switch":"true"}"#);
}

#[test]
fn a_draft_holds_what_was_put_and_not_taken_out_by_id() {
    let store = store();
    let count = |change: &DraftChange| block_on(store.change_draft(admin(), change, NOW)).unwrap();
    assert_eq!(count(&change(vec![item("b", "B"), item("a", "it's \"A\" – ünïcode")], &[])), 2);
    assert_eq!(count(&change(vec![item("c", "C"), item("b", "new B")], &["c", "a", "unknown"])), 2);
    assert_eq!(block_on(store.draft(admin(), "finance")).unwrap(), [item("b", "new B"), item("c", "C")]);
    assert_eq!(block_on(store.draft(admin(), "other")).unwrap(), []);
    assert_eq!(count(&change(vec![], &["b", "c"])), 0);
    assert_eq!(
        store.database.text("SELECT new_value FROM audit_log ORDER BY id LIMIT 1"),
        r#"{"pack":"finance","items":2,"removed":0}"#
    );
}

#[test]
fn a_draft_may_be_larger_than_a_parameter_and_a_page() {
    let store = store();
    let text = "x".repeat(1_200);
    for start in [0, 1_000, 2_000] {
        let items = (start..start + 1_000).map(|number| item(&format!("item-{number:05}"), &text)).collect();
        block_on(store.change_draft(admin(), &change(items, &[]), NOW)).unwrap();
    }
    let draft = block_on(store.draft(admin(), "finance")).unwrap();
    assert_eq!(draft.len(), 3_000);
    assert!(draft.is_sorted_by(|left, right| left.id < right.id));
}
