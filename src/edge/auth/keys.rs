//! The keys of `AUTH_KEYS`: what each may sign, and for which roles. Reading tokens is `token`'s work.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, Mac};
use nearside_engine::types::{Role, SortedSet};
use nearside_json::FromName;
use sha2::Sha256;

use super::ed25519::{Ed25519, PublicKey, is_canonical_signature};
use super::invalid_keys::{InvalidKeys, KeyFault};
use super::strict_json::{self, Fields, Json};

/// RFC 7518 section 3.2: a key as long as the hash output, or longer.
pub(super) const SHORTEST_SECRET_BYTES: usize = 32;

/// A random secret of 32 bytes has about 30 different byte values; fewer than 8 is a pattern somebody typed.
pub(super) const FEWEST_DIFFERENT_BYTES: usize = 8;

/// Ids travel in every token and are compared as text.
pub(super) const LONGEST_KEY_ID_BYTES: usize = 64;

/// The keys that may sign tokens now, and whom those tokens must come from and be meant for.
///
/// Never empty. During a rotation the old and the new key stand side by side; removing the old one ends its tokens.
#[derive(Debug)]
pub struct KeyRing {
    pub(super) issuer: String,
    pub(super) audience: String,
    keys: Vec<Key>,
}

impl KeyRing {
    /// Reads the secret `AUTH_KEYS`, a JSON array with one object a key:
    /// `{"id", "algorithm", "key", "roles", "not_after_ms"?}`.
    ///
    /// `algorithm` is `HS256` (then `key` is a secret of 32 bytes or more) or `EdDSA` (then `key` is the 32-byte
    /// Ed25519 public key), both in base64url without padding. `roles` lists what the key may vouch for.
    /// From `not_after_ms` on the key is as good as removed.
    ///
    /// # Errors
    /// Names the first entry that is wrong, by position, never by content: the text is a secret.
    pub fn parse(json: &str, issuer: &str, audience: &str) -> Result<KeyRing, InvalidKeys> {
        if issuer.is_empty() || audience.is_empty() {
            return Err(InvalidKeys::NoIssuerOrAudience);
        }
        if json.trim().is_empty() {
            return Err(InvalidKeys::Missing);
        }
        let entries = match strict_json::read(json.as_bytes()) {
            Ok(Json::List(entries)) => entries,
            Ok(_) => return Err(InvalidKeys::NotAnArray),
            Err(error) => return Err(InvalidKeys::NotJson { line: error.line, column: error.column }),
        };
        if entries.is_empty() {
            return Err(InvalidKeys::Missing);
        }
        let mut ids = SortedSet::new();
        let mut materials = SortedSet::new();
        let mut keys = Vec::with_capacity(entries.len());
        for (index, entry) in entries.into_iter().enumerate() {
            let refuse = |fault| InvalidKeys::Entry { number: index + 1, fault };
            let (key, material) = read_entry(entry).map_err(refuse)?;
            if !ids.insert(key.id.clone()) {
                return Err(refuse(KeyFault::IdTwice));
            }
            // The same bytes under two ids would let the wider role list speak for the narrower one, and a public
            // key used as an HS256 secret would let everybody sign.
            if !materials.insert(material) {
                return Err(refuse(KeyFault::MaterialTwice));
            }
            keys.push(key);
        }
        Ok(KeyRing { issuer: issuer.to_owned(), audience: audience.to_owned(), keys })
    }

    pub(super) fn find(&self, id: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.id == id)
    }
}

/// One key with its one algorithm.
pub(super) struct Key {
    pub(super) id: String,
    verifier: Verifier,
    roles: Vec<Role>,
    not_after_ms: Option<i64>,
}

impl Key {
    /// The only value of `alg` that this key accepts.
    pub(super) fn algorithm(&self) -> &'static str {
        match self.verifier {
            Verifier::Hs256(_) => "HS256",
            Verifier::EdDsa(_) => "EdDSA",
        }
    }

    pub(super) fn is_retired(&self, now_ms: i64) -> bool {
        self.not_after_ms.is_some_and(|not_after_ms| now_ms >= not_after_ms)
    }

    pub(super) fn may_vouch_for(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Says whether `signature` was made over `message` with this key; constant in time for a secret.
    pub(super) async fn has_signed(&self, message: &[u8], signature: &[u8], ed25519: &impl Ed25519) -> bool {
        match &self.verifier {
            Verifier::Hs256(mac) => mac.clone().chain_update(message).verify_slice(signature).is_ok(),
            Verifier::EdDsa(key) => {
                is_canonical_signature(signature) && ed25519.has_signed(key, message, signature).await
            }
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Key({}, {})", self.id, self.algorithm())
    }
}

enum Verifier {
    /// Already keyed: the two hash blocks of the secret are paid for once.
    Hs256(Hmac<Sha256>),
    EdDsa(PublicKey),
}

/// Returns the role of that exact name.
pub(super) fn role_named(name: &str) -> Option<Role> {
    Role::from_name(name).ok()
}

fn read_entry(entry: Json) -> Result<(Key, Vec<u8>), KeyFault> {
    let Json::Object(mut fields) = entry else { return Err(KeyFault::NotAnObject) };
    let id = take_text(&mut fields, "id")?;
    let algorithm = take_text(&mut fields, "algorithm")?;
    let encoded = take_text(&mut fields, "key")?;
    let roles = take_roles(&mut fields)?;
    let not_after_ms = match fields.remove("not_after_ms") {
        None => None,
        Some(Json::Integer(at_ms)) => Some(at_ms),
        Some(_) => return Err(KeyFault::Field("not_after_ms")),
    };
    if !fields.is_empty() {
        return Err(KeyFault::UnknownField);
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if id.is_empty() || id.len() > LONGEST_KEY_ID_BYTES || !id.bytes().all(is_plain) {
        return Err(KeyFault::Id);
    }
    let material = Base64UrlUnpadded::decode_vec(&encoded).map_err(|_| KeyFault::Encoding)?;
    let verifier = match algorithm.as_str() {
        "HS256" => hs256(&material)?,
        "EdDSA" => eddsa(&material)?,
        _ => return Err(KeyFault::Algorithm),
    };
    Ok((Key { id, verifier, roles, not_after_ms }, material))
}

fn hs256(secret: &[u8]) -> Result<Verifier, KeyFault> {
    if secret.len() < SHORTEST_SECRET_BYTES {
        return Err(KeyFault::ShortSecret(secret.len()));
    }
    if secret.iter().collect::<SortedSet<_>>().len() < FEWEST_DIFFERENT_BYTES {
        return Err(KeyFault::GuessableSecret);
    }
    Hmac::new_from_slice(secret).map(Verifier::Hs256).map_err(|_| KeyFault::ShortSecret(secret.len()))
}

fn eddsa(public_key: &[u8]) -> Result<Verifier, KeyFault> {
    PublicKey::read(public_key).map(Verifier::EdDsa).ok_or(KeyFault::PublicKey)
}

fn take_text(fields: &mut Fields, name: &'static str) -> Result<String, KeyFault> {
    match fields.remove(name) {
        Some(Json::Text(text)) => Ok(text),
        _ => Err(KeyFault::Field(name)),
    }
}

fn take_roles(fields: &mut Fields) -> Result<Vec<Role>, KeyFault> {
    let Some(Json::List(names)) = fields.remove("roles") else { return Err(KeyFault::Field("roles")) };
    let roles: Option<Vec<Role>> = names
        .iter()
        .map(|name| match name {
            Json::Text(name) => role_named(name),
            _ => None,
        })
        .collect();
    roles.filter(|roles| !roles.is_empty()).ok_or(KeyFault::Roles)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use ed25519_dalek::Signer;
    use pollster::block_on;

    use super::super::testing::*;
    use super::*;

    fn check(json: &str, expected: InvalidKeys) {
        assert_eq!(KeyRing::parse(json, ISSUER, AUDIENCE).unwrap_err(), expected, "{json}");
    }

    fn check_entry(entry: &str, fault: KeyFault) {
        check(&format!("[{entry}]"), InvalidKeys::Entry { number: 1, fault });
    }

    #[test]
    fn without_keys_the_ring_says_that_they_are_missing() {
        for nothing in ["", " \n", "[]", "[ ]"] {
            check(nothing, InvalidKeys::Missing);
        }
        assert!(InvalidKeys::Missing.to_string().starts_with("AUTH_KEYS is missing"));
    }

    #[test]
    fn without_an_issuer_or_audience_nothing_can_be_checked() {
        let keys = format!("[{}]", entry("a", "HS256", &secret(), ALL_ROLES));
        assert_eq!(KeyRing::parse(&keys, "", AUDIENCE).unwrap_err(), InvalidKeys::NoIssuerOrAudience);
        assert_eq!(KeyRing::parse(&keys, ISSUER, "").unwrap_err(), InvalidKeys::NoIssuerOrAudience);
    }

    #[test]
    fn text_that_is_not_a_list_is_refused_with_its_place() {
        check("{}", InvalidKeys::NotAnArray);
        check("[\n  nonsense]", InvalidKeys::NotJson { line: 2, column: 4 });
        check_entry("7", KeyFault::NotAnObject);
        assert!(matches!(
            KeyRing::parse(r#"[{"id":"a","id":"b"}]"#, ISSUER, AUDIENCE),
            Err(InvalidKeys::NotJson { line: 1, .. })
        ));
    }

    #[test]
    fn each_field_of_a_key_is_checked() {
        let good = entry("a", "HS256", &secret(), ALL_ROLES);
        let with = |from: &str, to: &str| {
            assert!(good.contains(from), "{from}");
            good.replacen(from, to, 1)
        };
        check_entry(&with(r#""id":"a","#, ""), KeyFault::Field("id"));
        check_entry(&with(r#""id":"a""#, r#""id":7"#), KeyFault::Field("id"));
        check_entry(&with(r#""id":"a""#, r#""id":"""#), KeyFault::Id);
        check_entry(&with(r#""id":"a""#, r#""id":"a b""#), KeyFault::Id);
        check_entry(&with(r#""id":"a""#, &format!(r#""id":"{}""#, "a".repeat(65))), KeyFault::Id);
        check_entry(&with("HS256", "HS512"), KeyFault::Algorithm);
        check_entry(&with("HS256", "none"), KeyFault::Algorithm);
        check_entry(&with(ALL_ROLES, "[]"), KeyFault::Roles);
        check_entry(&with(ALL_ROLES, r#"["root"]"#), KeyFault::Roles);
        check_entry(&with(ALL_ROLES, r#"["client",1]"#), KeyFault::Roles);
        check_entry(&with(ALL_ROLES, r#""client""#), KeyFault::Field("roles"));
        check_entry(&with(&format!(r#","roles":{ALL_ROLES}"#), ""), KeyFault::Field("roles"));
        check_entry(&with("}", r#","not_after_ms":"soon"}"#), KeyFault::Field("not_after_ms"));
        check_entry(&with("}", r#","use":"sig"}"#), KeyFault::UnknownField);
        check_entry(&with(r#""key":""#, r#""key":"="#), KeyFault::Encoding);
    }

    #[test]
    fn weak_key_material_is_refused() {
        let shared = |secret: &[u8]| entry("a", "HS256", secret, ALL_ROLES);
        let public = |key: &[u8]| entry("a", "EdDSA", key, ALL_ROLES);
        check_entry(&shared(&[]), KeyFault::ShortSecret(0));
        check_entry(&shared(&secret()[1..]), KeyFault::ShortSecret(31));
        check_entry(&shared(&[7; 32]), KeyFault::GuessableSecret);
        check_entry(&shared(b"secretsecretsecretsecretsecretsecret"), KeyFault::GuessableSecret);
        check_entry(&public(&public_key()[1..]), KeyFault::PublicKey);
        let identity: Vec<u8> = (0..32).map(|at| u8::from(at == 0)).collect();
        check_entry(&public(&identity), KeyFault::PublicKey);
        check_entry(&public(&[0; 32]), KeyFault::PublicKey);
        check_entry(&public(&[0xff; 32]), KeyFault::PublicKey);
    }

    #[test]
    fn two_keys_share_neither_id_nor_bytes() {
        let first = entry("a", "HS256", &secret(), ALL_ROLES);
        let public = entry("b", "EdDSA", &public_key(), ALL_ROLES);
        let second =
            |entry: String, fault| check(&format!("[{first},{entry}]"), InvalidKeys::Entry { number: 2, fault });
        second(entry("a", "EdDSA", &public_key(), ALL_ROLES), KeyFault::IdTwice);
        second(entry("b", "HS256", &secret(), r#"["client"]"#), KeyFault::MaterialTwice);
        let public_as_secret = entry("c", "HS256", &public_key(), ALL_ROLES);
        let expected = InvalidKeys::Entry { number: 3, fault: KeyFault::MaterialTwice };
        check(&format!("[{first},{public},{public_as_secret}]"), expected);
    }

    #[test]
    fn neither_errors_nor_debug_output_show_key_bytes() {
        let encoded = base64url(secret());
        assert!(!format!("{:?}", key_ring()).contains(&encoded));
        let unknown_role = entry("a", "HS256", &secret(), &format!(r#"["{encoded}"]"#));
        let error = KeyRing::parse(&format!("[{unknown_role}]"), ISSUER, AUDIENCE).unwrap_err();
        assert!(!format!("{error} {error:?}").contains(&encoded));
    }

    /// RFC 7515 appendix A.1.
    #[test]
    fn the_published_hs256_signature_is_good() {
        let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        let signed = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
            eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        check_signature("HS256", secret, signed, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    }

    /// RFC 8037 appendix A.4.
    #[test]
    fn the_published_eddsa_signature_is_good() {
        let public_key = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        check_signature("EdDSA", public_key, "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc", signature);
    }

    /// A host that finds every signature good.
    struct Credulous;

    impl Ed25519 for Credulous {
        async fn has_signed(&self, _: &PublicKey, _: &[u8], _: &[u8]) -> bool {
            true
        }
    }

    #[test]
    fn a_second_encoding_of_a_signature_is_refused_whatever_the_host_says() {
        let keys = key_ring();
        let key = keys.find("public").unwrap();
        let has_signed = |signature: &[u8]| block_on(key.has_signed(b"message", signature, &Credulous));
        assert!(has_signed(&signing_key().sign(b"message").to_bytes()));
        assert!(!has_signed(&with_larger_s(b"message")));
        assert!(!has_signed(&[0; 64]));
        assert!(!has_signed(&[1; 63]));
    }

    fn check_signature(algorithm: &str, key: &str, signed: &str, signature: &str) {
        let decode = |text: &str| Base64UrlUnpadded::decode_vec(text).unwrap();
        let keys = parse(&[entry("published", algorithm, &decode(key), ALL_ROLES)]);
        let key = keys.find("published").unwrap();
        let mut signature = decode(signature);
        let has_signed = |text: &str, signature: &[u8]| block_on(key.has_signed(text.as_bytes(), signature, &Dalek));
        assert!(has_signed(signed, &signature));
        assert!(!has_signed(&signed[1..], &signature));
        signature[0] ^= 1;
        assert!(!has_signed(signed, &signature));
    }
}
