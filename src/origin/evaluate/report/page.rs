//! The page around the sections.

use super::content::Report;
use super::markup::Markup;
use super::sections::{facts, present};

/// Colours are chosen for a contrast of 4.5 or more on their ground, in light and in dark.
const STYLE: &str = include_str!("page.css");

/// Nothing may be loaded or run, whatever a name in the report tries.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// Writes the report as one HTML page.
pub(crate) fn html(report: &Report) -> String {
    let mut markup = Markup::default();
    let title = if report.title.trim().is_empty() { "Evaluation" } else { &report.title };
    markup.element("html", &[("lang", "en")], |markup| {
        markup.element("head", &[], |markup| head(markup, title));
        markup.line();
        markup.element("body", &[], |markup| {
            markup.element("header", &[], |markup| {
                markup.leaf("h1", &[], title);
                facts(markup, &report.facts);
            });
            markup.line();
            contents(markup, report);
            markup.element("main", &[], |markup| sections(markup, report));
        });
    });
    markup.document()
}

fn head(markup: &mut Markup, title: &str) {
    markup.empty("meta", &[("charset", "utf-8")]);
    markup.empty("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
    markup.empty("meta", &[("http-equiv", "Content-Security-Policy"), ("content", POLICY)]);
    markup.empty("meta", &[("name", "color-scheme"), ("content", "light dark")]);
    markup.leaf("title", &[], &format!("{title} · Nearside"));
    markup.line();
    markup.style(STYLE);
}

/// Links to the sections, where there is more than one.
fn contents(markup: &mut Markup, report: &Report) {
    let present = present(report);
    if present.len() < 2 {
        return;
    }
    markup.element("nav", &[("aria-label", "Sections")], |markup| {
        for (id, title, _) in present {
            markup.leaf("a", &[("href", &format!("#{id}"))], title);
        }
    });
    markup.line();
}

fn sections(markup: &mut Markup, report: &Report) {
    for (id, title, draw) in present(report) {
        let heading = format!("{id}-heading");
        markup.element("section", &[("id", id), ("aria-labelledby", &heading)], |markup| {
            markup.leaf("h2", &[("id", &heading)], title);
            draw(markup, report);
        });
        markup.line();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#[path = "page_tests.rs"]
mod tests;
