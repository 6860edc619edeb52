//! A text between quotation marks, in messages. The standard library's way knows which characters of Unicode can be
//! printed, and its tables are a hundredth of the Worker.

use std::fmt::{self, Display};

use crate::text::push_quoted;

/// Shows a text as JSON writes it.
#[derive(Debug, Clone, Copy)]
pub struct Quoted<'a>(pub &'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut quoted = String::new();
        push_quoted(&mut quoted, self.0);
        f.write_str(&quoted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_quoted_as_rust_quotes_it_unless_it_holds_what_cannot_be_printed() {
        for text in ["", "plain", "£1,200 – naïve", "a \"b\" \\ c", "line\nline\ttab"] {
            assert_eq!(Quoted(text).to_string(), format!("{text:?}"));
        }
        assert_eq!(Quoted("\u{1}").to_string(), r#""\u0001""#);
    }
}
