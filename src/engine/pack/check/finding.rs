//! What the checker says: a place, a rule, and what is wrong there. Which file of a folder holds the place is known
//! to whoever put the pack together.

/// The most characters of a path. Keys of tables are the author's own words and may be of any length.
const PATH_CHARACTERS: usize = 160;
/// The most characters of a detail: enough for a list of allowed words, too few to repeat a wrong document.
const DETAIL_CHARACTERS: usize = 300;

/// One thing that is wrong with a pack or a catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where: keys and indices from the document's root, such as `words.reasons[3].when`.
    pub path: String,
    /// The name of the rule that is broken.
    pub rule: &'static str,
    /// What is wrong, with the numbers.
    pub detail: String,
}

impl Finding {
    /// Makes a finding; what is too long to be read is shortened.
    pub fn new(path: &str, rule: &'static str, detail: String) -> Self {
        Self { path: shortened(path, PATH_CHARACTERS), rule, detail: shortened(&detail, DETAIL_CHARACTERS) }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} [{}]", self.path, self.detail, self.rule)
    }
}

/// Everything that is wrong with a pack or a catalogue; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPack(pub Vec<Finding>);

impl std::fmt::Display for InvalidPack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.as_slice() {
            [] => f.write_str("the pack is not valid"),
            [only] => only.fmt(f),
            [first, rest @ ..] => write!(f, "{first}, and {} more", rest.len()),
        }
    }
}

impl std::error::Error for InvalidPack {}

/// The beginning of a text, with an ellipsis where something is left out. Control characters become spaces, so that
/// a finding stays on its line.
pub(super) fn shortened(text: &str, most: usize) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    if text.chars().count() <= most {
        return text.chars().map(plain).collect();
    }
    text.chars().take(most.saturating_sub(1)).map(plain).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_one_line_of_bounded_length() {
        let finding = Finding::new("a.b", "rule", format!("x\ny{}", "z".repeat(9_000)));
        let line = finding.to_string();
        assert!(line.starts_with("a.b: x yzzz") && line.ends_with("z… [rule]"), "{line}");
        assert_eq!(line.chars().count(), 300 + "a.b: ".len() + " [rule]".len());
    }

    #[test]
    fn several_findings_are_told_by_the_first_and_their_number() {
        let finding = |path: &str| Finding::new(path, "rule", "is wrong".to_owned());
        let shown = |list: &[&str]| InvalidPack(list.iter().map(|path| finding(path)).collect()).to_string();
        assert_eq!(shown(&["a"]), "a: is wrong [rule]");
        assert_eq!(shown(&["a", "b", "c"]), "a: is wrong [rule], and 2 more");
    }
}
