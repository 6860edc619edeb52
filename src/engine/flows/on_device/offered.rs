//! What a Worker offers to every device, to anyone who asks: the versions that are live, and their bytes.

use super::published::PublishedVersions;
use crate::flows::Host;
use crate::flows::domain::{domain_of, read_verified};
use crate::flows::refusal::{Kind, Refusal};
use crate::pack::Reasoning;
use crate::ports::Library;

/// Returns the live versions of a pack that may be ranked on devices. They are the same for everybody: no canary.
///
/// # Errors
/// `NotFound` where there is no such pack, or it does not say `on_device`; `Unavailable`.
pub async fn published_versions<H: Host>(host: &H, pack: &str) -> Result<PublishedVersions, Refusal> {
    let pointers = Library::pointers(host).await?;
    if !pointers.contains_key(["pack/", pack].concat().as_str()) {
        return Err(Refusal::not_found());
    }
    let live = domain_of(host, pack, &pointers).await?.domain;
    if !live.pack.on_device || live.pack.reasoning == Reasoning::Internal {
        return Err(Refusal::not_found());
    }
    let version = |kind: &str| pointers.get([kind, pack].concat().as_str()).cloned().unwrap_or_default();
    Ok(PublishedVersions {
        pack: pack.to_owned(),
        pack_version: version("pack/"),
        catalog_version: version("catalog/"),
        popularity_version: version("popularity/"),
        model_version: version("model/"),
        experiments_version: pointers.get("experiments/production").cloned().unwrap_or_default(),
    })
}

/// Returns the bytes of a live part.
///
/// # Errors
/// `NotFound` where that version of that part is not live; `Unavailable`.
pub async fn published_part<H: Host>(host: &H, pack: &str, part: &str, version: &str) -> Result<Vec<u8>, Refusal> {
    let live = published_versions(host, pack).await?;
    if version.is_empty() || live.version_of(part) != Some(version) {
        return Err(Refusal::not_found());
    }
    read_verified(host, part, version).await.ok_or_else(|| Refusal {
        kind: Kind::Unavailable,
        code: "unavailable",
        detail: "the part is live and cannot be read now; try again".to_owned(),
    })
}
