//! Whether the Worker answers, is well, takes our token, and has our time.

use serde_json::Value;

use super::finding::Finding;
use crate::api::{Answer, ServerArgs, TOKEN_SKEW_S, own_token, probe};
use crate::data::now_ms;

/// A second is what the header leaves out, and a slow answer is another.
const FAIR_SKEW_S: i64 = 5;

/// Looks at the Worker. What cannot be asked because nobody answers is left away, but not the token: it is made here.
pub(super) fn look(server: &ServerArgs) -> Vec<Finding> {
    let token = own_token();
    let health = server.address().and_then(|_| probe(server, "/health", None));
    let mut findings = vec![match &health {
        Ok(answer) => of_health(server, answer),
        Err(error) => Finding::problem(
            "worker",
            match server.address() {
                Ok(address) => format!("nobody answers at {address}: {error:#}"),
                Err(_) => format!("{error:#}"),
            },
            "npm start starts one; --url or NEARSIDE_URL says where it is",
        ),
    }];
    findings.push(match &token {
        Ok(token) => of_token(server, token, health.is_ok()),
        Err(error) => Finding::problem("token", format!("{error:#}"), "npm start makes keys; or set NEARSIDE_TOKEN"),
    });
    if let Ok(answer) = &health {
        findings.push(of_clock(answer.date_ms, now_ms()));
    }
    findings
}

fn of_health(server: &ServerArgs, answer: &Answer) -> Finding {
    let check = "worker";
    let address = server.address().unwrap_or_default();
    let body = answer.body.as_ref().filter(|body| body["status"].is_string() && answer.status == 200);
    let Some(body) = body else {
        let found = format!("what answers at {address} with {} is not Nearside", answer.status);
        return Finding::problem(check, found, "--url or NEARSIDE_URL says where the Worker is");
    };
    let version = body["engine_version"].as_str().unwrap_or("unknown");
    let found =
        format!("{address}: engine {version}; packs: {}; models: {}", list(&body["packs"]), list(&body["models"]));
    if body["status"] != "ok" {
        Finding::problem(
            check,
            format!("{found}; its store does not answer"),
            "look at what it logs; D1 may lack migrations",
        )
    } else if version != env!("CARGO_PKG_VERSION") {
        let ours = env!("CARGO_PKG_VERSION");
        Finding::warning(check, found, format!("this program is {ours}: build both from the same source"))
    } else if body["packs"].as_object().is_none_or(serde_json::Map::is_empty) {
        Finding::warning(check, found, "nothing can be recommended yet: nearside pack publish DIR")
    } else {
        Finding::ok(check, found)
    }
}

/// Names with the beginnings of their hashes.
fn list(versions: &Value) -> String {
    let short = |(name, hash): (&String, &Value)| {
        format!("{name} {}", hash.as_str().map_or("?", |hash| hash.get(..12).unwrap_or(hash)))
    };
    let named: Vec<String> = versions.as_object().into_iter().flatten().map(short).collect();
    if named.is_empty() { "none".to_owned() } else { named.join(", ") }
}

/// A pack of that name need not exist: whoever may not ask is refused before it is looked for.
fn of_token(server: &ServerArgs, token: &str, is_answering: bool) -> Finding {
    let check = "token";
    if !is_answering {
        return Finding::ok(check, "there is one; nobody answers who could take it");
    }
    match probe(server, "/packs/doctor", Some(token)).map(|answer| answer.status) {
        Ok(401 | 403) => Finding::problem(
            check,
            "the Worker does not take it as an admin's",
            "use the keys that it was started with: run this in its folder, or set NEARSIDE_TOKEN",
        ),
        Ok(200 | 404) => Finding::ok(check, "the Worker takes it as an admin's"),
        Ok(status) => {
            Finding::warning(check, format!("the Worker answered with {status}"), "run this again in a while")
        }
        Err(error) => Finding::warning(check, format!("{error:#}"), "run this again in a while"),
    }
}

fn of_clock(date_ms: Option<i64>, now_ms: i64) -> Finding {
    let check = "clock";
    let Some(date_ms) = date_ms else {
        return Finding::ok(check, "not compared: the Worker does not say what time it has");
    };
    let ahead_s = now_ms.saturating_sub(date_ms) / 1000;
    let word = if ahead_s < 0 { "behind" } else { "ahead of" };
    let found = format!("this clock is {} s {word} the Worker's", ahead_s.abs());
    let advice = "set the clock by NTP: tokens and models from another time are refused";
    match ahead_s.abs() {
        0..=FAIR_SKEW_S => Finding::ok(check, found),
        s if s <= TOKEN_SKEW_S => Finding::warning(check, found, advice),
        _ => Finding::problem(check, found, advice),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::super::finding::Verdict;
    use super::*;

    #[test]
    fn a_clock_may_differ_by_a_minute() {
        let check = |date_s: i64, verdict: Verdict, said: &str| {
            let finding = of_clock(Some(date_s * 1000), 10_000_500);
            assert!(finding.verdict == verdict && finding.found.contains(said), "{finding:?}");
        };
        check(10_000, Verdict::Ok, "0 s ahead");
        check(9_995, Verdict::Ok, "5 s ahead");
        check(9_940, Verdict::Warning, "60 s ahead");
        check(9_939, Verdict::Problem, "61 s ahead");
        check(10_400, Verdict::Problem, "399 s behind");
        assert_eq!(of_clock(None, 0).verdict, Verdict::Ok);
    }
}
