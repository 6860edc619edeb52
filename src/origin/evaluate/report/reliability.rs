//! The reliability plot: of those who were given 10 %, did 10 % accept? Of what people took 10 % of, do lists hold 10 %?
//! On the diagonal, yes.

use super::axis::{Scale, WIDTH, bottom_ticks, chart, label, line, place, short};
use super::content::ReliabilityPoint;
use super::markup::Markup;

const LEFT: f64 = 40.0;
const BOTTOM: f64 = 290.0;
const HEIGHT: f64 = 328.0;

/// The words of a plot.
pub(super) struct Axes {
    /// Below it: what goes across, and what goes upwards.
    pub(super) name: &'static str,
    /// What goes across, before its figure.
    pub(super) across: &'static str,
    /// What goes upwards, before its figure.
    pub(super) up: &'static str,
    /// What is counted.
    pub(super) of: &'static str,
}

/// Draws the points over the diagonal. Larger points stand for more people.
pub(super) fn reliability(markup: &mut Markup, points: &[ReliabilityPoint], axes: &Axes) {
    let ends = points.iter().flat_map(|point| [point.predicted, point.observed, point.interval.upper]);
    let most = ends.filter(|end| end.is_finite()).fold(0.0, f64::max).min(1.0);
    let most = if most > 0.0 { (most * 1.05).min(1.0) } else { 1.0 };
    let (across, up) = (Scale::exact(0.0, most, LEFT, WIDTH - 6.0), Scale::exact(0.0, most, BOTTOM, 6.0));
    let largest = points.iter().map(|point| point.count).max().unwrap_or(1).max(1) as f64;
    chart(markup, HEIGHT, &described(points, axes), |markup| {
        bottom_ticks(markup, &across, 6.0, BOTTOM);
        for tick in up.ticks(4) {
            line(markup, if tick == 0.0 { "zero" } else { "grid" }, (LEFT, up.at(tick)), (WIDTH - 6.0, up.at(tick)));
            label(markup, "tick end", (LEFT - 5.0, up.at(tick) + 4.0), &short(tick));
        }
        line(markup, "marked", (across.at(0.0), up.at(0.0)), (across.at(most), up.at(most)));
        for point in points {
            let x = across.at(point.predicted);
            let ends = (up.at(point.interval.lower), up.at(point.interval.upper));
            line(markup, "interval", (x, ends.0), (x, ends.1));
            // The area is in proportion to the people, down to what can still be seen.
            let radius = place((7.0 * (point.count as f64 / largest).sqrt()).max(2.5));
            let shape = [("cx", place(x)), ("cy", place(up.at(point.observed))), ("r", radius)];
            let mut attributes = vec![("class", "dot")];
            attributes.extend(shape.iter().map(|(name, value)| (*name, value.as_str())));
            markup.empty("circle", &attributes);
        }
        label(markup, "tick middle", ((LEFT + WIDTH) / 2.0, HEIGHT - 4.0), axes.name);
    });
}

fn described(points: &[ReliabilityPoint], axes: &Axes) -> String {
    let Axes { across, up, of, .. } = axes;
    let said = points.iter().map(|point| {
        format!("{across} {}, {up} {}, {} {of}", short(point.predicted), short(point.observed), point.count)
    });
    format!("{}: {}.", axes.name, said.collect::<Vec<_>>().join("; "))
}
