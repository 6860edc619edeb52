//! Models on their way to the edge and back: taken in when they verify, promoted when the gate lets them or somebody says
//! why not, taken back in one move. A model serves when a pointer names it, and in no other way.

use nearside_json::{Read, read_json, write_json};

use super::Host;
use super::refusal::{Kind, Refusal};
use crate::math::sha256_hex;
use crate::models::{
    InvalidModel, KeptVersion, LoggedMove, Model, ModelHeader, open, previous, signed_message, stands, superfluous,
};
use crate::ports::{Blobs, ModelAsk, ModelFacts};
use crate::privacy::for_jobs;
use crate::types::AdminScope;
use crate::wire::MoveRequest;

/// What a move is decided on.
#[derive(Debug, Clone, PartialEq, Read)]
struct State {
    live: String,
    canary: String,
    previous: String,
    versions: Vec<KeptVersion>,
    moves: Vec<LoggedMove>,
}

/// What the gate's verdicts must say.
#[derive(Read)]
struct Verdict {
    passed: bool,
}

/// Where a move leads.
#[derive(Debug, PartialEq)]
struct Move {
    action: &'static str,
    version: String,
    live: String,
    canary: String,
    reason: Option<String>,
}

/// Takes a signed document in as a candidate and returns its version; the oldest of more than ten versions goes for it. The
/// same document again gives the same answer and writes nothing.
///
/// # Errors
/// `NotFound` for a pack that is not live; `model-…` for a document that does not verify; a store that is down. Then
/// nothing has changed, but for a blob that nothing names.
pub async fn upload_model<H: Host>(
    host: &H,
    scope: AdminScope,
    pack: &str,
    document: &[u8],
) -> Result<String, Refusal> {
    let state = state_of(&host.model_records(scope, ModelAsk::State, &ModelFacts::of(pack), host.now_ms()).await?)?;
    let envelope = open(document)?;
    if !host.has_signed(envelope.key, &signed_message(envelope.body), &envelope.signature).await {
        let detail = "the signature is not by a key that this Worker trusts; see MODEL_KEYS";
        return Err(InvalidModel::new("signature", detail).into());
    }
    let header = ModelHeader::read_for(envelope.body, pack, host.now_ms())?;
    Model::read(envelope.body)?;
    let version = sha256_hex(document);
    // A kept version's blob is there: it was written first. A store of blobs takes a name once a second at most.
    if !state.versions.iter().any(|kept| kept.version == version) {
        host.put(&blob_name(&version), document).await?;
        let facts = ModelFacts::of(pack).text("action", "uploaded").text("version", &version);
        let facts = facts.json("size_bytes", &document.len().to_string()).json("body", &header.record());
        let mut kept = state.versions;
        kept.insert(0, KeptVersion { version: version.clone(), promoted_at_ms: None });
        let names = superfluous(&kept, &[&state.live, canary_of(&state.canary), &state.previous]);
        let facts = facts.json("names", &write_json(&names));
        let gone = host.model_records(scope, ModelAsk::Add, &facts, host.now_ms()).await?;
        remove_blobs(host, &read_json::<Vec<String>>(gone.as_bytes()).unwrap_or_default()).await;
    }
    Ok(version)
}

/// A blob without a row serves nobody; one that stays costs its bytes.
async fn remove_blobs<H: Host>(host: &H, versions: &[String]) {
    for version in versions {
        let _ = Blobs::remove(host, &blob_name(version)).await;
    }
}

/// The version of a canary's pointer.
fn canary_of(pointer: &str) -> &str {
    pointer.split(':').next().unwrap_or_default()
}

/// Promotes a kept version (`is_promotion`) to the live one or to a canary for a share of people, or goes back: to the
/// version that was live before, to the named one, or to the pack's own weights where there is none before or the name is
/// empty. A way back ends a canary; to the live one itself it does only that. Answers with the pack's models.
///
/// What was live before has a pointer, `previous/{pack}`: a step back leads there, and it serves where the live one cannot
/// be read. What was taken back is never there.
///
/// A way back reads no blob: what was live has been read once and never changes, and it must not wait for a store.
///
/// # Errors
/// `model-version` for one that is not kept, is live already (as a canary) or never was live (to go back to);
/// `model-gate` without a passed gate or a reason; `Unavailable` while the blob has not arrived; `model-moved` where the
/// pointers are not those that the request expects; `Conflict` when somebody else moved them since they were compared.
pub async fn move_model<H: Host>(
    host: &H,
    scope: AdminScope,
    pack: &str,
    is_promotion: bool,
    request: MoveRequest,
) -> Result<String, Refusal> {
    let mut facts = ModelFacts::of(pack);
    let state = state_of(&host.model_records(scope, ModelAsk::State, &facts, host.now_ms()).await?)?;
    if !is_expected(&state, &request) {
        let detail = "another version is live than expected, or another canary; judge by what is there now".to_owned();
        return Err(Refusal { kind: Kind::Conflict, code: "model-moved", detail });
    }
    facts = facts.text("was_live", &state.live).text("was_canary", &state.canary);
    if let Some(gate) = &request.gate {
        facts = facts.json("details", gate.get());
    }
    let decided = if is_promotion { promotion(&state, &request) } else { way_back(&state, &request) };
    let next = match decided {
        Ok(next) => next,
        Err(refusal) => {
            if refusal.code == "model-gate" {
                facts = facts.text("action", "refused").text("version", request.version.as_deref().unwrap_or_default());
                host.model_records(scope, ModelAsk::Log, &facts, host.now_ms()).await?;
            }
            return Err(refusal);
        }
    };
    let mut moves = state.moves;
    if next.action != "canary" {
        moves.push(LoggedMove { is_promotion, version: next.live.clone(), from: state.live });
    }
    let before = previous(&moves, &state.versions);
    let mut names = Vec::new();
    if is_promotion {
        let blob = Blobs::get(host, &blob_name(&next.version)).await?;
        if blob.is_none_or(|bytes| sha256_hex(&bytes) != next.version) {
            let detail = "the model's blob has not arrived here yet; try again".to_owned();
            return Err(Refusal { kind: Kind::Unavailable, code: "model-blob", detail });
        }
        names = superfluous(&state.versions, &[&next.live, canary_of(&next.canary), before]);
    }
    facts = facts.text("previous", before);
    let report = host.model_records(scope, ModelAsk::Move, &facts_of(facts, &next, &names), host.now_ms()).await?;
    if report.is_empty() {
        return Err(Refusal::conflict());
    }
    remove_blobs(host, &names).await;
    Ok(report)
}

fn facts_of(mut facts: ModelFacts, next: &Move, names: &[String]) -> ModelFacts {
    let texts = [("action", next.action), ("live", &next.live), ("canary", &next.canary)];
    for (name, text) in texts {
        facts = facts.text(name, text);
    }
    if !next.version.is_empty() {
        facts = facts.text("version", &next.version);
    }
    if let Some(reason) = &next.reason {
        facts = facts.text("reason", reason);
    }
    facts.json("names", &write_json(names))
}

/// True where the pointers are those that the request rests on. The move holds only while they still are.
fn is_expected(state: &State, request: &MoveRequest) -> bool {
    let is = |expected: &Option<Option<String>>, found: &str| {
        expected.as_ref().is_none_or(|expected| expected.as_deref().unwrap_or_default() == found)
    };
    is(&request.expected_live, &state.live) && is(&request.expected_canary, &state.canary)
}

fn promotion(state: &State, request: &MoveRequest) -> Result<Move, Refusal> {
    let version = request.version.clone().unwrap_or_default();
    let share = request.share.unwrap_or(100);
    if !(1..=100).contains(&share) {
        return Err(Refusal::invalid("invalid-request", "share is 1 to 100"));
    }
    let is_canary = share < 100;
    let is_kept = state.versions.iter().any(|kept| kept.version == version);
    if !is_kept || (is_canary && version == state.live) {
        let detail = "the version is not kept, or is live already; upload it first";
        return Err(Refusal::invalid("model-version", detail));
    }
    let verdict = request.gate.as_ref().and_then(|gate| read_json::<Verdict>(gate.get().as_bytes()).ok());
    let reason = request.forced_reason.clone().filter(|reason| !reason.trim().is_empty());
    if reason.is_none() && !verdict.is_some_and(|verdict| verdict.passed) {
        let detail = "the gate does not say that it passed, and forced_reason is missing";
        return Err(Refusal::invalid("model-gate", detail));
    }
    let (live, canary) =
        if is_canary { (state.live.clone(), format!("{version}:{share}")) } else { (version.clone(), String::new()) };
    Ok(Move { action: if is_canary { "canary" } else { "promoted" }, version, live, canary, reason })
}

fn way_back(state: &State, request: &MoveRequest) -> Result<Move, Refusal> {
    let was_live =
        |named: &&str| state.versions.iter().any(|one| one.version == *named && one.promoted_at_ms.is_some());
    let back = match request.to.as_deref() {
        None => Some(&*state.previous).filter(was_live).unwrap_or_default(),
        Some("") => "",
        Some(named) => Some(named)
            .filter(was_live)
            .ok_or_else(|| Refusal::invalid("model-version", "no such version is kept that was live before"))?,
    };
    let (version, live) = (back.to_owned(), back.to_owned());
    Ok(Move { action: "rolled_back", version, live, canary: String::new(), reason: request.reason.clone() })
}

/// True for a version that was live and was not taken back since; false where the log does not say so.
pub(super) async fn stands_still<H: Host>(host: &H, pack: &str, version: &str) -> bool {
    let state = host.model_records(for_jobs(), ModelAsk::State, &ModelFacts::of(pack), host.now_ms()).await;
    state.is_ok_and(|json| state_of(&json).is_ok_and(|state| stands(&state.moves, version)))
}

/// There is a state where there is a pack.
fn state_of(json: &str) -> Result<State, Refusal> {
    read_json(json.as_bytes()).map_err(|_| Refusal::not_found())
}

fn blob_name(version: &str) -> String {
    format!("model/{version}")
}

#[cfg(test)]
#[path = "models_tests.rs"]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
