//! The `Authorization` header. The token inside it is judged in `token`.

use super::token::TokenRefused;

const SCHEME: &str = "bearer";

/// Returns the token of an `Authorization: Bearer ...` header.
///
/// The scheme is read in any case (RFC 9110), then exactly one space, then the token to the end.
///
/// # Errors
/// `NoBearer` when the header is absent, has another scheme, or holds no token or more than one word after it.
pub fn bearer_token(authorization: Option<&str>) -> Result<&str, TokenRefused> {
    let (scheme, token) = authorization.and_then(|value| value.split_once(' ')).ok_or(TokenRefused::NoBearer)?;
    let is_one_word = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',');
    if scheme.eq_ignore_ascii_case(SCHEME) && is_one_word { Ok(token) } else { Err(TokenRefused::NoBearer) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn check(header: Option<&str>, expected: Option<&str>) {
        assert_eq!(bearer_token(header).ok(), expected, "{header:?}");
    }

    #[test]
    fn only_one_word_after_the_bearer_scheme_is_a_token() {
        check(Some("Bearer a.b.c"), Some("a.b.c"));
        check(Some("bEARER a.b.c"), Some("a.b.c"));
        check(None, None);
        check(Some(""), None);
        check(Some("Bearer"), None);
        check(Some("Bearer "), None);
        check(Some("Bearer  a.b.c"), None);
        check(Some("Bearer a.b.c "), None);
        check(Some("Bearer a.b.c d.e.f"), None);
        check(Some("Bearer a.b.c,Bearer"), None);
        check(Some("Bearer a.b.c, Bearer d.e.f"), None);
        check(Some("Bearer\ta.b.c"), None);
        check(Some("Basic a.b.c"), None);
        check(Some("a.b.c"), None);
        check(Some("Bearer é"), None);
    }
}
