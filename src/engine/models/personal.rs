//! *What it measures*: how much each term of the model counts for one person, beside everybody's 1.
//! *Why it helps*: who cares little for what is popular is shown less of it.
//! *How*: `contribution = value x weight`, with the weight kept within 0.5 and 1.5; a term without one counts as for
//! everybody.
//! *When it misleads*: after a change of taste, until the next training; the limits bound what that can do.
//! *What consent it needs*: behaviour, and sharing, for it is learned outside of the edge.
//!
//! How the weights are learned is the origin job's business (`train/personal`).

use nearside_json::Read;

use super::ModelTerm;
use crate::types::SortedMap;

/// What a person's own model may make of a term: a model's base leaves room for exactly this.
pub const LEAST_WEIGHT: f64 = 0.5;
/// As `LEAST_WEIGHT`, upwards.
pub const MOST_WEIGHT: f64 = 1.5;

/// One person's weights for the terms of one version of the model.
#[derive(Debug, Clone, PartialEq, Default, Read)]
pub struct PersonalWeights {
    /// The version that they correct. They mean nothing to another one.
    pub version: String,
    /// Weights by the names of terms; names that the model does not have mean nothing.
    pub weights: SortedMap<String, f64>,
}

impl PersonalWeights {
    /// Returns one weight for each of the terms, 0.5 to 1.5: what lies beyond is the limit, what is not there is 1.
    pub fn of_terms(&self, terms: &[ModelTerm]) -> Vec<f64> {
        let weight = |term: &ModelTerm| self.weights.get(term.name.as_str()).copied().unwrap_or(1.0);
        terms.iter().map(|term| weight(term).clamp(LEAST_WEIGHT, MOST_WEIGHT)).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may fail loudly")]
mod tests {
    use super::*;
    use crate::models::{Among, Feature};
    use nearside_json::read_json;

    #[test]
    fn weights_keep_to_their_limits_and_other_names_mean_nothing() {
        let term = |name: &str| ModelTerm {
            name: name.to_owned(),
            feature: Feature::Trend,
            among: Among::All,
            cuts: Vec::new(),
            values: vec![1.0],
            unknown: 0.0,
        };
        let json = br#"{"version":"a","weights":{"low":-7,"high":1e300,"own":0.75,"unknown":3}}"#;
        let weights: PersonalWeights = read_json(json).unwrap();
        assert_eq!(weights.version, "a");
        assert_eq!(weights.of_terms(&["low", "high", "own", "none"].map(term)), [0.5, 1.5, 0.75, 1.0]);
        assert!(read_json::<PersonalWeights>(br#"{"version":"a","weights":{"own":"much"}}"#).is_err());
    }
}
