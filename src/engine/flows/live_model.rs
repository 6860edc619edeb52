//! The model that ranks for a person: the one that is live, or for some the canary. What does not verify never serves, and
//! what no pointer names neither, but for one: in its place the live one does, then the one that was live before, then the
//! one that this isolate itself served last as the live one, unless it was taken back since, then the pack's own weights. A
//! person's record brings the pointers along, so that where they cannot be read nobody is ranked for.

use std::rc::Rc;

use super::Host;
use super::domain::{Domain, DomainCache, read_verified};
use super::models::stands_still;
use crate::math::{bucket, hash64};
use crate::models::{Model, ModelHeader, open, signed_message};
use crate::ports::Pointers;
use crate::scoring::ServedModel;
use crate::types::{SortedMap, TimeMs, UserId};

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

impl LiveModel {
    /// A model that is the same for everybody, where nothing else is kept.
    pub(super) fn for_everybody(version: String, served: ServedModel) -> Self {
        Self { version, served, domain: String::new() }
    }
}

/// Models of an isolate, the latest last, and the versions that failed. What is kept here need not be named any more.
#[derive(Debug, Default)]
pub(super) struct ModelCache {
    kept: Vec<Rc<LiveModel>>,
    failed: Vec<(String, TimeMs)>,
    /// By pack: the version that served last as the live one.
    last_live: SortedMap<String, String>,
}

impl ModelCache {
    fn find(&self, wanted: impl Fn(&LiveModel) -> bool) -> Option<Rc<LiveModel>> {
        self.kept.iter().find(|model| wanted(model)).cloned()
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
    let last = with(host, |cache| cache.models.last_live.get(pack).cloned());
    let named = [Some(wanted), live, before].map(|version| (version, true));
    for (version, is_named) in named.into_iter().chain([(last.as_deref(), false)]) {
        let Some(version) = version.filter(|version| !version.is_empty()) else { continue };
        // No pointer names the last: only the log knows whether somebody took it back, and it is asked each time.
        if !is_named && !stands_still(host, pack, version).await {
            continue;
        }
        if let Some(model) = read_model(host, domain, version).await {
            if Some(version) == live {
                with(host, |cache| cache.models.last_live.insert(pack.clone(), version.to_owned()));
            }
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use pollster::block_on;

    use super::super::models::{move_model, upload_model};
    use super::*;
    use crate::flows::MemoryHost;
    use crate::flows::memory_host::A_SHOP;
    use crate::models::Envelope;
    use crate::pack::parse_pack;
    use crate::ports::memory::{Fault, Port, Trouble, memory_signature};
    use crate::ports::{Blobs, Library};
    use crate::privacy::for_jobs;
    use crate::wire::MoveRequest;

    const NOW: i64 = 1_795_132_800_000;

    struct Place {
        host: MemoryHost,
        domain: Domain,
    }

    impl Place {
        fn new() -> Self {
            let host = MemoryHost::new(NOW);
            host.set_pointers(&Pointers::from([("pack/shop".to_owned(), "p".to_owned())]));
            host.trust("origin");
            let pack = parse_pack(A_SHOP.as_bytes()).unwrap();
            Self { host, domain: Domain::prepare(pack, "p".to_owned(), None, String::new(), None) }
        }

        fn promote(&self, seed: u32, share: u8) -> String {
            let body = format!(
                r#"{{"format":1,"pack":"shop","engine":{{"from":"0.1.0","below":"0.2.0"}},"trained_at_ms":{NOW},"window":{{}},"seed":{seed},"metrics":{{}},"importance":{{}},"items":[],"base":0,"terms":[]}}"#
            );
            let signature = memory_signature("origin", &signed_message(body.as_bytes()));
            let document = Envelope { key: "origin", signature, body: body.as_bytes() }.write().unwrap();
            let version = block_on(upload_model(&self.host, for_jobs(), "shop", &document)).unwrap();
            let forced_reason = Some("a test".to_owned());
            let share = Some(share);
            let request =
                MoveRequest { version: Some(version.clone()), share, forced_reason, ..MoveRequest::default() };
            block_on(move_model(&self.host, for_jobs(), "shop", true, request)).unwrap();
            version
        }

        fn go_back(&self) {
            block_on(move_model(&self.host, for_jobs(), "shop", false, MoveRequest::default())).unwrap();
        }

        fn lose(&self, version: &str) {
            block_on(Blobs::remove(&self.host, &["model/", version].concat())).unwrap();
        }

        /// The version that serves a person, and what is degraded.
        fn serves(&self, person: u32) -> (Option<String>, Vec<String>) {
            let user = UserId::parse(&format!("00000000-0000-4000-8000-{person:012x}")).unwrap();
            let pointers = block_on(self.host.pointers()).unwrap();
            let mut degraded = Vec::new();
            let model = block_on(live_model(&self.host, &self.domain, user, &pointers, &mut degraded));
            (model.map(|model| model.version.clone()), degraded)
        }
    }

    fn instead(version: Option<&String>) -> (Option<String>, Vec<String>) {
        (version.cloned(), vec!["model".to_owned()])
    }

    #[test]
    fn what_was_taken_back_does_not_stand_in_though_it_was_read_last() {
        let place = Place::new();
        let first = place.promote(1, 100);
        assert_eq!(place.serves(1), (Some(first.clone()), Vec::new()));
        let second = place.promote(2, 100);
        assert_eq!(place.serves(1), (Some(second), Vec::new()));
        place.go_back();
        assert_eq!(place.serves(1), (Some(first.clone()), Vec::new()));
        let third = place.promote(3, 100);
        place.lose(&third);
        assert_eq!(place.serves(1), instead(Some(&first)));
    }

    #[test]
    fn where_the_packs_own_weights_served_before_they_stand_in() {
        let place = Place::new();
        let first = place.promote(1, 100);
        assert_eq!(place.serves(1), (Some(first), Vec::new()));
        place.go_back();
        assert_eq!(place.serves(1), (None, Vec::new()));
        let second = place.promote(2, 100);
        place.lose(&second);
        assert_eq!(place.serves(1), instead(None));
    }

    /// Moves the pointer as nobody should: to what is not there, and without a pointer to what was live before.
    fn point_nowhere(place: &Place) {
        let pointers =
            [("model/shop", "0".repeat(64)), ("previous/shop", String::new()), ("canary/shop", String::new())];
        place.host.set_pointers(&pointers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
    }

    #[test]
    fn without_a_pointer_what_served_last_as_the_live_one_stands_in() {
        let place = Place::new();
        let first = place.promote(1, 100);
        assert_eq!(place.serves(1), (Some(first.clone()), Vec::new()));
        point_nowhere(&place);
        assert_eq!(place.serves(1), instead(Some(&first)));
        place.host.order(vec![Fault { port: Some(Port::Models), call: None, trouble: Trouble::Down }]);
        assert_eq!(place.serves(1), instead(None), "whether it was taken back is not known");
        place.host.order(Vec::new());
        assert_eq!(place.serves(1), instead(Some(&first)));
        place.host.domains().borrow_mut().clear();
        assert_eq!(place.serves(1), instead(None), "another isolate did not serve it");
    }

    #[test]
    fn what_served_last_as_the_live_one_and_was_taken_back_does_not_stand_in() {
        let place = Place::new();
        let first = place.promote(1, 100);
        let second = place.promote(2, 100);
        assert_eq!(place.serves(1), (Some(second), Vec::new()));
        place.go_back();
        point_nowhere(&place);
        assert_eq!(place.serves(1), instead(None));
        place.host.set_pointers(&Pointers::from([("model/shop".to_owned(), first.clone())]));
        assert_eq!(place.serves(1), (Some(first.clone()), Vec::new()));
        point_nowhere(&place);
        assert_eq!(place.serves(1), instead(Some(&first)));
    }

    #[test]
    fn a_canary_that_served_last_does_not_stand_in_without_a_pointer() {
        let place = Place::new();
        place.promote(1, 100);
        let canary = place.promote(2, 99);
        assert_eq!(place.serves(1), (Some(canary), Vec::new()));
        point_nowhere(&place);
        assert_eq!(place.serves(1), instead(None));
    }

    #[test]
    fn a_canary_that_was_read_last_does_not_stand_in_for_the_live_one() {
        let place = Place::new();
        let first = place.promote(1, 100);
        let live = place.promote(2, 100);
        place.lose(&live);
        let canary = place.promote(3, 50);
        let served = |person: u32| place.serves(person);
        let has_canary = |person: &u32| served(*person).0.as_ref() == Some(&canary);
        let (of_canary, others): (Vec<u32>, Vec<u32>) = (1..40).partition(has_canary);
        assert!(!of_canary.is_empty() && !others.is_empty());
        for person in others {
            assert_eq!(served(person), instead(Some(&first)));
        }
    }
}
