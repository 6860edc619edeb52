//! Makes and signs the token that the arguments ask for. What it must say to be accepted is decided in the Worker.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail, ensure};
use base64ct::{Base64UrlUnpadded, Encoding};
use clap::Args;
use ed25519_dalek::{Signer, SigningKey};
use hmac::{Hmac, Mac};
use nearside_engine::types::{Environment, Role, UserId};
use serde::de::value::{Error as NotARole, StrDeserializer};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::Sha256;

use super::secrets::{self, KEYS_VARIABLE};

/// The Worker refuses tokens that live longer than a day.
const LONGEST_LIFE_S: i64 = 24 * 60 * 60;

/// The Worker refuses HS256 secrets that are shorter than the hash.
const SHORTEST_SECRET_BYTES: usize = 32;

/// Whom the development server takes tokens from, and for whom they are; the same as in wrangler.toml.
const DEFAULT_ISSUER: &str = "nearside-dev";
const DEFAULT_AUDIENCE: &str = "nearside";

/// Prints a token for requests to a development server. The keys come from AUTH_KEYS, or from .dev.vars.
#[derive(Debug, Args)]
pub(crate) struct TokenArgs {
    /// What the token allows: client, reader, monitor, admin or superadmin.
    #[arg(long, value_parser = read_role)]
    role: Role,
    /// Whom the token speaks for: a UUID in lower case with hyphens.
    #[arg(long, value_name = "UUID", value_parser = read_user)]
    user: UserId,
    /// How long the token lives, 24h at most: a number and s, m or h.
    #[arg(long, value_name = "TIME", default_value = "12h", value_parser = read_life_s)]
    ttl: i64,
    /// Which key signs; without it, the first that can.
    #[arg(long, value_name = "ID")]
    key_id: Option<String>,
    /// Who the token says made it.
    #[arg(long, default_value = DEFAULT_ISSUER)]
    issuer: String,
    /// Whom the token is meant for.
    #[arg(long, default_value = DEFAULT_AUDIENCE)]
    audience: String,
    /// Which experiments it is for, production or test; without it, those of the deployment.
    #[arg(long, value_name = "NAME", value_parser = read_environment)]
    environment: Option<Environment>,
    /// Signs with EdDSA: a file with the 32-byte Ed25519 seed in base64url.
    #[arg(long, value_name = "FILE")]
    private_key: Option<PathBuf>,
    /// Prints one JSON object with the token and the second of its end (Unix time).
    #[arg(long)]
    json: bool,
}

/// Prints one token, and nothing else, to standard output.
///
/// # Errors
/// Says which key, file or argument is wrong and what to do about it. Keys are never shown.
pub(crate) fn run(args: TokenArgs) -> Result<()> {
    let (token, expires_at_s) = token_for(&args)?;
    let text = if args.json { json!({ "token": token, "expires_at_s": expires_at_s }).to_string() } else { token };
    writeln!(io::stdout(), "{text}").context("the token cannot be printed")
}

/// Makes an admin's token for another command of this program.
///
/// # Errors
/// As `run`.
pub(crate) fn admin_token(user: UserId) -> Result<String> {
    token_for(&TokenArgs {
        role: Role::Admin,
        user,
        ttl: LONGEST_LIFE_S / 2,
        key_id: None,
        issuer: DEFAULT_ISSUER.to_owned(),
        audience: DEFAULT_AUDIENCE.to_owned(),
        environment: None,
        private_key: None,
        json: false,
    })
    .map(|(token, _)| token)
}

/// A token, and the second of its end.
fn token_for(args: &TokenArgs) -> Result<(String, i64)> {
    let auth_keys = secrets::auth_keys()?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?;
    let now_s = i64::try_from(now.as_secs()).context("the clock is too far ahead")?;
    let seed = args.private_key.as_deref().map(read_seed).transpose()?;
    let token = mint(args, &auth_keys, seed.as_ref(), now_s)?;
    Ok((token, now_s.saturating_add(args.ttl)))
}

/// One entry of `AUTH_KEYS`; the Worker reads the same list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    id: String,
    algorithm: String,
    key: String,
    roles: Vec<Role>,
    not_after_ms: Option<i64>,
}

impl Key {
    /// Says why this key cannot sign what is asked for.
    fn objection(&self, role: Role, algorithm: &str, now_s: i64) -> Option<String> {
        let id = &self.id;
        if self.algorithm != algorithm {
            return Some(match algorithm {
                "HS256" => format!("key {id} is for {}: give its private half with --private-key FILE", self.algorithm),
                _ => format!("key {id} is for {}: leave out --private-key", self.algorithm),
            });
        }
        if self.not_after_ms.is_some_and(|not_after_ms| now_s.saturating_mul(1000) >= not_after_ms) {
            return Some(format!("key {id} is retired"));
        }
        (!self.roles.contains(&role)).then(|| format!("key {id} may not vouch for the role {}", name_of(role)))
    }
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'a str,
    kid: &'a str,
    typ: &'a str,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: String,
    role: Role,
    nbf: i64,
    iat: i64,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    env: Option<Environment>,
}

fn mint(args: &TokenArgs, auth_keys: &str, seed: Option<&SigningKey>, now_s: i64) -> Result<String> {
    let algorithm = if seed.is_some() { "EdDSA" } else { "HS256" };
    let keys = read_keys(auth_keys)?;
    let key = choose_key(&keys, args, algorithm, now_s)?;
    let header = Header { alg: algorithm, kid: &key.id, typ: "JWT" };
    let claims = Claims {
        iss: &args.issuer,
        aud: &args.audience,
        sub: args.user.to_string(),
        role: args.role,
        nbf: now_s,
        iat: now_s,
        exp: now_s.saturating_add(args.ttl),
        env: args.environment,
    };
    let signed = format!("{}.{}", base64url_json(&header)?, base64url_json(&claims)?);
    let material = Base64UrlUnpadded::decode_vec(&key.key).ok();
    let material = material.with_context(|| format!("key {} is not base64url without padding", key.id))?;
    let signature = match seed {
        None => sign_hs256(&material, signed.as_bytes())?,
        Some(seed) => {
            let is_its_half = seed.verifying_key().as_bytes().as_slice() == material;
            ensure!(is_its_half, "the private key is not the other half of key {} in {KEYS_VARIABLE}", key.id);
            seed.sign(signed.as_bytes()).to_bytes().to_vec()
        }
    };
    Ok(format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature)))
}

fn choose_key<'a>(keys: &'a [Key], args: &TokenArgs, algorithm: &str, now_s: i64) -> Result<&'a Key> {
    let mut objections = Vec::new();
    for key in keys.iter().filter(|key| args.key_id.as_ref().is_none_or(|id| *id == key.id)) {
        match key.objection(args.role, algorithm, now_s) {
            None => return Ok(key),
            Some(objection) => objections.push(objection),
        }
    }
    if objections.is_empty() {
        let ids: Vec<&str> = keys.iter().map(|key| key.id.as_str()).collect();
        bail!("{KEYS_VARIABLE} has no key with that id; it has: {}", ids.join(", "));
    }
    bail!("no key of {KEYS_VARIABLE} can sign this token: {}", objections.join("; "))
}

fn read_keys(auth_keys: &str) -> Result<Vec<Key>> {
    // The parser's own message may quote a secret, so only the place is told.
    let keys: Vec<Key> = match serde_json::from_str(auth_keys) {
        Ok(keys) => keys,
        Err(error) => bail!(
            "{KEYS_VARIABLE} is not a JSON array of {{id, algorithm, key, roles}}: see line {}, column {}",
            error.line(),
            error.column()
        ),
    };
    ensure!(!keys.is_empty(), "{KEYS_VARIABLE} is an empty list: run npm start once, or set {KEYS_VARIABLE}");
    Ok(keys)
}

fn read_seed(path: &Path) -> Result<SigningKey> {
    let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    parse_seed(&text).with_context(|| format!("{} does not hold 32 bytes in base64url", path.display()))
}

fn parse_seed(text: &str) -> Option<SigningKey> {
    let bytes = Base64UrlUnpadded::decode_vec(text.trim()).ok()?;
    Some(SigningKey::from_bytes(bytes.as_slice().try_into().ok()?))
}

fn sign_hs256(secret: &[u8], message: &[u8]) -> Result<Vec<u8>> {
    ensure!(
        secret.len() >= SHORTEST_SECRET_BYTES,
        "the HS256 secret has {} bytes, fewer than {SHORTEST_SECRET_BYTES}: the Worker would refuse it",
        secret.len()
    );
    let mac = Hmac::<Sha256>::new_from_slice(secret).ok().context("the HS256 secret cannot be used")?;
    Ok(mac.chain_update(message).finalize().into_bytes().to_vec())
}

fn base64url_json(value: &impl Serialize) -> Result<String> {
    Ok(Base64UrlUnpadded::encode_string(&serde_json::to_vec(value)?))
}

fn name_of(role: Role) -> String {
    serde_json::to_string(&role).unwrap_or_default().replace('"', "")
}

fn read_role(text: &str) -> Result<Role, String> {
    Role::deserialize(StrDeserializer::<NotARole>::new(text))
        .map_err(|_| format!("must be one of {}", Role::ALL.map(name_of).join(", ")))
}

fn read_user(text: &str) -> Result<UserId, String> {
    UserId::parse(text).ok_or_else(|| "must be a UUID in lower case with hyphens, and not nil".to_owned())
}

fn read_environment(text: &str) -> Result<Environment, String> {
    Environment::parse(text)
        .ok_or_else(|| format!("must be one of {}", Environment::ALL.map(Environment::name).join(", ")))
}

fn read_life_s(text: &str) -> Result<i64, String> {
    let seconds_in = |unit| match unit {
        "s" => Some(1),
        "m" => Some(60),
        "h" => Some(60 * 60),
        _ => None,
    };
    text.split_at_checked(text.len().saturating_sub(1))
        .and_then(|(number, unit)| number.parse::<i64>().ok()?.checked_mul(seconds_in(unit)?))
        .filter(|life_s| (1..=LONGEST_LIFE_S).contains(life_s))
        .ok_or_else(|| "must be a number and s, m or h, and 24h at most".to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Deserialize)]
    struct Corpus {
        now_ms: i64,
        user: String,
        private_seed: String,
        auth_keys: String,
        accepted: Vec<Accepted>,
    }

    #[derive(Deserialize)]
    struct Accepted {
        role: String,
        key_id: String,
        token: String,
    }

    /// The tokens that the Worker's verifier is tested with.
    fn corpus() -> Corpus {
        serde_json::from_str(include_str!("../../../tests/corpus/tokens.json")).unwrap()
    }

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        args: TokenArgs,
    }

    fn args(line: &str) -> Result<TokenArgs, clap::Error> {
        Command::try_parse_from(["token"].into_iter().chain(line.split_whitespace())).map(|command| command.args)
    }

    const USER: &str = "0192f0c1-2d3e-7a4b-8c5d-6e7f80912a3b";
    const NOW_S: i64 = 1_790_000_000;

    fn client(more: &str) -> TokenArgs {
        args(&format!("--role client --user {USER} {more}")).unwrap()
    }

    fn check_refused(args: &TokenArgs, auth_keys: &str, expected: &str) {
        let error = format!("{:#}", mint(args, auth_keys, None, NOW_S).unwrap_err());
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn tokens_are_the_golden_ones_byte_for_byte() {
        let corpus = corpus();
        let seed = parse_seed(&corpus.private_seed).unwrap();
        for row in &corpus.accepted {
            let args = args(&format!("--role {} --user {} --key-id {} --ttl 1h", row.role, corpus.user, row.key_id));
            let seed = row.key_id.contains("eddsa").then_some(&seed);
            let token = mint(&args.unwrap(), &corpus.auth_keys, seed, corpus.now_ms / 1000).unwrap();
            assert_eq!(token, row.token, "{} by {}", row.role, row.key_id);
        }
    }

    #[test]
    fn a_token_names_the_environment_that_it_is_for_and_otherwise_none() {
        let secret = Base64UrlUnpadded::encode_string(&[7; 32]);
        let keys = format!(r#"[{{"id":"one","algorithm":"HS256","key":"{secret}","roles":["client"]}}]"#);
        let claimed = |more: &str| {
            let token = mint(&client(more), &keys, None, NOW_S).unwrap();
            let claims = Base64UrlUnpadded::decode_vec(token.split('.').nth(1).unwrap()).unwrap();
            serde_json::from_slice::<serde_json::Value>(&claims).unwrap().get("env").cloned()
        };
        assert_eq!(claimed("--environment test"), Some(json!("test")));
        assert_eq!(claimed(""), None);
        assert!(args(&format!("--role client --user {USER} --environment staging")).is_err());
    }

    #[test]
    fn without_a_key_id_the_first_key_that_can_sign_does() {
        let secret = Base64UrlUnpadded::encode_string(&[7; 32]);
        let entry = |id: &str, rest: &str| format!(r#"{{"id":"{id}","algorithm":"HS256","key":"{secret}",{rest}}}"#);
        let keys = format!(
            "[{},{},{}]",
            entry("old", r#""roles":["client"],"not_after_ms":1"#),
            entry("readers", r#""roles":["reader"]"#),
            entry("clients", r#""roles":["client"]"#)
        );
        let signer = |args: &TokenArgs| {
            let token = mint(args, &keys, None, NOW_S).unwrap();
            let header = Base64UrlUnpadded::decode_vec(token.split('.').next().unwrap()).unwrap();
            serde_json::from_slice::<serde_json::Value>(&header).unwrap()["kid"].as_str().unwrap().to_owned()
        };
        assert_eq!(signer(&client("")), "clients");
        assert_eq!(signer(&args(&format!("--role reader --user {USER}")).unwrap()), "readers");
        check_refused(&client("--key-id old"), &keys, "key old is retired");
        check_refused(&client("--key-id readers"), &keys, "key readers may not vouch for the role client");
        check_refused(&client("--key-id other"), &keys, "it has: old, readers, clients");
    }

    #[test]
    fn an_eddsa_key_needs_its_own_private_half() {
        let corpus = corpus();
        check_refused(&client("--key-id test-eddsa"), &corpus.auth_keys, "--private-key FILE");
        let another = SigningKey::from_bytes(&[1; 32]);
        let error = mint(&client(""), &corpus.auth_keys, Some(&another), NOW_S).unwrap_err().to_string();
        assert!(error.contains("not the other half of key test-eddsa"), "{error}");
    }

    #[test]
    fn wrong_keys_are_explained_without_showing_them() {
        check_refused(&client(""), "[]", "npm start");
        check_refused(&client(""), "[\n{\"secret-text\":1}]", "line 2");
        let error = mint(&client(""), "[{\"secret-text\":1}]", None, NOW_S).unwrap_err();
        assert!(!format!("{error:?}").contains("secret-text"));
        let short = r#"[{"id":"a","algorithm":"HS256","key":"AAAA","roles":["client"]}]"#;
        check_refused(&client(""), short, "has 3 bytes, fewer than 32");
    }

    #[test]
    fn a_token_lives_for_a_day_at_most() {
        assert_eq!(client("").ttl, 12 * 3600);
        assert_eq!(client("--ttl 24h").ttl, 24 * 3600);
        assert_eq!(client("--ttl 90s").ttl, 90);
        assert_eq!(client("--ttl 5m").ttl, 300);
        for ttl in ["25h", "0s", "86401s", "12", "h", "1.5h", "1d", "9223372036854775807h", "5é"] {
            assert!(args(&format!("--role client --user {USER} --ttl {ttl}")).is_err(), "{ttl}");
        }
    }

    #[test]
    fn arguments_are_checked_before_a_key_is_read() {
        let error = |line: &str| args(line).unwrap_err().to_string();
        assert!(error(&format!("--role root --user {USER}")).contains("client, reader, monitor, admin, superadmin"));
        assert!(error("--role client --user alice").contains("UUID"));
        assert!(error(&format!("--role client --user {}", USER.to_uppercase())).contains("lower case"));
        assert!(error("--role client").contains("--user"));
        assert!(error(&format!("--user {USER}")).contains("--role"));
    }
}
