//! The keys of `MODEL_KEYS`: who may sign models. They are public, and vouch for nothing else.

use nearside_engine::models::base64_bytes;

use super::ed25519::{Ed25519, PublicKey, is_canonical_signature};
use super::strict_json::{self, Fields, Json};

/// Public keys by their ids. During a rotation the old and the new one stand side by side.
#[derive(Debug)]
pub struct ModelKeys(Fields);

impl ModelKeys {
    /// Reads `{"<id>": "<base64 of the 32 bytes of an Ed25519 public key>", …}`; an empty text is no keys. None where it
    /// is anything else: then nothing is trusted, not even the entries that would read.
    pub fn parse(json: &str) -> Option<Self> {
        let fields = if json.trim().is_empty() { Fields::new() } else { strict_json::read_object(json.as_bytes())? };
        let reads = fields.values().all(|value| public_key(value).is_some());
        reads.then_some(Self(fields))
    }

    /// True when nobody may sign.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Says whether `signature` was made over `message` with the key of that id.
    pub async fn have_signed(
        &self,
        key_id: &str,
        message: &[u8],
        signature: &[u8; 64],
        ed25519: &impl Ed25519,
    ) -> bool {
        match self.0.get(key_id).and_then(public_key) {
            Some(key) => is_canonical_signature(signature) && ed25519.has_signed(&key, message, signature).await,
            None => false,
        }
    }
}

fn public_key(value: &Json) -> Option<PublicKey> {
    let Json::Text(text) = value else { return None };
    PublicKey::read(&base64_bytes::<32>(text.as_bytes())?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use base64ct::{Base64, Encoding};
    use ed25519_dalek::Signer;
    use pollster::block_on;

    use super::super::testing::{public_key as good_key, signing_key, with_larger_s};
    use super::*;

    /// The curve, by a library that the Worker does not carry.
    struct Dalek;

    impl Ed25519 for Dalek {
        async fn has_signed(&self, public_key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
            let key = ed25519_dalek::VerifyingKey::from_bytes(public_key.as_bytes()).unwrap();
            let signature = ed25519_dalek::Signature::from_slice(signature).unwrap();
            key.verify_strict(message, &signature).is_ok()
        }
    }

    fn keys() -> ModelKeys {
        ModelKeys::parse(&format!(r#"{{"a":"{}"}}"#, Base64::encode_string(&good_key()))).unwrap()
    }

    #[test]
    fn only_the_key_of_the_named_id_has_signed() {
        let message = b"nearside model 1\n{}";
        let signature = signing_key().sign(message).to_bytes();
        let check = |id: &str, message: &[u8], signature: &[u8; 64]| {
            block_on(keys().have_signed(id, message, signature, &Dalek))
        };
        assert!(check("a", message, &signature));
        assert!(!check("b", message, &signature));
        assert!(!check("a", b"nearside model 1\n{ }", &signature));
        assert!(!check("a", message, &with_larger_s(message)[..].try_into().unwrap()));
        assert!(!check("a", message, &[0; 64]));
    }

    #[test]
    fn keys_that_do_not_read_are_none_at_all() {
        assert!(ModelKeys::parse(" \n").unwrap().is_empty());
        assert!(!keys().is_empty());
        let good = Base64::encode_string(&good_key());
        let short = Base64::encode_string(&good_key()[1..]);
        let weak = Base64::encode_string(&[0; 32]);
        for bad in ["[]", "{", "null", r#"{"a":7}"#, r#"{"a":"?"}"#] {
            assert!(ModelKeys::parse(bad).is_none(), "{bad}");
        }
        for bad in [&short, &weak] {
            assert!(ModelKeys::parse(&format!(r#"{{"a":"{good}","b":"{bad}"}}"#)).is_none(), "{bad}");
        }
        assert!(ModelKeys::parse(&format!(r#"{{"a":"{good}","a":"{good}"}}"#)).is_none());
    }
}
