//! The OpenAPI 3.1 document, made of the list of routes, of what is said of each action, and of the schemas in
//! `schemas.json`. Checking requests against it is not done here: the types of the engine read them.
//!
//! The document is a file of the site, `www/openapi.json`: the Worker would carry 10 KB for what never changes between two
//! deployments. A test proves that the file is what is made here; `UPDATE=1 cargo test -p nearside-edge` writes it.

mod operations;

use nearside_engine::privacy::Audience;
use serde_json::{Map, Value, json};

use self::operations::Operation;
use crate::routes::{Action, Method, ROUTES, Route};
use nearside_json::read_json;

/// The shapes, written by hand beside the types that serde reads and writes. The tests compare them with real answers.
const SCHEMAS: &str = include_str!("schemas.json");

/// Refusals, by status.
const PROBLEMS: [(&str, &str); 9] = [
    ("401", "The token is missing or not valid"),
    ("403", "The token's role has no right to this"),
    ("404", "There is nothing here, or it is somebody else's"),
    ("409", "The person has not agreed, or others kept changing it at the same time"),
    ("413", "The body is too large"),
    ("415", "The body is compressed, or not JSON"),
    ("422", "The request breaks a rule; `detail` names it without the input"),
    ("503", "There are no keys, or a store that is needed does not answer"),
    ("default", "Any other refusal of the transport"),
];

/// The statuses without a value, of routes whose protocol is others'.
const FLAG_FAILURES: [&str; 8] = ["400", "401", "403", "404", "413", "415", "503", "default"];

/// Returns the whole document.
fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES {
        let path = paths.entry(route.full_path()).or_insert_with(|| json!({}));
        if let Some(methods) = path.as_object_mut() {
            methods.insert(method_name(route.method).to_owned(), operation(route));
        }
    }
    let problems: Map<String, Value> = PROBLEMS
        .iter()
        .map(|(status, description)| {
            let content = json!({"application/problem+json": {"schema": reference("Problem")}});
            (problem_name(status), json!({"description": description, "content": content}))
        })
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Nearside",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What should this person see next, in which words, and why? It orders what the caller says is eligible, and decides nothing else. A request with `Sec-GPC: 1` (Global Privacy Control; no other value counts) is answered as without consent, unless the person's yes came with it, too.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            // The schemas are a constant; a test proves that they read.
            "schemas": read_json(SCHEMAS.as_bytes()).unwrap_or(Value::Null),
            "responses": problems,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    })
}

fn operation(route: &Route) -> Value {
    let told = Operation::of(route.action);
    let mut operation = Map::from_iter([
        ("operationId".to_owned(), json!(operation_id(route))),
        ("summary".to_owned(), json!(told.summary)),
        ("x-audience".to_owned(), json!(audience_name(route.audience))),
        ("responses".to_owned(), responses(route, &told)),
    ]);
    let mut parameters: Vec<Value> =
        path_name(route.path).map(|name| parameter(name, "path", true)).into_iter().collect();
    parameters.extend(route.query.iter().map(|name| parameter(name, "query", *name == "recommendation_id")));
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), Value::Array(parameters));
    }
    if let Some(schema) = told.request {
        let body = json!({"required": true, "content": {"application/json": {"schema": reference(schema)}}});
        operation.insert("requestBody".to_owned(), body);
        if let Some(limits) = route.limits {
            operation.insert("x-body-bytes".to_owned(), json!(limits.bytes));
        }
    }
    if route.audience != Audience::Anyone {
        operation.insert("security".to_owned(), json!([{"bearer": []}]));
    }
    Value::Object(operation)
}

fn responses(route: &Route, told: &Operation) -> Value {
    let media = if told.response == "Lines" { "application/x-ndjson" } else { "application/json" };
    let success = json!({"description": told.summary, "content": {media: {"schema": reference(told.response)}}});
    let mut responses = Map::from_iter([(told.status.to_string(), success)]);
    if route.is_at_root {
        // The protocol has its own document for refusals, which is plain JSON.
        let content = json!({"application/json": {"schema": reference("FlagFailure")}});
        for status in FLAG_FAILURES.iter().filter(|status| **status != "404" || path_name(route.path).is_some()) {
            responses.insert((*status).to_owned(), json!({"description": "No value, and why", "content": content}));
        }
        if route.action == Action::EvaluateFlags {
            responses.insert("304".to_owned(), json!({"description": "The flags are those of the ETag"}));
        }
        return Value::Object(responses);
    }
    for (status, _) in PROBLEMS.iter().filter(|(status, _)| may_answer(route, status)) {
        let problem = json!({"$ref": format!("#/components/responses/{}", problem_name(status))});
        responses.insert((*status).to_owned(), problem);
    }
    Value::Object(responses)
}

/// Says whether a route can refuse with this status.
fn may_answer(route: &Route, status: &str) -> bool {
    let writes_person = route.audience == Audience::Person
        && route.method != Method::Get
        && !matches!(route.action, Action::Recommend | Action::ExplainPosted | Action::Erase | Action::DecideTests);
    match status {
        "401" | "403" | "422" => route.audience != Audience::Anyone,
        "404" => {
            path_name(route.path).is_some()
                || matches!(
                    route.action,
                    Action::WhySeeing
                        | Action::ExplainPosted
                        | Action::AskTraining
                        | Action::AskEvaluation
                        | Action::Collaborative
                        | Action::ShowOverview
                )
        }
        "409" => {
            let is_of_models = matches!(route.action, Action::PromoteModel | Action::RollBackModel);
            writes_person || is_of_models || changes_tests(route.action)
        }
        "413" | "415" => route.limits.is_some(),
        _ => true,
    }
}

/// Says whether an action changes the set of tests, which others may change at the same time.
fn changes_tests(action: Action) -> bool {
    matches!(action, Action::PutTest | Action::StartTest | Action::StopTest | Action::ArchiveTest | Action::SetHoldout)
}

fn parameter(name: &str, place: &str, is_required: bool) -> Value {
    let (schema, description) = match name {
        "user_id" if place == "path" => (reference("UserId"), "Whose; a person's own, any for admins"),
        "user_id" => (reference("UserId"), "Whose; admins only"),
        "sync" => (json!({"enum": ["0", "1"]}), "1: applied before the answer"),
        "after" => (json!({"type": "string"}), "Where the page begins: what the page before named"),
        "scope" => (json!({"type": "string"}), "The surface that asks"),
        "pack" => (json!({"type": "string"}), "The pack's id"),
        "days" => {
            (json!({"type": "integer", "minimum": 1, "maximum": 90}), "The last days, today among them; 28 when absent")
        }
        "check" => (json!({"enum": ["true"]}), "`true`: what the checker finds, and nothing is written"),
        "version" => (reference("ModelVersion"), "The model's version"),
        "id" => (reference("TextId"), "The request's id"),
        "test_name" | "key" => (reference("TestName"), "The test's name"),
        "session_id" => (reference("TextId"), "The session, for tests that assign sessions"),
        "device_id" => (reference("TextId"), "The device, for tests that assign devices"),
        "country" => (json!({"type": "string"}), "The request's country, ISO 3166"),
        "device_type" => (json!({"type": "string"}), "`mobile`, `tablet`, `desktop`, …"),
        "experiments_token" => (json!({"type": "string"}), "What an earlier answer gave"),
        "environment" => (reference("Environment"), "The token's own when absent"),
        "segment" => (json!({"type": "string"}), "One segment, such as `country=GB`; everybody when absent"),
        "method" => (json!({"enum": ["always_valid", "fixed"]}), "`fixed` is for one look at a planned sample"),
        _ => (reference("TextId"), "The item's id"),
    };
    json!({"name": name, "in": place, "required": is_required, "description": description, "schema": schema})
}

fn reference(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

fn problem_name(status: &str) -> String {
    format!("Problem-{status}")
}

/// The `{name}` of a path.
fn path_name(path: &str) -> Option<&str> {
    path.split_once('{')?.1.split_once('}').map(|(name, _)| name)
}

/// The method and the path in one word: two routes never share it.
fn operation_id(route: &Route) -> String {
    let words =
        route.path.split(['/', '-', '.']).map(|word| word.trim_matches(['{', '}'])).filter(|word| !word.is_empty());
    words.fold(method_name(route.method).to_owned(), |id, word| id + "_" + word)
}

fn method_name(method: Method) -> &'static str {
    match method {
        Method::Get => "get",
        Method::Post => "post",
        Method::Put => "put",
        Method::Delete => "delete",
    }
}

fn audience_name(audience: Audience) -> &'static str {
    match audience {
        Audience::Anyone => "anyone",
        Audience::Person => "person",
        Audience::Monitor => "monitor",
        Audience::Admin => "admin",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
