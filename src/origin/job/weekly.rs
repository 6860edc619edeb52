//! The job in its order: import, evaluate what is live where somebody asked for it, train and evaluate a candidate, publish
//! it, and tell the Worker what became of its requests. Whatever ends it in between leaves what was live, and a request
//! that the next run finds again.

use anyhow::{Context, Result};
use nearside_engine::types::{TimeMs, format_rfc3339};
use serde_json::{Value, json};

use super::due::Work;
use crate::gate::has_passed;
use crate::models::{Method, Registry};
use crate::offline::LiveFigures;
use crate::progress::note;
use crate::publish::{Outcome, Published};

/// What the job is made of.
pub(super) struct Steps<'a> {
    /// Brings the store up to date; returns how many events are new.
    pub(super) import: &'a dyn Fn() -> Result<u64>,
    /// Measures what is live.
    pub(super) evaluate_live: &'a dyn Fn() -> Result<LiveFigures>,
    /// Makes a candidate and its evaluation.
    pub(super) train_and_evaluate: &'a dyn Fn() -> Result<()>,
    /// Publishes it; returns also the end of the data that it learned from.
    pub(super) publish: &'a dyn Fn() -> Result<(Published, TimeMs)>,
}

/// What is to be done.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tasks {
    /// A candidate is trained, and published if it may be.
    pub(super) is_training: bool,
    /// What is live is measured.
    pub(super) is_evaluation: bool,
}

/// What was done of the work.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// What was measured of what is live; None: nobody asked.
    pub(super) evaluated: Option<LiveFigures>,
    /// What became of the candidate; None: training was not due.
    pub(super) published: Option<Published>,
}

/// Does the tasks, and closes the requests that ask for them as DONE or FAILED. A candidate that the gate refuses is work done. What is live is
/// evaluated before a candidate takes its place.
///
/// # Errors
/// The first step that failed; a Worker that cannot be told. Training goes on where only the evaluation failed.
pub(super) fn honour(
    registry: &dyn Registry,
    pack: &str,
    work: &Work,
    tasks: Tasks,
    steps: &Steps<'_>,
) -> Result<Done> {
    let trainings: &[String] = if tasks.is_training { &work.requests } else { &[] };
    let evaluations: &[String] = if tasks.is_evaluation { &work.evaluations } else { &[] };
    for id in trainings.iter().chain(evaluations) {
        mark(registry, id, "RUNNING", None)?;
    }
    let rows = match (steps.import)().context("import") {
        Ok(rows) => rows,
        Err(error) => {
            close(registry, &[trainings, evaluations].concat(), Err(&error))?;
            return Err(error);
        }
    };
    note!("{pack}: {rows} new events");
    let mut done = Done::default();
    let mut failure = None;
    if tasks.is_evaluation {
        let evaluated = evaluate(registry, steps);
        close(registry, evaluations, evaluated.as_ref().map(|(_, result)| result))?;
        match evaluated {
            Ok((figures, _)) => done.evaluated = Some(figures),
            Err(error) => failure = Some(error),
        }
    }
    if tasks.is_training {
        let trained = train(registry, pack, rows, steps);
        close(registry, trainings, trained.as_ref().map(|(_, result)| result))?;
        done.published = Some(trained?.0);
    }
    failure.map_or(Ok(done), Err)
}

fn evaluate(registry: &dyn Registry, steps: &Steps<'_>) -> Result<(LiveFigures, Value)> {
    let figures = (steps.evaluate_live)().context("evaluate what is live")?;
    let body = json!({ "evaluations": figures.rows }).to_string();
    registry
        .write(Method::Put, "/admin/evaluations", body.as_bytes())
        .context("what was measured is not in the Worker's evaluations")?;
    let result = json!({ "version": figures.version, "ndcg_10": figures.ndcg, "people": figures.people });
    Ok((figures, result))
}

fn train(registry: &dyn Registry, pack: &str, rows: u64, steps: &Steps<'_>) -> Result<(Published, Value)> {
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

/// Tells the Worker what became of requests.
fn close(registry: &dyn Registry, requests: &[String], result: Result<&Value, &anyhow::Error>) -> Result<()> {
    for id in requests {
        match result {
            Ok(result) => mark(registry, id, "DONE", Some(result))?,
            Err(error) => {
                let said: String = format!("{error:#}").chars().take(900).collect();
                if let Err(second) = mark(registry, id, "FAILED", Some(&json!({ "error": said }))) {
                    note!("the Worker could not be told of the failure: {second:#}");
                }
            }
        }
    }
    Ok(())
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

    fn measured() -> Result<LiveFigures> {
        Ok(LiveFigures { version: "v0".to_owned(), ndcg: 0.25, people: 9, rows: vec![json!({ "version": "v0" })] })
    }

    type Told = (Result<Done>, Vec<(String, Value)>);

    fn told(work: &Work, change: impl FnOnce(&mut Steps<'_>)) -> Told {
        let worker = FakeWorker::default();
        let mut steps = Steps {
            import: &|| Ok(7),
            evaluate_live: &measured,
            train_and_evaluate: &|| Ok(()),
            publish: &|| published(Outcome::Promoted),
        };
        change(&mut steps);
        let tasks = Tasks { is_training: !work.reasons.is_empty(), is_evaluation: !work.evaluations.is_empty() };
        let result = honour(&worker, "retail", work, tasks, &steps);
        let log = worker.log.borrow().clone();
        (result, log)
    }

    fn training() -> Work {
        Work { requests: vec!["r1".to_owned()], reasons: vec!["age".to_owned()], ..Work::default() }
    }

    fn paths(log: &[(String, Value)]) -> Vec<&str> {
        log.iter().map(|(path, _)| path.as_str()).collect()
    }

    #[test]
    fn requests_are_closed_and_the_retraining_is_logged() {
        let (result, log) = told(&training(), |_| {});
        let done = result.unwrap();
        assert_eq!(done.published.unwrap().outcome, Outcome::Promoted);
        assert!(done.evaluated.is_none());
        assert_eq!(paths(&log), ["/retrain-models/r1", "/models/retail/log", "/retrain-models/r1"]);
        assert_eq!((&log[0].1["status"], &log[2].1["status"]), (&json!("RUNNING"), &json!("DONE")));
        assert_eq!((&log[1].1["version"], &log[1].1["data_until"]), (&json!("v"), &json!("1970-01-01T00:00:00Z")));
        assert_eq!(log[2].1["result"]["imported_rows"], 7);
    }

    #[test]
    fn a_refused_candidate_is_done_and_named_nowhere() {
        let (_, log) = told(&training(), |steps| steps.publish = &|| published(Outcome::Refused));
        assert_eq!((&log[1].1["version"], &log[2].1["status"]), (&Value::Null, &json!("DONE")));
        assert_eq!(log[2].1["result"]["published"], false);
    }

    #[test]
    fn a_failed_step_is_told_and_nothing_is_published() {
        let (result, log) = told(&training(), |steps| steps.train_and_evaluate = &|| bail!("too little data"));
        assert_eq!(format!("{:#}", result.unwrap_err()), "train and evaluate: too little data");
        assert_eq!(log.len(), 2);
        assert_eq!(
            (&log[1].1["status"], &log[1].1["result"]["error"]),
            (&json!("FAILED"), &json!("train and evaluate: too little data"))
        );
    }

    #[test]
    fn what_is_live_is_evaluated_where_somebody_asked_and_training_waits_until_it_is_due() {
        let asked = Work { evaluations: vec!["e1".to_owned()], ..Work::default() };
        let (result, log) = told(&asked, |_| {});
        let done = result.unwrap();
        assert_eq!((done.evaluated.unwrap().version.as_str(), done.published), ("v0", None));
        assert_eq!(paths(&log), ["/retrain-models/e1", "/admin/evaluations", "/retrain-models/e1"]);
        assert_eq!(log[1].1, json!({ "evaluations": [{ "version": "v0" }] }));
        assert_eq!(log[2].1["result"], json!({ "version": "v0", "ndcg_10": 0.25, "people": 9 }));
    }

    #[test]
    fn an_evaluation_that_fails_does_not_keep_training_from_its_work() {
        let both = Work { evaluations: vec!["e1".to_owned()], ..training() };
        let (result, log) = told(&both, |steps| steps.evaluate_live = &|| bail!("nobody came back"));
        assert_eq!(format!("{:#}", result.unwrap_err()), "evaluate what is live: nobody came back");
        let closed = |id: &str| log.iter().rev().find(|(path, _)| path.ends_with(id)).unwrap().1["status"].clone();
        assert_eq!((closed("e1"), closed("r1")), (json!("FAILED"), json!("DONE")));
        let (result, log) = told(&both, |steps| steps.import = &|| bail!("the export is empty"));
        assert!(result.is_err() && log.len() == 4 && log.iter().skip(2).all(|(_, body)| body["status"] == "FAILED"));
    }
}
