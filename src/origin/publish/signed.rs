//! A candidate with its signature, checked as the Worker will check it.

use anyhow::{Context, Result, ensure};
use ed25519_dalek::Signer;
use nearside_engine::math::sha256_hex;
use nearside_engine::models::{Envelope, Model, ModelFile, ModelHeader, open, signed_message};
use nearside_engine::types::TimeMs;
use nearside_json::read_json;

use super::key::ModelKey;

/// What the Worker takes.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// A signed document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Signed {
    /// SHA-256 of the document: the version.
    pub(crate) version: String,
    /// The document.
    pub(crate) document: String,
    /// SHA-256 of the candidate file that it was made of.
    pub(crate) candidate_sha256: String,
    /// The end of the data that it learned from.
    pub(crate) data_until_ms: TimeMs,
    /// What serves.
    pub(super) model: Model,
    pack: String,
}

impl Signed {
    /// Signs a candidate for a pack. The same candidate and key give the same version.
    ///
    /// # Errors
    /// A candidate that this engine would not serve: of another shape, pack, engine or from the future; one that is larger
    /// than the Worker takes.
    pub(crate) fn new(candidate: &[u8], pack: &str, key: &ModelKey, now_ms: TimeMs) -> Result<Self> {
        let body = candidate.trim_ascii();
        ModelHeader::read_for(body, pack, now_ms).context("the candidate cannot be published")?;
        let signature = key.signing.sign(&signed_message(body)).to_bytes();
        let document = Envelope { key: &key.id, signature, body }.write();
        let document = document.context("the key's id is not one: letters, digits, '-', '_' and '.', at most 64")?;
        let model = verified(&document, key).context("the candidate cannot be published")?;
        let file: ModelFile =
            read_json(body).map_err(|error| anyhow::anyhow!("the candidate does not read: {error}"))?;
        let size = document.len();
        ensure!(size <= MOST_BYTES, "the signed model has {size} bytes, and the Worker takes {MOST_BYTES}");
        Ok(Self {
            version: sha256_hex(&document),
            document: String::from_utf8(document).context("the candidate is not UTF-8")?,
            candidate_sha256: sha256_hex(candidate),
            data_until_ms: file.window.to_ms,
            model,
            pack: pack.to_owned(),
        })
    }

    /// Whether a Worker that trusts the key would take these bytes as an upload: their framing and signature, the head, and
    /// the shape of what serves. What it has stored is held to its hash as well.
    pub(crate) fn would_be_taken(&self, document: &[u8], key: &ModelKey, now_ms: TimeMs) -> bool {
        let has_head = |body: &[u8]| ModelHeader::read_for(body, &self.pack, now_ms).is_ok();
        verified(document, key).is_ok() && open(document).is_ok_and(|envelope| has_head(envelope.body))
    }
}

/// Takes the document apart again, and reads the model from it.
fn verified(document: &[u8], key: &ModelKey) -> Result<Model> {
    let envelope = open(document)?;
    let signature = ed25519_dalek::Signature::from_bytes(&envelope.signature);
    let is_ours = key.signing.verifying_key().verify_strict(&signed_message(envelope.body), &signature).is_ok();
    ensure!(envelope.key == key.id && is_ours, "the signature does not verify");
    Ok(Model::read(envelope.body)?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::super::fake::{NOW, candidate, key};
    use super::*;

    #[test]
    fn a_document_verifies_and_one_with_a_flipped_byte_does_not() {
        let signed = Signed::new(&candidate(1), "retail", &key(), NOW).unwrap();
        assert_eq!(Signed::new(&candidate(1), "retail", &key(), NOW).unwrap(), signed);
        assert_eq!(signed.candidate_sha256, sha256_hex(&candidate(1)));
        let document = signed.document.as_bytes();
        assert!(verified(document, &key()).is_ok());
        for at in (0..document.len()).step_by(11) {
            let mut flipped = document.to_vec();
            flipped[at] ^= 1;
            assert!(verified(&flipped, &key()).is_err(), "byte {at}");
        }
        assert!(verified(document, &ModelKey::of_seed("dev-1", [8; 32])).is_err());
    }

    #[test]
    fn what_the_worker_would_not_serve_is_not_signed() {
        let check = |candidate: Vec<u8>, pack: &str, said: &str| {
            let error = format!("{:#}", Signed::new(&candidate, pack, &key(), NOW).unwrap_err());
            assert!(error.contains(said), "{error}");
        };
        check(candidate(1), "finance", "another pack");
        check(b"{}".to_vec(), "retail", "does not read");
        let text = String::from_utf8(candidate(1)).unwrap();
        check(text.replace(r#""from":"0."#, r#""from":"9."#).into_bytes(), "retail", "or newer");
        check(text.replace(r#""unknown":"#, r#""unknown":9999"#).into_bytes(), "retail", "within 1000");
        assert!(Signed::new(&candidate(1), "retail", &key(), 0).is_err(), "it is from the future");
        let odd = ModelKey::of_seed("a b", [9; 32]);
        assert!(Signed::new(&candidate(1), "retail", &odd, NOW).unwrap_err().to_string().contains("id"));
    }
}
