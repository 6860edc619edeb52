//! Packs and catalogues on their way to the edge: checked, stored under their hash, then pointed at.

use std::rc::Rc;

use serde::Serialize;

use super::Host;
use super::domain::{Domain, domain_of};
use super::refusal::Refusal;
use crate::math::sha256_hex;
use crate::pack::{check_item, check_pack, parse_catalogue, parse_pack};
use crate::ports::{Blobs, DraftChange, Pointers};
use crate::types::AdminScope;
use crate::wire::{BULK_ENTRIES, CatalogUpload};
use nearside_json::write_json;

/// Whether what the checker lets pass is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taking {
    /// It is.
    Write,
    /// Nothing is: the report says what would be.
    Check,
}

/// What became of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PackReport {
    /// The pack.
    pub pack: String,
    /// The hash that is live now, or would be.
    pub version: String,
}

/// What became of a catalogue's draft or commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CatalogueReport {
    /// The pack.
    pub pack: String,
    /// Items in the draft, or in the version; where items for a draft are checked only, their number.
    pub items: u32,
    /// The hash that is live now, or would be; None for a draft.
    pub version: Option<String>,
}

/// Checks a pack, stores it and makes it live.
///
/// # Errors
/// Everything the checker finds; a store that is down.
pub async fn publish_pack<H: Host>(
    host: &H,
    scope: AdminScope,
    id: &str,
    bytes: &[u8],
    taking: Taking,
) -> Result<PackReport, Refusal> {
    let pack = parse_pack(bytes)?;
    let findings = check_pack(&pack);
    if !findings.is_empty() {
        return Err(crate::pack::InvalidPack(findings).into());
    }
    if pack.id != id {
        return Err(Refusal::invalid("invalid-pack", "id: the pack's id is not that of the path"));
    }
    let version = sha256_hex(bytes);
    if taking == Taking::Check {
        return Ok(PackReport { pack: pack.id, version });
    }
    host.put(&format!("pack/{version}"), bytes).await?;
    let live = host.pointers().await?;
    let mut changes = Pointers::from([(format!("pack/{id}"), version.clone())]);
    if !live.contains_key("default_pack") {
        changes.insert("default_pack".to_owned(), id.to_owned());
    }
    for name in pack.scopes.iter().map(|scope| format!("scope/{}", scope.id)) {
        // A scope's short name belongs to the first pack that had it; the others are reached as `pack:scope`.
        if !live.contains_key(&name) {
            changes.insert(name, id.to_owned());
        }
    }
    move_pointers(host, scope, live, changes).await?;
    Ok(PackReport { pack: id.to_owned(), version })
}

/// Changes a catalogue's draft: all of the upload or nothing.
///
/// # Errors
/// An unknown pack, more than 1,000 entries, items that break the pack's rules; a store that is down.
pub async fn change_catalogue<H: Host>(
    host: &H,
    scope: AdminScope,
    pack: &str,
    upload: CatalogUpload,
    taking: Taking,
) -> Result<CatalogueReport, Refusal> {
    if upload.items.len() + upload.remove.len() > BULK_ENTRIES {
        return Err(Refusal::invalid("invalid-catalogue", "more than 1000 entries in one call"));
    }
    let pointers = host.pointers().await?;
    let known = live_pack(host, pack, &pointers).await?;
    let mut findings = Vec::new();
    for (index, item) in upload.items.iter().enumerate() {
        check_item(item, &known.pack, &format!("items[{index}]"), &mut findings);
    }
    if !findings.is_empty() {
        return Err(crate::pack::InvalidPack(findings).into());
    }
    if taking == Taking::Check {
        let items = u32::try_from(upload.items.len()).unwrap_or(u32::MAX);
        return Ok(CatalogueReport { pack: pack.to_owned(), items, version: None });
    }
    let change = DraftChange { pack: pack.to_owned(), items: upload.items, remove: upload.remove };
    let items = host.change_draft(scope, &change, host.now_ms()).await?;
    Ok(CatalogueReport { pack: pack.to_owned(), items, version: None })
}

/// Makes the draft an immutable version and the live one. The same draft gives the same version.
///
/// # Errors
/// An unknown pack; items that the pack, changed since, no longer allows; a store that is down.
pub async fn commit_catalogue<H: Host>(
    host: &H,
    scope: AdminScope,
    pack: &str,
    taking: Taking,
) -> Result<CatalogueReport, Refusal> {
    let pointers = host.pointers().await?;
    let known = live_pack(host, pack, &pointers).await?;
    let catalogue = parse_catalogue(host.draft(scope, pack).await?, &known.pack)?;
    let items = u32::try_from(catalogue.items.len()).unwrap_or(u32::MAX);
    let bytes = write_json(&catalogue).into_bytes();
    let version = sha256_hex(&bytes);
    if taking == Taking::Write {
        host.put(&format!("catalog/{version}"), &bytes).await?;
        let changes = Pointers::from([(format!("catalog/{pack}"), version.clone())]);
        move_pointers(host, scope, pointers, changes).await?;
    }
    Ok(CatalogueReport { pack: pack.to_owned(), items, version: Some(version) })
}

/// Turns the global switch; everybody's next answer follows it.
///
/// # Errors
/// A store that is down: then nothing changed.
pub async fn switch<H: Host>(host: &H, scope: AdminScope, is_on: bool) -> Result<(), Refusal> {
    let live = host.pointers().await?;
    let changes = Pointers::from([("personalization_enabled".to_owned(), is_on.to_string())]);
    move_pointers(host, scope, live, changes).await
}

async fn live_pack<H: Host>(host: &H, pack: &str, pointers: &Pointers) -> Result<Rc<Domain>, Refusal> {
    if !pointers.contains_key(&format!("pack/{pack}")) {
        return Err(Refusal::not_found());
    }
    Ok(domain_of(host, pack, pointers).await?.domain)
}

/// Moves the pointers in their truth, then refreshes the fallback copy for when that is down.
pub(super) async fn move_pointers<H: Host>(
    host: &H,
    scope: AdminScope,
    live: Pointers,
    changes: Pointers,
) -> Result<(), Refusal> {
    host.point(scope, &changes, host.now_ms()).await?;
    let mut next = live;
    next.extend(changes);
    // The copy is a convenience: failing to write it is no reason to call the move failed.
    let _ = Blobs::put(host, "live", write_json(&next).as_bytes()).await;
    Ok(())
}
