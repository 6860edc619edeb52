//! What is recommended, as the catalogue and the API write it.

use nearside_json::{Fault, Kind, Read, Reader};
use serde::Serialize;

use super::FactValue;
use super::SortedMap;

/// A value of a pack-declared attribute. The pack says which type each attribute has.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum AttributeValue {
    /// Yes or no.
    Flag(bool),
    /// A finite number.
    Number(f64),
    /// A short text.
    Text(String),
    /// A set of short texts.
    List(Vec<String>),
}

impl AttributeValue {
    /// The value as a condition reads it.
    pub fn as_fact(&self) -> FactValue<'_> {
        match self {
            Self::Flag(flag) => FactValue::Flag(*flag),
            Self::Number(number) => FactValue::Number(*number),
            Self::Text(text) => FactValue::Text(text),
            Self::List(list) => FactValue::List(list),
        }
    }
}

impl Read for AttributeValue {
    fn blank() -> Self {
        Self::Flag(false)
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        *self = match reader.kind() {
            Some(Kind::Flag) => Self::Flag(reader.value()?),
            Some(Kind::Number) => Self::Number(reader.value()?),
            Some(Kind::Text) => Self::Text(reader.value()?),
            Some(Kind::List) => Self::List(reader.value()?),
            _ => return Err(reader.mismatch("a flag, a number, a text or a list of texts")),
        };
        Ok(())
    }
}

/// What taking the item up is worth, as its publisher states it.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct Benefit {
    /// Money, in units of `currency`; never negative.
    #[serde(default)]
    pub amount: Option<f64>,
    /// ISO 4217; required with an amount.
    #[serde(default)]
    pub currency: Option<String>,
    /// Per cent.
    #[serde(default)]
    pub percentage: Option<f64>,
}

/// A recommendation, app, activity, article or notification.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Unique in its catalogue; the seeds' `recommendation_id`.
    pub id: String,
    /// One of the pack's kinds.
    #[serde(default = "default_kind")]
    pub kind: String,
    /// One of the pack's categories.
    pub category: String,
    /// The kind of advice: two items of one type are alternatives of each other.
    #[serde(default, rename = "type")]
    pub item_type: Option<String>,
    /// The base title, shown as it is in the general order.
    pub title: String,
    /// The base text, shown as it is in the general order.
    #[serde(default)]
    pub description: String,
    /// Free topics; tag affinity is learned over them.
    #[serde(default)]
    pub tags: Vec<String>,
    /// 1 (anybody) to 10 (expert).
    #[serde(default)]
    pub complexity: Option<u8>,
    /// 1 to 100; leads the general order.
    #[serde(default = "default_priority")]
    pub priority: u8,
    /// 0 to 100, the publisher's own estimate. It never makes words by itself.
    #[serde(default)]
    pub urgency: u8,
    /// RFC 3339; the item is not eligible after it.
    #[serde(default)]
    pub deadline: Option<String>,
    /// What it is worth.
    #[serde(default)]
    pub benefit: Option<Benefit>,
    /// Life stages it is made for; empty means any.
    #[serde(default)]
    pub life_stages: Vec<String>,
    /// ISO 3166 countries it is made for; empty means any.
    #[serde(default)]
    pub countries: Vec<String>,
    /// True when showing it is regulated: no urgency or popularity words, never hidden.
    #[serde(default)]
    pub regulated: bool,
    /// RFC 3339; not eligible before it.
    #[serde(default)]
    pub published_at: Option<String>,
    /// Typed extras that the pack declares.
    #[serde(default)]
    pub attributes: SortedMap<String, AttributeValue>,
}

fn default_kind() -> String {
    "recommendation".to_owned()
}

fn default_priority() -> u8 {
    50
}
