//! What is published for everybody: bytes, and the versions that they were verified to have. Hashing is the host's: every
//! browser does it natively, beside the page's own thread and many times as fast.

use nearside_json::{Read, read_json};
use serde::Serialize;

use std::rc::Rc;

use crate::flows::domain::Domain;
use crate::flows::experiments::{LiveExperiments, parsed_set};
use crate::flows::live_model::LiveModel;
use crate::flows::refusal::{Kind, Refusal};
use crate::models::{Model, ModelHeader, open};
use crate::pack::{Catalogue, Pack};
use crate::scoring::ServedModel;
use crate::types::{Environment, TimeMs};

/// Which versions are live, as the public document names them. Empty where there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Read)]
#[serde(deny_unknown_fields, default)]
pub struct PublishedVersions {
    /// The pack's id.
    pub pack: String,
    /// The hash of the pack's blob.
    pub pack_version: String,
    /// The hash of the catalogue's blob.
    pub catalog_version: String,
    /// The hash of the popularity's blob.
    pub popularity_version: String,
    /// The hash of the live model's document.
    pub model_version: String,
    /// The hash of the set of tests.
    pub experiments_version: String,
}

impl PublishedVersions {
    /// The version of a part, by the name that its blobs have.
    pub(super) fn version_of(&self, part: &str) -> Option<&str> {
        match part {
            "pack" => Some(&self.pack_version),
            "catalog" => Some(&self.catalog_version),
            "popularity" => Some(&self.popularity_version),
            "model" => Some(&self.model_version),
            "experiments" => Some(&self.experiments_version),
            _ => None,
        }
    }
}

/// The bytes that belong to the versions. The host made sure that each part hashes to its version (SHA-256, lower-case hex);
/// what it could not fetch, and what hashes to something else, is None.
#[derive(Debug, Clone, Copy, Default)]
pub struct Published<'a> {
    /// The pack.
    pub pack: &'a [u8],
    /// The catalogue.
    pub catalog: Option<&'a [u8]>,
    /// Counts of people.
    pub popularity: Option<&'a [u8]>,
    /// The model's signed document.
    pub model: Option<&'a [u8]>,
    /// The tests.
    pub experiments: Option<&'a [u8]>,
}

/// What is ready to serve, and the names of what was published and is not at hand.
pub(super) struct Prepared {
    pub(super) domain: Rc<Domain>,
    pub(super) model: Option<Rc<LiveModel>>,
    pub(super) experiments: Option<LiveExperiments>,
    pub(super) degraded: Vec<String>,
}

/// Reads what was published. Nothing serves that has no version; without a pack nothing serves at all.
///
/// # Errors
/// `no-pack` where the pack has no version, is another one, or does not read.
pub(super) fn prepare(
    versions: &PublishedVersions,
    published: Published<'_>,
    environment: Environment,
    now_ms: TimeMs,
) -> Result<Prepared, Refusal> {
    let mut degraded = Vec::new();
    let pack = named(Some(published.pack), &versions.pack_version).and_then(|bytes| read_json::<Pack>(bytes).ok());
    let pack = pack.filter(|pack| pack.id == versions.pack).ok_or_else(no_pack)?;
    let catalogue = named(published.catalog, &versions.catalog_version);
    let catalogue = catalogue.and_then(|bytes| read_json::<Catalogue>(bytes).ok());
    note(&mut degraded, "catalog", catalogue.is_some(), &versions.catalog_version);
    let popularity = named(published.popularity, &versions.popularity_version);
    let popularity = popularity.and_then(|bytes| read_json(bytes).ok());
    note(&mut degraded, "popularity", popularity.is_some(), &versions.popularity_version);
    // What is not there has no version either.
    let catalog_version = if catalogue.is_some() { versions.catalog_version.clone() } else { String::new() };
    let domain = Domain::prepare(pack, versions.pack_version.clone(), catalogue, catalog_version, popularity);
    let model = named(published.model, &versions.model_version);
    let model = model.and_then(|document| served(document, &domain, now_ms));
    note(&mut degraded, "model", model.is_some(), &versions.model_version);
    let model = model.map(|served| Rc::new(LiveModel::for_everybody(versions.model_version.clone(), served)));
    let experiments = named(published.experiments, &versions.experiments_version);
    let experiments = experiments.and_then(|bytes| parsed_set(bytes, environment));
    note(&mut degraded, "experiments", experiments.is_some(), &versions.experiments_version);
    let experiments = experiments.map(|set| LiveExperiments::new(versions.experiments_version.clone(), set));
    Ok(Prepared { domain: Rc::new(domain), model, experiments, degraded })
}

/// The version's hash stands for its signature: who answers for the document that names it answers for both.
fn served(document: &[u8], domain: &Domain, now_ms: TimeMs) -> Option<ServedModel> {
    let envelope = open(document).ok()?;
    ModelHeader::read_for(envelope.body, &domain.pack.id, now_ms).ok()?;
    Some(ServedModel::new(Model::read(envelope.body).ok()?, &domain.shelf))
}

/// What nobody names is not live.
fn named<'a>(bytes: Option<&'a [u8]>, version: &str) -> Option<&'a [u8]> {
    bytes.filter(|_| !version.is_empty())
}

fn note(degraded: &mut Vec<String>, name: &str, is_ready: bool, version: &str) {
    if !is_ready && !version.is_empty() {
        degraded.push(name.to_owned());
    }
}

fn no_pack() -> Refusal {
    let detail = "the pack is not the one that is asked for, or does not read".to_owned();
    Refusal { kind: Kind::Unavailable, code: "no-pack", detail }
}
