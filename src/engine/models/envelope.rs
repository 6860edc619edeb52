//! The document around a model: who signed it. Its framing is fixed to the byte, so that what was signed is a slice of
//! what was sent and no second encoding of the same model exists.
//!
//! ```text
//! {"format":1,"key":"<id>","signature":"<88 characters of base64>","model":<body>}
//! ```
//!
//! The version of a model is the SHA-256 of the whole document; the signature is Ed25519 over `signed_message(body)`.

use base64ct::{Base64, Encoding};

use super::InvalidModel;
use super::base64::base64_bytes;

const HEAD: &str = "{\"format\":1,\"key\":\"";
const BEFORE_SIGNATURE: &str = "\",\"signature\":\"";
const BEFORE_BODY: &str = "\",\"model\":";
/// Ids of keys are short names.
const LONGEST_KEY_ID: usize = 64;
/// What is signed names its purpose first, so that no signature over something else can be used here.
const PURPOSE: &[u8] = b"nearside model 1\n";

/// A document whose framing is right. Whether the signature is good is the host's to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// The id of the key that it claims to be signed with.
    pub key: &'a str,
    /// The signature.
    pub signature: [u8; 64],
    /// The model's JSON.
    pub body: &'a [u8],
}

/// Returns the bytes that a signature covers.
pub fn signed_message(body: &[u8]) -> Vec<u8> {
    [PURPOSE, body].concat()
}

/// Takes a document apart.
///
/// # Errors
/// `envelope`: the framing is not the one above.
pub fn open(document: &[u8]) -> Result<Envelope<'_>, InvalidModel> {
    parts(document).ok_or_else(|| InvalidModel::new("envelope", "the document is not a signed model of format 1"))
}

fn parts(document: &[u8]) -> Option<Envelope<'_>> {
    let rest = document.strip_prefix(HEAD.as_bytes())?;
    let end = rest.iter().take(LONGEST_KEY_ID + 1).position(|byte| *byte == b'"')?;
    let (key, rest) = rest.split_at_checked(end)?;
    let key = std::str::from_utf8(key).ok().filter(|key| is_key_id(key))?;
    let rest = rest.strip_prefix(BEFORE_SIGNATURE.as_bytes())?;
    let (signature, rest) = rest.split_at_checked(88)?;
    let body = rest.strip_prefix(BEFORE_BODY.as_bytes())?.strip_suffix(b"}")?;
    Some(Envelope { key, signature: base64_bytes(signature)?, body })
}

fn is_key_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

impl Envelope<'_> {
    /// Writes the document. None when the key's id is not one.
    pub fn write(&self) -> Option<Vec<u8>> {
        if !is_key_id(self.key) || self.key.len() > LONGEST_KEY_ID {
            return None;
        }
        let signature = Base64::encode_string(&self.signature);
        let head = [HEAD, self.key, BEFORE_SIGNATURE, &signature, BEFORE_BODY].concat();
        Some([head.as_bytes(), self.body, b"}"].concat())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn a_document_comes_apart_as_it_was_put_together() {
        let envelope = Envelope { key: "origin-1", signature: [7; 64], body: b"{\"format\":1}" };
        let document = envelope.write().unwrap();
        assert_eq!(open(&document).unwrap(), envelope);
        serde_json::from_slice::<serde_json::Value>(&document).unwrap();
    }

    #[test]
    fn another_framing_is_refused() {
        let document = Envelope { key: "k", signature: [7; 64], body: b"{}" }.write().unwrap();
        let text = String::from_utf8(document).unwrap();
        for other in [
            text.replace("\"key\"", " \"key\""),
            text.replace("\"k\"", "\"\""),
            text.replace("\"k\"", "\"a b\""),
            text.replace("==\"", "=\""),
            format!("{text}\n"),
            text.replace("{\"format\":1", "{\"format\":2"),
            String::new(),
        ] {
            assert_eq!(open(other.as_bytes()).unwrap_err().code, "envelope", "{other}");
        }
        assert_eq!(Envelope { key: "a\"b", signature: [7; 64], body: b"{}" }.write(), None);
    }
}
