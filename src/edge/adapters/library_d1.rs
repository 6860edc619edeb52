//! `Library` in D1: pointers that move together, and drafts of catalogues.

use nearside_engine::ports::{DraftChange, Library, Pointers, Unavailable};
use nearside_engine::types::{AdminScope, Item, TimeMs};
use nearside_json::write_json;

use super::database::{Database, Statement, unreadable};
use super::parameters::json_arrays;
use super::person_rows;
use super::sql::library as sql;
use super::store_d1::D1Store;

/// Items of a draft that are read at once; at a few kilobytes each an answer stays far below D1's limits.
const DRAFT_ROWS: usize = 1_000;

impl<D: Database> Library for D1Store<D> {
    async fn pointers(&self) -> Result<Pointers, Unavailable> {
        let mut row = self.database.rows(Statement::new(sql::POINTERS)).await?.pop().ok_or_else(unreadable)?;
        Ok(person_rows::pointers(&mut row)?.unwrap_or_default())
    }

    async fn point(&self, scope: AdminScope, changes: &Pointers, at_ms: TimeMs) -> Result<(), Unavailable> {
        let json = write_json(changes);
        let audit =
            Statement::new(sql::AUDIT_POINTERS).text(json.clone()).integer(at_ms).text(scope.actor().to_string());
        let moves = Statement::new(sql::MOVE_POINTERS).text(json).integer(at_ms);
        self.database.batch(vec![audit, moves]).await.map(|_| ())
    }

    async fn change_draft(&self, scope: AdminScope, change: &DraftChange, at_ms: TimeMs) -> Result<u32, Unavailable> {
        let mut statements = Vec::new();
        if !change.remove.is_empty() {
            let ids = write_json(&change.remove);
            statements.push(Statement::new(sql::REMOVE_FROM_DRAFT).text(&*change.pack).text(ids));
        }
        for items in json_arrays(&change.items) {
            statements.push(Statement::new(sql::UPSERT_DRAFT).text(&*change.pack).text(items).integer(at_ms));
        }
        let audit = Statement::new(sql::AUDIT_DRAFT).integer(at_ms).text(scope.actor().to_string()).text(&*change.pack);
        statements.push(audit.integer(length(&change.items)).integer(length(&change.remove)));
        statements.push(Statement::new(sql::COUNT_DRAFT).text(&*change.pack));
        let answers = self.database.batch(statements).await?;
        let count = answers.into_iter().next_back().and_then(|answer| answer.rows.into_iter().next());
        count.ok_or_else(unreadable)?.count()
    }

    async fn draft(&self, _scope: AdminScope, pack: &str) -> Result<Vec<Item>, Unavailable> {
        let mut items = Vec::new();
        let mut after = String::new();
        loop {
            let page = Statement::new(sql::DRAFT_PAGE).text(pack).text(after.clone()).integer(DRAFT_ROWS as i64);
            let rows = self.database.rows(page).await?;
            let is_last = rows.len() < DRAFT_ROWS;
            for mut row in rows {
                after = row.text()?;
                items.push(row.json()?);
            }
            if is_last {
                return Ok(items);
            }
        }
    }
}

fn length<T>(list: &[T]) -> i64 {
    i64::try_from(list.len()).unwrap_or(i64::MAX)
}
