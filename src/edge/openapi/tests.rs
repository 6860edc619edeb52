//! The document against itself and against the list of routes. Whether real answers fit it is tested through the Worker.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// Every `$ref` in a value.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(target) if name == "$ref" => {
                        found.insert(target.clone());
                    }
                    _ => references(member, found),
                }
            }
        }
        Value::Array(entries) => entries.iter().for_each(|entry| references(entry, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > 40, "{found:?}");
    for target in found {
        let pointer = target.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some_and(Value::is_object), "{target}");
    }
}

#[test]
fn the_document_has_every_route_and_nothing_else() {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    let written: BTreeSet<(String, String)> = paths
        .iter()
        .flat_map(|(path, methods)| methods.as_object().unwrap().keys().map(|method| (path.clone(), method.clone())))
        .collect();
    let listed: BTreeSet<(String, String)> =
        ROUTES.iter().map(|route| (route.full_path(), method_name(route.method).to_owned())).collect();
    assert_eq!(written, listed);
    assert_eq!(listed.len(), ROUTES.len(), "two routes share a method and a path");
}

#[test]
fn every_schema_is_reached_from_a_route() {
    let document = document();
    let mut reached = BTreeSet::new();
    references(&document["paths"], &mut reached);
    references(&document["components"]["responses"], &mut reached);
    loop {
        let mut next = reached.clone();
        for target in &reached {
            references(document.pointer(target.strip_prefix('#').unwrap()).unwrap(), &mut next);
        }
        if next == reached {
            break;
        }
        reached = next;
    }
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(reached.contains(&format!("#/components/schemas/{name}")), "{name} is used by nobody");
    }
}

#[test]
fn every_operation_has_its_own_id_and_says_whom_it_is_for() {
    let document = document();
    let mut ids: BTreeMap<String, usize> = BTreeMap::new();
    for route in ROUTES {
        let operation = &document["paths"][route.full_path()][method_name(route.method)];
        *ids.entry(operation["operationId"].as_str().unwrap().to_owned()).or_default() += 1;
        assert_eq!(operation["x-audience"], audience_name(route.audience));
        assert_eq!(operation.get("security").is_some(), route.audience != Audience::Anyone, "{}", route.path);
        assert_eq!(
            operation.get("requestBody").is_some(),
            Operation::of(route.action).request.is_some(),
            "{}",
            route.path
        );
        assert!(operation["responses"].get(Operation::of(route.action).status.to_string()).is_some(), "{}", route.path);
    }
    assert!(ids.values().all(|count| *count == 1), "{ids:?}");
}

#[test]
fn every_parameter_of_a_route_is_described() {
    let document = document();
    for route in ROUTES {
        let operation = &document["paths"][route.full_path()][method_name(route.method)];
        let described: BTreeSet<(String, String)> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| (one["in"].as_str().unwrap().to_owned(), one["name"].as_str().unwrap().to_owned()))
            .collect();
        let mut listed: BTreeSet<(String, String)> =
            route.query.iter().map(|name| ("query".to_owned(), (*name).to_owned())).collect();
        listed.extend(path_name(route.path).map(|name| ("path".to_owned(), name.to_owned())));
        assert_eq!(described, listed, "{}", route.path);
    }
}

#[test]
fn bodies_that_serde_reads_strictly_are_closed_in_the_document_too() {
    let document = document();
    for name in ROUTES.iter().filter_map(|route| Operation::of(route.action).request).chain(["Context", "Item"]) {
        // The protocol of flags leaves contexts open.
        let is_closed = json!(name != "EvaluationRequest");
        let schema = &document["components"]["schemas"][name];
        assert_eq!(schema.get("additionalProperties") == Some(&json!(false)), is_closed == json!(true), "{name}");
    }
}

#[test]
fn the_file_of_the_site_is_the_document() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/openapi.json");
    let made = serde_json::to_string_pretty(&document()).unwrap() + "\n";
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(file, &made).unwrap();
    }
    let kept = std::fs::read_to_string(file).unwrap_or_default();
    assert!(kept == made, "www/openapi.json is not what the routes say: UPDATE=1 cargo test -p nearside-edge openapi");
}
