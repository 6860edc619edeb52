//! What a Worker offers to every device, to anyone who asks: the versions that are live, and their bytes.

use super::published::PublishedVersions;
use crate::flows::Host;
use crate::flows::domain::{domain_of, read_verified};
use crate::flows::experiments::{live_experiments, pointer_name};
use crate::flows::refusal::{Kind, Refusal};
use crate::math::sha256_hex;
use crate::pack::Reasoning;
use crate::ports::{Library, Pointers};
use crate::types::Environment;
use nearside_json::write_json;

/// Returns the live versions of a pack that may be ranked on devices. They are the same for everybody: no canary.
///
/// # Errors
/// `NotFound` where there is no such pack, or it does not say `on_device`; `Unavailable`.
pub async fn published_versions<H: Host>(host: &H, pack: &str) -> Result<PublishedVersions, Refusal> {
    Ok(offered(host, pack).await?.0)
}

/// The live versions, and the tests that they name.
async fn offered<H: Host>(host: &H, pack: &str) -> Result<(PublishedVersions, Tests), Refusal> {
    let pointers = Library::pointers(host).await?;
    if !pointers.contains_key(["pack/", pack].concat().as_str()) {
        return Err(Refusal::not_found());
    }
    let live = domain_of(host, pack, &pointers).await?.domain;
    if !live.pack.on_device || live.pack.reasoning == Reasoning::Internal {
        return Err(Refusal::not_found());
    }
    let version = |kind: &str| pointers.get([kind, pack].concat().as_str()).cloned().unwrap_or_default();
    let tests = Tests::of(host, pack, &pointers).await;
    let versions = PublishedVersions {
        pack: pack.to_owned(),
        pack_version: version("pack/"),
        catalog_version: version("catalog/"),
        popularity_version: version("popularity/"),
        model_version: version("model/"),
        experiments_version: tests.version.clone(),
    };
    Ok((versions, tests))
}

/// What everybody may read of the tests, under the hash of its bytes.
struct Tests {
    version: String,
    /// None where there are no tests, or they cannot be read now.
    bytes: Option<Vec<u8>>,
}

impl Tests {
    async fn of<H: Host>(host: &H, pack: &str, pointers: &Pointers) -> Self {
        match live_experiments(host, Environment::Production, pointers).await {
            Ok(live) => {
                let bytes = live.set.for_devices(pack).map(|set| write_json(&set).into_bytes());
                Self { version: bytes.as_deref().map(sha256_hex).unwrap_or_default(), bytes }
            }
            // Devices are to know that there are some: they name as missing what they cannot fetch.
            Err(_) => {
                let name = pointer_name(Environment::Production);
                Self { version: pointers.get(name.as_str()).cloned().unwrap_or_default(), bytes: None }
            }
        }
    }
}

/// Returns the bytes of a live part.
///
/// # Errors
/// `NotFound` where that version of that part is not live; `Unavailable`.
pub async fn published_part<H: Host>(host: &H, pack: &str, part: &str, version: &str) -> Result<Vec<u8>, Refusal> {
    let (live, tests) = offered(host, pack).await?;
    if version.is_empty() || live.version_of(part) != Some(version) {
        return Err(Refusal::not_found());
    }
    let bytes = if part == "experiments" { tests.bytes } else { read_verified(host, part, version).await };
    bytes.ok_or_else(|| Refusal {
        kind: Kind::Unavailable,
        code: "unavailable",
        detail: "the part is live and cannot be read now; try again".to_owned(),
    })
}
