//! From figures to places on paper: round ticks, scales, and numbers as short as they can be read.

use super::markup::Markup;

/// The width of every chart in units that are pixels on a telephone.
pub(super) const WIDTH: f64 = 340.0;

/// A straight scale from figures to places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// A scale that holds every finite value with a margin of 4 %, drawn `from` .. `to`.
    pub(super) fn around(values: impl Iterator<Item = f64>, from: f64, to: f64) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|value| value.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        // One value alone stands in the middle.
        let margin = if high > low { 0.04 * (high - low) } else { low.abs().max(1e-9) * 0.5 };
        Self { low: low - margin, high: high + margin, from, to }
    }

    /// A scale of exactly these bounds.
    pub(super) const fn exact(low: f64, high: f64, from: f64, to: f64) -> Self {
        Self { low, high, from, to }
    }

    /// Where a figure stands; what lies outside stands at the border.
    pub(super) fn at(&self, value: f64) -> f64 {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        self.from + share * (self.to - self.from)
    }

    /// At most about `count` round figures inside: steps of 1, 2 or 5 times a power of ten.
    pub(super) fn ticks(&self, count: usize) -> Vec<f64> {
        let rough = (self.high - self.low) / count.max(1) as f64;
        let power = 10.0_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * power).find(|step| *step >= rough * 0.999);
        let step = step.unwrap_or(10.0 * power);
        if !step.is_normal() {
            return Vec::new();
        }
        let first = (self.low / step).ceil();
        let ticks = (0..=count * 2).map(|index| (first + index as f64) * step);
        // A tick that should be 0 must not be printed as -0 or 1e-17.
        let clean = |tick: f64| if tick.abs() < step / 1e6 { 0.0 } else { tick };
        ticks.map(clean).filter(|tick| *tick >= self.low && *tick <= self.high).collect()
    }
}

/// A number in few digits: four that count, no trailing zeros; a dash where there is none.
pub(super) fn short(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let magnitude = value.abs().log10().floor();
    if !(-5.0..7.0).contains(&magnitude) {
        return format!("{value:.2e}").replace('-', "−");
    }
    let places = (3.0 - magnitude).clamp(0.0, 8.0) as usize;
    let text = format!("{value:.places$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    text.replace('-', "−")
}

/// A number as an attribute of a shape: a tenth of a pixel is fine enough.
pub(super) fn place(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

/// A chart: an image with a description for those who do not see it.
pub(super) fn chart(markup: &mut Markup, height: f64, described: &str, draw: impl FnOnce(&mut Markup)) {
    let frame = format!("0 0 {} {}", place(WIDTH), place(height));
    markup.element("svg", &[("viewBox", &frame), ("role", "img"), ("aria-label", described)], draw);
    markup.line();
}

/// A straight line.
pub(super) fn line(markup: &mut Markup, class: &str, from: (f64, f64), to: (f64, f64)) {
    let (x1, y1, x2, y2) = (place(from.0), place(from.1), place(to.0), place(to.1));
    markup.empty("line", &[("class", class), ("x1", &x1), ("y1", &y1), ("x2", &x2), ("y2", &y2)]);
}

/// A text; `class` holds where it is anchored.
pub(super) fn label(markup: &mut Markup, class: &str, at: (f64, f64), text: &str) {
    markup.leaf("text", &[("class", class), ("x", &place(at.0)), ("y", &place(at.1))], text);
}

/// Ticks along the bottom, with a thin line upwards from each.
pub(super) fn bottom_ticks(markup: &mut Markup, scale: &Scale, top: f64, bottom: f64) {
    for tick in scale.ticks(5) {
        let x = scale.at(tick);
        line(markup, if tick == 0.0 { "zero" } else { "grid" }, (x, top), (x, bottom));
        label(markup, "tick middle", (x.clamp(14.0, WIDTH - 14.0), bottom + 14.0), &short(tick));
    }
}

/// A name that fits: the middle of long ones is left out, as feature names differ at both ends.
pub(super) fn fitting(name: &str, most: usize) -> String {
    let length = name.chars().count();
    if length <= most {
        return name.to_owned();
    }
    let tail = most / 3;
    let head: String = name.chars().take(most - tail - 1).collect();
    let end: String = name.chars().skip(length - tail).collect();
    format!("{head}…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(Scale::exact(-0.3, 1.0, 0.0, 1.0).ticks(4), [0.0, 0.5, 1.0]);
        let ticks: Vec<String> = Scale::exact(-0.013, 0.021, 0.0, 1.0).ticks(4).into_iter().map(short).collect();
        assert_eq!(ticks, ["−0.01", "0", "0.01", "0.02"]);
        assert!(Scale::around(std::iter::empty(), 0.0, 1.0).ticks(4).len() > 2);
        assert!(!Scale::around([0.0].into_iter(), 0.0, 1.0).ticks(4).is_empty());
        assert!(Scale::around([f64::NAN, 1e308, -1e308].into_iter(), 0.0, 1.0).ticks(4).len() < 10);
    }

    #[test]
    fn figures_stand_in_proportion_and_never_outside() {
        let scale = Scale::exact(0.0, 10.0, 100.0, 200.0);
        assert_eq!([scale.at(5.0), scale.at(-1.0), scale.at(f64::INFINITY)], [150.0, 100.0, 200.0]);
        assert_eq!(Scale::around([3.0].into_iter(), 0.0, 10.0).at(3.0), 5.0);
    }

    #[test]
    fn numbers_are_short() {
        let found = [0.0, -0.0, 0.123_456, -12.5, 1_234_567.0, 0.1, 1e-9, f64::INFINITY, 99_999.6].map(short);
        assert_eq!(found, ["0", "0", "0.1235", "−12.5", "1234567", "0.1", "1.00e−9", "–", "100000"]);
    }

    #[test]
    fn long_names_lose_their_middle() {
        assert_eq!(fitting("category.affinity.recent.toys", 12), "categor…toys");
        assert_eq!(fitting("short", 12), "short");
    }
}
