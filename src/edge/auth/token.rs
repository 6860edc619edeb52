//! Verifying a compact JWS (RFC 7515): the outer form, the header, the key, the signature, and only then the claims.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};

use super::claims::{Claims, StatedClaims};
use super::ed25519::Ed25519;
use super::keys::KeyRing;
use super::strict_json::{self, Json};

/// Ours have about 400 bytes; an issuer with many claims of its own stays well below this.
const LONGEST_TOKEN_BYTES: usize = 4096;

/// Checks a token and returns whom it speaks for.
///
/// The header chooses a key by `kid`, never an algorithm: each key has exactly one. The payload is not parsed before
/// the signature is found good.
///
/// # Errors
/// The reason is for tests and counters. It prints as one sentence for every reason, and nothing of the token is kept.
pub async fn verify(token: &str, keys: &KeyRing, now_ms: i64, ed25519: &impl Ed25519) -> Result<Claims, TokenRefused> {
    let parts = Parts::split(token)?;
    let header = Header::read(&decode(parts.header)?)?;
    let key = keys.find(&header.key_id).ok_or(TokenRefused::UnknownKey)?;
    if header.algorithm != key.algorithm() {
        return Err(TokenRefused::Algorithm);
    }
    if key.is_retired(now_ms) {
        return Err(TokenRefused::RetiredKey);
    }
    if !key.has_signed(parts.signed.as_bytes(), &decode(parts.signature)?, ed25519).await {
        return Err(TokenRefused::Signature);
    }
    let claims = StatedClaims::read(&decode(parts.payload)?)?.judge(keys, &key.id, now_ms)?;
    if key.may_vouch_for(claims.role) { Ok(claims) } else { Err(TokenRefused::RoleBeyondKey) }
}

/// Why a token was refused. To the one who sent it every reason reads the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenRefused {
    /// There is no `Authorization: Bearer` header with one token in it.
    NoBearer,
    /// Over 4 KB.
    TooLong,
    /// Not three parts, each in canonical base64url without padding.
    NotCompactJws,
    /// Not an object with `alg` and `kid`, or with anything beside those and `typ`.
    Header,
    /// No key has that id, or none has it any more.
    UnknownKey,
    /// The key's `not_after_ms` is reached.
    RetiredKey,
    /// Not the one algorithm of that key.
    Algorithm,
    /// Not made with that key over these bytes.
    Signature,
    /// The payload is not an object with each name once.
    NotClaims,
    /// The named claim is absent or of the wrong type.
    Claim(&'static str),
    /// `exp` is over.
    Expired,
    /// `exp` is more than a day away.
    TooFarAhead,
    /// `nbf` is to come.
    NotYet,
    /// `iat` is to come.
    IssuedInTheFuture,
    /// From somebody else.
    Issuer,
    /// For somebody else.
    Audience,
    /// Not a canonical user id.
    Subject,
    /// Not a role.
    Role,
    /// The key may not vouch for this role.
    RoleBeyondKey,
}

impl std::error::Error for TokenRefused {}

impl fmt::Display for TokenRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the token is not valid")
    }
}

/// The three parts, still encoded, and the text that was signed.
struct Parts<'a> {
    header: &'a str,
    payload: &'a str,
    signature: &'a str,
    signed: &'a str,
}

impl Parts<'_> {
    fn split(token: &str) -> Result<Parts<'_>, TokenRefused> {
        if token.len() > LONGEST_TOKEN_BYTES {
            return Err(TokenRefused::TooLong);
        }
        let (signed, signature) = split_last(token).ok_or(TokenRefused::NotCompactJws)?;
        // More dots would leave one in the header, where the decoder refuses it.
        let (header, payload) = split_last(signed).ok_or(TokenRefused::NotCompactJws)?;
        Ok(Parts { header, payload, signature, signed })
    }
}

/// Splits at the last dot.
fn split_last(text: &str) -> Option<(&str, &str)> {
    let at = text.bytes().rposition(|byte| byte == b'.')?;
    text.get(..at).zip(text.get(at + 1..))
}

fn decode(part: &str) -> Result<Vec<u8>, TokenRefused> {
    Base64UrlUnpadded::decode_vec(part).map_err(|_| TokenRefused::NotCompactJws)
}

struct Header {
    algorithm: String,
    key_id: String,
}

impl Header {
    /// Only `alg`, `kid` and `typ` are known. Everything else is refused, so a key in the header (`jwk`, `jku`, `x5c`,
    /// `x5u`), an extension (`crit`, `b64`), a nested token (`cty`) or encryption (`enc`) cannot be half understood.
    fn read(json: &[u8]) -> Result<Header, TokenRefused> {
        let mut fields = strict_json::read_object(json).ok_or(TokenRefused::Header)?;
        let is_jwt = match fields.remove("typ") {
            None => true,
            Some(kind) => kind == Json::Text("JWT".to_owned()),
        };
        match (fields.remove("alg"), fields.remove("kid")) {
            (Some(Json::Text(algorithm)), Some(Json::Text(key_id))) if is_jwt && fields.is_empty() => {
                Ok(Header { algorithm, key_id })
            }
            _ => Err(TokenRefused::Header),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use serde::Deserialize;

    use super::super::testing::{verify, *};
    use super::*;

    #[derive(Deserialize)]
    struct Corpus {
        now_ms: i64,
        issuer: String,
        audience: String,
        user: String,
        expires_in_s: i64,
        auth_keys: String,
        accepted: Vec<Accepted>,
        refused: Vec<Refused>,
    }

    #[derive(Deserialize)]
    struct Accepted {
        name: String,
        role: String,
        key_id: String,
        token: String,
    }

    #[derive(Deserialize)]
    struct Refused {
        name: String,
        token: String,
    }

    /// Made by Node, so that signer and verifier share no code.
    fn corpus() -> (Corpus, KeyRing) {
        let corpus: Corpus = serde_json::from_str(include_str!("../../../tests/corpus/tokens.json")).unwrap();
        let keys = KeyRing::parse(&corpus.auth_keys, &corpus.issuer, &corpus.audience).unwrap();
        (corpus, keys)
    }

    #[test]
    fn golden_tokens_of_both_algorithms_and_all_roles_are_accepted() {
        let (corpus, keys) = corpus();
        assert_eq!(corpus.accepted.len(), 10);
        for row in &corpus.accepted {
            let claims = verify(&row.token, &keys, corpus.now_ms).expect(&row.name);
            assert_eq!(claims.user.to_string(), corpus.user, "{}", row.name);
            assert_eq!(serde_json::to_value(claims.role).unwrap(), row.role, "{}", row.name);
            assert_eq!(claims.expires_at_s, corpus.now_ms / 1000 + corpus.expires_in_s, "{}", row.name);
            assert_eq!(claims.key_id, row.key_id, "{}", row.name);
        }
    }

    #[test]
    fn forged_tokens_made_by_another_program_are_refused() {
        let (corpus, keys) = corpus();
        assert!(corpus.refused.len() >= 90, "{} rows", corpus.refused.len());
        for row in &corpus.refused {
            assert!(verify(&row.token, &keys, corpus.now_ms).is_err(), "{}", row.name);
        }
    }

    #[test]
    fn a_token_changed_or_cut_anywhere_is_refused() {
        let keys = key_ring();
        let token = token().build();
        for at in 0..token.len() {
            assert!(verify(&token[..at], &keys, NOW_MS).is_err(), "cut at {at}");
            for letter in "AZaz09-_.".chars().filter(|letter| !token[at..].starts_with(*letter)) {
                let changed = format!("{}{letter}{}", &token[..at], &token[at + 1..]);
                assert!(verify(&changed, &keys, NOW_MS).is_err(), "{letter} at {at}");
            }
        }
    }

    #[test]
    fn the_header_may_leave_out_typ_and_come_in_any_order() {
        let keys = key_ring();
        for header in
            [r#"{"alg":"HS256","kid":"shared"}"#, "{ \"typ\":\"JWT\",\r\n \"kid\":\"shared\",\"alg\":\"HS256\"}"]
        {
            assert!(verify(&token().with_texts(header, token().payload_text()), &keys, NOW_MS).is_ok(), "{header}");
        }
    }

    #[test]
    fn a_token_of_exactly_4_kb_is_read_and_one_byte_more_is_not() {
        let length_with = |padding: usize| {
            let token = token().claim("team", &format!(r#""{}""#, "t".repeat(padding))).build();
            (token.len(), verify(&token, &key_ring(), NOW_MS))
        };
        let (longest, kept) = (2000..3072).map(length_with).take_while(|(length, _)| *length <= 4096).last().unwrap();
        assert!(longest >= 4095 && kept.is_ok(), "{longest}: {kept:?}");
        let first_beyond = (2000..3072).map(length_with).find(|(length, _)| *length > 4096).unwrap();
        assert_eq!(first_beyond.1, Err(TokenRefused::TooLong));
    }

    #[test]
    fn during_a_rotation_both_keys_are_good_and_afterwards_only_the_new_one() {
        let new_secret: Vec<u8> = (101..=132).collect();
        let old = || entry("2026-01", "HS256", &secret(), ALL_ROLES);
        let new = || entry("2026-02", "HS256", &new_secret, ALL_ROLES);
        let by_old = token().header("kid", r#""2026-01""#).build();
        let by_new = token().header("kid", r#""2026-02""#).signed_by(hs256(&new_secret)).build();
        let verdicts = |keys: &KeyRing| [&by_old, &by_new].map(|token| verify(token, keys, NOW_MS).is_ok());
        assert_eq!(verdicts(&parse(&[old()])), [true, false]);
        assert_eq!(verdicts(&parse(&[old(), new()])), [true, true]);
        assert_eq!(verdicts(&parse(&[new(), old()])), [true, true]);
        assert_eq!(verdicts(&parse(&[new()])), [false, true]);
        assert_eq!(verify(&by_old, &parse(&[new()]), NOW_MS), Err(TokenRefused::UnknownKey));
    }

    #[test]
    fn an_id_given_to_a_new_key_does_not_revive_tokens_of_the_old_one() {
        let new_secret: Vec<u8> = (101..=132).collect();
        let keys = parse(&[entry("shared", "HS256", &new_secret, ALL_ROLES)]);
        assert_eq!(verify(&token().build(), &keys, NOW_MS), Err(TokenRefused::Signature));
    }

    #[test]
    fn a_key_retires_at_its_time_whatever_its_tokens_say() {
        let retiring = entry("shared", "HS256", &secret(), ALL_ROLES)
            .replace('}', &format!(r#","not_after_ms":{}}}"#, NOW_MS + 1000));
        let keys = parse(&[retiring]);
        assert!(verify(&token().build(), &keys, NOW_MS + 999).is_ok());
        assert_eq!(verify(&token().build(), &keys, NOW_MS + 1000), Err(TokenRefused::RetiredKey));
    }

    #[test]
    fn the_claims_are_not_looked_at_before_the_signature_is_good() {
        let with_bad_claims = token().claim("exp", "0").signed_by(|_| vec![0; 32]).build();
        assert_eq!(verify(&with_bad_claims, &key_ring(), NOW_MS), Err(TokenRefused::Signature));
    }
}
