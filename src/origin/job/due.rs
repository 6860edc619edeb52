//! What a Worker asks the job for: to train a pack, to evaluate what is live of it, or neither.

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::models::Registry;

/// What GET /retrain-models says.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Asked {
    requests: Vec<Request>,
    due: Vec<Due>,
}

/// A request that waits.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Request {
    pub(super) id: String,
    pack: String,
    kind: String,
    #[serde(default)]
    reason: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Due {
    pack: String,
    reasons: Vec<String>,
}

/// What one pack is due for, and the requests that this answers.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Work {
    /// Ids of requests to train.
    pub(super) requests: Vec<String>,
    /// Why it is to be trained, in words; none: training is not due.
    pub(super) reasons: Vec<String>,
    /// Ids of requests to evaluate what is live.
    pub(super) evaluations: Vec<String>,
}

/// Asks the Worker.
///
/// # Errors
/// A refusal, an answer of another shape.
pub(super) fn ask(registry: &dyn Registry, pack: &str) -> Result<Work> {
    let text = registry.read("/retrain-models")?.context("the Worker knows no GET /retrain-models")?;
    let asked: Asked =
        serde_json::from_str(&text).context("the answer to GET /retrain-models does not have the documented shape")?;
    Ok(work(&asked, pack))
}

fn work(asked: &Asked, pack: &str) -> Work {
    let of_kind = |kind: &str| -> Vec<&Request> {
        asked.requests.iter().filter(|request| request.pack == pack && request.kind == kind).collect()
    };
    let ids = |requests: &[&Request]| requests.iter().map(|request| request.id.clone()).collect();
    let requests = of_kind("TRAIN");
    let mut reasons: Vec<String> = requests
        .iter()
        .map(|request| {
            request.reason.as_deref().map_or("requested".to_owned(), |reason| format!("requested: {reason}"))
        })
        .collect();
    let due = asked.due.iter().filter(|due| due.pack == pack).flat_map(|due| &due.reasons);
    reasons.extend(due.map(|reason| reason.to_lowercase()));
    Work { requests: ids(&requests), reasons, evaluations: ids(&of_kind("EVALUATE")) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn requests_age_and_feedback_make_training_due_and_an_evaluation_does_not() {
        let request = |id: &str, pack: &str, kind: &str| json!({ "id": id, "pack": pack, "kind": kind, "reason": "new shelf", "status": "PENDING" });
        let asked: Asked = serde_json::from_value(json!({
            "requests": [request("1", "retail", "TRAIN"), request("2", "bank", "TRAIN"), request("3", "old", "EVALUATE")],
            "due": [
                { "pack": "retail", "reasons": [], "last_trained_at": null },
                { "pack": "news", "reasons": ["AGE", "FEEDBACK"] },
            ],
        }))
        .unwrap();
        let check = |pack: &str, requests: &[&str], reasons: &[&str], evaluations: &[&str]| {
            let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
            let (requests, reasons, evaluations) = (texts(requests), texts(reasons), texts(evaluations));
            assert_eq!(work(&asked, pack), Work { requests, reasons, evaluations });
        };
        check("retail", &["1"], &["requested: new shelf"], &[]);
        check("news", &[], &["age", "feedback"], &[]);
        check("old", &[], &[], &["3"]);
        check("none", &[], &[], &[]);
    }
}
