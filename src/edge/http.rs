//! Bytes in, bytes out: what a request carries, checked against the limits of the transport, and what an answer carries.

use nearside_engine::types::split_around;
use nearside_engine::wire::BodyLimits;
use nearside_json::write_json;
use worker::js_sys::Uint8Array;
use worker::wasm_bindgen::JsValue;
use worker::wasm_bindgen_futures::JsFuture;
use worker::web_sys::{Headers, Request, Response, ResponseInit};

use crate::error::Problem;

/// The longest URL.
const URL_BYTES: usize = 2_048;

/// A request's path and query, without host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// The path as sent.
    pub(crate) path: String,
    query: String,
}

impl Target {
    /// Splits a URL.
    pub(crate) fn of(url: &str) -> Result<Self, Problem> {
        if url.len() > URL_BYTES {
            return Err(Problem::bad_request(414, "the URL has more than 2048 bytes"));
        }
        let after_scheme = split_around(url, "://").map_or(url, |(_, behind)| behind);
        let path_and_query = after_scheme.find('/').and_then(|at| after_scheme.get(at..)).unwrap_or("/");
        let path_and_query = path_and_query.split('#').next().unwrap_or("/");
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        Ok(Self { path: path.to_owned(), query: query.to_owned() })
    }

    /// Reads the query: only the named parameters, each once.
    pub(crate) fn query(&self, names: &[&str]) -> Result<Query, Problem> {
        let refuse =
            || Problem::bad_request(422, "the query holds a parameter that is unknown, malformed or stands twice");
        let mut values: Vec<(String, String)> = Vec::new();
        for pair in self.query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if !names.contains(&name) || values.iter().any(|(known, _)| known == name) {
                return Err(refuse());
            }
            values.push((name.to_owned(), decoded(value).ok_or_else(refuse)?));
        }
        Ok(Query(values))
    }
}

/// A query's parameters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Returns a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Undoes percent-encoding; None where it is malformed or not UTF-8.
pub(crate) fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let [high, low] = digits;
                bytes.push(u8::try_from(digit(high)? * 16 + digit(low)?).ok()?);
            }
            b'+' => bytes.push(b' '),
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}

/// Reads a body within the route's limit, as bytes; JavaScript never parses it.
pub(crate) async fn body(request: &Request, limits: BodyLimits) -> Result<Vec<u8>, Problem> {
    let header = |name: &str| request.headers().get(name).ok().flatten().unwrap_or_default();
    let encoding = header("content-encoding");
    if !encoding.is_empty() && encoding != "identity" {
        return Err(Problem::bad_request(415, "compressed bodies are not taken"));
    }
    let media = header("content-type");
    let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if media != "application/json" && !media.is_empty() {
        return Err(Problem::bad_request(415, "the body is application/json"));
    }
    let too_large =
        || Problem { status: 413, code: "too-large", detail: format!("the body has more than {} bytes", limits.bytes) };
    if header("content-length").parse::<usize>().is_ok_and(|length| length > limits.bytes) {
        return Err(too_large());
    }
    let bytes = read_bytes(request).await.map_err(|_| Problem::bad_request(400, "the body could not be read"))?;
    if bytes.length() as usize > limits.bytes { Err(too_large()) } else { Ok(bytes.to_vec()) }
}

async fn read_bytes(request: &Request) -> Result<Uint8Array, JsValue> {
    Ok(Uint8Array::new(&JsFuture::from(request.array_buffer()?).await?))
}

/// Who may keep an answer, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Nobody: it depends on a person, or on who asks.
    Never,
    /// Everybody, who asks each time whether it still holds.
    Checked,
    /// Everybody, for a minute.
    Shortly,
    /// Everybody, for good: its name is its hash.
    Forever,
}

impl Kept {
    fn directive(self) -> &'static str {
        match self {
            Self::Never => "private, no-store",
            Self::Checked => "no-cache",
            Self::Shortly => "public, max-age=60",
            Self::Forever => "public, max-age=31536000, immutable",
        }
    }
}

/// An answer: status, media type, bytes, and whether everybody may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The media type.
    pub(crate) media: &'static str,
    /// The body.
    pub(crate) bytes: Vec<u8>,
    /// Who may keep it, and how long.
    pub(crate) kept: Kept,
    /// The version of the answer, in quotes.
    pub(crate) etag: Option<String>,
}

impl Reply {
    /// Bytes that depend on a person.
    pub(crate) fn of(status: u16, media: &'static str, bytes: Vec<u8>) -> Self {
        Self { status, media, bytes, kept: Kept::Never, etag: None }
    }

    /// A JSON answer that depends on a person.
    pub(crate) fn json<T: serde::Serialize>(status: u16, value: &T) -> Self {
        // Serialising these types cannot fail; an empty body would be the honest sign if it did.
        Self::of(status, "application/json", write_json(value).into_bytes())
    }

    /// A JSON answer that a store has made.
    pub(crate) fn text(status: u16, json: String) -> Self {
        Self::of(status, "application/json", json.into_bytes())
    }

    /// Lines of JSON.
    pub(crate) fn lines(text: String) -> Self {
        Self::of(200, "application/x-ndjson", text.into_bytes())
    }

    /// A problem document.
    pub(crate) fn problem(problem: &Problem) -> Self {
        Self::of(problem.status, "application/problem+json", problem.document())
    }

    /// The runtime's answer. `origin` is the browser origin that the deployment allows for this request.
    pub(crate) fn into_response(self, origin: Option<&str>) -> Result<Response, JsValue> {
        let headers = Headers::new()?;
        headers.set("content-type", self.media)?;
        headers.set("cache-control", self.kept.directive())?;
        headers.set("x-content-type-options", "nosniff")?;
        if self.status == 401 {
            headers.set("www-authenticate", "Bearer")?;
        }
        if self.status == 503 {
            headers.set("retry-after", "5")?;
        }
        if self.status == 429 {
            headers.set("retry-after", "60")?;
        }
        if let Some(etag) = &self.etag {
            headers.set("etag", etag)?;
        }
        if let Some(origin) = origin {
            headers.set("access-control-allow-origin", origin)?;
            headers.set("access-control-allow-headers", "authorization, content-type, if-none-match")?;
            headers.set("access-control-expose-headers", "etag")?;
            headers.set("access-control-allow-methods", "GET, POST, PUT, DELETE")?;
            headers.set("vary", "origin")?;
        }
        let init = ResponseInit::new();
        init.set_status(self.status);
        init.set_headers(&headers);
        // A status without a body takes none, not even an empty one.
        let body = (!self.bytes.is_empty()).then(|| Uint8Array::from(self.bytes.as_slice()));
        Response::new_with_opt_buffer_source_and_init(body.as_deref(), &init)
    }
}
