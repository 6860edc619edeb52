//! Links a wasm module; with `--without-classes`, without the classes that it offers to JavaScript.
//!
//! A crate that declares a class has it exported from every module that the crate is linked into, used or not. The
//! `worker` crate and those below it declare six; their methods, and the streams that these reach, would be a fiftieth of
//! the Worker. rustc calls this program with the arguments of `rust-lld`; those that export members of classes are left
//! out, and the linker's own search for what nothing reaches removes code, table entries and data. A member that is
//! called from Rust stays, as any function does. A module whose host makes values of its classes is linked as ever.
//!
//! How wasm-bindgen names members, `HASH` being 16 digits that stand for the crate: `__wbg_CLASS_free_HASH` (each class
//! has one), `__wbg_get_CLASS_FIELD_HASH`, `__wbg_set_CLASS_FIELD_HASH` and `CLASS_METHOD_HASH`; with
//! `__wbindgen_describe_` in front, the functions that describe them.

use std::collections::BTreeSet;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, exit};

use anyhow::{Context, Result};

/// An argument of ours, which `rust-lld` never sees.
const WITHOUT_CLASSES: &str = "--without-classes";

fn main() -> Result<()> {
    let mut arguments = Vec::new();
    for argument in env::args_os().skip(1) {
        // Where a command line may not be long enough, rustc writes the arguments to a file, one a line.
        arguments.push(match argument.to_str().and_then(|text| text.strip_prefix('@')) {
            Some(file) => for_linker_in(file)?,
            None => argument,
        });
    }
    // rustc puts the folder of its linker first on PATH.
    let status = Command::new("rust-lld").args(for_linker(arguments)).status().context("rust-lld did not start")?;
    exit(status.code().unwrap_or(1));
}

/// Writes a copy of a file of arguments, and returns how the linker is told of it.
fn for_linker_in(file: &str) -> Result<OsString> {
    let text = fs::read_to_string(file).with_context(|| format!("no arguments in {file}"))?;
    let kept = PathBuf::from(format!("{file}-for-linker"));
    fs::write(&kept, for_linker(text.lines().map(str::to_owned).collect()).join("\n"))?;
    Ok(OsString::from(format!("@{}", kept.display())))
}

/// The arguments for `rust-lld`. Where classes are to be left out, so is each `--export NAME` whose name is a class's.
fn for_linker<T: AsRef<OsStr>>(mut arguments: Vec<T>) -> Vec<T> {
    let all = arguments.len();
    arguments.retain(|argument| argument.as_ref() != WITHOUT_CLASSES);
    if arguments.len() == all {
        return arguments;
    }
    let is_export = |argument: Option<&T>| argument.is_some_and(|text| text.as_ref() == "--export");
    let exported: Vec<bool> =
        (0..arguments.len()).map(|place| place > 0 && is_export(arguments.get(place - 1))).collect();
    let names = arguments.iter().zip(&exported).filter(|(_, exported)| **exported);
    let classes = Classes::among(names.filter_map(|(name, _)| name.as_ref().to_str()));
    let is_of_class: Vec<bool> = arguments
        .iter()
        .zip(&exported)
        .map(|(name, exported)| *exported && name.as_ref().to_str().is_some_and(|name| classes.own(name)))
        .collect();
    // The word before such a name goes with it.
    let goes = |place: usize| [place, place + 1].iter().any(|place| is_of_class.get(*place) == Some(&true));
    arguments.into_iter().enumerate().filter(|(place, _)| !goes(*place)).map(|(_, argument)| argument).collect()
}

/// Classes by the hash of their crate and their name in small letters.
struct Classes<'a>(BTreeSet<(&'a str, &'a str)>);

impl<'a> Classes<'a> {
    fn among(exports: impl Iterator<Item = &'a str>) -> Self {
        Self(
            exports
                .filter_map(|export| {
                    let (name, hash) = split_hash(export)?;
                    Some((hash, name.strip_prefix("__wbg_")?.strip_suffix("_free")?))
                })
                .collect(),
        )
    }

    /// Whether an export is a member of one of these, or describes one.
    fn own(&self, export: &str) -> bool {
        let Some((name, hash)) = split_hash(export) else { return false };
        let name = name.strip_prefix("__wbindgen_describe_").unwrap_or(name);
        let prefixes = ["__wbg_get_", "__wbg_set_", "__wbg_"];
        let member = prefixes.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
        self.0
            .iter()
            .any(|(of, class)| *of == hash && member.strip_prefix(class).is_some_and(|member| member.starts_with('_')))
    }
}

/// Splits `NAME_HASH`.
fn split_hash(export: &str) -> Option<(&str, &str)> {
    let (name, hash) = export.rsplit_once('_')?;
    (hash.len() == 16 && hash.bytes().all(|digit| digit.is_ascii_hexdigit())).then_some((name, hash))
}

#[cfg(test)]
mod tests {
    use super::{WITHOUT_CLASSES, for_linker};

    const HASH: &str = "64cc4b2d035528c7";

    /// What stays of `exports`, each with the hash of its crate behind it.
    fn kept(exports: &[&str]) -> Vec<String> {
        let pairs = exports.iter().flat_map(|name| ["--export".to_owned(), format!("{name}_{HASH}")]);
        let left = for_linker(pairs.chain([WITHOUT_CLASSES.to_owned()]).collect());
        assert_eq!(left.iter().filter(|word| *word == "--export").count() * 2, left.len());
        let names = left.iter().filter_map(|word| word.strip_suffix(&format!("_{HASH}")));
        names.map(str::to_owned).collect()
    }

    #[test]
    fn a_class_goes_with_its_fields_its_methods_and_what_describes_them() {
        let class = [
            "__wbg_r2range_free",
            "__wbg_get_r2range_length",
            "__wbg_set_r2range_length",
            "r2range_read",
            "__wbindgen_describe___wbg_get_r2range_length",
            "__wbindgen_describe_r2range_read",
        ];
        assert_eq!(kept(&class), [""; 0]);
    }

    #[test]
    fn functions_stay_and_so_do_the_descriptions_of_imports() {
        let functions = ["fetch", "__wbindgen_describe_fetch", "__wbindgen_describe___wbg_get", "init", "r2ranges"];
        assert_eq!(kept(&[&["__wbg_r2range_free"], &functions[..]].concat()), functions);
    }

    #[test]
    fn a_name_that_belongs_to_no_class_stays() {
        let names = ["__wbg_get_r2range_length", "r2range_read"];
        assert_eq!(kept(&names), names);
    }

    #[test]
    fn a_function_of_another_crate_stays() {
        let other = "r2range_read_2222222222222222";
        let class = [WITHOUT_CLASSES, "--export", "__wbg_r2range_free_1111111111111111"];
        let others = ["--export", other, "-o", "out.wasm"];
        assert_eq!(for_linker([&class[..], &others].concat()), others);
    }

    #[test]
    fn runtime_functions_and_other_arguments_stay() {
        let others = ["-flavor", "wasm", "--export", "__wbindgen_free", "--export=__heap_base", "a.o", "--gc-sections"];
        assert_eq!(for_linker([&others[..], &[WITHOUT_CLASSES]].concat()), others);
    }

    #[test]
    fn classes_stay_unless_they_are_to_be_left_out() {
        let arguments = ["--export", "__wbg_bench_free_1111111111111111", "--export", "bench_run_1111111111111111"];
        assert_eq!(for_linker(arguments.to_vec()), arguments);
    }
}
