//! From bytes to the typed pack: size, nesting and repeated keys first, then the strict shape.
//! What the values mean is checked afterwards, in `whole`.

use super::finding::{Finding, InvalidPack, shortened};
use crate::pack::Pack;
use crate::types::SortedSet;
use nearside_json::{DEEPEST_JSON, Fault, JsonError, Kind, RawJson, Reader, read_json, walk_json};

/// The most bytes of a pack: what one request to publish it may carry.
const MOST_BYTES: usize = 1_000_000;
/// The deepest nesting. A condition five groups deep inside a reason needs 15.
const DEEPEST: usize = 16;
/// Repeated keys that are named before the scan stops.
const MOST_FINDINGS: usize = 100;

/// Reads a pack's JSON strictly: no unknown, missing or repeated keys, no wrong types. Its meaning is not checked.
///
/// # Errors
/// Every repeated key and every place nested too deeply; without those, the first place that has the wrong shape.
pub fn parse_pack(bytes: &[u8]) -> Result<Pack, InvalidPack> {
    if bytes.len() > MOST_BYTES {
        let detail = format!("the pack has {} bytes, more than {MOST_BYTES}", bytes.len());
        return Err(InvalidPack(vec![Finding::new("pack", "size", detail)]));
    }
    let mut findings = Vec::new();
    let mut scan = Scan { path: String::new(), depth: 0, findings: &mut findings };
    let scanned = walk_json(DEEPEST_JSON, bytes, &mut |reader| scan.read(reader));
    if !findings.is_empty() {
        return Err(InvalidPack(findings));
    }
    if let Err(error) = scanned {
        let message = format!("{} at line {} column {}", message_of(&error), error.line, error.column);
        return Err(InvalidPack(vec![Finding::new("pack", "json", message)]));
    }
    read_json(bytes).map_err(|error| {
        let path = error.path(bytes);
        let path = if path.is_empty() { "pack" } else { path.as_str() };
        // The path says where; the line would be one of the document that was put together, which nobody wrote.
        InvalidPack(vec![Finding::new(path, "shape", message_of(&error))])
    })
}

/// serde's message with what it quotes of the input kept short.
fn message_of(error: &JsonError) -> String {
    let mut quoted = String::new();
    for (index, part) in error.message.split_inclusive(['`', '"']).enumerate() {
        // Every second part stands between quotation marks.
        if index % 2 == 1 { quoted.push_str(&shortened_quote(part)) } else { quoted.push_str(part) }
    }
    shortened(&quoted, 220)
}

fn shortened_quote(part: &str) -> String {
    match part.char_indices().nth(48) {
        Some(_) => {
            let end: String = part.chars().rev().take(1).collect();
            format!("{}{end}", shortened(part, 40))
        }
        None => part.to_owned(),
    }
}

/// Walks any JSON value and notes what typed reading would not see: keys that stand twice in a table, and depth.
struct Scan<'a> {
    path: String,
    depth: usize,
    findings: &'a mut Vec<Finding>,
}

impl Scan<'_> {
    fn inner(&mut self, part: &str) -> Scan<'_> {
        let mut path = self.path.clone();
        if !path.is_empty() && !part.starts_with('[') {
            path.push('.');
        }
        path.push_str(&shortened(part, 60));
        Scan { path, depth: self.depth + 1, findings: self.findings }
    }

    fn note(&mut self, path: &str, rule: &'static str, detail: String) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(Finding::new(path, rule, detail));
        }
    }

    fn read_table(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        let mut seen = SortedSet::new();
        reader.members("a table", &mut |reader, key| {
            let mut inner = self.inner(&key);
            inner.read(reader)?;
            let path = inner.path;
            if !seen.insert(key) {
                self.note(&path, "duplicate-key", "the key stands twice".to_owned());
            }
            Ok(())
        })
    }

    fn read_list(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        let mut index = 0_usize;
        reader.elements("a list", &mut |reader| {
            self.inner(&format!("[{index}]")).read(reader)?;
            index += 1;
            Ok(())
        })
    }

    /// True when a list or table may open here; otherwise says so.
    fn may_open(&mut self) -> bool {
        let is_allowed = self.depth < DEEPEST;
        if !is_allowed {
            let path = self.path.clone();
            self.note(&path, "depth", format!("nested deeper than {DEEPEST}"));
        }
        is_allowed
    }
}

impl Scan<'_> {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        let kind = reader.kind();
        if !matches!(kind, Some(Kind::Object | Kind::List)) {
            return reader.value::<RawJson>().map(|_| ());
        }
        if !self.may_open() {
            return Err(Fault::shape("nested too deeply"));
        }
        if kind == Some(Kind::List) { self.read_list(reader) } else { self.read_table(reader) }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::super::testing::small_pack;
    use super::*;

    fn findings(text: &str) -> Vec<String> {
        parse_pack(text.as_bytes())
            .map_or_else(|invalid| invalid.0.iter().map(Finding::to_string).collect(), |_| vec![])
    }

    #[test]
    fn a_valid_pack_is_read() {
        assert_eq!(findings(&small_pack().to_string()), Vec::<String>::new());
    }

    #[test]
    fn the_path_of_a_wrong_shape_is_told() {
        let mut pack = small_pack();
        pack["words"]["reasons"][0]["when"] = serde_json::json!({ "fact": "person.shoe_size", "above": 4 });
        let found = findings(&pack.to_string());
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("words.reasons[0].when"), "{found:?}");
        assert!(found[0].contains("person.shoe_size") && found[0].ends_with("[shape]"), "{found:?}");

        let mut pack = small_pack();
        pack["wurds"] = serde_json::json!(1);
        let found = findings(&pack.to_string());
        assert!(found[0].contains("unknown field `wurds`"), "{found:?}");
    }

    #[test]
    fn keys_that_stand_twice_are_all_named() {
        let text = small_pack().to_string();
        let twice = text.replacen("\"country_aliases\":{", "\"country_aliases\":{\"UK\":\"GB\",\"UK\":\"GB\",", 1);
        let twice = twice.replacen("\"format\":1", "\"format\":1,\"format\":1", 1);
        let found = findings(&twice);
        assert!(found.contains(&"country_aliases.UK: the key stands twice [duplicate-key]".to_owned()), "{found:?}");
        assert!(found.contains(&"format: the key stands twice [duplicate-key]".to_owned()), "{found:?}");
    }

    #[test]
    fn deep_and_large_documents_are_refused_and_never_repeated() {
        let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
        let found = findings(&deep);
        assert_eq!(found.len(), 1);
        assert!(found[0].ends_with("nested deeper than 16 [depth]"), "{found:?}");
        assert!(findings(&" ".repeat(MOST_BYTES + 1))[0].contains("1000001 bytes"));
        let long = format!("{{\"{}\": 1}}", "x".repeat(50_000));
        let found = findings(&long);
        assert!(found.iter().all(|line| line.len() < 500), "{found:?}");
    }

    #[test]
    fn what_is_not_json_says_where() {
        assert!(findings("{\"format\": 1,")[0].contains("line 1"), "{:?}", findings("{\"format\": 1,"));
        assert!(findings("{} {}")[0].contains("trailing"), "{:?}", findings("{} {}"));
        assert!(findings("")[0].ends_with("[json]"));
    }
}
