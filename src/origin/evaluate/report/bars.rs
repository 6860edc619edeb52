//! Bars: one figure a row, its name above it, its value at the right, a whisker where its error is known.

use super::axis::{Scale, WIDTH, chart, fitting, label, line, place, short};
use super::markup::Markup;

/// One bar.
pub(super) struct Row {
    /// What it is of.
    pub(super) name: String,
    /// How long it is.
    pub(super) value: f64,
    /// What stands at its right.
    pub(super) note: String,
    /// From where to where the whisker goes.
    pub(super) whisker: Option<(f64, f64)>,
}

/// Rows are high enough for a name over a bar.
const ROW: f64 = 34.0;
/// Letters of a name that fit beside a note.
const NAME_LETTERS: usize = 30;

/// Draws bars from zero.
pub(super) fn bars(markup: &mut Markup, described: &str, rows: &[Row]) {
    let ends = rows.iter().flat_map(|row| {
        let (low, high) = row.whisker.unwrap_or((row.value, row.value));
        [row.value, low, high]
    });
    let (low, high) = ends
        .filter(|end| end.is_finite())
        .fold((0.0, 0.0), |(low, high): (f64, f64), end| (low.min(end), high.max(end)));
    let scale = Scale::exact(low, if high > low { high } else { low + 1.0 }, 1.0, WIDTH - 1.0);
    let height = ROW * rows.len() as f64 + 2.0;
    chart(markup, height, described, |markup| {
        line(markup, "zero", (scale.at(0.0), 0.0), (scale.at(0.0), height));
        for (index, row) in rows.iter().enumerate() {
            let top = ROW * index as f64;
            label(markup, "name", (5.0, top + 14.0), &fitting(&row.name, NAME_LETTERS));
            label(markup, "value end", (WIDTH, top + 14.0), &row.note);
            let (zero, end) = (scale.at(0.0), scale.at(if row.value.is_finite() { row.value } else { 0.0 }));
            let (left, width) = (place(zero.min(end)), place((zero - end).abs()));
            let shape = [("x", left.as_str()), ("y", &place(top + 19.0)), ("width", &width), ("height", "11")];
            markup.empty("rect", &[&[("class", "bar"), ("rx", "2")], &shape[..]].concat());
            if let Some((low, high)) = row.whisker.filter(|(low, high)| low.is_finite() && high.is_finite()) {
                let y = top + 24.5;
                line(markup, "whisker", (scale.at(low), y), (scale.at(high), y));
                for end in [low, high] {
                    line(markup, "whisker", (scale.at(end), y - 4.0), (scale.at(end), y + 4.0));
                }
            }
        }
    });
}

/// A value and its error as a note, both with as many decimals as the error has to say.
pub(super) fn with_error(value: f64, standard_error: f64) -> String {
    let Some(places) = error_places(standard_error) else { return short(value) };
    format!("{} ± {standard_error:.places$}", as_exact(value, standard_error))
}

/// A value with as many decimals as its error has to say.
pub(super) fn as_exact(value: f64, standard_error: f64) -> String {
    match error_places(standard_error).filter(|_| value.is_finite()) {
        Some(places) => format!("{value:.places$}").replace('-', "−"),
        None => short(value),
    }
}

/// An error in two digits that count: more would be noise.
pub(super) fn short_error(error: f64) -> String {
    error_places(error)
        .map_or_else(|| short(if error.is_finite() { 0.0 } else { error }), |places| format!("{error:.places$}"))
}

/// Decimals for two digits that count; None for an error that is unknown, or too small to be one.
fn error_places(error: f64) -> Option<usize> {
    let is_error = error.is_finite() && error > 1e-9;
    is_error.then(|| (1.0 - error.log10().floor()).clamp(0.0, 10.0) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_the_decimals_of_their_errors() {
        let found = [(0.24951, 0.0092), (0.01, 0.00047), (-5.1234, 0.12), (0.5, f64::INFINITY), (0.06, 1e-18)];
        let found = found.map(|(value, error)| with_error(value, error));
        assert_eq!(found, ["0.2495 ± 0.0092", "0.01000 ± 0.00047", "−5.12 ± 0.12", "0.5", "0.06"]);
        assert_eq!([0.0123, 0.0, f64::INFINITY].map(short_error), ["0.012", "0", "–"]);
        assert_eq!([-0.03012, f64::INFINITY].map(|bound| as_exact(bound, 0.0076)), ["−0.0301", "–"]);
    }
}
