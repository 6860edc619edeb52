//! What the origin job learned of single people, on its way in: their neighbours, and their own corrections of the model.
//!
//! The job knows people by the names of the export. A keyed hash cannot be turned back, and no table of hashes is kept
//! for it: the hashes of the people who share under one are made anew and compared. That is some microseconds a person
//! and call, as far as the last name that is looked for.

use nearside_json::{read_json, write_json};

use super::Host;
use super::refusal::Refusal;
use crate::ports::{ModelAsk, ModelFacts};
use crate::types::{AdminScope, UserId};

/// People of a page, as the store gives them.
const PAGE: usize = 10_000;

/// Writes what `body` says of people (`SimilarUsers` or `UserModels`), as far as they allow it now, and answers with how
/// much that was.
///
/// # Errors
/// Rows that the tables do not take; a store that is down: then nothing changed.
pub async fn learned<H: Host>(host: &H, scope: AdminScope, ask: ModelAsk, body: &str) -> Result<String, Refusal> {
    let facts = ModelFacts::of("").json("body", body);
    let mut names = ids(&host.model_records(scope, ModelAsk::HashedNames, &facts, host.now_ms()).await?);
    let (mut found, mut after) = (Vec::<[String; 2]>::new(), String::new());
    while !names.is_empty() {
        let page = ModelFacts::of("").text("id", &after);
        let page = ids(&host.model_records(scope, ModelAsk::HashedPeople, &page, host.now_ms()).await?);
        for user in page.iter().filter_map(|id| UserId::parse(id)) {
            let name = host.pseudonym(user);
            if let Ok(at) = names.binary_search(&name) {
                names.remove(at);
                found.push([name, user.to_string()]);
            }
        }
        match page.last() {
            Some(last) if page.len() >= PAGE => after.clone_from(last),
            _ => break,
        }
    }
    Ok(host.model_records(scope, ask, &facts.json("found", &write_json(&found)), host.now_ms()).await?)
}

/// A list of texts, as the store gives it.
fn ids(json: &str) -> Vec<String> {
    read_json(json.as_bytes()).unwrap_or_default()
}
