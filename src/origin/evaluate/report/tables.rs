//! Tables of a report: a caption, headers for columns and rows, and a frame that scrolls when it is too wide.

use super::markup::Markup;

/// A cell: a text, and perhaps a class.
pub(super) struct Cell {
    /// What stands in it.
    pub(super) text: String,
    /// What stands below it, smaller; empty when nothing does.
    pub(super) below: String,
    /// `best`, `good`, `bad` or nothing.
    pub(super) class: &'static str,
}

impl Cell {
    /// A cell without a class.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), below: String::new(), class: "" }
    }
}

/// Draws a table. The first cell of a row is its header.
pub(super) fn table(markup: &mut Markup, caption: &str, header: &[&str], rows: &[Vec<Cell>]) {
    // A region that scrolls must be reachable by keyboard, and have a name.
    let frame = [("class", "scroll"), ("role", "region"), ("aria-label", caption), ("tabindex", "0")];
    markup.element("div", &frame, |markup| {
        markup.element("table", &[], |markup| {
            markup.element("caption", &[], |markup| markup.leaf("span", &[], caption));
            markup.element("thead", &[], |markup| {
                markup.element("tr", &[], |markup| {
                    header.iter().for_each(|name| markup.leaf("th", &[("scope", "col")], name));
                });
            });
            markup.element("tbody", &[], |markup| rows.iter().for_each(|row| draw_row(markup, row)));
        });
    });
    markup.line();
}

fn draw_row(markup: &mut Markup, row: &[Cell]) {
    markup.element("tr", &[], |markup| {
        for (index, cell) in row.iter().enumerate() {
            if index == 0 {
                markup.leaf("th", &[("scope", "row")], &cell.text);
                continue;
            }
            let class = [("class", cell.class)];
            markup.element("td", if cell.class.is_empty() { &[] } else { &class }, |markup| {
                markup.text(&cell.text);
                if !cell.below.is_empty() {
                    markup.text(" ");
                    markup.leaf("small", &[], &cell.below);
                }
            });
        }
    });
    markup.line();
}
