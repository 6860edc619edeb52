//! Models of a case: signed, taken in and made live by the use cases; and what may happen to them afterwards.

use nearside_engine::flows::{move_model, upload_model};
use nearside_engine::models::{Envelope, ModelFile, signed_message};
use nearside_engine::ports::memory::memory_signature;
use nearside_engine::ports::{Blobs, Library};
use nearside_engine::wire::MoveRequest;
use nearside_json::{read_json, write_json};
use serde_json::{Value, json};

use crate::case::Given;
use crate::given::{SpecHost, body, told};
use crate::merge::merge;
use crate::ready;

const SIGNER: &str = "spec";

/// Makes the models of a case live, one after the other.
pub(crate) fn publish(host: &SpecHost, given: &Given) -> Result<(), String> {
    host.memory.trust(SIGNER);
    let admin = host.admin()?;
    for (index, changes) in given.models.iter().enumerate() {
        let document = document(host, changes)?;
        let uploaded = ready::now(upload_model(&host.memory, admin, &host.pack, &document))?;
        let version = uploaded.map_err(|refusal| told("models", &refusal))?;
        let share = given.canary_share.filter(|_| index + 1 == given.models.len());
        let request: MoveRequest = body(&json!({ "version": version, "share": share, "gate": { "passed": true } }))?;
        let moved = ready::now(move_model(&host.memory, admin, &host.pack, true, request))?;
        moved.map_err(|refusal| told("models", &refusal))?;
    }
    Ok(())
}

/// Lays changes over a small good body, and signs it.
fn document(host: &SpecHost, changes: &Value) -> Result<Vec<u8>, String> {
    let mut whole = json!({
        "format": 1, "pack": host.pack, "engine": { "from": "0.1.0", "below": "0.2.0" },
        "trained_at_ms": host.now_ms, "seed": 1,
        "window": { "from_ms": 0, "to_ms": 0, "interactions": 0, "people": 0, "items": 0 }, "metrics": {}, "importance": {},
        "items": [], "base": 0, "terms": [],
    });
    merge(&mut whole, changes);
    // Through the typed model, so that every host signs the same bytes whatever it read them from.
    let file: ModelFile = read_json(whole.to_string().as_bytes()).map_err(|error| format!("given.models: {error}"))?;
    let body = write_json(&file);
    let signature = memory_signature(SIGNER, &signed_message(body.as_bytes()));
    let envelope = Envelope { key: SIGNER, signature, body: body.as_bytes() };
    envelope.write().ok_or_else(|| "given.models: the signer has no name".to_owned())
}

/// Changes one byte of the live model's document behind the engine's back.
pub(crate) fn damage(host: &SpecHost) -> Result<(), String> {
    let pointers = ready::now(host.memory.pointers())?.map_err(|down| down.reason)?;
    let version = pointers.get(&format!("model/{}", host.pack)).ok_or("no model is live")?;
    let name = format!("model/{version}");
    let stored = ready::now(Blobs::get(&host.memory, &name))?.map_err(|down| down.reason)?;
    let mut bytes = stored.ok_or("the live model is not stored")?;
    if let Some(byte) = bytes.last_mut() {
        *byte ^= 1;
    }
    ready::now(host.memory.put(&name, &bytes))?.map_err(|down| down.reason.to_owned())
}

/// Goes back to the model before.
pub(crate) fn roll_back(host: &SpecHost) -> Result<(), String> {
    let moved = ready::now(move_model(&host.memory, host.admin()?, &host.pack, false, MoveRequest::default()))?;
    moved.map(|_| ()).map_err(|refusal| told("rolled_back", &refusal))
}
