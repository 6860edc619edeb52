//! A small typed condition tree over facts of a person, an item, their history and the context.
//! Where the facts come from is the business of the room that evaluates it.

use nearside_json::{Fault, Quoted, Read, Reader};
use serde::Serialize;

use super::{Fact, FactValue, Facts};

/// A condition of a pack: `all`, `any`, `not`, or one comparison of one fact.
///
/// Truth has three values: a comparison with an unknown fact is unknown, `not` of unknown is unknown,
/// and an unknown outcome counts as false where a verdict is needed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(into = "RawCondition")]
pub enum Condition {
    /// True when every part is; an empty list is true.
    All(Vec<Condition>),
    /// True when some part is.
    Any(Vec<Condition>),
    /// True when the part is false.
    Not(Box<Condition>),
    /// The fact is one of these texts (for a list: one of its members is).
    In(Fact, Vec<String>),
    /// The fact is this flag.
    Is(Fact, bool),
    /// The fact is a number above this one.
    Above(Fact, f64),
    /// The fact is this number or above.
    AtLeast(Fact, f64),
    /// The fact is a number below this one.
    Below(Fact, f64),
    /// The fact is this number or below.
    AtMost(Fact, f64),
    /// The fact is known, or is not.
    Known(Fact, bool),
    /// Two facts are equal texts, or share a member.
    SameAs(Fact, Fact),
}

/// Why a condition cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvalidCondition {
    /// Not exactly one operator.
    Operator,
    /// No such fact.
    UnknownFact(String),
    /// A bound that is not finite.
    NotFinite,
}

impl Condition {
    /// Returns true when the condition certainly holds.
    pub fn holds(&self, facts: &impl Facts) -> bool {
        self.truth(facts) == Some(true)
    }

    /// Returns false when it holds before no item, given the facts of a person before any one item.
    pub fn may_hold(&self, facts: &impl Facts) -> bool {
        if let Self::All(parts) = self {
            return parts.iter().all(|part| part.may_hold(facts));
        }
        let mut is_of_person = true;
        self.visit_facts(&mut |fact| is_of_person &= fact.is_of_person());
        !is_of_person || self.holds(facts)
    }

    /// Calls `visit` with every fact that the condition reads.
    pub fn visit_facts(&self, visit: &mut impl FnMut(&Fact)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.visit_facts(visit)),
            Self::Not(part) => part.visit_facts(visit),
            Self::In(fact, _) | Self::Is(fact, _) | Self::Known(fact, _) => visit(fact),
            Self::Above(fact, _) | Self::AtLeast(fact, _) | Self::Below(fact, _) | Self::AtMost(fact, _) => visit(fact),
            Self::SameAs(left, right) => {
                visit(left);
                visit(right);
            }
        }
    }

    /// Not generic: else it would exist once for every source of facts.
    fn truth(&self, facts: &dyn Facts) -> Option<bool> {
        match self {
            Self::All(parts) => all(parts.iter().map(|part| part.truth(facts))),
            Self::Any(parts) => all(parts.iter().map(|part| part.truth(facts).map(|t| !t))).map(|t| !t),
            Self::Not(part) => part.truth(facts).map(|truth| !truth),
            Self::In(fact, texts) => match facts.value(fact) {
                FactValue::Text(text) => Some(texts.iter().any(|known| known == text)),
                FactValue::List(list) => Some(list.iter().any(|member| texts.contains(member))),
                _ => None,
            },
            Self::Is(fact, wanted) => match facts.value(fact) {
                FactValue::Flag(flag) => Some(flag == *wanted),
                _ => None,
            },
            Self::Above(fact, bound) => number(facts, fact).map(|value| value > *bound),
            Self::AtLeast(fact, bound) => number(facts, fact).map(|value| value >= *bound),
            Self::Below(fact, bound) => number(facts, fact).map(|value| value < *bound),
            Self::AtMost(fact, bound) => number(facts, fact).map(|value| value <= *bound),
            Self::Known(fact, wanted) => Some((facts.value(fact) != FactValue::Unknown) == *wanted),
            Self::SameAs(left, right) => overlap(&facts.value(left), &facts.value(right)),
        }
    }
}

fn number(facts: &dyn Facts, fact: &Fact) -> Option<f64> {
    match facts.value(fact) {
        FactValue::Number(value) => Some(value),
        _ => None,
    }
}

/// False when one is false, else unknown when one is unknown, else true.
fn all(mut truths: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    truths
        .try_fold(Some(true), |sum, truth| match truth {
            Some(false) => Err(()),
            Some(true) => Ok(sum),
            None => Ok(None),
        })
        .unwrap_or(Some(false))
}

fn overlap(left: &FactValue<'_>, right: &FactValue<'_>) -> Option<bool> {
    match (left, right) {
        (FactValue::Text(a), FactValue::Text(b)) => Some(a == b),
        (FactValue::Text(a), FactValue::List(b)) | (FactValue::List(b), FactValue::Text(a)) => {
            Some(b.iter().any(|member| member == a))
        }
        (FactValue::List(a), FactValue::List(b)) => Some(a.iter().any(|member| b.contains(member))),
        (FactValue::Flag(a), FactValue::Flag(b)) => Some(a == b),
        _ => None,
    }
}

/// The JSON shape: exactly one operator; comparisons stand beside `fact`.
#[derive(Clone, Default, Serialize, Read)]
#[serde(deny_unknown_fields, default)]
struct RawCondition {
    #[serde(skip_serializing_if = "Option::is_none")]
    all: Option<Vec<Condition>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    any: Option<Vec<Condition>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not: Option<Box<Condition>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fact: Option<Fact>,
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    one_of: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    above: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_least: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    below: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_most: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    same_as: Option<Fact>,
}

impl TryFrom<RawCondition> for Condition {
    type Error = InvalidCondition;

    fn try_from(raw: RawCondition) -> Result<Self, Self::Error> {
        let bounds = [raw.above, raw.at_least, raw.below, raw.at_most];
        if bounds.iter().flatten().any(|bound| !bound.is_finite()) {
            return Err(InvalidCondition::NotFinite);
        }
        let mut found: Vec<Condition> = Vec::new();
        found.extend(raw.all.map(Self::All));
        found.extend(raw.any.map(Self::Any));
        found.extend(raw.not.map(Self::Not));
        let groups = found.len();
        if let Some(fact) = &raw.fact {
            found.extend(raw.one_of.clone().map(|texts| Self::In(fact.clone(), texts)));
            found.extend(raw.is.map(|flag| Self::Is(fact.clone(), flag)));
            found.extend(raw.above.map(|bound| Self::Above(fact.clone(), bound)));
            found.extend(raw.at_least.map(|bound| Self::AtLeast(fact.clone(), bound)));
            found.extend(raw.below.map(|bound| Self::Below(fact.clone(), bound)));
            found.extend(raw.at_most.map(|bound| Self::AtMost(fact.clone(), bound)));
            found.extend(raw.known.map(|flag| Self::Known(fact.clone(), flag)));
            found.extend(raw.same_as.clone().map(|other| Self::SameAs(fact.clone(), other)));
        }
        let operators = groups
            + usize::from(raw.one_of.is_some())
            + usize::from(raw.is.is_some())
            + bounds.iter().flatten().count()
            + usize::from(raw.known.is_some())
            + usize::from(raw.same_as.is_some());
        match found.pop() {
            Some(one) if found.is_empty() && operators == 1 && (raw.fact.is_some() != (groups == 1)) => Ok(one),
            _ => Err(InvalidCondition::Operator),
        }
    }
}

impl From<Condition> for RawCondition {
    fn from(condition: Condition) -> Self {
        let raw = Self::default();
        match condition {
            Condition::All(parts) => Self { all: Some(parts), ..raw },
            Condition::Any(parts) => Self { any: Some(parts), ..raw },
            Condition::Not(part) => Self { not: Some(part), ..raw },
            Condition::In(fact, texts) => Self { fact: Some(fact), one_of: Some(texts), ..raw },
            Condition::Is(fact, flag) => Self { fact: Some(fact), is: Some(flag), ..raw },
            Condition::Above(fact, bound) => Self { fact: Some(fact), above: Some(bound), ..raw },
            Condition::AtLeast(fact, bound) => Self { fact: Some(fact), at_least: Some(bound), ..raw },
            Condition::Below(fact, bound) => Self { fact: Some(fact), below: Some(bound), ..raw },
            Condition::AtMost(fact, bound) => Self { fact: Some(fact), at_most: Some(bound), ..raw },
            Condition::Known(fact, flag) => Self { fact: Some(fact), known: Some(flag), ..raw },
            Condition::SameAs(fact, other) => Self { fact: Some(fact), same_as: Some(other), ..raw },
        }
    }
}

impl Read for Condition {
    fn blank() -> Self {
        Self::All(Vec::new())
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        let condition = Self::try_from(reader.value::<RawCondition>()?);
        *self = condition.map_err(|invalid| Fault::shape(&invalid.to_string()))?;
        Ok(())
    }
}

impl std::fmt::Display for InvalidCondition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Operator => f.write_str(
                "a condition is one of all, any, not, or a fact with one of in, is, above, at_least, below, at_most, known, same_as",
            ),
            Self::UnknownFact(name) => write!(f, "there is no fact {}", Quoted(name)),
            Self::NotFinite => f.write_str("a bound is not a finite number"),
        }
    }
}
