//! A request's fields under the names that different engines give them.

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Map, Value};

/// One request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a Map<String, Value>);

/// The names of the id, in the order in which they are looked for.
const UNIT: &[&str] = &[
    "unit",
    "userId",
    "user_id",
    "distinctId",
    "distinct_id",
    "subject",
    "subjectKey",
    "bucketingId",
    "bucketing_id",
    "contextKey",
    "hashValue",
];

impl<'a> Fields<'a> {
    /// The first of these names that has a value, and the value.
    pub(super) fn any(self, names: &[&'static str]) -> Option<(&'static str, &'a Value)> {
        names.iter().find_map(|name| self.0.get(*name).filter(|value| !value.is_null()).map(|value| (*name, value)))
    }

    /// A text; numbers count as their decimal text.
    pub(super) fn text(self, names: &[&'static str]) -> Result<Option<String>> {
        self.any(names).map(|(name, value)| as_text(value).with_context(|| name.to_owned())).transpose()
    }

    /// A number; texts of numbers count.
    pub(super) fn number(self, names: &[&'static str]) -> Result<Option<f64>> {
        self.any(names).map(|(name, value)| as_number(value).with_context(|| name.to_owned())).transpose()
    }

    /// A list.
    pub(super) fn list(self, names: &[&'static str]) -> Result<Option<&'a [Value]>> {
        match self.any(names) {
            None => Ok(None),
            Some((_, Value::Array(list))) => Ok(Some(list)),
            Some((name, _)) => bail!("{name} is not a list"),
        }
    }

    /// An object.
    pub(super) fn object(self, names: &[&'static str]) -> Result<Option<Fields<'a>>> {
        match self.any(names) {
            None => Ok(None),
            Some((_, Value::Object(object))) => Ok(Some(Fields(object))),
            Some((name, _)) => bail!("{name} is not an object"),
        }
    }

    /// A list of numbers.
    pub(super) fn numbers(self, names: &[&'static str]) -> Result<Option<Vec<f64>>> {
        let list = self.list(names)?;
        list.map(|list| list.iter().map(as_number).collect::<Result<_>>()).transpose().with_context(|| names.join(", "))
    }

    /// The id, if there is one.
    pub(super) fn unit(self) -> Result<Option<String>> {
        self.text(UNIT)
    }

    /// Shares of 1: `weights`, or the shares of `variants`. What sums to far more than 1 counts by `whole`, such as 100
    /// for per cent.
    pub(super) fn shares(self, whole: f64) -> Result<Vec<f64>> {
        let stated = match self.numbers(&["weights"])? {
            Some(weights) => weights,
            None => self.weights_of_variants()?.unwrap_or_default(),
        };
        let is_of_whole = stated.iter().sum::<f64>() > 1.5;
        Ok(stated.into_iter().map(|weight| if is_of_whole { weight / whole } else { weight }).collect())
    }

    /// The weights of `variants` or `variations`, where each is an object with one, or a pair of a name and a share.
    pub(super) fn weights_of_variants(self) -> Result<Option<Vec<f64>>> {
        let Some(list) = self.list(&["variants", "variations"])? else { return Ok(None) };
        let weight_of = |variant: &Value| match variant {
            Value::Object(object) => Fields(object).number(WEIGHT)?.context("a variant has no weight"),
            Value::Array(pair) => as_number(pair.get(1).context("a variant is a name and a share")?),
            _ => bail!("a variant has no weight: give weights beside it"),
        };
        list.iter().map(weight_of).collect::<Result<_>>().map(Some)
    }

    /// `coverage`, 0 to 1.
    pub(super) fn coverage(self) -> Result<Option<f64>> {
        self.number(&["coverage"])
    }

    /// Pairs of a first and an end.
    pub(super) fn ranges(self, names: &[&'static str]) -> Result<Option<Vec<(f64, f64)>>> {
        let list = self.list(names)?;
        list.map(|list| list.iter().map(as_range).collect::<Result<_>>()).transpose().with_context(|| names.join(", "))
    }
}

const WEIGHT: &[&str] = &["weight", "rollout_percentage", "rolloutPercentage", "traffic_percentage", "percentage"];

/// A text, or the decimal text of a number.
pub(super) fn as_text(value: &Value) -> Result<String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        _ => bail!("is not a text"),
    }
}

/// A finite number, or the text of one.
pub(super) fn as_number(value: &Value) -> Result<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.filter(|number| number.is_finite()).ok_or_else(|| anyhow!("is not a number"))
}

/// `[from, to]`, or an object with `from` or `start` and `to` or `end`.
pub(super) fn as_range(value: &Value) -> Result<(f64, f64)> {
    match value {
        Value::Array(pair) => match pair.as_slice() {
            [from, to] => Ok((as_number(from)?, as_number(to)?)),
            _ => bail!("a range has two numbers"),
        },
        Value::Object(object) => {
            let fields = Fields(object);
            let ends = (fields.number(&["from", "start"])?, fields.number(&["to", "end"])?);
            Ok((ends.0.context("a range has no start")?, ends.1.context("a range has no end")?))
        }
        _ => bail!("a range is two numbers"),
    }
}
