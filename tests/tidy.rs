//! The rules of the house that no compiler checks: floors, heads, lengths, and what must not stand where.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

use std::collections::BTreeMap;

use nearside_tests::folders::{files_below, names, root, text};

/// The floors of the engine, bottom first. A room imports from floors below its own only.
///
/// `math` stands above `types`, because time is a noun and decay is arithmetic over it.
const FLOORS: &[&[&str]] = &[
    &["types"],
    &["math"],
    &["pack", "wire", "ports"],
    &["models", "privacy", "tracking", "profile"],
    &["acceptance", "affinity", "analysis", "collab", "content", "context", "experiments", "segments", "rules", "text"],
    &["scoring"],
    &["ranking"],
    &["explain"],
    &["flows"],
];

/// The longest file, in lines.
const MOST_LINES: usize = 400;

/// Files that may be longer, with the reason.
const LONG_FILES: &[(&str, &str)] = &[];

/// Folders with files of ours.
const OURS: &[&str] = &["src", "tests", "pkg-scripts", "www", ".cargo", ".ci"];

fn floor_of(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// The rooms of the engine: folders with a contents page.
fn rooms() -> Vec<String> {
    let is_room = |name: &String| root().join("src/engine").join(name).join("mod.rs").is_file();
    names("src/engine").into_iter().filter(is_room).collect()
}

fn files_of(folders: &[&str], endings: &[&str]) -> Vec<String> {
    let there = folders.iter().filter(|folder| root().join(folder).is_dir());
    let files = there.flat_map(|folder| files_below(folder));
    files.filter(|file| endings.iter().any(|ending| file.ends_with(ending))).collect()
}

/// Lines of code with their number from 1: comments and documentation are left out.
fn code(file: &str) -> Vec<(usize, String)> {
    let text = text(file);
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.to_owned()));
    lines.filter(|(_, line)| !line.trim_start().starts_with("//")).collect()
}

/// Fails with every finding, each on a line of its own.
fn check(findings: Vec<String>, rule: &str) {
    assert!(findings.is_empty(), "{rule}\n  {}", findings.join("\n  "));
}

#[test]
fn every_room_has_a_floor_and_every_floor_its_rooms() {
    let mut known: Vec<String> = FLOORS.iter().flat_map(|rooms| rooms.iter().map(|room| (*room).to_owned())).collect();
    known.sort();
    assert_eq!(rooms(), known);
}

/// The rooms that a line names: `crate::room::…`, or `crate::{room::…, …}`.
fn rooms_named(line: &str) -> Vec<String> {
    let name_of = |text: &str| -> String { text.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect() };
    let mut found = Vec::new();
    for after in line.split("crate::").skip(1) {
        match after.strip_prefix('{') {
            None => found.push(name_of(after)),
            Some(list) => found.extend(list.split([',', '{', '}']).map(|part| name_of(part.trim()))),
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

#[test]
fn imports_point_down_the_floors() {
    let mut findings = Vec::new();
    for room in rooms() {
        let own = floor_of(&room).unwrap();
        for file in files_of(&[&format!("src/engine/{room}")], &[".rs"]) {
            for (number, line) in code(&file) {
                for other in rooms_named(&line).into_iter().filter(|other| *other != room) {
                    if floor_of(&other).is_some_and(|floor| floor >= own) {
                        findings.push(format!("{file}:{number} imports {other}"));
                    }
                }
            }
        }
    }
    check(findings, "a room imports from floors below its own only:");
}

#[test]
fn the_reader_of_imports_sees_them() {
    assert_eq!(rooms_named("use crate::{flows, types};"), ["flows", "types"]);
    assert_eq!(rooms_named("    let x: crate::pack::Pack = crate::math::f();"), ["pack", "math"]);
    assert!(rooms_named("pub(crate) fn nothing() {}").is_empty());
}

#[test]
fn crates_see_the_engine_and_never_each_other() {
    let others = ["edge", "origin", "browser"];
    let mut findings = Vec::new();
    for own in others.into_iter().chain(["engine"]) {
        let file = format!("src/{own}/Cargo.toml");
        if !root().join(&file).is_file() {
            continue;
        }
        let manifest = text(&file);
        for other in others.into_iter().filter(|other| *other != own && manifest.contains(&format!("nearside-{other}")))
        {
            findings.push(format!("{file} names nearside-{other}"));
        }
    }
    check(findings, "edge, browser and origin import the engine and never each other:");
}

#[test]
fn every_rust_file_says_what_lives_in_it() {
    let files = files_of(OURS, &[".rs"]);
    assert!(files.len() > 100);
    let without = files.into_iter().filter(|file| !text(file).starts_with("//!"));
    check(without.collect(), "a file begins with //!:");
}

#[test]
fn contents_pages_hold_no_logic() {
    let pages = files_of(&["src/engine"], &["/mod.rs"]);
    let mut findings = Vec::new();
    for page in pages {
        for (number, line) in code(&page) {
            let is_function =
                line.trim_start().trim_start_matches("pub ").trim_start_matches("async ").starts_with("fn ");
            if is_function && line.trim_end().ends_with('{') {
                findings.push(format!("{page}:{number}"));
            }
        }
    }
    check(findings, "a mod.rs is a contents page:");
}

#[test]
fn files_are_short_enough_to_be_read() {
    let mut findings = Vec::new();
    for file in files_of(OURS, &[".rs", ".mjs", ".js", ".ts", ".css", ".html", ".sql"]) {
        let lines = text(&file).lines().count();
        if lines > MOST_LINES && !LONG_FILES.iter().any(|(known, _)| *known == file) {
            findings.push(format!("{file}: {lines} lines"));
        }
    }
    check(findings, "a file has at most 400 lines:");
}

#[test]
fn exceptions_are_needed_and_say_why() {
    for (file, reason) in LONG_FILES {
        assert!(text(file).lines().count() > MOST_LINES, "{file} is short enough now");
        assert!(reason.len() > 20, "{file}");
    }
}

#[test]
fn only_the_access_check_makes_scopes() {
    let makers = files_of(&["src"], &[".rs"]).into_iter().filter(|file| {
        *file != "src/engine/privacy/access.rs" && code(file).iter().any(|(_, line)| line.contains("::granted("))
    });
    check(makers.collect(), "only privacy/access.rs grants a scope:");
}

#[test]
fn the_engine_knows_no_host() {
    let foreign = [
        "HashMap",
        "HashSet",
        "SystemTime",
        "Instant::now",
        "std::env",
        "std::fs",
        "std::net",
        "std::thread",
        "std::process",
        "thread_rng",
        "getrandom",
        "println!",
        "eprintln!",
    ];
    let mut findings = Vec::new();
    for file in files_of(&["src/engine"], &[".rs"]) {
        for (number, line) in code(&file) {
            let found = foreign.iter().filter(|word| line.contains(**word));
            findings.extend(found.map(|word| format!("{file}:{number} {word}")));
        }
    }
    check(findings, "the engine has no clock, chance, environment or unordered table:");
}

#[test]
fn no_file_names_a_machine() {
    // Put together here, so that this file does not find itself.
    let paths = ["root", "work", "home", "Users"].map(|folder| format!("/{folder}/"));
    let endings =
        [".rs", ".mjs", ".js", ".ts", ".toml", ".json", ".md", ".sql", ".html", ".css", ".yml", "/run", ".golden"];
    let mut files = files_of(OURS, &endings);
    files.extend(
        names(".")
            .into_iter()
            .filter(|name| root().join(name).is_file() && endings.iter().any(|end| name.ends_with(end))),
    );
    let mut findings = Vec::new();
    for file in files {
        for (index, line) in text(&file).lines().enumerate() {
            if paths.iter().any(|path| line.match_indices(path.as_str()).any(|(at, _)| is_absolute(line, at))) {
                findings.push(format!("{file}:{}", index + 1));
            }
        }
    }
    check(findings, "no file names a folder of somebody's machine:");
}

/// True unless the slash continues a longer path or an address.
fn is_absolute(line: &str, at: usize) -> bool {
    let before = line[..at].chars().next_back();
    before.is_none_or(|c| !(c.is_alphanumeric() || matches!(c, '.' | '/' | '}' | ')' | '_' | '-' | '*' | '$')))
}

#[test]
fn tests_say_what_they_show_and_none_is_left_out() {
    // Put together here, so that this file does not find itself.
    let skipped =
        [["#[", "ignore"].concat(), ["test.", "skip"].concat(), ["test.", "only"].concat(), ["test.", "todo"].concat()];
    let prefixed = ["fn ", "test_"].concat();
    let mut findings = Vec::new();
    for file in files_of(&["src", "tests", "pkg-scripts", "www"], &[".rs", ".mjs", ".ts"]) {
        for (number, line) in code(&file) {
            if line.contains(&prefixed) || skipped.iter().any(|word| line.contains(word.as_str())) {
                findings.push(format!("{file}:{number} {}", line.trim()));
            }
        }
    }
    check(findings, "tests are named after the behaviour, and run:");
}

#[test]
fn every_migration_begins_with_why() {
    let migrations = files_of(&["src/edge/migrations"], &[".sql"]);
    assert!(!migrations.is_empty());
    let numbers: Vec<String> = migrations.iter().map(|file| file.rsplit('/').next().unwrap()[..4].to_owned()).collect();
    let expected: Vec<String> = (1..=numbers.len()).map(|number| format!("{number:04}")).collect();
    assert_eq!(numbers, expected);
    check(migrations.into_iter().filter(|file| !text(file).starts_with("-- ")).collect(), "a migration says why:");
}

#[test]
fn the_architecture_names_every_room() {
    let page = text("src/ARCHITECTURE.md");
    check(
        rooms().into_iter().filter(|room| !page.contains(&format!("`{room}`"))).collect(),
        "src/ARCHITECTURE.md lacks:",
    );
}

#[test]
fn the_engine_holds_fewer_than_ten_dependencies_and_each_says_why() {
    let manifest = text("src/engine/Cargo.toml");
    let section = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let number =
        section.lines().filter(|line| line.contains("workspace = true") || line.contains(".workspace")).count();
    assert!((1..10).contains(&number), "{number} dependencies");
    let workspace = text("Cargo.toml");
    let declared = workspace.split("[workspace.dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let mut has_reason = false;
    let mut findings = Vec::new();
    let mut seen: BTreeMap<&str, ()> = BTreeMap::new();
    for line in declared.lines() {
        match line.trim() {
            "" => has_reason = false,
            line if line.starts_with('#') => has_reason = true,
            line if line.contains("path = ") => {}
            line => {
                let name = line.split([' ', '.', '=']).next().unwrap();
                if !has_reason || seen.insert(name, ()).is_some() {
                    findings.push(name.to_owned());
                }
            }
        }
    }
    check(findings, "a dependency is declared once, under a reason:");
}
