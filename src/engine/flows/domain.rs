//! A pack and its catalogue, read by hash and prepared once. What does not read keeps the last good one in place.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use super::Host;
use super::experiments::ExperimentsCache;
use super::live_model::ModelCache;
use super::refusal::Refusal;
use crate::math::sha256_hex;
use crate::pack::{Catalogue, Pack, Popularity, Scope, Shelf, parse_pack};
use crate::ports::{Blobs, Pointers};
use crate::ranking::TextCache;
use crate::text::Lexicon;
use nearside_json::read_json;

/// Prepared domains kept at once: a tenant has a handful of packs.
const KEPT: usize = 8;

/// A pack, its catalogue and everything made of them.
#[derive(Debug)]
pub struct Domain {
    /// The pack.
    pub pack: Pack,
    /// The hash of the pack's blob.
    pub pack_version: String,
    /// The hash of the catalogue's blob; empty before the first commit.
    pub catalog_version: String,
    /// The catalogue, laid out.
    pub shelf: Shelf,
    lexicon: OnceCell<Lexicon>,
    /// The texts, segmented when first shown.
    pub texts: TextCache,
    /// Counts of people, if there are any.
    pub popularity: Option<Popularity>,
    pub(super) key: String,
}

/// Prepared domains, the pointers last seen, and nothing personal.
#[derive(Debug, Default)]
pub struct DomainCache {
    domains: Vec<Rc<Domain>>,
    pub(super) models: ModelCache,
    pub(super) experiments: ExperimentsCache,
    last_pointers: Pointers,
}

impl DomainCache {
    /// Forgets everything, as a new isolate would.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

/// A domain, and what could not be read on the way to it.
#[derive(Debug, Clone)]
pub struct Live {
    /// The domain.
    pub domain: Rc<Domain>,
    /// `pack`, `catalog` or `popularity` where an older one stands in.
    pub degraded: Vec<String>,
}

/// A surface of a pack, as a request names it: `home`, or `retail:home` where two packs have one of that name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeRef {
    /// The pack's id.
    pub pack: String,
    /// The surface; None means the pack's first.
    pub scope: Option<String>,
}

impl ScopeRef {
    /// Finds the pack of a scope by the pointers.
    pub fn resolve(name: Option<&str>, pointers: &Pointers) -> Option<Self> {
        let named = |pack: &str, scope: &str| Self { pack: pack.to_owned(), scope: Some(scope.to_owned()) };
        match name {
            None => pointers.get("default_pack").map(|pack| Self { pack: pack.clone(), scope: None }),
            Some(name) => match name.split_once(':') {
                Some((pack, scope)) => Some(named(pack, scope)),
                None => pointers.get(&format!("scope/{name}")).map(|pack| named(pack, name)),
            },
        }
    }
}

impl Domain {
    /// Prepares a domain from a pack and items.
    pub fn prepare(
        pack: Pack,
        pack_version: String,
        catalogue: Option<Catalogue>,
        catalog_version: String,
        popularity: Option<Popularity>,
    ) -> Self {
        let shelf = Shelf::new(catalogue.map(|catalogue| catalogue.items).unwrap_or_default(), &pack);
        let texts = TextCache::new(&shelf);
        let lexicon = OnceCell::new();
        Self { pack, pack_version, catalog_version, shelf, lexicon, texts, popularity, key: String::new() }
    }

    /// The words, compiled when first needed: an order without words needs none.
    pub fn lexicon(&self) -> &Lexicon {
        self.lexicon.get_or_init(|| Lexicon::new(&self.pack))
    }

    /// Finds a scope; None means the first.
    pub fn scope(&self, name: Option<&str>) -> Option<&Scope> {
        match name {
            None => self.pack.scopes.first(),
            Some(name) => self.pack.scopes.iter().find(|scope| scope.id == name),
        }
    }
}

/// Reads the domain of a scope. `pointers` is None when their store is down: then those last seen, or the fallback of
/// the blob store, stand in.
///
/// # Errors
/// `NotFound`-like when there is no such scope; `Unavailable` when no version of the domain can be read at all.
pub async fn live_domain<H: Host>(
    host: &H,
    scope: Option<&str>,
    pointers: Option<&Pointers>,
) -> Result<(Live, ScopeRef, Pointers), Refusal> {
    let pointers = match pointers {
        Some(pointers) => {
            host.domains().borrow_mut().last_pointers.clone_from(pointers);
            pointers.clone()
        }
        None => fallback_pointers(host).await.ok_or_else(no_domain)?,
    };
    let reference = ScopeRef::resolve(scope, &pointers)
        .filter(|reference| pointers.contains_key(&format!("pack/{}", reference.pack)))
        .ok_or_else(unknown_scope)?;
    let live = domain_of(host, &reference.pack, &pointers).await?;
    if live.domain.scope(reference.scope.as_deref()).is_none() {
        return Err(unknown_scope());
    }
    Ok((live, reference, pointers))
}

fn unknown_scope() -> Refusal {
    Refusal::invalid("unknown-scope", "scope is not one of the live packs' scopes; GET /health names the packs")
}

/// The pointers last seen, or the copy that the blob store keeps; None when neither is at hand.
async fn fallback_pointers<H: Host>(host: &H) -> Option<Pointers> {
    let last = host.domains().borrow().last_pointers.clone();
    if !last.is_empty() {
        return Some(last);
    }
    let bytes = host.get("live").await.ok().flatten()?;
    read_json(&bytes).ok()
}

/// Reads one pack's domain by its pointers.
///
/// # Errors
/// `Unavailable` when neither the live version nor an older one can be read.
pub async fn domain_of<H: Host>(host: &H, pack: &str, pointers: &Pointers) -> Result<Live, Refusal> {
    let hash = |kind: &str| pointers.get(&format!("{kind}/{pack}")).cloned().unwrap_or_default();
    let (pack_hash, catalog_hash, popularity_hash) = (hash("pack"), hash("catalog"), hash("popularity"));
    let key = format!("{pack}/{pack_hash}/{catalog_hash}/{popularity_hash}");
    if let Some(domain) = kept(host.domains(), |domain| domain.key == key) {
        return Ok(Live { domain, degraded: Vec::new() });
    }
    let older = || kept(host.domains(), |domain| domain.pack.id == pack);
    let mut degraded = Vec::new();
    let Some(parsed) = read_verified(host, "pack", &pack_hash).await.and_then(|bytes| parse_pack(&bytes).ok()) else {
        let domain = older().ok_or_else(no_domain)?;
        return Ok(Live { domain, degraded: vec!["pack".to_owned()] });
    };
    let catalogue = if catalog_hash.is_empty() {
        None
    } else {
        match read_verified(host, "catalog", &catalog_hash).await.and_then(|bytes| read_json::<Catalogue>(&bytes).ok())
        {
            Some(catalogue) => Some(catalogue),
            None => {
                degraded.push("catalog".to_owned());
                if let Some(domain) = older() {
                    return Ok(Live { domain, degraded });
                }
                None
            }
        }
    };
    let popularity = read_verified(host, "popularity", &popularity_hash).await.and_then(|bytes| read_json(&bytes).ok());
    if popularity.is_none() && !popularity_hash.is_empty() {
        degraded.push("popularity".to_owned());
    }
    let mut domain = Domain::prepare(parsed, pack_hash, catalogue, catalog_hash, popularity);
    domain.key = key;
    let domain = Rc::new(domain);
    if degraded.is_empty() {
        keep(host.domains(), Rc::clone(&domain));
    }
    Ok(Live { domain, degraded })
}

fn no_domain() -> Refusal {
    Refusal {
        kind: super::Kind::Unavailable,
        code: "no-pack",
        detail: "no version of the pack can be read now; try again".to_owned(),
    }
}

fn kept(cache: &RefCell<DomainCache>, wanted: impl Fn(&Domain) -> bool) -> Option<Rc<Domain>> {
    cache.borrow().domains.iter().rev().find(|domain| wanted(domain)).cloned()
}

fn keep(cache: &RefCell<DomainCache>, domain: Rc<Domain>) {
    let mut cache = cache.borrow_mut();
    cache.domains.retain(|known| known.key != domain.key);
    if cache.domains.len() >= KEPT {
        cache.domains.remove(0);
    }
    cache.domains.push(domain);
}

/// Reads a blob and makes sure that it is what its name says: a blob that does not hash to its name never serves.
pub(super) async fn read_verified(blobs: &impl Blobs, kind: &str, hash: &str) -> Option<Vec<u8>> {
    if hash.is_empty() {
        return None;
    }
    let bytes = blobs.get(&format!("{kind}/{hash}")).await.ok().flatten()?;
    (sha256_hex(&bytes) == hash).then_some(bytes)
}
