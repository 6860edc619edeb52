//! Models on their way to the edge and back: taken in when they verify, promoted when the gate lets them or somebody says
//! why not, taken back in one move. A model serves when a pointer names it, and in no other way.

use nearside_json::{Read, read_json, write_json};

use super::Host;
use super::refusal::{Kind, Refusal};
use crate::math::sha256_hex;
use crate::models::{
    InvalidModel, KeptVersion, LoggedMove, Model, ModelHeader, open, previous, signed_message, superfluous,
};
use crate::ports::{Blobs, ModelAsk, ModelFacts};
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

/// Takes a signed document in as a candidate and returns its version. The same document again gives the same answer and
/// writes nothing.
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
        host.model_records(scope, ModelAsk::Add, &facts, host.now_ms()).await?;
    }
    Ok(version)
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
        let canary = next.canary.split(':').next().unwrap_or_default();
        names = superfluous(&state.versions, &[&next.live, canary, before]);
    }
    facts = facts.text("previous", before);
    let report = host.model_records(scope, ModelAsk::Move, &facts_of(facts, &next, &names), host.now_ms()).await?;
    if report.is_empty() {
        return Err(Refusal::conflict());
    }
    for version in &names {
        // A blob without a row serves nobody; one that stays costs its bytes.
        let _ = Blobs::remove(host, &blob_name(version)).await;
    }
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

/// There is a state where there is a pack.
fn state_of(json: &str) -> Result<State, Refusal> {
    read_json(json.as_bytes()).map_err(|_| Refusal::not_found())
}

fn blob_name(version: &str) -> String {
    format!("model/{version}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use pollster::block_on;

    use super::*;
    use crate::flows::MemoryHost;
    use crate::models::Envelope;
    use crate::ports::memory::{Fault, Port, Trouble, memory_signature};
    use crate::ports::{Library, Pointers};
    use crate::privacy::for_jobs;

    const NOW: i64 = 1_795_132_800_000;

    fn host() -> MemoryHost {
        let host = MemoryHost::new(NOW);
        host.set_pointers(&Pointers::from([("pack/finance".to_owned(), "p".to_owned())]));
        host.trust("origin");
        host
    }

    fn document(seed: u32) -> Vec<u8> {
        let body = format!(
            r#"{{"format":1,"pack":"finance","engine":{{"from":"0.1.0","below":"0.2.0"}},"trained_at_ms":{NOW},"window":{{}},"seed":{seed},"metrics":{{}},"importance":{{}},"items":[],"base":0,"terms":[]}}"#
        );
        let signature = memory_signature("origin", &signed_message(body.as_bytes()));
        Envelope { key: "origin", signature, body: body.as_bytes() }.write().unwrap()
    }

    fn upload(host: &MemoryHost, seed: u32) -> String {
        block_on(upload_model(host, for_jobs(), "finance", &document(seed))).unwrap()
    }

    fn promote(host: &MemoryHost, version: &str) -> Result<String, Refusal> {
        let gate = Some(read_json(br#"{"passed":true}"#).unwrap());
        let request = MoveRequest { version: Some(version.to_owned()), gate, ..MoveRequest::default() };
        block_on(move_model(host, for_jobs(), "finance", true, request))
    }

    fn live(host: &MemoryHost) -> Option<String> {
        block_on(host.pointers()).unwrap().get("model/finance").cloned()
    }

    #[test]
    fn a_model_goes_there_and_back() {
        let host = host();
        let (first, second) = (upload(&host, 1), upload(&host, 2));
        assert_eq!(upload(&host, 1), first);
        for version in [&first, &second] {
            promote(&host, version).unwrap();
            assert_eq!(live(&host).as_ref(), Some(version));
        }
        for expected in [Some(first), None, None] {
            block_on(move_model(&host, for_jobs(), "finance", false, MoveRequest::default())).unwrap();
            assert_eq!(live(&host), expected);
        }
    }

    fn back(host: &MemoryHost, to: Option<&str>) -> Option<String> {
        let request = MoveRequest { to: to.map(str::to_owned), ..MoveRequest::default() };
        block_on(move_model(host, for_jobs(), "finance", false, request)).unwrap();
        live(host)
    }

    fn before(host: &MemoryHost) -> Option<String> {
        block_on(host.pointers()).unwrap().get("previous/finance").cloned()
    }

    #[test]
    fn a_move_that_rests_on_other_pointers_is_refused() {
        let host = host();
        let [first, second] = [1, 2].map(|seed| upload(&host, seed));
        let go = |is_promotion: bool, json: String| {
            let request: MoveRequest = read_json(json.as_bytes()).unwrap();
            block_on(move_model(&host, for_jobs(), "finance", is_promotion, request)).map_err(|refusal| refusal.code)
        };
        let promote = |version: &str, share: u8, expected: &str| {
            go(true, format!(r#"{{"version":"{version}","share":{share},"gate":{{"passed":true}},{expected}}}"#))
        };
        let expects = |live: &str| format!(r#""expected_live":"{live}""#);
        assert_eq!(promote(&first, 100, &expects(&second)), Err("model-moved"));
        promote(&first, 100, r#""expected_live":null,"expected_canary":null"#).unwrap();
        for (expected, code) in
            [(r#""expected_live":null"#.to_owned(), "model-moved"), (expects(&second), "model-moved")]
        {
            assert_eq!(promote(&second, 100, &expected), Err(code));
            assert_eq!(go(false, format!("{{{expected}}}")), Err(code));
        }
        assert_eq!(live(&host), Some(first.clone()));
        promote(&second, 5, &expects(&first)).unwrap();
        assert_eq!(promote(&second, 100, r#""expected_canary":null"#), Err("model-moved"));
        promote(&second, 100, &format!(r#""expected_canary":"{second}:5",{}"#, expects(&first))).unwrap();
        go(false, format!("{{{}}}", expects(&second))).unwrap();
        assert_eq!(live(&host), Some(first));
    }

    #[test]
    fn what_was_taken_back_is_no_way_back() {
        let host = host();
        let [first, second, third] = [1, 2, 3].map(|seed| upload(&host, seed));
        promote(&host, &first).unwrap();
        assert_eq!((back(&host, None), before(&host)), (None, None));
        promote(&host, &second).unwrap();
        assert_eq!(before(&host), None, "the pack's own weights were live");
        assert_eq!((back(&host, None), before(&host)), (None, None));
        promote(&host, &first).unwrap();
        promote(&host, &second).unwrap();
        assert_eq!(before(&host), Some(first.clone()));
        assert_eq!((back(&host, None), before(&host)), (Some(first.clone()), None));
        promote(&host, &third).unwrap();
        assert_eq!((back(&host, None), before(&host)), (Some(first.clone()), None));
        promote(&host, &second).unwrap();
        promote(&host, &first).unwrap();
        assert_eq!((back(&host, None), before(&host)), (Some(second), None), "there and back is no circle");
        assert_eq!(back(&host, None), None);
    }

    #[test]
    fn an_empty_name_leads_to_the_packs_own_weights_in_one_move() {
        let host = host();
        let [first, second] = [1, 2].map(|seed| upload(&host, seed));
        for version in [&first, &second] {
            promote(&host, version).unwrap();
        }
        assert_eq!((back(&host, Some("")), before(&host)), (None, None));
        assert_eq!((back(&host, Some(&second)), before(&host)), (Some(second), Some(first)));
    }

    #[test]
    fn whichever_call_fails_the_pointer_stands_where_it_stood_or_where_it_was_to_stand() {
        for trouble in [Trouble::Down, Trouble::AnswerLost] {
            for call in 1..=8 {
                let host = host();
                let (first, second) = (upload(&host, 1), upload(&host, 2));
                promote(&host, &first).unwrap();
                host.order(vec![Fault { port: None, call: Some(call), trouble }]);
                let answer = promote(&host, &second);
                host.order(Vec::new());
                let is_moved = live(&host) == Some(second.clone());
                assert!(is_moved || live(&host) == Some(first), "call {call}");
                assert!(is_moved || answer.is_err(), "call {call}");
                promote(&host, &second).unwrap();
            }
        }
    }

    #[test]
    fn no_document_with_a_byte_changed_or_cut_off_is_taken_in() {
        let host = host();
        let whole = document(1);
        let refused = |document: &[u8]| block_on(upload_model(&host, for_jobs(), "finance", document)).is_err();
        for at in 0..whole.len() {
            for change in [1, 0x20, 0x80] {
                let mut other = whole.clone();
                other[at] ^= change;
                assert!(refused(&other), "byte {at} changed by {change}");
            }
            assert!(refused(&whole[..at]), "cut off at {at}");
        }
        assert!(!refused(&whole));
        assert_eq!(live(&host), None);
    }

    #[test]
    fn a_blob_that_is_not_there_is_waited_for() {
        let host = host();
        let version = upload(&host, 1);
        host.order(vec![Fault { port: Some(Port::Blobs), call: None, trouble: Trouble::Down }]);
        assert_eq!(promote(&host, &version).unwrap_err().kind, Kind::Unavailable);
        host.order(Vec::new());
        block_on(Blobs::remove(&host, &blob_name(&version))).unwrap();
        assert_eq!(promote(&host, &version).unwrap_err().code, "model-blob");
        assert_eq!(live(&host), None);
    }
}
