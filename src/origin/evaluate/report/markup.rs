//! HTML that cannot be malformed: elements close themselves, texts and attributes are escaped.

use std::fmt::Write;

/// HTML in the making.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Markup {
    text: String,
}

/// The attributes of an element.
pub(super) type Attributes<'a> = &'a [(&'a str, &'a str)];

impl Markup {
    /// Adds an element with what `inside` makes.
    pub(super) fn element(&mut self, tag: &str, attributes: Attributes<'_>, inside: impl FnOnce(&mut Self)) {
        self.start(tag, attributes);
        self.text.push('>');
        inside(self);
        self.text.push_str("</");
        self.text.push_str(tag);
        self.text.push('>');
    }

    /// Adds an element that holds a text.
    pub(super) fn leaf(&mut self, tag: &str, attributes: Attributes<'_>, text: &str) {
        self.element(tag, attributes, |markup| markup.text(text));
    }

    /// Adds an element without content, `<x />`, which readers of HTML and of XML take: a void one, or a shape.
    pub(super) fn empty(&mut self, tag: &str, attributes: Attributes<'_>) {
        self.start(tag, attributes);
        self.text.push_str(" />");
    }

    /// Adds a text.
    pub(super) fn text(&mut self, text: &str) {
        escape(text, &mut self.text);
    }

    /// Adds a style sheet of this program. It must hold no `<`: that is for the caller to see to.
    pub(super) fn style(&mut self, sheet: &'static str) {
        self.element("style", &[], |markup| markup.text.push_str(sheet));
    }

    /// Begins the next line, for those who read the source.
    pub(super) fn line(&mut self) {
        self.text.push('\n');
    }

    /// The finished document.
    pub(super) fn document(self) -> String {
        format!("<!DOCTYPE html>\n{}\n", self.text)
    }

    fn start(&mut self, tag: &str, attributes: Attributes<'_>) {
        self.text.push('<');
        self.text.push_str(tag);
        for (name, value) in attributes {
            // Writing to a string cannot fail.
            let _ = write!(self.text, " {name}=\"");
            escape(value, &mut self.text);
            self.text.push('"');
        }
    }
}

/// Escapes what means something in HTML or XML; control characters other than white space become U+FFFD, as neither may
/// hold them.
fn escape(text: &str, into: &mut String) {
    for c in text.chars() {
        match c {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            '\'' => into.push_str("&#39;"),
            '\n' | '\t' => into.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => into.push('\u{fffd}'),
            c => into.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_escapes_the_escaping() {
        let mut markup = Markup::default();
        let hostile = "<script>alert('x')</script>\" onload=\"&\u{0}";
        markup.leaf("p", &[("title", hostile)], hostile);
        markup.empty("br", &[]);
        let safe = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot; onload=&quot;&amp;\u{fffd}";
        assert_eq!(markup.document(), format!("<!DOCTYPE html>\n<p title=\"{safe}\">{safe}</p><br />\n"));
    }
}
