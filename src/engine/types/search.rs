//! Finding a text in another. Ours are short, and looked for in short ones: the standard library's search is 3 KB of the
//! Worker, with what it would say if it failed.

/// Splits a text at the first place of another: what stands before it, and what behind. None where it does not stand, or
/// is empty.
pub fn split_around<'a>(text: &'a str, part: &str) -> Option<(&'a str, &'a str)> {
    let mut places = text.as_bytes().windows(part.len().max(1));
    let at = places.position(|bytes| bytes == part.as_bytes())?;
    text.get(..at).zip(text.get(at + part.len()..))
}

/// Whether another text stands in a text.
pub fn holds(text: &str, part: &str) -> bool {
    split_around(text, part).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_split_as_the_standard_library_splits_it() {
        for text in ["", "a", "ab", "aab", "aabb", "é", "xéy", "a b a b"] {
            for part in ["a", "ab", "aab", "b", "é", " ", "longer than all of them"] {
                assert_eq!(split_around(text, part), text.split_once(part), "{part} in {text}");
                assert_eq!(holds(text, part), text.contains(part));
            }
            assert_eq!(split_around(text, ""), None);
        }
    }
}
