//! What was measured of a candidate: the file between `nearside evaluate` and the gate. A format
//! never changes its meaning; another one has another number.
//!
//! JSON has no NaN: a figure that nobody knows is null, reads as NaN, and passes no gate.

use nearside_engine::types::TimeMs;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// The format that this program writes and reads.
pub(crate) const FORMAT: u16 = 2;

/// What was measured of a candidate against what was live.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Evaluation {
    /// The format's version: 2.
    pub(crate) format: u16,
    /// The pack.
    pub(crate) pack: String,
    /// SHA-256 of the candidate file's bytes, in hexadecimal.
    pub(crate) candidate_sha256: String,
    /// What it was compared with; None: the pack's own weights.
    pub(crate) live_version: Option<String>,
    /// When it was measured.
    pub(crate) evaluated_at_ms: TimeMs,
    /// The first moment of the test.
    pub(crate) test_from_ms: TimeMs,
    /// The test ends before this moment.
    pub(crate) test_to_ms: TimeMs,
    /// People of the test.
    pub(crate) people: usize,
    /// NDCG@10, repeats allowed, candidate less base, paired by person.
    pub(crate) difference: Difference,
    /// The base's NDCG@10.
    #[serde(deserialize_with = "number")]
    pub(crate) base_ndcg: f64,
    /// The candidate's NDCG@10.
    #[serde(deserialize_with = "number")]
    pub(crate) candidate_ndcg: f64,
    /// The same by part of the people.
    pub(crate) segments: Vec<SegmentDifference>,
    /// How often items are shown, before and after.
    pub(crate) exposure: Vec<Exposure>,
    /// Microseconds to rank 100 candidates natively, the median over people.
    #[serde(deserialize_with = "number")]
    pub(crate) latency_us_per_100: f64,
    /// Bytes of the candidate file.
    pub(crate) size_bytes: u64,
    /// Names to numbers with standard errors: the `metrics` of PUT /admin/evaluations. An object.
    pub(crate) figures: Value,
}

/// A mean difference and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Difference {
    /// The mean.
    #[serde(deserialize_with = "number")]
    pub(crate) mean: f64,
    /// Its standard error.
    #[serde(deserialize_with = "number")]
    pub(crate) standard_error: f64,
    /// The lower bound at 95 %.
    #[serde(deserialize_with = "number")]
    pub(crate) lower: f64,
    /// The upper bound at 95 %.
    #[serde(deserialize_with = "number")]
    pub(crate) upper: f64,
}

/// NDCG@10 of one part of the people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SegmentDifference {
    /// What people are parted by, such as `country`.
    pub(crate) by: String,
    /// Which part it is, such as `GB`.
    pub(crate) label: String,
    /// How many they are.
    pub(crate) people: usize,
    /// The base's mean.
    #[serde(deserialize_with = "number")]
    pub(crate) base: f64,
    /// The candidate's mean.
    #[serde(deserialize_with = "number")]
    pub(crate) candidate: f64,
    /// The lower bound of candidate less base at 95 %, paired.
    #[serde(deserialize_with = "number")]
    pub(crate) difference_lower: f64,
    /// The upper bound.
    #[serde(deserialize_with = "number")]
    pub(crate) difference_upper: f64,
}

/// How often an item is shown: shares of all places among the ten first, over all people of the test, 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exposure {
    /// The item.
    pub(crate) item: String,
    /// By what was live.
    #[serde(deserialize_with = "number")]
    pub(crate) share_before: f64,
    /// By the candidate.
    #[serde(deserialize_with = "number")]
    pub(crate) share_after: f64,
    /// What it surely is: the lower bound, one-sided at 95 %, over the people whose lists were looked at.
    #[serde(deserialize_with = "number")]
    pub(crate) share_after_lower: f64,
    /// Its share of what people took up in the training data's latest weeks.
    #[serde(deserialize_with = "number")]
    pub(crate) traffic_share: f64,
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Ok(Option::<f64>::deserialize(deserializer)?.unwrap_or(f64::NAN))
}

#[cfg(test)]
impl Evaluation {
    /// One that passes.
    pub(crate) fn passing(pack: &str, candidate_sha256: &str, live_version: Option<&str>) -> Self {
        Self {
            format: FORMAT,
            pack: pack.to_owned(),
            candidate_sha256: candidate_sha256.to_owned(),
            live_version: live_version.map(str::to_owned),
            evaluated_at_ms: 1_795_132_800_000,
            test_from_ms: 1_794_000_000_000,
            test_to_ms: 1_795_000_000_000,
            people: 1_000,
            difference: Difference { mean: 0.01, standard_error: 0.004, lower: 0.002, upper: 0.018 },
            base_ndcg: 0.20,
            candidate_ndcg: 0.21,
            segments: vec![SegmentDifference {
                by: "country".to_owned(),
                label: "GB".to_owned(),
                people: 900,
                base: 0.20,
                candidate: 0.21,
                difference_lower: 0.001,
                difference_upper: 0.02,
            }],
            exposure: vec![Exposure {
                item: "cup".to_owned(),
                share_before: 0.01,
                share_after: 0.02,
                share_after_lower: 0.018,
                traffic_share: 0.01,
            }],
            latency_us_per_100: 300.0,
            size_bytes: 300_000,
            figures: serde_json::json!({ "ndcg_10": { "value": 0.21, "standard_error": 0.01 } }),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn it_comes_back_as_it_went_and_what_nobody_knows_as_nan() {
        let mut evaluation = Evaluation::passing("shop", "ab", Some("cd"));
        let text = serde_json::to_string(&evaluation).unwrap();
        assert_eq!(serde_json::from_str::<Evaluation>(&text).unwrap(), evaluation);
        evaluation.difference.upper = f64::INFINITY;
        let text = serde_json::to_string(&evaluation).unwrap();
        assert!(text.contains(r#""upper":null"#));
        assert!(serde_json::from_str::<Evaluation>(&text).unwrap().difference.upper.is_nan());
        assert!(serde_json::from_str::<Evaluation>(&text.replace(r#""people""#, r#""persons""#)).is_err());
    }
}
