//! Refusals as problem documents (RFC 9457). The only file that knows which refusal is which status.

use nearside_engine::flows::{Kind, Refusal};
use nearside_json::write_json;
use serde::Serialize;

/// A problem: its status and its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The code at the end of `type`.
    pub(crate) code: &'static str,
    /// One sentence.
    pub(crate) detail: String,
}

impl Problem {
    /// No token, or one that is not valid: one answer for every reason.
    pub(crate) fn unauthorized() -> Self {
        Self { status: 401, code: "unauthorized", detail: "the token is not valid".to_owned() }
    }

    /// No keys: nobody can be let in, and somebody has to be told.
    pub(crate) fn no_keys(reason: &str) -> Self {
        Self { status: 503, code: "no-keys", detail: format!("the secret AUTH_KEYS cannot be used: {reason}") }
    }

    /// Not a route.
    pub(crate) fn no_route() -> Self {
        Self { status: 404, code: "not-found", detail: "there is nothing here".to_owned() }
    }

    /// A request that breaks a rule of the transport.
    pub(crate) fn bad_request(status: u16, detail: &str) -> Self {
        Self { status, code: "invalid-request", detail: detail.to_owned() }
    }

    /// The document's bytes.
    pub(crate) fn document(&self) -> Vec<u8> {
        let document = Document {
            detail: &self.detail,
            status: self.status,
            title: title(self.status),
            kind: format!("/problems/{}", self.code),
        };
        write_json(&document).into_bytes()
    }
}

/// How a problem travels.
#[derive(Serialize)]
struct Document<'a> {
    detail: &'a str,
    status: u16,
    title: &'a str,
    #[serde(rename = "type")]
    kind: String,
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.kind {
            Kind::Invalid => 422,
            Kind::TooLarge => 413,
            Kind::NotFound => 404,
            Kind::Forbidden => 403,
            Kind::ConsentRequired | Kind::Conflict => 409,
            Kind::Unavailable => 503,
        };
        Self { status, code: refusal.code, detail: refusal.detail }
    }
}

fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        409 => "Conflict",
        413 => "Content Too Large",
        414 => "URI Too Long",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        503 => "Service Unavailable",
        _ => "Error",
    }
}
