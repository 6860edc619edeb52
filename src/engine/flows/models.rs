//! Models on their way to the edge and back: taken in when they verify, promoted when the gate lets them or somebody says
//! why not, taken back in one move. A model serves when a pointer names it, and in no other way.

use nearside_json::{Read, read_json};
use serde::Serialize;

use super::Host;
use super::library::keep_copy;
use super::model_jobs::report_on_pack;
use super::refusal::{Kind, Refusal};
use crate::math::sha256_hex;
use crate::models::{InvalidModel, KeptVersion, open, previous, read_header, signed_message, superfluous};
use crate::ports::{Blobs, ModelAnswer, ModelAsk, ModelFacts, Pointers, Unavailable};
use crate::types::AdminScope;
use crate::wire::{PromoteRequest, RollbackRequest};

/// What became of an upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModelReport {
    /// The pack.
    pub pack: String,
    /// The hash of the document.
    pub version: String,
    /// Its bytes.
    pub size_bytes: usize,
}

/// Takes a signed document in as a candidate. The same document again gives the same answer and writes nothing.
///
/// # Errors
/// `NotFound` for a pack that is not live; `model-…` for a document that does not verify; a store that is down. Then
/// nothing has changed, but for a blob that nothing names.
pub async fn upload_model<H: Host>(
    host: &H,
    scope: AdminScope,
    pack: &str,
    document: &[u8],
) -> Result<ModelReport, Refusal> {
    known_pointers(host, pack).await?;
    let envelope = open(document)?;
    if !host.has_signed(envelope.key, &signed_message(envelope.body), &envelope.signature).await {
        let detail = "the signature is not by a key that this Worker trusts; see MODEL_KEYS";
        return Err(InvalidModel::new("signature", detail).into());
    }
    let header = read_header(envelope.body)?;
    header.check(pack, host.now_ms())?;
    let version = sha256_hex(document);
    let report = ModelReport { pack: pack.to_owned(), version, size_bytes: document.len() };
    // A kept version's blob is there: it was written first. A store of blobs takes a name once a second at most.
    if !kept_versions(host, scope, pack).await?.iter().any(|kept| kept.version == report.version) {
        host.put(&blob_name(&report.version), document).await?;
        let facts = ModelFacts {
            pack,
            action: "uploaded",
            version: Some(&report.version),
            size_bytes: report.size_bytes,
            made_at_ms: header.trained_at_ms,
            data_window: header.window.get(),
            metrics: header.metrics.get(),
            importance: header.importance.get(),
            ..ModelFacts::default()
        };
        records(host, scope, ModelAsk::Add, &facts).await?;
    }
    Ok(report)
}

/// What a promotion reads of the gate's verdicts.
#[derive(Read)]
struct Verdict {
    passed: bool,
}

/// Makes a kept version the live one, or a canary for a share of people, and answers with the pack's models.
///
/// # Errors
/// `model-version` for one that is not kept or live already; `model-gate` without a passed gate or a reason;
/// `Unavailable` while its blob has not arrived; `Conflict` when somebody else moved the pointers.
pub async fn promote_model<H: Host>(
    host: &H,
    scope: AdminScope,
    pack: &str,
    request: PromoteRequest,
) -> Result<String, Refusal> {
    let pointers = known_pointers(host, pack).await?;
    let version = request.version.as_str();
    if !(1..=100).contains(&request.share) {
        return Err(Refusal::invalid("invalid-request", "share is 1 to 100"));
    }
    let invalid_gate = |_| Refusal::invalid("invalid-request", "gate is an object that says whether it passed");
    let gate = request.gate.as_ref().map(|gate| gate.get());
    let verdict = gate.map(|gate| read_json::<Verdict>(gate.as_bytes()).map_err(invalid_gate)).transpose()?;
    let reason = request.forced_reason.as_deref().filter(|reason| !reason.trim().is_empty());
    let (live, canary) = (pointer(&pointers, "model", pack), pointer(&pointers, "canary", pack));
    let kept = kept_versions(host, scope, pack).await?;
    if !kept.iter().any(|kept| kept.version == version) {
        return Err(Refusal::invalid("model-version", "no such version of the pack is kept; upload it first"));
    }
    let is_canary = request.share < 100;
    let facts =
        ModelFacts { pack, version: Some(version), from_version: some(live), reason, gate, ..ModelFacts::default() };
    if !verdict.is_some_and(|verdict| verdict.passed) && reason.is_none() {
        let refused = ModelFacts { action: "refused", details: gate, ..facts };
        records(host, scope, ModelAsk::Log, &refused).await?;
        return Err(Refusal::invalid(
            "model-gate",
            "the gate does not say that it passed, and forced_reason is missing",
        ));
    }
    if is_canary && version == live {
        return Err(Refusal::invalid("model-version", "the version is live already"));
    }
    let arrived = Blobs::get(host, &blob_name(version)).await?.is_some_and(|bytes| sha256_hex(&bytes) == version);
    if !arrived {
        return Err(late_blob());
    }
    let share = format!("{version}:{}", request.share);
    let facts = ModelFacts {
        action: if is_canary { "canary" } else { "promoted" },
        live: if is_canary { live } else { version },
        canary: if is_canary { &share } else { "" },
        canary_version: if is_canary { version } else { "" },
        was_live: live,
        was_canary: canary,
        ..facts
    };
    move_model(host, scope, &pointers, &facts).await?;
    forget_superfluous(host, scope, &facts).await;
    report_on_pack(host, scope, pack).await
}

/// Goes back to the version that was live before, or to the named one, or to the pack's own priors where there is none
/// before; a canary ends. To the live one itself it only ends the canary. Answers with the pack's models.
///
/// No blob is read: what was live has been read once and never changes, and a way back must not wait for a store.
///
/// # Errors
/// `model-version` for one that is not kept or never was live; `Conflict`; a store that is down.
pub async fn roll_back_model<H: Host>(
    host: &H,
    scope: AdminScope,
    pack: &str,
    request: RollbackRequest,
) -> Result<String, Refusal> {
    let pointers = known_pointers(host, pack).await?;
    let (live, canary) = (pointer(&pointers, "model", pack), pointer(&pointers, "canary", pack));
    let kept = kept_versions(host, scope, pack).await?;
    let back = match request.to.as_deref() {
        None => previous(&kept, live).unwrap_or_default(),
        Some(named) => {
            let is_good = |kept: &&KeptVersion| kept.version == named && kept.promoted_at_ms.is_some();
            let found = kept.iter().find(is_good);
            &found
                .ok_or_else(|| Refusal::invalid("model-version", "no such version is kept that was live before"))?
                .version
        }
    };
    let facts = ModelFacts {
        pack,
        action: "rolled_back",
        version: some(back),
        from_version: some(live),
        reason: request.reason.as_deref(),
        live: back,
        was_live: live,
        was_canary: canary,
        ..ModelFacts::default()
    };
    move_model(host, scope, &pointers, &facts).await?;
    report_on_pack(host, scope, pack).await
}

/// Moves pointers, statuses and the log in one transaction, then the fallback copy.
async fn move_model<H: Host>(
    host: &H,
    scope: AdminScope,
    pointers: &Pointers,
    facts: &ModelFacts<'_>,
) -> Result<(), Refusal> {
    if records(host, scope, ModelAsk::Move, facts).await?.json.is_empty() {
        return Err(Refusal::conflict());
    }
    let mut next = pointers.clone();
    for (kind, value) in [("model", facts.live), ("canary", facts.canary)] {
        let name = format!("{kind}/{}", facts.pack);
        if value.is_empty() {
            next.remove(&name);
        } else {
            next.insert(name, value.to_owned());
        }
    }
    keep_copy(host, &next).await;
    Ok(())
}

/// Lets old versions go, their rows first: a blob without a row serves nobody. What fails is tried at the next promotion.
async fn forget_superfluous<H: Host>(host: &H, scope: AdminScope, facts: &ModelFacts<'_>) {
    let Ok(kept) = kept_versions(host, scope, facts.pack).await else { return };
    let names = superfluous(&kept, facts.live, facts.canary_version);
    if names.is_empty() {
        return;
    }
    let forget = ModelFacts { pack: facts.pack, names: &names, ..ModelFacts::default() };
    let gone = records(host, scope, ModelAsk::Forget, &forget).await.unwrap_or_default();
    for version in read_json::<Vec<String>>(gone.json.as_bytes()).unwrap_or_default() {
        let _ = Blobs::remove(host, &blob_name(&version)).await;
    }
}

async fn kept_versions<H: Host>(host: &H, scope: AdminScope, pack: &str) -> Result<Vec<KeptVersion>, Refusal> {
    let facts = ModelFacts { pack, ..ModelFacts::default() };
    let answer = records(host, scope, ModelAsk::Versions, &facts).await?;
    let unreadable = |_| Unavailable { store: "d1", reason: "its versions do not read".to_owned() };
    Ok(read_json(answer.json.as_bytes()).map_err(unreadable)?)
}

/// Asks the records.
pub(super) async fn records<H: Host>(
    host: &H,
    scope: AdminScope,
    ask: ModelAsk,
    facts: &ModelFacts<'_>,
) -> Result<ModelAnswer, Refusal> {
    Ok(host.model_records(scope, ask, facts, host.now_ms()).await?)
}

/// The pointers, where the pack is live.
async fn known_pointers<H: Host>(host: &H, pack: &str) -> Result<Pointers, Refusal> {
    let pointers = host.pointers().await?;
    if pointers.contains_key(&format!("pack/{pack}")) { Ok(pointers) } else { Err(Refusal::not_found()) }
}

fn pointer<'a>(pointers: &'a Pointers, kind: &str, pack: &str) -> &'a str {
    pointers.get(&format!("{kind}/{pack}")).map_or("", String::as_str)
}

fn some(version: &str) -> Option<&str> {
    (!version.is_empty()).then_some(version)
}

fn blob_name(version: &str) -> String {
    format!("model/{version}")
}

fn late_blob() -> Refusal {
    let detail = "the model's blob has not arrived here yet; try again".to_owned();
    Refusal { kind: Kind::Unavailable, code: "model-blob", detail }
}
