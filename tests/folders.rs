//! Files of the project as tests read them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

/// The project's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The text of a file, by its path from the root.
pub fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The JSON of a file, by its path from the root.
pub fn json(path: &str) -> Value {
    serde_json::from_str(&text(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The names in a folder, sorted.
pub fn names(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Every file below a folder, by its path from the root, sorted. What git ignores is left out.
pub fn files_below(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for name in names(folder) {
        let path = format!("{folder}/{name}");
        if ["node_modules", "target", "dist", "build", ".wrangler"].contains(&name.as_str()) {
            continue;
        }
        if root().join(&path).is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found
}

/// Puts a pack folder together: `{"pack": …, "items": […]}`. Packs of the product stand in `src/packs`, those that
/// only tests use in `tests/packs`.
pub fn pack(name: &str) -> Value {
    let own = format!("tests/packs/{name}");
    let folder = if root().join(&own).is_dir() { own } else { format!("src/packs/{name}") };
    let mut pack = json(&format!("{folder}/pack.json"));
    let map = pack.as_object_mut().unwrap();
    let mut items = Vec::new();
    for file in names(&folder) {
        match file.strip_suffix(".json") {
            Some("pack") | None => {}
            Some(key) => {
                map.insert(key.to_owned(), json(&format!("{folder}/{file}")));
            }
        }
    }
    if root().join(&folder).join("catalog").is_dir() {
        for file in names(&format!("{folder}/catalog")) {
            items.extend(json(&format!("{folder}/catalog/{file}")).as_array().unwrap().clone());
        }
    }
    Value::Object(Map::from_iter([("pack".to_owned(), pack), ("items".to_owned(), Value::Array(items))]))
}
