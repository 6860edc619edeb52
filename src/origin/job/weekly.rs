//! The job in its order: import, train and evaluate, publish, and tell the Worker what became of its requests. Whatever
//! ends it in between leaves what was live, and a request that the next run finds again.

use anyhow::{Context, Result};
use nearside_engine::types::{TimeMs, format_rfc3339};
use serde_json::{Value, json};

use super::due::Work;
use crate::gate::has_passed;
use crate::models::{Method, Registry};
use crate::progress::note;
use crate::publish::{Outcome, Published};

/// What the job is made of.
pub(super) struct Steps<'a> {
    /// Brings the store up to date; returns how many rows were read.
    pub(super) import: &'a dyn Fn() -> Result<u64>,
    /// Makes a candidate and its evaluation.
    pub(super) train_and_evaluate: &'a dyn Fn() -> Result<()>,
    /// Publishes it; returns also the end of the data that it learned from.
    pub(super) publish: &'a dyn Fn() -> Result<(Published, TimeMs)>,
}

/// Does the work, and closes its requests as DONE or FAILED. A candidate that the gate refuses is work done.
///
/// # Errors
/// The first step that failed; a Worker that cannot be told.
pub(super) fn honour(registry: &dyn Registry, pack: &str, work: &Work, steps: &Steps<'_>) -> Result<Published> {
    for id in &work.requests {
        mark(registry, id, "RUNNING", None)?;
    }
    let done = carry_out(registry, pack, steps);
    for id in &work.requests {
        match &done {
            Ok((_, result)) => mark(registry, id, "DONE", Some(result))?,
            Err(error) => {
                let said: String = format!("{error:#}").chars().take(900).collect();
                if let Err(second) = mark(registry, id, "FAILED", Some(&json!({ "error": said }))) {
                    note!("the Worker could not be told of the failure: {second:#}");
                }
            }
        }
    }
    done.map(|(published, _)| published)
}

fn carry_out(registry: &dyn Registry, pack: &str, steps: &Steps<'_>) -> Result<(Published, Value)> {
    let rows = (steps.import)().context("import")?;
    note!("{pack}: {rows} rows imported");
    (steps.train_and_evaluate)().context("train and evaluate")?;
    let (published, data_until_ms) = (steps.publish)().context("publish")?;
    let result = json!({
        "published": !matches!(published.outcome, Outcome::Refused | Outcome::Rehearsed),
        "version": published.version,
        "live_before": published.live_before,
        "gate_passed": has_passed(&published.verdicts),
        "imported_rows": rows,
    });
    // A refused candidate was never uploaded: its version names nothing.
    let version = Some(&published.version).filter(|_| published.outcome != Outcome::Refused);
    let data_until = format_rfc3339(data_until_ms);
    let log = json!({ "action": "retrained", "version": version, "data_until": data_until, "details": result });
    registry
        .write(Method::Post, &format!("/models/{pack}/log"), log.to_string().as_bytes())
        .context("the retraining is not in the Worker's log")?;
    Ok((published, result))
}

fn mark(registry: &dyn Registry, id: &str, status: &str, result: Option<&Value>) -> Result<()> {
    let body = match result {
        Some(result) => json!({ "status": status, "result": result }),
        None => json!({ "status": status }),
    };
    let answer = registry.write(Method::Post, &format!("/retrain-models/{id}"), body.to_string().as_bytes());
    answer.map(|_| ()).with_context(|| format!("the request {id} could not be marked {status}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use anyhow::bail;

    use super::*;
    use crate::publish::FakeWorker;

    fn published(outcome: Outcome) -> Result<(Published, TimeMs)> {
        let published = Published { outcome, version: "v".to_owned(), verdicts: Vec::new(), live_before: None };
        Ok((published, 0))
    }

    fn told(train: &dyn Fn() -> Result<()>, outcome: Outcome) -> (Result<Published>, Vec<(String, Value)>) {
        let worker = FakeWorker::default();
        let publish = || published(outcome);
        let steps = Steps { import: &|| Ok(7), train_and_evaluate: train, publish: &publish };
        let work = Work { requests: vec!["r1".to_owned()], reasons: vec!["age".to_owned()] };
        let result = honour(&worker, "retail", &work, &steps);
        let log = worker.log.borrow().clone();
        (result, log)
    }

    #[test]
    fn requests_are_closed_and_the_retraining_is_logged() {
        let (result, log) = told(&|| Ok(()), Outcome::Promoted);
        assert_eq!(result.unwrap().outcome, Outcome::Promoted);
        let paths: Vec<&str> = log.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["/retrain-models/r1", "/models/retail/log", "/retrain-models/r1"]);
        assert_eq!((&log[0].1["status"], &log[2].1["status"]), (&json!("RUNNING"), &json!("DONE")));
        assert_eq!((&log[1].1["version"], &log[1].1["data_until"]), (&json!("v"), &json!("1970-01-01T00:00:00Z")));
        assert_eq!(log[2].1["result"]["imported_rows"], 7);
    }

    #[test]
    fn a_refused_candidate_is_done_and_named_nowhere() {
        let (_, log) = told(&|| Ok(()), Outcome::Refused);
        assert_eq!((&log[1].1["version"], &log[2].1["status"]), (&Value::Null, &json!("DONE")));
        assert_eq!(log[2].1["result"]["published"], false);
    }

    #[test]
    fn a_failed_step_is_told_and_nothing_is_published() {
        let (result, log) = told(&|| bail!("too little data"), Outcome::Promoted);
        assert_eq!(format!("{:#}", result.unwrap_err()), "train and evaluate: too little data");
        assert_eq!(log.len(), 2);
        assert_eq!(
            (&log[1].1["status"], &log[1].1["result"]["error"]),
            (&json!("FAILED"), &json!("train and evaluate: too little data"))
        );
    }
}
