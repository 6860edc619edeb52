//! *What it measures*: one feature through a step function, for items of one kind.
//! *Why it helps*: a sum of such steps ranks as boosted trees do, and every one of them can be listed.
//! *How*: `value = values[number of cuts that are <= x]`; with n cuts there are n + 1 values. What is not known has a
//! value of its own.
//! *When it misleads*: outside the range of the training data, where the outermost step goes on.
//! *What consent it needs*: that of what the feature reads; without it the feature is unknown.

use nearside_json::Read;
use serde::Serialize;

use super::{Feature, InvalidModel};

/// Which items a term is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum Among {
    /// All items.
    #[default]
    All,
    /// Items that the person has not taken up yet.
    New,
    /// Items that the person has taken up before.
    Again,
}

impl Among {
    /// Says whether an item that the person had taken up before, or had not, is among them.
    pub fn holds(self, is_taken: bool) -> bool {
        match self {
            Self::All => true,
            Self::New => !is_taken,
            Self::Again => is_taken,
        }
    }
}

/// One term of the additive model: the product of a feature's step function and "is among".
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
pub struct ModelTerm {
    /// The name, as explanations list it.
    pub name: String,
    /// What it looks at.
    pub feature: Feature,
    /// For which items.
    #[serde(default)]
    pub among: Among,
    /// Bounds between the steps, strictly ascending.
    pub cuts: Vec<f64>,
    /// The steps: one more than there are bounds.
    pub values: Vec<f64>,
    /// The value where the feature is not known.
    pub unknown: f64,
}

/// The most bounds of a term.
const MOST_CUTS: usize = 255;
/// Steps beyond this are no scores.
const GREATEST_VALUE: f64 = 1_000.0;
/// Names stand in every answer that explains itself.
const LONGEST_NAME: usize = 64;

impl ModelTerm {
    /// Returns the contribution for a value of the feature; NaN counts as unknown.
    pub fn value(&self, x: Option<f64>) -> f64 {
        match x {
            Some(x) if !x.is_nan() => {
                let step = self.cuts.partition_point(|cut| *cut <= x);
                self.values.get(step).copied().unwrap_or(self.unknown)
            }
            _ => self.unknown,
        }
    }

    /// The least contribution that the term can make.
    pub fn least(&self) -> f64 {
        let among_others = if self.among == Among::All { f64::INFINITY } else { 0.0 };
        self.values.iter().copied().fold(self.unknown.min(among_others), f64::min)
    }

    /// Checks the shape.
    pub(super) fn check(&self) -> Result<(), InvalidModel> {
        let refuse = |rule: &str| Err(InvalidModel::new("shape", format!("a term's {rule}")));
        let is_word = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        if !(1..=LONGEST_NAME).contains(&self.name.len()) || !self.name.bytes().all(is_word) {
            return refuse("name is 1 to 64 of a-z, 0-9 and _");
        }
        if self.cuts.len() > MOST_CUTS || self.values.len() != self.cuts.len() + 1 {
            return refuse("values must be one more than its cuts, of which there are 255 at most");
        }
        if !self.cuts.iter().zip(self.cuts.iter().skip(1)).all(|(left, right)| left < right) {
            return refuse("cuts must ascend");
        }
        let is_value = |value: &f64| value.abs() <= GREATEST_VALUE;
        if !self.values.iter().chain([&self.unknown]).all(is_value) || !self.cuts.iter().all(|cut| cut.is_finite()) {
            return refuse("cuts and values must be finite, and values within 1000");
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn term() -> ModelTerm {
        ModelTerm {
            name: "age".to_owned(),
            feature: Feature::ItemAgeDays,
            among: Among::All,
            cuts: vec![1.0, 7.0],
            values: vec![3.0, 2.0, -1.0],
            unknown: 0.5,
        }
    }

    #[test]
    fn a_bound_belongs_to_the_step_above_it() {
        for (x, value) in [
            (Some(-5.0), 3.0),
            (Some(0.99), 3.0),
            (Some(1.0), 2.0),
            (Some(7.0), -1.0),
            (Some(f64::INFINITY), -1.0),
            (Some(f64::NAN), 0.5),
            (None, 0.5),
        ] {
            assert_eq!(term().value(x), value, "{x:?}");
        }
        assert_eq!(term().least(), -1.0);
    }

    #[test]
    fn a_term_without_order_or_measure_is_refused() {
        assert!(term().check().is_ok());
        for spoil in [
            |term: &mut ModelTerm| term.cuts.push(8.0),
            |term: &mut ModelTerm| term.cuts.swap(0, 1),
            |term: &mut ModelTerm| term.values[0] = f64::INFINITY,
            |term: &mut ModelTerm| term.unknown = 2_000.0,
        ] {
            let mut spoilt = term();
            spoil(&mut spoilt);
            assert_eq!(spoilt.check().unwrap_err().code, "shape", "{spoilt:?}");
        }
    }
}
