//! The forest plot: one interval a row over a shared scale, with a line where nothing differs.

use super::axis::{Scale, WIDTH, bottom_ticks, chart, fitting, label, line, place};
use super::markup::Markup;
use crate::evaluate::statistics::Interval;

/// One interval.
pub(super) struct Row {
    /// What it is of.
    pub(super) name: String,
    /// Its middle.
    pub(super) value: f64,
    /// From where to where it goes.
    pub(super) interval: Interval,
    /// What stands at its right.
    pub(super) note: String,
    /// `good`, `bad` or nothing: a colour besides the place.
    pub(super) tone: &'static str,
}

/// Rows are high enough for a name over an interval.
const ROW: f64 = 36.0;
/// Letters of a name that fit beside a note.
const NAME_LETTERS: usize = 27;

/// Draws intervals; `marked` are figures that get a line of their own, such as 0.
pub(super) fn forest(markup: &mut Markup, described: &str, rows: &[Row], marked: &[f64]) {
    let ends = rows.iter().flat_map(|row| [row.value, row.interval.lower, row.interval.upper]);
    let scale = Scale::around(ends.chain(marked.iter().copied()), 4.0, WIDTH - 4.0);
    let bottom = ROW * rows.len() as f64 + 4.0;
    chart(markup, bottom + 20.0, described, |markup| {
        bottom_ticks(markup, &scale, 0.0, bottom);
        for value in marked {
            line(markup, "marked", (scale.at(*value), 0.0), (scale.at(*value), bottom));
        }
        for (index, row) in rows.iter().enumerate() {
            draw(markup, &scale, row, ROW * index as f64);
        }
    });
}

fn draw(markup: &mut Markup, scale: &Scale, row: &Row, top: f64) {
    let y = top + 26.0;
    label(markup, "name", (0.0, top + 14.0), &fitting(&row.name, NAME_LETTERS));
    label(markup, "value end", (WIDTH, top + 14.0), &row.note);
    if row.interval.lower.is_finite() && row.interval.upper.is_finite() {
        let (low, high) = (scale.at(row.interval.lower), scale.at(row.interval.upper));
        line(markup, &format!("interval {}", row.tone), (low, y), (high, y));
    }
    if row.value.is_finite() {
        let x = place(scale.at(row.value));
        markup.empty("circle", &[("class", &format!("dot {}", row.tone)), ("cx", &x), ("cy", &place(y)), ("r", "4.5")]);
    }
}
