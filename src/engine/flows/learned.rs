//! What the origin job learned of single people, on its way in: their neighbours, and their own corrections of the model.
//!
//! The job knows people by the names of the export. A keyed hash cannot be turned back, and no table of hashes is kept
//! for it: the hashes of the people who share under one are made anew and compared. That is some microseconds a person
//! and call, as far as the last name that is looked for.

use nearside_json::{RawJson, read_json, write_json};
use serde::Serialize;

use super::Host;
use super::model_jobs::{is_object, time};
use super::models::records;
use super::refusal::Refusal;
use crate::ports::{ModelAsk, ModelFacts};
use crate::types::{AdminScope, SortedMap, UserId};
use crate::wire::{SimilarUsersUpload, UserModelsUpload};

/// People of a page, as the store gives them.
const PAGE: usize = 10_000;

/// What became of rows about people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WriteReport {
    /// Rows that are stored now.
    pub written: u64,
    /// Rows that are not: somebody in them does not share (any more), or is not known under this name.
    pub withheld: u64,
}

/// Replaces the neighbours of the named people, as far as both sides share now.
///
/// # Errors
/// A score outside 0 to 1, a time that does not read; a store that is down: then nothing changed.
pub async fn write_similar_users<H: Host>(
    host: &H,
    scope: AdminScope,
    upload: &SimilarUsersUpload,
) -> Result<WriteReport, Refusal> {
    let made_at_ms = time(&upload.calculated_at)?;
    let mut names = Names::default();
    let mut sent = 0;
    for person in &upload.people {
        names.want(&person.user_id);
        for similar in &person.similar {
            if !(0.0..=1.0).contains(&similar.score) {
                return Err(Refusal::invalid("invalid-request", "score is 0 to 1"));
            }
            names.want(&similar.user_id);
            sent += 1;
        }
    }
    names.find(host, scope).await?;
    let (mut people, mut rows) = (Vec::new(), Vec::new());
    for person in &upload.people {
        let Some(user) = names.of(&person.user_id) else { continue };
        people.push(user.to_owned());
        for similar in &person.similar {
            if let Some(other) = names.of(&similar.user_id).filter(|other| *other != user) {
                rows.push((user, other, similar.score, &similar.common_attributes));
            }
        }
    }
    let facts = ModelFacts { made_at_ms, names: &people, rows: &write_json(&rows), ..ModelFacts::default() };
    Ok(report(sent, records(host, scope, ModelAsk::SimilarUsers, &facts).await?.rows))
}

/// Writes people's own models, as far as they share and may be learned from now.
///
/// # Errors
/// Another type, weights that are no numbers by name; a store that is down: then nothing changed.
pub async fn write_user_models<H: Host>(
    host: &H,
    scope: AdminScope,
    upload: &UserModelsUpload,
) -> Result<WriteReport, Refusal> {
    let mut names = Names::default();
    for model in &upload.models {
        let has_weights = read_json::<SortedMap<String, f64>>(model.weights.get().as_bytes()).is_ok();
        if model.model_type != "RECOMMENDATION_RANKING" || !has_weights || !is_object(&model.performance) {
            let detail = "a model has the type RECOMMENDATION_RANKING, numbers by name as weights, and performance";
            return Err(Refusal::invalid("invalid-request", detail));
        }
        names.want(&model.user_id);
    }
    names.find(host, scope).await?;
    let mut rows = Vec::new();
    for model in &upload.models {
        let Some(user) = names.of(&model.user_id) else { continue };
        let importance = model.feature_importance.as_ref().map(RawJson::get);
        let (weights, performance) = (model.weights.get(), model.performance.get());
        rows.push((user, &model.model_type, &model.model_version, weights, performance, importance));
    }
    let facts = ModelFacts { rows: &write_json(&rows), ..ModelFacts::default() };
    Ok(report(upload.models.len(), records(host, scope, ModelAsk::UserModels, &facts).await?.rows))
}

fn report(sent: usize, written: u64) -> WriteReport {
    WriteReport { written, withheld: u64::try_from(sent).unwrap_or(u64::MAX).saturating_sub(written) }
}

/// Names of the export, and the ids that they stand for; empty while that is not known.
#[derive(Default)]
struct Names {
    ids: SortedMap<String, String>,
    unknown: usize,
}

impl Names {
    fn want(&mut self, name: &str) {
        if !self.ids.contains_key(name) {
            let id = UserId::parse(name).map(|_| name.to_owned()).unwrap_or_default();
            self.unknown += usize::from(id.is_empty());
            self.ids.insert(name.to_owned(), id);
        }
    }

    fn of(&self, name: &str) -> Option<&str> {
        self.ids.get(name).map(String::as_str).filter(|id| !id.is_empty())
    }

    /// Looks for the hashes among the people who share under one.
    async fn find<H: Host>(&mut self, host: &H, scope: AdminScope) -> Result<(), Refusal> {
        let mut after = String::new();
        while self.unknown > 0 {
            let facts = ModelFacts { id: &after, ..ModelFacts::default() };
            let answer = records(host, scope, ModelAsk::HashedPeople, &facts).await?;
            let page: Vec<String> = read_json(answer.json.as_bytes()).unwrap_or_default();
            for user in page.iter().filter_map(|id| UserId::parse(id)) {
                if let Some(id) = self.ids.get_mut(&host.pseudonym(user)) {
                    *id = user.to_string();
                    self.unknown = self.unknown.saturating_sub(1);
                }
            }
            match page.last() {
                Some(last) if page.len() >= PAGE => after.clone_from(last),
                _ => break,
            }
        }
        Ok(())
    }
}
