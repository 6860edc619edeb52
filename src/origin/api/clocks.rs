//! What to do about a token that is refused: it may have ended, not have begun, or two clocks may differ. A Worker never
//! says which, so that nobody learns from its words; this side knows its own token and its own time.

use base64ct::{Base64UrlUnpadded, Encoding};
use nearside_engine::types::TimeMs;
use serde::Deserialize;

/// The Worker grants tokens so much, in seconds.
pub(crate) const TOKEN_SKEW_S: i64 = 60;

/// When a token holds, in seconds since 1970.
#[derive(Deserialize)]
struct Claims {
    exp: i64,
    nbf: i64,
}

/// Says what to do. `date_ms` is the Worker's time where it says one.
pub(super) fn advice(token: &str, date_ms: Option<TimeMs>, now_ms: TimeMs) -> String {
    let now_s = now_ms.div_euclid(1000);
    let ahead_s = date_ms.map_or(0, |date_ms| now_s - date_ms.div_euclid(1000));
    match claims(token) {
        Some(claims) if claims.exp <= now_s => {
            format!("the token ended {} s ago, make another: see nearside token --help", now_s - claims.exp)
        }
        Some(claims) if claims.nbf > now_s + TOKEN_SKEW_S => {
            format!(
                "the token holds only in {} s: the clock of whoever made it is ahead of this one",
                claims.nbf - now_s
            )
        }
        _ if ahead_s.abs() > TOKEN_SKEW_S => {
            let word = if ahead_s < 0 { "behind" } else { "ahead of" };
            format!(
                "this clock is {} s {word} the Worker's, which refuses tokens of another time: set it",
                ahead_s.abs()
            )
        }
        _ => {
            "an admin's token is needed, see nearside token --help; nearside doctor looks at keys and clocks".to_owned()
        }
    }
}

/// Reads what a token says of itself, without looking at its signature.
fn claims(token: &str) -> Option<Claims> {
    let payload = Base64UrlUnpadded::decode_vec(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn the_first_thing_that_is_wrong_is_named() {
        let now_s = 1_795_132_800;
        let check = |exp: i64, nbf: i64, date_s: Option<i64>, said: &str| {
            let payload = Base64UrlUnpadded::encode_string(format!(r#"{{"exp":{exp},"nbf":{nbf}}}"#).as_bytes());
            let token = format!("e30.{payload}.c2ln");
            let advice = advice(&token, date_s.map(|date_s| date_s * 1000), now_s * 1000 + 999);
            assert!(advice.contains(said), "{advice}");
        };
        check(now_s - 5, now_s - 10, None, "ended 5 s ago");
        check(now_s + 90, now_s + 61, None, "only in 61 s");
        check(now_s + 90, now_s, Some(now_s - 3600), "3600 s ahead of the Worker's");
        check(now_s + 90, now_s, Some(now_s + 61), "61 s behind the Worker's");
        check(now_s + 90, now_s, Some(now_s + 60), "an admin's token is needed");
        check(now_s + 90, now_s, None, "an admin's token is needed");
        assert!(advice("no token", None, 0).contains("an admin's token is needed"));
    }
}
