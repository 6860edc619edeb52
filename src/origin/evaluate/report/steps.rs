//! A term of the model: what it adds, step by step.
//!
//! Cuts stand at equal distances, whatever lies between them: they are where the model looks, and days, counts and
//! scores would otherwise be squeezed to one side.

use super::axis::{Scale, WIDTH, chart, label, line, place, short};
use super::content::StepTerm;
use super::markup::Markup;

const HEIGHT: f64 = 150.0;
const LEFT: f64 = 44.0;
const BOTTOM: f64 = 126.0;
/// Characters of labels that fit side by side, with the room between them.
const MOST_CHARACTERS: usize = 40;
/// Room between two labels.
const BETWEEN: usize = 2;

/// Draws one term.
pub(super) fn steps(markup: &mut Markup, term: &StepTerm) {
    let across = Scale::exact(0.0, term.values.len().max(1) as f64, LEFT, WIDTH - 2.0);
    let up = Scale::around(term.values.iter().copied().chain([0.0]), BOTTOM, 6.0);
    chart(markup, HEIGHT, &described(term), |markup| {
        for tick in up.ticks(4) {
            line(markup, if tick == 0.0 { "zero" } else { "grid" }, (LEFT, up.at(tick)), (WIDTH, up.at(tick)));
            label(markup, "tick end", (LEFT - 5.0, up.at(tick) + 4.0), &short(tick));
        }
        let longest = term.cuts.iter().map(|cut| short(*cut).chars().count()).max().unwrap_or_default();
        let every = term.cuts.len().div_ceil(MOST_CHARACTERS / (longest + BETWEEN)).max(1);
        for (index, cut) in term.cuts.iter().enumerate() {
            let x = across.at((index + 1) as f64);
            line(markup, "grid", (x, BOTTOM), (x, BOTTOM + 4.0));
            if index % every == 0 {
                label(markup, "tick middle", (x.clamp(LEFT, WIDTH - 16.0), BOTTOM + 17.0), &short(*cut));
            }
        }
        let points =
            term.values.iter().enumerate().filter(|(_, value)| value.is_finite()).flat_map(|(index, value)| {
                [index, index + 1].map(|end| format!("{},{}", place(across.at(end as f64)), place(up.at(*value))))
            });
        markup.empty("polyline", &[("class", "steps"), ("points", &points.collect::<Vec<_>>().join(" "))]);
    });
}

/// Every step in words.
fn described(term: &StepTerm) -> String {
    let values: Vec<String> = term.values.iter().map(|value| short(*value)).collect();
    let cuts: Vec<String> = term.cuts.iter().map(|cut| short(*cut)).collect();
    if cuts.is_empty() {
        return format!("{} adds {} everywhere.", term.feature, values.join(", "));
    }
    format!("{} adds {}; the steps are at {}.", term.feature, values.join(", "), cuts.join(", "))
}
