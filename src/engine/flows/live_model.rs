//! The model that ranks for a person: the one that is live, or for some the canary. What does not verify never serves; the
//! last good one does, else the pack's own weights.

use std::rc::Rc;

use super::Host;
use super::domain::{Domain, DomainCache, read_verified};
use crate::math::{bucket, hash64};
use crate::models::{Model, ModelHeader, open, signed_message};
use crate::ports::Pointers;
use crate::scoring::ServedModel;
use crate::types::{TimeMs, UserId};

/// Models kept at once: the live one, a canary and the one before, of two packs.
const KEPT: usize = 6;
/// A version that failed is not tried again for so long: its blob may still be on its way.
const RETRY_AFTER_MS: i64 = 10_000;

/// A model that serves.
#[derive(Debug)]
pub(super) struct LiveModel {
    /// The hash of its document.
    pub version: String,
    /// The model, laid beside the shelf.
    pub served: ServedModel,
    domain: String,
}

/// Models of an isolate, the latest last, and the versions that failed.
#[derive(Debug, Default)]
pub(super) struct ModelCache {
    kept: Vec<Rc<LiveModel>>,
    failed: Vec<(String, TimeMs)>,
}

impl ModelCache {
    fn find(&self, wanted: impl Fn(&LiveModel) -> bool) -> Option<Rc<LiveModel>> {
        self.kept.iter().rev().find(|model| wanted(model)).cloned()
    }

    fn keep(&mut self, model: Rc<LiveModel>) {
        if self.kept.len() >= KEPT {
            self.kept.remove(0);
        }
        self.kept.push(model);
    }

    fn is_failed(&self, version: &str, now_ms: TimeMs) -> bool {
        self.failed
            .iter()
            .any(|(failed, at_ms)| failed == version && (*at_ms..at_ms + RETRY_AFTER_MS).contains(&now_ms))
    }

    fn fail(&mut self, version: &str, now_ms: TimeMs) {
        self.failed.retain(|(failed, _)| failed != version);
        if self.failed.len() >= KEPT {
            self.failed.remove(0);
        }
        self.failed.push((version.to_owned(), now_ms));
    }
}

/// The version for a person: the canary's for its share of people, else the live one.
///
/// The share is taken by a hash of the canary's version and the person, so that every canary meets other people.
fn version_for<'a>(pack: &str, user: UserId, pointers: &'a Pointers) -> Option<&'a str> {
    let pointer = |kind: &str| pointers.get([kind, "/", pack].concat().as_str()).filter(|value| !value.is_empty());
    let canary = pointer("canary").and_then(|canary| canary.split_once(':')).filter(|(version, share)| {
        let share: u32 = share.parse().unwrap_or(0);
        bucket(hash64(&["canary", version, &user.to_string()]), 100) < share
    });
    canary.map(|(version, _)| version).or_else(|| pointer("model").map(String::as_str))
}

/// Returns the model for a person. Where the wanted one cannot serve, `degraded` says `model`.
pub(super) async fn live_model<H: Host>(
    host: &H,
    domain: &Domain,
    user: UserId,
    pointers: &Pointers,
    degraded: &mut Vec<String>,
) -> Option<Rc<LiveModel>> {
    let pack = &domain.pack.id;
    let wanted = version_for(pack, user, pointers)?;
    let live = pointers.get(["model/", pack].concat().as_str()).map(String::as_str);
    let before = pointers.get(["previous/", pack].concat().as_str()).map(String::as_str);
    // What served last in this isolate is good, whatever the pointers say of it by now.
    let last = with(host, |cache| cache.models.find(|model| model.domain == domain.key));
    for version in [Some(wanted), live, last.as_ref().map(|model| model.version.as_str()), before] {
        let Some(version) = version.filter(|version| !version.is_empty()) else { continue };
        if let Some(model) = read_model(host, domain, version).await {
            if version != wanted {
                degraded.push("model".to_owned());
            }
            return Some(model);
        }
    }
    degraded.push("model".to_owned());
    None
}

fn with<H: Host, R>(host: &H, look: impl FnOnce(&mut DomainCache) -> R) -> R {
    look(&mut host.domains().borrow_mut())
}

async fn read_model<H: Host>(host: &H, domain: &Domain, version: &str) -> Option<Rc<LiveModel>> {
    let known = |model: &LiveModel| model.version == version && model.domain == domain.key;
    if let Some(model) = with(host, |cache| cache.models.find(known)) {
        return Some(model);
    }
    let now_ms = host.now_ms();
    if with(host, |cache| cache.models.is_failed(version, now_ms)) {
        return None;
    }
    let model = verified(host, domain, version).await;
    with(host, |cache| match &model {
        Some(model) => cache.models.keep(Rc::clone(model)),
        None => cache.models.fail(version, now_ms),
    });
    model
}

/// Reads a blob and checks everything about it: hash, framing, signature, format, engine, pack, clock, shape.
async fn verified<H: Host>(host: &H, domain: &Domain, version: &str) -> Option<Rc<LiveModel>> {
    let document = read_verified(host, "model", version).await?;
    let envelope = open(&document).ok()?;
    if !host.has_signed(envelope.key, &signed_message(envelope.body), &envelope.signature).await {
        return None;
    }
    ModelHeader::read_for(envelope.body, &domain.pack.id, host.now_ms()).ok()?;
    let served = ServedModel::new(Model::read(envelope.body).ok()?, &domain.shelf);
    Some(Rc::new(LiveModel { version: version.to_owned(), served, domain: domain.key.clone() }))
}
