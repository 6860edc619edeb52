//! Compares what a case expects with what was answered. An expectation names only what matters to its case.

use serde_json::{Map, Value};

use crate::arithmetic;

/// How far a number may be from its formula.
const TOLERANCE: f64 = 1e-9;

/// Returns everything in which an answer differs from what is expected of a step.
///
/// `order`, `words`, `terms`, `term_names`, `factors`, `score`, `missing` look at the items of a decision; `refusal`,
/// `calls` and `calls_without` at what surrounds the answer; every other key is a part of the answer itself.
pub fn differences(expected: &Map<String, Value>, step: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let answer = &step["answer"];
    if !expected.contains_key("refusal") && !step["refusal"].is_null() {
        found.push(format!("was refused: {}", step["refusal"]));
    }
    for (key, wanted) in expected {
        match key.as_str() {
            "order" => compare("order", wanted, &ids_of(answer), &mut found),
            "words" => each_item(wanted, answer, &mut found, compare),
            "terms" => each_item(wanted, answer, &mut found, terms),
            "term_names" => each_item(wanted, answer, &mut found, |path, wanted, item, found| {
                compare(path, wanted, &names_of(&item["terms"]), found);
            }),
            "factors" => each_item(wanted, answer, &mut found, factors),
            "score" => each_item(wanted, answer, &mut found, |path, wanted, item, found| {
                compare(path, wanted, &item["score"], found);
            }),
            "missing" => each_item(wanted, answer, &mut found, |path, wanted, item, found| {
                for name in wanted.as_array().unwrap().iter().filter(|name| !item[name.as_str().unwrap()].is_null()) {
                    found.push(format!("{path}.{name}: is there: {}", item[name.as_str().unwrap()]));
                }
            }),
            "refusal" => compare("refusal", wanted, &step["refusal"], &mut found),
            "calls" => compare("calls", wanted, &step["calls"], &mut found),
            "calls_without" => {
                for call in
                    wanted.as_array().unwrap().iter().filter(|call| step["calls"].as_array().unwrap().contains(call))
                {
                    found.push(format!("calls: {call} was called"));
                }
            }
            "answer" => compare("answer", wanted, answer, &mut found),
            part => compare(part, wanted, &answer[part], &mut found),
        }
    }
    found
}

/// Returns every item whose score is not the sum of its terms times the product of its factors.
pub fn unexplained_scores(step: &Value) -> Vec<String> {
    let number = |value: &Value| value.as_f64().unwrap();
    let items = step["answer"]["items"].as_array().into_iter().flatten();
    let explained = items.filter(|item| item["terms"].is_array());
    let wrong = explained.filter_map(|item| {
        let terms = item["terms"].as_array().unwrap();
        let sum: f64 = terms.iter().map(|term| number(&term["contribution"])).sum();
        let product: f64 =
            item["factors"].as_array().unwrap().iter().map(|factor| number(&factor["multiplier"])).product();
        let is_exact = (sum * product - number(&item["score"])).abs() < TOLERANCE
            && terms.iter().all(|term| {
                (number(&term["value"]) * number(&term["weight"]) - number(&term["contribution"])).abs() < TOLERANCE
            });
        (!is_exact).then(|| format!("{}: {} is not {sum} x {product}", item["id"], item["score"]))
    });
    wrong.collect()
}

fn each_item(
    wanted: &Value,
    answer: &Value,
    found: &mut Vec<String>,
    compare: impl Fn(&str, &Value, &Value, &mut Vec<String>),
) {
    for (id, wanted) in wanted.as_object().unwrap() {
        let items = answer["items"].as_array().into_iter().flatten();
        match items.into_iter().find(|item| item["id"] == id.as_str()) {
            Some(item) => compare(id, wanted, item, found),
            None => found.push(format!("{id}: is not in the answer")),
        }
    }
}

fn terms(path: &str, wanted: &Value, item: &Value, found: &mut Vec<String>) {
    for (name, wanted) in wanted.as_object().unwrap() {
        let term = item["terms"].as_array().into_iter().flatten().find(|term| term["name"] == name.as_str());
        match term {
            Some(term) => compare(&format!("{path}.{name}"), wanted, term, found),
            None => found.push(format!("{path}: has no term {name}")),
        }
    }
}

/// Factors must be exactly the expected ones.
fn factors(path: &str, wanted: &Value, item: &Value, found: &mut Vec<String>) {
    let actual = item["factors"].as_array().into_iter().flatten();
    let actual: Map<String, Value> =
        actual.map(|factor| (factor["name"].as_str().unwrap().to_owned(), factor["multiplier"].clone())).collect();
    let wanted_map = wanted.as_object().unwrap();
    if actual.len() != wanted_map.len() {
        found.push(format!("{path}: factors are {actual:?}"));
    }
    compare(path, wanted, &Value::Object(actual), found);
}

/// Compares a part. A table names some keys; a list is whole; a text that meets a number is a formula. `{"$contains": x}`
/// looks for a member or a part of a text, `{"$count": n}` counts, `{"$above": x}` and `{"$below": x}` bound a number.
fn compare(path: &str, wanted: &Value, actual: &Value, found: &mut Vec<String>) {
    let mut differs = || found.push(format!("{path}: {actual} is not {wanted}"));
    match (wanted, actual) {
        (Value::Object(wanted), actual) if wanted.keys().next().is_some_and(|key| key.starts_with('$')) => {
            if !wanted.iter().all(|(operator, operand)| holds(operator, operand, actual)) {
                differs();
            }
        }
        (Value::Object(wanted), Value::Object(actual)) => {
            for (key, wanted) in wanted {
                compare(&format!("{path}.{key}"), wanted, actual.get(key).unwrap_or(&Value::Null), found);
            }
        }
        (Value::Array(wanted), Value::Array(actual)) if wanted.len() == actual.len() => {
            for (index, (wanted, actual)) in wanted.iter().zip(actual).enumerate() {
                compare(&format!("{path}[{index}]"), wanted, actual, found);
            }
        }
        (wanted, Value::Number(actual)) if !wanted.is_null() => {
            if (formula(wanted) - actual.as_f64().unwrap()).abs() > TOLERANCE {
                differs();
            }
        }
        (wanted, actual) if wanted == actual => {}
        _ => differs(),
    }
}

fn holds(operator: &str, operand: &Value, actual: &Value) -> bool {
    let matches = |actual: &Value| {
        let mut found = Vec::new();
        compare("", operand, actual, &mut found);
        found.is_empty()
    };
    match (operator, actual) {
        ("$contains", Value::String(text)) => text.contains(operand.as_str().unwrap()),
        ("$contains", Value::Array(list)) => list.iter().any(matches),
        ("$lacks", Value::String(text)) => !text.contains(operand.as_str().unwrap()),
        ("$lacks", Value::Array(list)) => !list.iter().any(matches),
        ("$count", Value::Array(list)) => list.len() as f64 == formula(operand),
        ("$above", Value::Number(number)) => number.as_f64().unwrap() > formula(operand),
        ("$below", Value::Number(number)) => number.as_f64().unwrap() < formula(operand),
        _ => false,
    }
}

fn formula(value: &Value) -> f64 {
    match value {
        Value::String(formula) => arithmetic::value(formula),
        number => number.as_f64().unwrap_or(f64::NAN),
    }
}

fn ids_of(answer: &Value) -> Value {
    answer["items"].as_array().into_iter().flatten().map(|item| item["id"].clone()).collect()
}

fn names_of(terms: &Value) -> Value {
    terms.as_array().into_iter().flatten().map(|term| term["name"].clone()).collect()
}
