//! Builders of keys and tokens for the tests of this room. Every part of a token can be wrong, so parts are raw text.

use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use hmac::{Hmac, Mac};
use pollster::block_on;
use sha2::Sha256;

use super::claims::Claims;
use super::ed25519::{Ed25519, ORDER, PublicKey};
use super::keys::KeyRing;
use super::token::{self, TokenRefused};

pub(super) const ISSUER: &str = "nearside-dev";
pub(super) const AUDIENCE: &str = "nearside";
pub(super) const NOW_S: i64 = 1_790_000_000;
pub(super) const NOW_MS: i64 = NOW_S * 1000;
pub(super) const USER: &str = "0192f0c1-2d3e-7a4b-8c5d-6e7f80912a3b";
pub(super) const ALL_ROLES: &str = r#"["client","reader","monitor","admin","superadmin"]"#;

/// Ed25519 by another program than the Worker's, and as lax as it offers: what is stricter must be ours.
pub(super) struct Dalek;

impl Ed25519 for Dalek {
    async fn has_signed(&self, public_key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
        let key = VerifyingKey::from_bytes(public_key.as_bytes());
        key.and_then(|key| key.verify(message, &Signature::from_slice(signature)?)).is_ok()
    }
}

/// Verifies as the Worker does.
pub(super) fn verify(token: &str, keys: &KeyRing, now_ms: i64) -> Result<Claims, TokenRefused> {
    block_on(token::verify(token, keys, now_ms, &Dalek))
}

pub(super) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    Base64UrlUnpadded::encode_string(bytes.as_ref())
}

/// The HS256 secret of the key `shared`.
pub(super) fn secret() -> Vec<u8> {
    (1..=32).collect()
}

/// The private half of the key `public`.
pub(super) fn signing_key() -> SigningKey {
    SigningKey::from_bytes(&[9; 32])
}

pub(super) fn public_key() -> Vec<u8> {
    signing_key().verifying_key().to_bytes().to_vec()
}

/// One entry of `AUTH_KEYS`.
pub(super) fn entry(id: &str, algorithm: &str, key: &[u8], roles: &str) -> String {
    format!(r#"{{"id":"{id}","algorithm":"{algorithm}","key":"{}","roles":{roles}}}"#, base64url(key))
}

pub(super) fn parse(entries: &[String]) -> KeyRing {
    KeyRing::parse(&format!("[{}]", entries.join(",")), ISSUER, AUDIENCE).unwrap()
}

/// `shared` (HS256, every role) and `public` (EdDSA, clients and readers only).
pub(super) fn key_ring() -> KeyRing {
    parse(&[
        entry("shared", "HS256", &secret(), ALL_ROLES),
        entry("public", "EdDSA", &public_key(), r#"["client","reader"]"#),
    ])
}

/// A good token of the key `shared`, to be spoiled.
pub(super) fn token() -> TokenBuilder {
    let texts = |pairs: &[(&str, &str)]| pairs.iter().map(|(name, raw)| (name.to_string(), raw.to_string())).collect();
    TokenBuilder {
        header: texts(&[("alg", r#""HS256""#), ("kid", r#""shared""#), ("typ", r#""JWT""#)]),
        claims: texts(&[
            ("iss", &format!(r#""{ISSUER}""#)),
            ("aud", &format!(r#""{AUDIENCE}""#)),
            ("sub", &format!(r#""{USER}""#)),
            ("role", r#""client""#),
            ("nbf", &NOW_S.to_string()),
            ("exp", &(NOW_S + 3600).to_string()),
        ]),
        signer: Box::new(hs256(&secret())),
    }
}

/// A good token of the key `public`.
pub(super) fn eddsa_token() -> TokenBuilder {
    token()
        .header("alg", r#""EdDSA""#)
        .header("kid", r#""public""#)
        .signed_by(|message| signing_key().sign(message).to_bytes().to_vec())
}

/// The other signature that lax Ed25519 verifiers accept: S plus the order of the group.
pub(super) fn with_larger_s(message: &[u8]) -> Vec<u8> {
    let mut signature = signing_key().sign(message).to_bytes().to_vec();
    let mut carry = 0;
    for (byte, addend) in signature[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(addend) + carry;
        *byte = (sum & 0xff) as u8;
        carry = sum >> 8;
    }
    signature
}

pub(super) fn hs256(secret: &[u8]) -> impl Fn(&[u8]) -> Vec<u8> + 'static {
    let mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    move |message| mac.clone().chain_update(message).finalize().into_bytes().to_vec()
}

type Sign = Box<dyn Fn(&[u8]) -> Vec<u8>>;

pub(super) struct TokenBuilder {
    header: Vec<(String, String)>,
    claims: Vec<(String, String)>,
    signer: Sign,
}

impl TokenBuilder {
    /// Sets a header parameter to a raw JSON value.
    pub(super) fn header(mut self, name: &str, raw: &str) -> Self {
        self.header = set(self.header, name, raw);
        self
    }

    pub(super) fn without_header(mut self, name: &str) -> Self {
        self.header.retain(|(existing, _)| existing != name);
        self
    }

    /// Adds a header parameter, even if its name is there.
    pub(super) fn second_header(mut self, name: &str, raw: &str) -> Self {
        self.header.push((name.into(), raw.into()));
        self
    }

    /// Sets a claim to a raw JSON value.
    pub(super) fn claim(mut self, name: &str, raw: &str) -> Self {
        self.claims = set(self.claims, name, raw);
        self
    }

    pub(super) fn without(mut self, name: &str) -> Self {
        self.claims.retain(|(existing, _)| existing != name);
        self
    }

    /// Adds a claim, even if its name is there.
    pub(super) fn second_claim(mut self, name: &str, raw: &str) -> Self {
        self.claims.push((name.into(), raw.into()));
        self
    }

    pub(super) fn signed_by(mut self, signer: impl Fn(&[u8]) -> Vec<u8> + 'static) -> Self {
        self.signer = Box::new(signer);
        self
    }

    pub(super) fn header_text(&self) -> String {
        object(&self.header)
    }

    pub(super) fn payload_text(&self) -> String {
        object(&self.claims)
    }

    /// Signs any two texts in place of the header and the payload.
    pub(super) fn with_texts(&self, header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
        self.with_encoded(&base64url(header), &base64url(payload))
    }

    /// Signs two parts that are, or are not, base64url.
    pub(super) fn with_encoded(&self, header: &str, payload: &str) -> String {
        let signed = format!("{header}.{payload}");
        format!("{signed}.{}", base64url((self.signer)(signed.as_bytes())))
    }

    pub(super) fn build(&self) -> String {
        self.with_texts(self.header_text(), self.payload_text())
    }
}

fn set(mut pairs: Vec<(String, String)>, name: &str, raw: &str) -> Vec<(String, String)> {
    match pairs.iter_mut().find(|(existing, _)| existing == name) {
        Some((_, value)) => *value = raw.into(),
        None => pairs.push((name.into(), raw.into())),
    }
    pairs
}

fn object(pairs: &[(String, String)]) -> String {
    let members: Vec<String> = pairs.iter().map(|(name, raw)| format!(r#""{name}":{raw}"#)).collect();
    format!("{{{}}}", members.join(","))
}
