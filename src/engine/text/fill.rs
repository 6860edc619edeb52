//! Templates of the pack: texts with placeholders in braces. Which template is said is the business of `speech`.

use super::money::{format_amount, format_percentage};
use crate::pack::Words;
use crate::types::{Item, WrittenTime, parse_written};

/// The values of the placeholders; what is None cannot be said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fill<'a> {
    /// `{amount}`: what the item is worth, as money.
    pub amount: Option<String>,
    /// `{percentage}`: what the item is worth, in per cent, without a sign.
    pub percentage: Option<String>,
    /// `{date}`: the item's deadline.
    pub date: Option<String>,
    /// `{category}`: the category's name.
    pub category: Option<&'a str>,
    /// `{country}`.
    pub country: Option<&'a str>,
    /// `{life_stage}`: the life stage's name.
    pub life_stage: Option<&'a str>,
    /// `{term}` of the glossary.
    pub term: Option<&'a str>,
    /// `{plain}`: its explanation in sentences.
    pub plain: Option<&'a str>,
    /// `{short}`: its explanation in a few words.
    pub short: Option<&'a str>,
    /// `{title}`: the item's, as the reader sees it.
    pub title: Option<&'a str>,
    /// `{days}`: the deadline is less than so many days away.
    pub days: Option<String>,
    /// `{count}`: so many people took the item up, at least.
    pub count: Option<String>,
    /// `{window_days}`: in so many days.
    pub window_days: Option<String>,
}

impl<'a> Fill<'a> {
    /// Takes what an item tells: amount, percentage, date. The caller adds names and the reader's facts.
    pub fn of_item(item: &Item, words: &Words) -> Self {
        let benefit = item.benefit.as_ref();
        let amount = benefit.and_then(|benefit| format_amount(benefit.amount?, benefit.currency.as_deref()?, words));
        Self {
            amount,
            percentage: benefit.and_then(|benefit| format_percentage(benefit.percentage?)),
            date: item.deadline.as_deref().and_then(|deadline| format_date(deadline, words)),
            ..Self::default()
        }
    }

    fn value(&self, name: &str) -> Option<&str> {
        match name {
            "amount" => self.amount.as_deref(),
            "percentage" => self.percentage.as_deref(),
            "date" => self.date.as_deref(),
            "category" => self.category,
            "country" => self.country,
            "life_stage" => self.life_stage,
            "term" => self.term,
            "plain" => self.plain,
            "short" => self.short,
            "title" => self.title,
            "days" => self.days.as_deref(),
            "count" => self.count.as_deref(),
            "window_days" => self.window_days.as_deref(),
            _ => None,
        }
    }
}

/// Fills a template; None when a placeholder has no value or is not known, so that no reader ever sees a brace.
/// A brace that opens no placeholder stays as it is.
pub fn fill(template: &str, values: &Fill<'_>) -> Option<String> {
    let mut out = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((text, after)) = rest.split_once('{') {
        out.push_str(text);
        let name_end = after.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).unwrap_or(after.len());
        let (name, behind) = after.split_at_checked(name_end)?;
        match behind.strip_prefix('}') {
            Some(behind) if !name.is_empty() => {
                out.push_str(values.value(name)?);
                rest = behind;
            }
            _ => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Some(out)
}

/// Writes the day of an RFC 3339 time with the pack's months, "5 April 2027", or as an ISO date without them.
/// The day is the one that its publisher wrote, in the offset that they wrote: nobody's deadline moves by travelling.
pub fn format_date(rfc3339: &str, words: &Words) -> Option<String> {
    let WrittenTime { year, month, day, .. } = parse_written(rfc3339)?;
    let month_index = usize::try_from(month - 1).ok()?;
    Some(match words.months.get(month_index) {
        Some(name) if words.months.len() == 12 => format!("{day} {name} {year}"),
        _ => rfc3339.get(..10)?.to_owned(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::text::testing::words;

    #[track_caller]
    fn check(template: &str, expected: Option<&str>) {
        let values = Fill {
            amount: Some("£1,200".to_owned()),
            category: Some("Tax"),
            term: Some("{amount}"),
            ..Fill::default()
        };
        assert_eq!(fill(template, &values).as_deref(), expected, "{template:?}");
    }

    #[test]
    fn placeholders_take_their_values() {
        check("", Some(""));
        check("Worth {amount} a year.", Some("Worth £1,200 a year."));
        check("{category}: {amount}{amount}", Some("Tax: £1,200£1,200"));
        check("{category} — £", Some("Tax — £"));
    }

    #[test]
    fn a_text_whose_placeholder_has_no_value_is_not_said() {
        check("Saves {percentage} %.", None);
        check("Dear {name}", None);
        check("Until {date}, {amount}", None);
    }

    #[test]
    fn other_braces_stay_and_values_are_not_templates() {
        check("a { b } c", Some("a { b } c"));
        check("{}", Some("{}"));
        check("{amount", Some("{amount"));
        check("{{amount}}", Some("{£1,200}"));
        check("{Amount}", Some("{Amount}"));
        check("{term}", Some("{amount}"));
    }

    #[test]
    fn a_date_is_the_day_its_publisher_wrote() {
        let named = words();
        let mut iso = words();
        iso.months.clear();
        let cases = [
            ("2027-04-05T22:59:59Z", Some("5 April 2027"), Some("2027-04-05")),
            ("2027-03-01T00:00:00+02:00", Some("1 March 2027"), Some("2027-03-01")),
            ("2027-12-31T23:59:59-05:00", Some("31 December 2027"), Some("2027-12-31")),
            ("5 April 2027", None, None),
            ("", None, None),
        ];
        for (at, with_months, without) in cases {
            assert_eq!(format_date(at, &named).as_deref(), with_months, "{at}");
            assert_eq!(format_date(at, &iso).as_deref(), without, "{at}");
        }
    }
}
