//! Life stages, literacy bands, and the tables that say which category suits whom.

use super::report::Report;
use super::texts::{Place, check_text};
use crate::pack::Pack;
use crate::types::SortedMap;
use nearside_json::PlainNumber;

/// Checks `relevance`.
pub(super) fn check(pack: &Pack, report: &mut Report) {
    check_life_stages(pack, report);
    check_bands(pack, report);
    let relevance = &pack.relevance;
    for (expertise, literacy) in &relevance.expertise_literacy {
        report.range(&format!("relevance.expertise_literacy.{}", expertise.name()), *literacy, 1.0..=10.0);
    }
    let stages: Vec<&str> = relevance.life_stages.iter().map(|stage| stage.id.as_str()).collect();
    let countries: Vec<&str> = pack.countries.iter().map(String::as_str).collect();
    let life_stage = ("life_stage_table", "known-life-stage", stages.as_slice());
    check_table(life_stage, &relevance.life_stage_table, pack, report);
    let income = ("income_table", "known-level", ["LOW", "MEDIUM", "HIGH"].as_slice());
    check_table(income, &relevance.income_table, pack, report);
    let country = ("country_table", "known-country", countries.as_slice());
    check_table(country, &relevance.country_table, pack, report);
}

fn check_life_stages(pack: &Pack, report: &mut Report) {
    let stages = &pack.relevance.life_stages;
    let path = |index: usize| format!("relevance.life_stages[{index}]");
    report.unique(stages.iter().map(|stage| stage.id.as_str()), |index| format!("{}.id", path(index)));
    for (index, stage) in stages.iter().enumerate() {
        report.text_id(&format!("{}.id", path(index)), &stage.id);
        check_text(&format!("{}.name", path(index)), &stage.name, Place::NAME, report);
        if stage.to_age < stage.from_age {
            let detail = format!("ends at {} before it begins at {}", stage.to_age, stage.from_age);
            report.add(&path(index), "life-stage-order", detail);
        }
    }
    for (index, pair) in stages.windows(2).enumerate() {
        if let [earlier, later] = pair
            && u16::from(later.from_age) != u16::from(earlier.to_age) + 1
        {
            let detail = format!("begins at {}, but the one before ends at {}", later.from_age, earlier.to_age);
            report.add(&path(index + 1), "life-stage-order", detail);
        }
    }
}

fn check_bands(pack: &Pack, report: &mut Report) {
    let bands = &pack.relevance.literacy_bands;
    let path = |index: usize| format!("relevance.literacy_bands[{index}]");
    report.unique(bands.iter().map(|band| band.id.as_str()), |index| format!("{}.id", path(index)));
    let mut below = 1.0;
    for (index, band) in bands.iter().enumerate() {
        report.text_id(&format!("{}.id", path(index)), &band.id);
        if !(band.up_to > below && band.up_to <= 10.0) {
            let detail =
                format!("must be above {} and at most 10, not {}", PlainNumber(below), PlainNumber(band.up_to));
            report.add(&format!("{}.up_to", path(index)), "band-order", detail);
        }
        below = band.up_to;
    }
    if let Some(last) = bands.last()
        && last.up_to < 10.0
    {
        let detail = format!("the last band must reach 10, not {}", PlainNumber(last.up_to));
        report.add(&format!("{}.up_to", path(bands.len() - 1)), "band-order", detail);
    }
}

/// Checks one table: `(its key, the rule of its columns, the columns)`.
fn check_table(
    (name, rule, columns): (&str, &'static str, &[&str]),
    table: &SortedMap<String, SortedMap<String, f64>>,
    pack: &Pack,
    report: &mut Report,
) {
    for (category, row) in table {
        let path = format!("relevance.{name}.{category}");
        let known = pack.categories.iter().map(|category| category.id.as_str());
        report.known(&path, "known-category", category, known, "one of the pack's categories");
        for (column, value) in row {
            let path = format!("{path}.{column}");
            report.known(&path, rule, column, columns.iter().copied(), "a column of this table");
            report.range(&path, *value, 0.0..=1.0);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use serde_json::json;

    use super::super::testing::check_value;

    #[test]
    fn life_stages_follow_each_other() {
        let at = "relevance.life_stages[1]";
        check_value("/relevance/life_stages/1/from_age", json!(19), at, "life-stage-order");
        check_value("/relevance/life_stages/1/from_age", json!(17), at, "life-stage-order");
        check_value("/relevance/life_stages/1/to_age", json!(17), at, "life-stage-order");
        check_value("/relevance/life_stages/0/name", json!(""), "relevance.life_stages[0].name", "text-length");
        let again = json!({ "id": "ADULT", "name": "Adult", "from_age": 121, "to_age": 122 });
        check_value("/relevance/life_stages/-", again, "relevance.life_stages[2].id", "duplicate-id");
    }

    #[test]
    fn literacy_bands_rise_to_ten() {
        check_value("/relevance/literacy_bands/0/up_to", json!(0.5), "relevance.literacy_bands[0].up_to", "band-order");
        check_value(
            "/relevance/literacy_bands/0/up_to",
            json!(10.0),
            "relevance.literacy_bands[1].up_to",
            "band-order",
        );
        check_value("/relevance/literacy_bands/1/up_to", json!(9.0), "relevance.literacy_bands[1].up_to", "band-order");
        check_value("/relevance/expertise_literacy/EXPERT", json!(11), "relevance.expertise_literacy.EXPERT", "range");
    }

    #[test]
    fn tables_have_known_rows_and_columns_and_shares() {
        let relevance = |path: &str| format!("relevance.{path}");
        check_value(
            "/relevance/life_stage_table/GLOVES",
            json!({}),
            &relevance("life_stage_table.GLOVES"),
            "known-category",
        );
        check_value(
            "/relevance/life_stage_table/HATS",
            json!({ "TEEN": 1 }),
            &relevance("life_stage_table.HATS.TEEN"),
            "known-life-stage",
        );
        check_value(
            "/relevance/income_table/SHOES",
            json!({ "RICH": 1 }),
            &relevance("income_table.SHOES.RICH"),
            "known-level",
        );
        check_value(
            "/relevance/country_table/SHOES",
            json!({ "UK": 1 }),
            &relevance("country_table.SHOES.UK"),
            "known-country",
        );
        check_value(
            "/relevance/country_table/SHOES",
            json!({ "ZA": 1.1 }),
            &relevance("country_table.SHOES.ZA"),
            "range",
        );
    }
}
