//! Forged and malformed tokens, each with what is wrong and the reason it is refused for. Except where the signature
//! itself is the fault, every one is signed with the right key: the check under test is the one that refuses.

use std::collections::BTreeSet;

use super::testing::*;
use super::token::TokenRefused::{self, *};

type Row = (&'static str, String, TokenRefused);

fn header(name: &'static str, parameter: &str, raw: &str, reason: TokenRefused) -> Row {
    (name, token().header(parameter, raw).build(), reason)
}

fn claim(name: &'static str, claim: &str, raw: &str, reason: TokenRefused) -> Row {
    (name, token().claim(claim, raw).build(), reason)
}

fn quoted(text: &str) -> String {
    format!(r#""{text}""#)
}

fn algorithms() -> Vec<Row> {
    let unsigned = |alg: &str| token().header("alg", alg).signed_by(|_| Vec::new()).build();
    let as_shared_secret = token().header("kid", r#""public""#).signed_by(hs256(&public_key()));
    vec![
        ("alg none", unsigned(r#""none""#), Algorithm),
        ("alg None", unsigned(r#""None""#), Algorithm),
        ("alg NONE", unsigned(r#""NONE""#), Algorithm),
        ("alg nOnE", unsigned(r#""nOnE""#), Algorithm),
        ("alg none with a good HS256 signature", token().header("alg", r#""none""#).build(), Algorithm),
        ("alg none with a space", unsigned(r#""none ""#), Algorithm),
        ("alg none without a key", token().header("alg", r#""none""#).without_header("kid").build(), Header),
        header("alg empty", "alg", r#""""#, Algorithm),
        header("alg null", "alg", "null", Header),
        header("alg a list", "alg", r#"["HS256"]"#, Header),
        header("alg in lower case", "alg", r#""hs256""#, Algorithm),
        header("alg HS512", "alg", r#""HS512""#, Algorithm),
        header("alg RS256", "alg", r#""RS256""#, Algorithm),
        header("alg of the other key", "alg", r#""EdDSA""#, Algorithm),
        ("alg missing", token().without_header("alg").build(), Header),
        ("alg twice", token().second_header("alg", r#""none""#).build(), Header),
        ("HS256 signed with the public key as secret", as_shared_secret.build(), Algorithm),
        ("the same with alg EdDSA", as_shared_secret.header("alg", r#""EdDSA""#).build(), Signature),
        ("EdDSA naming the HS256 key", eddsa_token().header("kid", r#""shared""#).build(), Algorithm),
    ]
}

fn key_ids_and_headers() -> Vec<Row> {
    let good = token();
    vec![
        ("kid missing", token().without_header("kid").build(), Header),
        ("kid twice", token().second_header("kid", r#""public""#).build(), Header),
        header("kid a number", "kid", "0", Header),
        header("kid null", "kid", "null", Header),
        header("kid empty", "kid", r#""""#, UnknownKey),
        header("kid unknown", "kid", r#""another""#, UnknownKey),
        header("kid in other case", "kid", r#""Shared""#, UnknownKey),
        header("kid a path", "kid", r#""../../dev/null""#, UnknownKey),
        header("kid SQL", "kid", r#""shared' OR '1'='1""#, UnknownKey),
        header("kid with a null byte", "kid", r#""shared\u0000""#, UnknownKey),
        header("kid of 10 KB", "kid", &quoted(&"k".repeat(10_240)), TooLong),
        header("jwk", "jwk", r#"{"kty":"oct","k":"AAAA"}"#, Header),
        header("jku", "jku", r#""https://keys.example/jwks.json""#, Header),
        header("x5u", "x5u", r#""https://keys.example/chain.pem""#, Header),
        header("x5c", "x5c", r#"["MIIB"]"#, Header),
        header("crit", "crit", r#"["exp"]"#, Header),
        header("crit empty", "crit", "[]", Header),
        header("b64 off", "b64", "false", Header),
        header("enc", "enc", r#""A256GCM""#, Header),
        header("zip", "zip", r#""DEF""#, Header),
        header("typ of an access token", "typ", r#""at+jwt""#, Header),
        header("typ in lower case", "typ", r#""jwt""#, Header),
        header("typ null", "typ", "null", Header),
        header("nested: cty JWT", "cty", r#""JWT""#, Header),
        ("nested: a token as payload", good.with_texts(good.header_text(), good.build()), NotClaims),
        ("header an array", good.with_texts(r#"["HS256","shared"]"#, good.payload_text()), Header),
        ("header not JSON", good.with_texts("alg=HS256", good.payload_text()), Header),
        ("header with a trailing object", good.with_texts(good.header_text() + "{}", good.payload_text()), Header),
        ("header not UTF-8", good.with_texts([b'{', 0xff, b'}'], good.payload_text()), Header),
        ("header nested deep", good.with_texts("[".repeat(1000), good.payload_text()), Header),
    ]
}

fn issuers_and_audiences() -> Vec<Row> {
    vec![
        ("iss missing", token().without("iss").build(), Claim("iss")),
        claim("iss with a suffix", "iss", r#""nearside-dev.example""#, Issuer),
        claim("iss with a slash", "iss", r#""nearside-dev/""#, Issuer),
        claim("iss in other case", "iss", r#""Nearside-dev""#, Issuer),
        claim("iss empty", "iss", r#""""#, Issuer),
        claim("iss a list with ours", "iss", r#"["nearside-dev"]"#, Claim("iss")),
        ("aud missing", token().without("aud").build(), Claim("aud")),
        claim("aud of another", "aud", r#""elsewhere""#, Audience),
        claim("aud a list without us", "aud", r#"["elsewhere","nearside-2"]"#, Audience),
        claim("aud an empty list", "aud", "[]", Audience),
        claim("aud a list with a number", "aud", r#"["nearside",1]"#, Claim("aud")),
        claim("aud an object", "aud", r#"{"nearside":true}"#, Claim("aud")),
        claim("aud null", "aud", "null", Claim("aud")),
        claim("aud in other case", "aud", r#""Nearside""#, Audience),
        claim("aud with a space", "aud", r#""nearside ""#, Audience),
    ]
}

fn times() -> Vec<Row> {
    let at = |ahead_s: i64| (NOW_S + ahead_s).to_string();
    vec![
        ("exp missing", token().without("exp").build(), Claim("exp")),
        claim("exp a string", "exp", &quoted(&at(3600)), Claim("exp")),
        claim("exp a float", "exp", &format!("{}.5", at(3600)), Claim("exp")),
        claim("exp a whole float", "exp", &format!("{}.0", at(3600)), Claim("exp")),
        claim("exp with an exponent", "exp", "1.7900036e9", Claim("exp")),
        claim("exp 1e308", "exp", "1e308", Claim("exp")),
        claim("exp negative", "exp", "-1", Claim("exp")),
        claim("exp null", "exp", "null", Claim("exp")),
        claim("exp true", "exp", "true", Claim("exp")),
        claim("exp a list", "exp", &format!("[{}]", at(3600)), Claim("exp")),
        claim("exp zero", "exp", "0", Expired),
        claim("exp an hour ago", "exp", &at(-3600), Expired),
        claim("exp one second past the tolerance", "exp", &at(-61), Expired),
        claim("exp 25 hours ahead", "exp", &at(25 * 3600), TooFarAhead),
        claim("exp one second past a day and the tolerance", "exp", &at(86_461), TooFarAhead),
        claim("exp in milliseconds", "exp", &(NOW_MS + 3_600_000).to_string(), TooFarAhead),
        claim("exp the largest integer", "exp", "9223372036854775807", TooFarAhead),
        claim("exp above the largest integer", "exp", "9223372036854775808", Claim("exp")),
        ("exp twice", token().second_claim("exp", &at(7200)).build(), NotClaims),
        ("nbf missing", token().without("nbf").build(), Claim("nbf")),
        claim("nbf a string", "nbf", &quoted(&at(0)), Claim("nbf")),
        claim("nbf a float", "nbf", &format!("{}.0", at(0)), Claim("nbf")),
        claim("nbf negative", "nbf", "-1", Claim("nbf")),
        claim("nbf an hour ahead", "nbf", &at(3600), NotYet),
        claim("nbf one second past the tolerance", "nbf", &at(61), NotYet),
        claim("iat a string", "iat", &quoted(&at(0)), Claim("iat")),
        claim("iat null", "iat", "null", Claim("iat")),
        claim("iat a float", "iat", &format!("{}.5", at(-1)), Claim("iat")),
        claim("iat an hour ahead", "iat", &at(3600), IssuedInTheFuture),
        claim("iat one second past the tolerance", "iat", &at(61), IssuedInTheFuture),
    ]
}

fn people_and_payloads() -> Vec<Row> {
    let good = token();
    let as_admin = |role: &str| eddsa_token().claim("role", role).build();
    vec![
        ("sub missing", token().without("sub").build(), Claim("sub")),
        claim("sub a number", "sub", "7", Claim("sub")),
        claim("sub empty", "sub", r#""""#, Subject),
        claim("sub not a UUID", "sub", r#""alice@example.com""#, Subject),
        claim("sub in upper case", "sub", &quoted(&USER.to_uppercase()), Subject),
        claim("sub without hyphens", "sub", &quoted(&USER.replace('-', "")), Subject),
        claim("sub in braces", "sub", &quoted(&format!("{{{USER}}}")), Subject),
        claim("sub a URN", "sub", &quoted(&format!("urn:uuid:{USER}")), Subject),
        claim("sub with a space", "sub", &quoted(&format!("{USER} ")), Subject),
        claim("sub nil", "sub", r#""00000000-0000-0000-0000-000000000000""#, Subject),
        claim("sub of 1 MB", "sub", &quoted(&"a".repeat(1 << 20)), TooLong),
        ("sub twice", token().second_claim("sub", r#""11111111-1111-4111-8111-111111111111""#).build(), NotClaims),
        ("sub twice, once escaped", token().second_claim(r"\u0073ub", &quoted(USER)).build(), NotClaims),
        ("role missing", token().without("role").build(), Claim("role")),
        claim("role unknown", "role", r#""root""#, Role),
        claim("role in other case", "role", r#""Admin""#, Role),
        claim("role empty", "role", r#""""#, Role),
        claim("role a list", "role", r#"["admin"]"#, Claim("role")),
        ("role twice", token().second_claim("role", r#""superadmin""#).build(), NotClaims),
        ("role beyond the key", as_admin(r#""admin""#), RoleBeyondKey),
        ("highest role beyond the key", as_admin(r#""superadmin""#), RoleBeyondKey),
        claim("jti a number", "jti", "7", Claim("jti")),
        claim("jti empty", "jti", r#""""#, Claim("jti")),
        claim("jti too long", "jti", &quoted(&"j".repeat(129)), Claim("jti")),
        ("unknown claim twice", token().claim("team", "1").second_claim("team", "2").build(), NotClaims),
        claim("unknown claim with a name twice", "team", r#"{"a":1,"a":2}"#, NotClaims),
        claim("unknown claim nested deep", "team", &("[".repeat(9) + &"]".repeat(9)), NotClaims),
        ("payload empty", good.with_texts(good.header_text(), ""), NotClaims),
        ("payload null", good.with_texts(good.header_text(), "null"), NotClaims),
        ("payload an array", good.with_texts(good.header_text(), "[]"), NotClaims),
        ("payload an empty object", good.with_texts(good.header_text(), "{}"), Claim("iss")),
        ("payload cut", good.with_texts(good.header_text(), good.payload_text().trim_end_matches('}')), NotClaims),
        ("payload twice", good.with_texts(good.header_text(), good.payload_text().repeat(2)), NotClaims),
        ("payload not UTF-8", good.with_texts(good.header_text(), [b'"', 0xff, b'"']), NotClaims),
    ]
}

fn encodings() -> Vec<Row> {
    let good = token();
    let text = good.build();
    let (header, payload) = (base64url(good.header_text()), base64url(good.payload_text()));
    let signature = text.rsplit('.').next().unwrap().to_owned();
    let spoiled = |payload: &str| good.with_encoded(&header, payload);
    vec![
        ("empty", String::new(), NotCompactJws),
        ("one word", "token".to_owned(), NotCompactJws),
        ("two dots only", "..".to_owned(), Header),
        ("two parts", format!("{header}.{payload}"), NotCompactJws),
        ("four parts", format!("{text}.{signature}"), NotCompactJws),
        ("five parts, as if encrypted", format!("{text}.{signature}.{signature}"), NotCompactJws),
        ("trailing dot", format!("{text}."), NotCompactJws),
        ("leading dot", format!(".{text}"), NotCompactJws),
        ("the JSON form of JWS", format!(r#"{{"payload":"{payload}","signature":"{signature}"}}"#), NotCompactJws),
        ("padding on the signature", format!("{text}="), NotCompactJws),
        ("padding in the payload", spoiled(&format!("{payload}==")), NotCompactJws),
        ("space in front", format!(" {text}"), NotCompactJws),
        ("space at the end", format!("{text} "), NotCompactJws),
        ("new line at the end", format!("{text}\n"), NotCompactJws),
        ("new line in the payload", spoiled(&format!("{payload}\n")), NotCompactJws),
        ("tab after the dot", spoiled(&format!("\t{payload}")), NotCompactJws),
        ("null byte at the end", format!("{text}\0"), NotCompactJws),
        ("letters of the standard alphabet", spoiled("+/+/"), NotCompactJws),
        ("letters beyond ASCII", spoiled("ééé"), NotCompactJws),
        ("non-canonical signature", with_loose_bits(&text), NotCompactJws),
        ("non-canonical payload", spoiled(&with_loose_bits(&base64url("{}"))), NotCompactJws),
        ("a length base64 cannot have", spoiled("AAAAA"), NotCompactJws),
        ("over 4 KB", claim("", "team", &quoted(&"t".repeat(4096)), TooLong).1, TooLong),
    ]
}

/// Sets the lowest bit of the last letter, which carries no data: a lax decoder reads the same bytes.
fn with_loose_bits(encoded: &str) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (rest, last) = encoded.split_at(encoded.len() - 1);
    let value = ALPHABET.iter().position(|letter| last.as_bytes() == [*letter]).unwrap();
    assert_eq!(value % 2, 0, "the last bit carries data");
    format!("{rest}{}", char::from(ALPHABET[value + 1]))
}

fn signatures() -> Vec<Row> {
    let text = token().build();
    let (signed, signature) = text.rsplit_once('.').unwrap();
    let other_payload = base64url(token().claim("role", r#""admin""#).payload_text());
    let other_header = base64url(token().without_header("typ").header_text());
    let header = text.split('.').next().unwrap();
    let payload = signed.rsplit('.').next().unwrap();
    vec![
        ("signature empty", format!("{signed}."), Signature),
        ("signature cut to 31 bytes", token().signed_by(|m| hs256(&secret())(m)[..31].to_vec()).build(), Signature),
        ("signature cut to 16 bytes", token().signed_by(|m| hs256(&secret())(m)[..16].to_vec()).build(), Signature),
        (
            "signature with a byte more",
            token().signed_by(|m| [hs256(&secret())(m), vec![0]].concat()).build(),
            Signature,
        ),
        ("signature of zeros", token().signed_by(|_| vec![0; 32]).build(), Signature),
        ("signature of another key", token().signed_by(hs256(&[7; 32])).build(), Signature),
        ("signature with an empty secret", token().signed_by(hs256(&[])).build(), Signature),
        ("payload changed", format!("{header}.{other_payload}.{signature}"), Signature),
        ("header changed", format!("{other_header}.{payload}.{signature}"), Signature),
        ("EdDSA signature of zeros", eddsa_token().signed_by(|_| vec![0; 64]).build(), Signature),
        ("EdDSA signature cut", eddsa_token().signed_by(|_| vec![1; 63]).build(), Signature),
        ("EdDSA signature with S + L", eddsa_token().signed_by(with_larger_s).build(), Signature),
        (
            "good signature over nothing believable",
            token().without("exp").signed_by(|_| vec![0; 32]).build(),
            Signature,
        ),
    ]
}

fn all() -> Vec<Row> {
    [
        algorithms(),
        key_ids_and_headers(),
        issuers_and_audiences(),
        times(),
        people_and_payloads(),
        encodings(),
        signatures(),
    ]
    .concat()
}

#[test]
fn every_forged_token_is_refused_for_its_own_reason() {
    let keys = key_ring();
    assert!(verify(&token().build(), &keys, NOW_MS).is_ok(), "the token that is spoiled must be good");
    assert!(verify(&eddsa_token().build(), &keys, NOW_MS).is_ok(), "the token that is spoiled must be good");
    for (name, token, reason) in all() {
        assert_eq!(verify(&token, &keys, NOW_MS), Err(reason), "{name}");
    }
}

#[test]
fn the_corpus_is_large_and_without_repetition() {
    let rows = all();
    assert!(rows.len() >= 150, "{} rows", rows.len());
    assert_eq!(rows.iter().map(|(name, ..)| name).collect::<BTreeSet<_>>().len(), rows.len());
}

#[test]
fn every_reason_reads_the_same_to_the_sender() {
    for (name, _, reason) in all() {
        assert_eq!(reason.to_string(), "the token is not valid", "{name}");
    }
}
