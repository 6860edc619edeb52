//! The client: JSON in and out, patience with a server that is busy, and refusals that say what to do.

use std::env;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use ureq::http::{Request, StatusCode};

use nearside_engine::types::{TimeMs, UserId};

use super::clocks;
use super::probe::date_ms;
use crate::data::now_ms;
use crate::token;

/// Where every route lives.
pub(super) const BASE: &str = "/api/v1/personalization";
/// The most bytes of an answer: a whole catalogue fits.
const ANSWER_BYTES: u64 = 256 * 1024 * 1024;
/// A bulk of 1,000 events may take a slow machine this long.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often a busy server is asked again, and how long it is left alone first; each wait is twice the one before.
const ATTEMPTS: u32 = 6;
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// Who acts when this program makes its own token: a fixed id, so that the audit trail shows one actor.
const OWN_ID: &str = "6f726967-696e-8000-8000-6e6561727369";

/// Which Worker to speak to. As whom is a secret, and so no argument: an admin's token is in NEARSIDE_TOKEN, or is made.
#[derive(Debug, Clone, Args)]
pub(crate) struct ServerArgs {
    /// The Worker's address: https://, or http:// on this machine. The token is that of NEARSIDE_TOKEN, or made from AUTH_KEYS or .dev.vars.
    #[arg(long, value_name = "URL", env = "NEARSIDE_URL", default_value = "http://127.0.0.1:8787")]
    url: String,
}

impl ServerArgs {
    /// The Worker's address.
    ///
    /// # Errors
    /// One that is neither encrypted nor on this machine.
    pub(crate) fn address(&self) -> Result<String> {
        safe_address(&self.url)
    }
}

/// The token to speak with: that of the environment, else one that is made from this folder's keys.
///
/// # Errors
/// When there are no keys, or none may vouch for an admin.
pub(crate) fn own_token() -> Result<String> {
    let given = env::var("NEARSIDE_TOKEN").ok().map(|token| token.trim().to_owned());
    match given.filter(|token| !token.is_empty()) {
        Some(token) => Ok(token),
        None => token::admin_token(UserId::parse(OWN_ID).context("the program's own id is not a UUID")?)
            .context("there is no NEARSIDE_TOKEN, and no token can be made"),
    }
}

/// A client of one Worker.
pub(crate) struct Api {
    agent: ureq::Agent,
    address: String,
    authorization: String,
}

/// What the Worker says when it refuses (RFC 9457).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Problem {
    title: String,
    detail: String,
    /// `/problems/CODE`.
    #[serde(rename = "type")]
    kind: String,
}

/// What the Worker answered, and what time it has where it says so.
struct Answered {
    status: StatusCode,
    bytes: Vec<u8>,
    date_ms: Option<TimeMs>,
}

impl Api {
    /// Finds the Worker and a token, and makes sure that somebody answers.
    ///
    /// # Errors
    /// An address that is neither encrypted nor on this machine, no token and no keys, nobody there.
    pub(crate) fn connect(server: &ServerArgs) -> Result<Self> {
        let address = server.address()?;
        let token = own_token()?;
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .proxy(None)
            .build();
        let api = Self { agent: config.into(), address, authorization: format!("Bearer {token}") };
        let health: Value = api
            .get("/health")
            .with_context(|| format!("no Worker answers at {}; start one with npm start", api.address))?;
        ensure!(health.is_object(), "what answers at {} is not Nearside", api.address);
        Ok(api)
    }

    /// Reads a resource.
    pub(crate) fn get<A: DeserializeOwned>(&self, path: &str) -> Result<A> {
        self.ask("GET", path, &[])
    }

    /// Reads a resource that may not exist yet.
    pub(crate) fn find<A: DeserializeOwned>(&self, path: &str) -> Result<Option<A>> {
        match self.ask_patiently("GET", path, &[])? {
            (StatusCode::NOT_FOUND, _) => Ok(None),
            answer => read("GET", path, answer).map(Some),
        }
    }

    /// Reads a resource that is text; None when it does not exist.
    pub(crate) fn find_text(&self, path: &str) -> Result<Option<String>> {
        let (status, bytes) = self.ask_patiently("GET", path, &[])?;
        if status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        ensure!(status.is_success(), "GET {path} was refused with {}", refusal(status, &bytes));
        String::from_utf8(bytes).map(Some).with_context(|| format!("the answer to GET {path} is not UTF-8"))
    }

    /// Where the Worker is.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Posts JSON.
    pub(crate) fn post<A: DeserializeOwned>(&self, path: &str, body: &[u8]) -> Result<A> {
        self.ask("POST", path, body)
    }

    /// Puts JSON.
    pub(crate) fn put<A: DeserializeOwned>(&self, path: &str, body: &[u8]) -> Result<A> {
        self.ask("PUT", path, body)
    }

    fn ask<A: DeserializeOwned>(&self, method: &str, path: &str, body: &[u8]) -> Result<A> {
        read(method, path, self.ask_patiently(method, path, body)?)
    }

    /// Asks, and asks again while the server is busy. Every route that this program uses may be asked twice.
    fn ask_patiently(&self, method: &str, path: &str, body: &[u8]) -> Result<(StatusCode, Vec<u8>)> {
        let mut wait = FIRST_WAIT;
        for _ in 1..ATTEMPTS {
            match self.ask_once(method, path, body) {
                Ok(answer) if !is_busy(answer.status, &answer.bytes) => return self.known(method, path, answer),
                Err(error) if is_refused(&error) => {
                    return Err(error).with_context(|| format!("{method} {path} got no answer"));
                }
                _ => thread::sleep(wait),
            }
            wait *= 2;
        }
        let answer = self.ask_once(method, path, body).with_context(|| format!("{method} {path} got no answer"))?;
        self.known(method, path, answer)
    }

    /// Makes sure that the Worker knows who asks.
    fn known(&self, method: &str, path: &str, answer: Answered) -> Result<(StatusCode, Vec<u8>)> {
        let Answered { status, bytes, date_ms } = answer;
        if status == StatusCode::UNAUTHORIZED {
            let token = self.authorization.trim_start_matches("Bearer ");
            let advice = clocks::advice(token, date_ms, now_ms());
            bail!("{method} {path} was refused with {}: {advice}", refusal(status, &bytes));
        }
        Ok((status, bytes))
    }

    fn ask_once(&self, method: &str, path: &str, body: &[u8]) -> Result<Answered, ureq::Error> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{BASE}{path}", self.address))
            .header("authorization", &self.authorization)
            .header("accept", "application/json");
        let mut answer = if method == "GET" {
            self.agent.run(request.body(())?)?
        } else {
            self.agent.run(request.header("content-type", "application/json").body(body)?)?
        };
        let (status, date_ms) = (answer.status(), date_ms(answer.headers()));
        let bytes = answer.body_mut().with_config().limit(ANSWER_BYTES).read_to_vec()?;
        Ok(Answered { status, bytes, date_ms })
    }
}

/// Reads an answer, or says why there is none.
fn read<A: DeserializeOwned>(method: &str, path: &str, (status, bytes): (StatusCode, Vec<u8>)) -> Result<A> {
    ensure!(status.is_success(), "{method} {path} was refused with {}", refusal(status, &bytes));
    serde_json::from_slice(&bytes)
        .with_context(|| format!("the answer to {method} {path} does not have the documented shape"))
}

/// True for answers that another try may change: too many requests, two writers at once, a store that is down. What rests
/// on a pointer that moved does so at the next try too.
fn is_busy(status: StatusCode, bytes: &[u8]) -> bool {
    let has_moved =
        || serde_json::from_slice::<Problem>(bytes).is_ok_and(|problem| problem.kind.ends_with("/model-moved"));
    match status {
        StatusCode::CONFLICT => !has_moved(),
        status => status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error(),
    }
}

/// True when nobody listens: asking again would not help.
fn is_refused(error: &ureq::Error) -> bool {
    matches!(error, ureq::Error::Io(io) if io.kind() == std::io::ErrorKind::ConnectionRefused)
}

fn refusal(status: StatusCode, bytes: &[u8]) -> String {
    let problem: Problem = serde_json::from_slice(bytes).unwrap_or_default();
    let mut said =
        [problem.title, problem.detail].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(": ");
    if let Some(code) = problem.kind.strip_prefix("/problems/") {
        said = format!("{said} ({code})");
    }
    match status {
        StatusCode::FORBIDDEN => {
            format!("{status} ({said}): an admin's token is needed; see nearside token --help")
        }
        _ if said.is_empty() => status.to_string(),
        _ => format!("{status}: {said}"),
    }
}

/// Any host over TLS; without it only this machine, since a token may not travel unencrypted.
fn safe_address(url: &str) -> Result<String> {
    let advice = "give https://HOST, or http://127.0.0.1:PORT: a token may not travel unencrypted";
    let url = url.trim_end_matches('/');
    let (is_encrypted, rest) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => bail!("the address is neither https:// nor http://: {advice}"),
    };
    let host = match rest.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => host,
        _ => rest,
    };
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'[' | b']' | b':');
    ensure!(!host.is_empty() && host.bytes().all(is_plain), "the address holds more than a host and a port: {advice}");
    let is_here = matches!(host, "127.0.0.1" | "localhost" | "[::1]");
    ensure!(is_encrypted || is_here, "the address is not on this machine: {advice}");
    Ok(url.to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn tokens_travel_encrypted_or_not_at_all() {
        assert_eq!(safe_address("http://127.0.0.1:8787/").unwrap(), "http://127.0.0.1:8787");
        assert_eq!(safe_address("http://localhost").unwrap(), "http://localhost");
        assert_eq!(safe_address("https://edge.example.org/").unwrap(), "https://edge.example.org");
        for url in [
            "https://",
            "https://a@example.org",
            "https://example.org/path",
            "ftp://example.org",
            "http://example.org",
            "http://127.0.0.1.example.org:80",
            "http://a@127.0.0.1",
            "127.0.0.1:1",
            "",
        ] {
            assert!(safe_address(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_refusal_says_what_the_worker_said() {
        let said = refusal(
            StatusCode::UNPROCESSABLE_ENTITY,
            br#"{"title":"Invalid pack","detail":"id: is wrong","status":422}"#,
        );
        assert_eq!(said, "422 Unprocessable Entity: Invalid pack: id: is wrong");
        let with_code = br#"{"title":"Invalid","detail":"sign it","type":"/problems/model-signature"}"#;
        assert_eq!(
            refusal(StatusCode::UNPROCESSABLE_ENTITY, with_code),
            "422 Unprocessable Entity: Invalid: sign it (model-signature)"
        );
        assert_eq!(refusal(StatusCode::BAD_GATEWAY, b"<html>"), "502 Bad Gateway");
        assert!(refusal(StatusCode::FORBIDDEN, b"{}").contains("nearside token"));
    }

    #[test]
    fn what_rests_on_a_pointer_that_moved_is_not_asked_again() {
        let problem = |code: &str| format!(r#"{{"title":"Conflict","type":"/problems/{code}"}}"#).into_bytes();
        assert!(is_busy(StatusCode::CONFLICT, &problem("conflict")) && is_busy(StatusCode::CONFLICT, b""));
        assert!(!is_busy(StatusCode::CONFLICT, &problem("model-moved")));
        assert!(is_busy(StatusCode::BAD_GATEWAY, b"") && !is_busy(StatusCode::OK, b""));
    }

    #[test]
    fn the_own_id_is_a_user_id() {
        assert!(UserId::parse(OWN_ID).is_some());
    }
}
