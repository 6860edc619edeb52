//! Lower case for comparing words. What a person reads keeps the case of its publisher.

/// Returns a text in lower case, each character by itself, so that a part of a text lowers like the whole.
///
/// The standard library looks around each capital sigma, so that the same word can lower in two ways.
pub fn lowered(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        out.extend(character.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_character_is_lowered_by_itself() {
        for (text, expected) in [("", ""), ("ISAs", "isas"), ("Élan", "élan"), ("ΟΔΟΣ", "οδοσ"), ("İ", "i\u{307}")]
        {
            assert_eq!(lowered(text), expected);
        }
    }
}
