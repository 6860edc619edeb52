//! Tables for a terminal: aligned columns, a header in bold where that is wanted.

use std::io::IsTerminal;

/// A table of texts. The first column stands left, the others right.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct TextTable {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl TextTable {
    /// Begins a table with the names of its columns.
    pub(crate) fn new<T: Into<String>>(header: impl IntoIterator<Item = T>) -> Self {
        Self { header: header.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// Adds a row. Cells that are missing stay empty; control characters become spaces.
    pub(crate) fn row<T: Into<String>>(&mut self, cells: impl IntoIterator<Item = T>) {
        let plain = |cell: T| cell.into().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.rows.push(cells.into_iter().map(plain).collect());
    }

    /// The table as lines, without colour.
    pub(crate) fn plain(&self) -> String {
        self.lines(|header| header)
    }

    /// The table with a bold header, unless standard output is no terminal or `NO_COLOR` is set to anything.
    pub(crate) fn for_terminal(&self) -> String {
        let is_plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        if is_plain || !std::io::stdout().is_terminal() {
            return self.plain();
        }
        self.lines(|header| format!("\u{1b}[1m{header}\u{1b}[0m"))
    }

    fn lines(&self, style: impl Fn(String) -> String) -> String {
        let widths: Vec<usize> = (0..self.columns()).map(|column| self.width(column)).collect();
        let line = |cells: &Vec<String>| {
            let padded = widths.iter().enumerate().map(|(column, width)| {
                let cell = cells.get(column).map_or("", String::as_str);
                if column == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
            });
            padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        let rows = self.rows.iter().map(|row| line(row) + "\n");
        std::iter::once(style(line(&self.header)) + "\n").chain(rows).collect()
    }

    fn columns(&self) -> usize {
        self.rows.iter().map(Vec::len).chain([self.header.len()]).max().unwrap_or_default()
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().chain([&self.header]).filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    }
}

/// A number with so many decimals; a dash where there is none.
pub(crate) fn decimals(value: f64, places: usize) -> String {
    if value.is_finite() { format!("{value:.places$}") } else { "-".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_their_names() {
        let mut table = TextTable::new(["model", "people", "NDCG@10"]);
        table.row(["popularité", "1096", &decimals(0.1115, 4)]);
        table.row(["a\u{1b}b", "7", &decimals(f64::INFINITY, 4)]);
        let expected = "model       people  NDCG@10\npopularité    1096   0.1115\na b              7        -\n";
        assert_eq!(table.plain(), expected);
    }

    #[test]
    fn rows_may_be_short_and_long() {
        let mut table = TextTable::new(["a"]);
        table.row(["1", "2"]);
        table.row(Vec::<String>::new());
        assert_eq!(table.plain(), "a\n1  2\n\n");
    }
}
