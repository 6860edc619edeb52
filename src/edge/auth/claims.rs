//! What a token claims, judged strictly after its signature was found good. Signatures are not looked at here.

use nearside_engine::types::{Environment, Role, UserId};

use super::keys::{KeyRing, role_named};
use super::strict_json::{self, Fields, Json};
use super::token::TokenRefused;

/// Clocks of issuer and Worker may differ by this much.
const CLOCK_SKEW_S: i64 = 60;

/// A token lives for a day at most, so that a lost one ends by itself.
const LONGEST_LIFE_S: i64 = 24 * 60 * 60;

/// A token id is a UUID or a hash in practice; longer is somebody's data.
const LONGEST_TOKEN_ID_BYTES: usize = 128;

/// What a verified token says about the one who sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Whose requests these are.
    pub user: UserId,
    /// What the user may do; within what the key may vouch for.
    pub role: Role,
    /// When the token ends, in seconds since 1970, UTC, before the clock skew is granted.
    pub expires_at_s: i64,
    /// The id of the key that signed.
    pub key_id: String,
    /// Where the user takes part in experiments; None is what the deployment says.
    pub environment: Option<Environment>,
}

/// The registered claims and `role`, with the right types, not yet believed. Other claims are ignored: issuers add
/// their own.
#[derive(Debug, PartialEq)]
pub(super) struct StatedClaims {
    issuer: String,
    audiences: Vec<String>,
    subject: String,
    role: String,
    expires_at_s: i64,
    not_before_s: i64,
    issued_at_s: Option<i64>,
    environment: Option<Environment>,
}

impl StatedClaims {
    /// Reads the payload of a token.
    ///
    /// # Errors
    /// `NotClaims` when it is not an object with each name once; `Claim` names the claim that is absent or mistyped.
    pub(super) fn read(payload: &[u8]) -> Result<StatedClaims, TokenRefused> {
        let mut fields = strict_json::read_object(payload).ok_or(TokenRefused::NotClaims)?;
        if let Some(id) = fields.remove("jti") {
            match id {
                Json::Text(id) if (1..=LONGEST_TOKEN_ID_BYTES).contains(&id.len()) => {}
                _ => return Err(TokenRefused::Claim("jti")),
            }
        }
        let environment = match fields.remove("env") {
            None => None,
            Some(Json::Text(name)) => Some(Environment::parse(&name).ok_or(TokenRefused::Claim("env"))?),
            Some(_) => return Err(TokenRefused::Claim("env")),
        };
        Ok(StatedClaims {
            environment,
            issuer: take_text(&mut fields, "iss")?,
            audiences: take_audiences(&mut fields)?,
            subject: take_text(&mut fields, "sub")?,
            role: take_text(&mut fields, "role")?,
            expires_at_s: take_time(&mut fields, "exp")?,
            not_before_s: take_time(&mut fields, "nbf")?,
            issued_at_s: if fields.contains_key("iat") { Some(take_time(&mut fields, "iat")?) } else { None },
        })
    }

    /// Believes the claims, or says why not.
    ///
    /// Times are compared with a tolerance of exactly 60 s: at the tolerance a token is good, after it it is not.
    pub(super) fn judge(self, keys: &KeyRing, key_id: &str, now_ms: i64) -> Result<Claims, TokenRefused> {
        self.check_times(now_ms)?;
        if self.issuer != keys.issuer {
            return Err(TokenRefused::Issuer);
        }
        if !self.audiences.contains(&keys.audience) {
            return Err(TokenRefused::Audience);
        }
        let user = UserId::parse(&self.subject).ok_or(TokenRefused::Subject)?;
        let role = role_named(&self.role).ok_or(TokenRefused::Role)?;
        let (expires_at_s, environment) = (self.expires_at_s, self.environment);
        Ok(Claims { user, role, expires_at_s, key_id: key_id.to_owned(), environment })
    }

    fn check_times(&self, now_ms: i64) -> Result<(), TokenRefused> {
        let ahead_ms = |time_s: i64| time_s.saturating_mul(1000).saturating_sub(now_ms);
        if ahead_ms(self.expires_at_s) < -CLOCK_SKEW_S * 1000 {
            return Err(TokenRefused::Expired);
        }
        // An issuer whose clock is ahead by the skew may still give a full day.
        if ahead_ms(self.expires_at_s) > (LONGEST_LIFE_S + CLOCK_SKEW_S) * 1000 {
            return Err(TokenRefused::TooFarAhead);
        }
        if ahead_ms(self.not_before_s) > CLOCK_SKEW_S * 1000 {
            return Err(TokenRefused::NotYet);
        }
        if self.issued_at_s.is_some_and(|time_s| ahead_ms(time_s) > CLOCK_SKEW_S * 1000) {
            return Err(TokenRefused::IssuedInTheFuture);
        }
        Ok(())
    }
}

fn take_text(fields: &mut Fields, name: &'static str) -> Result<String, TokenRefused> {
    match fields.remove(name) {
        Some(Json::Text(text)) => Ok(text),
        _ => Err(TokenRefused::Claim(name)),
    }
}

fn take_time(fields: &mut Fields, name: &'static str) -> Result<i64, TokenRefused> {
    match fields.remove(name) {
        Some(Json::Integer(time_s)) if time_s >= 0 => Ok(time_s),
        _ => Err(TokenRefused::Claim(name)),
    }
}

/// RFC 7519 section 4.1.3: one string, or a list of strings.
fn take_audiences(fields: &mut Fields) -> Result<Vec<String>, TokenRefused> {
    let elements = match fields.remove("aud") {
        Some(Json::Text(audience)) => return Ok(vec![audience]),
        Some(Json::List(elements)) => elements,
        _ => return Err(TokenRefused::Claim("aud")),
    };
    elements
        .into_iter()
        .map(|element| match element {
            Json::Text(audience) => Ok(audience),
            _ => Err(TokenRefused::Claim("aud")),
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::super::testing::*;
    use super::*;

    fn check(claim: &str, raw: &str, expected: Result<(), TokenRefused>) {
        let token = token().claim(claim, raw).build();
        assert_eq!(verify(&token, &key_ring(), NOW_MS).map(|_| ()), expected, "{claim}: {raw}");
    }

    fn check_time(claim: &str, ahead_s: i64, expected: Result<(), TokenRefused>) {
        check(claim, &(NOW_S + ahead_s).to_string(), expected);
    }

    #[test]
    fn clocks_may_differ_by_exactly_the_tolerance_and_not_by_a_second_more() {
        check_time("exp", -60, Ok(()));
        check_time("exp", -61, Err(TokenRefused::Expired));
        check_time("nbf", 60, Ok(()));
        check_time("nbf", 61, Err(TokenRefused::NotYet));
        check_time("iat", 60, Ok(()));
        check_time("iat", 61, Err(TokenRefused::IssuedInTheFuture));
    }

    #[test]
    fn a_token_may_live_for_a_day_and_the_tolerance() {
        check_time("exp", 24 * 3600, Ok(()));
        check_time("exp", 24 * 3600 + 60, Ok(()));
        check_time("exp", 24 * 3600 + 61, Err(TokenRefused::TooFarAhead));
    }

    #[test]
    fn the_tolerance_is_counted_in_milliseconds() {
        let token = token().claim("exp", &NOW_S.to_string()).build();
        assert!(verify(&token, &key_ring(), NOW_MS + 60_000).is_ok());
        assert_eq!(verify(&token, &key_ring(), NOW_MS + 60_001), Err(TokenRefused::Expired));
    }

    #[test]
    fn a_clock_at_the_ends_of_time_refuses_and_does_not_overflow() {
        assert_eq!(verify(&token().build(), &key_ring(), i64::MAX), Err(TokenRefused::Expired));
        assert_eq!(verify(&token().build(), &key_ring(), i64::MIN), Err(TokenRefused::TooFarAhead));
    }

    #[test]
    fn the_audience_may_be_a_list_that_contains_us() {
        check("aud", r#"["nearside"]"#, Ok(()));
        check("aud", r#"["elsewhere","nearside"]"#, Ok(()));
    }

    #[test]
    fn a_token_may_say_which_environment_it_is_for() {
        check("env", r#""test""#, Ok(()));
        check("env", r#""production""#, Ok(()));
        for other in [r#""staging""#, r#""Test""#, "1", "null", r#"["test"]"#] {
            check("env", other, Err(TokenRefused::Claim("env")));
        }
        let claims = verify(&token().claim("env", r#""test""#).build(), &key_ring(), NOW_MS).unwrap();
        assert_eq!(claims.environment, Some(Environment::Test));
    }

    #[test]
    fn claims_that_only_the_issuer_knows_are_ignored() {
        check("email_verified", "true", Ok(()));
        check("groups", r#"[{"id":1.5},null]"#, Ok(()));
        check("jti", r#""0192f0c1""#, Ok(()));
        check("roles", r#"["admin"]"#, Ok(()));
    }

    #[test]
    fn a_verified_token_says_who_may_do_what_until_when() {
        let claims = verify(&eddsa_token().claim("role", r#""reader""#).build(), &key_ring(), NOW_MS).unwrap();
        let expected = Claims {
            user: UserId::parse(USER).unwrap(),
            role: Role::Reader,
            expires_at_s: NOW_S + 3600,
            key_id: "public".to_owned(),
            environment: None,
        };
        assert_eq!(claims, expected);
    }
}
