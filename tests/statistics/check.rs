//! Compares the engine's statistics with a table of expected numbers, section by section. The table in
//! `tests/vectors/statistics.json` has the same form as those of other libraries, which are checked by the command.

use std::collections::BTreeMap;

use nearside_engine::analysis::*;
use nearside_engine::math::*;
use serde_json::Value;

/// The greatest relative error of a section, the number of figures, and the figure that is worst.
#[derive(Debug, Default)]
pub struct Section {
    pub greatest_error: f64,
    pub figures: usize,
    pub worst: String,
}

pub type Report = BTreeMap<String, Section>;

/// Compares everything that is known of in the table.
///
/// # Panics
/// When a section is not what it is in the tables that are known.
pub fn report(table: &Value) -> Report {
    let mut report = Report::new();
    for (name, rows) in table.as_object().unwrap() {
        let Some(found) = checker(name) else { continue };
        let rows: Vec<&Value> = rows.as_array().map_or_else(|| vec![rows], |rows| rows.iter().collect());
        for row in rows {
            for (figure, found) in found(row) {
                let pointer = format!("/{}", figure.replace('.', "/"));
                let expected = row.pointer(&pointer).unwrap_or_else(|| panic!("{name} has no {figure}"));
                note(report.entry(name.clone()).or_default(), &figure, found, expected.as_f64().unwrap());
            }
        }
    }
    report
}

/// Sections that a table has and nobody compares.
pub fn left_out(table: &Value) -> Vec<String> {
    let is_section = |value: &Value| value.is_array() || value.is_object();
    let sections = table.as_object().unwrap().iter().filter(|(_, value)| is_section(value));
    sections.filter(|(name, _)| checker(name).is_none()).map(|(name, _)| name.clone()).collect()
}

pub fn note(section: &mut Section, figure: &str, found: f64, expected: f64) {
    let error = if found == expected { 0.0 } else { (found - expected).abs() / expected.abs().max(found.abs()) };
    // What is 0 exactly may come out as rounding.
    let error = if expected == 0.0 && found.abs() < 1e-15 { 0.0 } else { error };
    section.figures += 1;
    // A figure that is no number is as wrong as can be.
    if error >= section.greatest_error || error.is_nan() {
        section.greatest_error = if error.is_nan() { f64::INFINITY } else { error };
        section.worst = format!("{figure}: {found} instead of {expected}");
    }
}

type Figures = Vec<(String, f64)>;

fn checker(section: &str) -> Option<fn(&Value) -> Figures> {
    Some(match section {
        "two_proportions" => two_rates,
        "welch" => welch_test,
        "srm_chi2" => {
            |row| one("p", ratio(row, 1.0).p_value).into_iter().chain(one("chi2", ratio(row, 1.0).chi_square)).collect()
        }
        "srm_zero_weight_arm" => |row| one("p_df1", ratio(row, 1.0).p_value),
        "sample_size_proportions" => sizes,
        "multiple" => corrections,
        "asymp_confidence_sequence_waudby_smith" => sequence,
        "beta_binomial_e_value_equal_split" => |row| {
            let (won, lost) = (number(row, "treat"), number(row, "control"));
            one("log_e", log_e_of_successes(won, lost, 0.5, 2.0 * number(row, "prior")))
        },
        "dirichlet_multinomial_srm_e_value" => |row| one("log_e", ratio(row, number(row, "concentration")).log_e),
        "norm" => |row| one("sf", normal_sf(number(row, "x"))),
        "norm_log" => |row| one("log_sf", log_normal_sf(number(row, "x"))),
        "norm_ppf" => |row| one("x", normal_quantile(number(row, "p"))),
        "student_t_sf" => |row| one("sf", student_sf(number(row, "t"), number(row, "df"))),
        "t_ppf" => |row| one("x", -student_upper_quantile(number(row, "p"), number(row, "df"))),
        "chi2_sf" => |row| one("sf", chi_square_sf(number(row, "x"), number(row, "df"))),
        "incomplete_beta" => |row| {
            one(
                "log_i",
                log_incomplete_beta(number(row, "a"), number(row, "b"), number(row, "x"), 1.0 - number(row, "x")).0,
            )
        },
        "too_many" => |row| {
            one(
                "log_e",
                log_e_of_too_many(
                    number(row, "won"),
                    number(row, "lost"),
                    number(row, "p"),
                    number(row, "concentration"),
                ),
            )
        },
        "fieller" => fieller,
        "cuped" => pre_period,
        _ => return None,
    })
}

fn number(row: &Value, name: &str) -> f64 {
    row[name].as_f64().unwrap_or_else(|| panic!("{name} is no number: {row}"))
}

fn numbers(row: &Value, name: &str) -> Vec<f64> {
    row[name].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

fn one(figure: &str, found: f64) -> Figures {
    vec![(figure.to_owned(), found)]
}

fn named<const N: usize>(figures: [(&str, f64); N]) -> Figures {
    figures.map(|(figure, found)| (figure.to_owned(), found)).to_vec()
}

fn list(name: &str, found: Vec<f64>) -> Figures {
    found.into_iter().enumerate().map(|(place, found)| (format!("{name}.{place}"), found)).collect()
}

fn two_rates(row: &Value) -> Figures {
    let arm = |units, conversions| Conversions {
        units: number(row, units) as u64,
        conversions: number(row, conversions) as u64,
    };
    let (control, variant) = (arm("nc", "sc"), arm("nt", "st"));
    let test = two_proportions(&control, &variant, 0.05).unwrap();
    let (of_control, of_variant) = (wilson_interval(&control, 0.05).unwrap(), wilson_interval(&variant, 0.05).unwrap());
    named([
        ("z_pooled", test.z_pooled),
        ("p_pooled", test.p_pooled),
        ("diff", test.difference),
        ("se_unpooled", test.standard_error),
        ("z_unpooled", test.z_unpooled),
        ("p_unpooled", test.p_unpooled),
        ("wilson95.0.0", of_control.lower),
        ("wilson95.0.1", of_control.upper),
        ("wilson95.1.0", of_variant.lower),
        ("wilson95.1.1", of_variant.upper),
        ("newcombe95.0", test.interval.lower),
        ("newcombe95.1", test.interval.upper),
    ])
}

/// Sums with this mean and variance.
fn values(units: f64, mean: f64, variance: f64) -> Values {
    let sum_of_squares = (units - 1.0) * variance + units * mean * mean;
    Values { units: units as u64, sum: units * mean, sum_of_squares, ..Values::default() }
}

fn beside(control: Values, variant: Values) -> Stratum<Values> {
    Stratum { control_share: 0.5, variant_share: 0.5, control, variant }
}

fn welch_test(row: &Value) -> Figures {
    let arm = |units, mean, variance| values(number(row, units), number(row, mean), number(row, variance));
    let stratum = beside(arm("n1", "mean1", "var1"), arm("n2", "mean2", "var2"));
    let test = welch(&estimate_values(&[stratum]).unwrap(), 0.05).unwrap();
    let (lower, upper) = (test.interval.lower, test.interval.upper);
    named([("t", test.t), ("df", test.degrees), ("p", test.p_value), ("ci95.0", lower), ("ci95.1", upper)])
}

fn ratio(row: &Value, concentration: f64) -> SampleRatio {
    let counts = numbers(row, "counts").into_iter().map(|count| count as u64);
    let arms: Vec<ArmCount> = counts.zip(numbers(row, "weights")).collect();
    sample_ratio([&arms[..]], &[concentration])
}

fn sizes(row: &Value) -> Figures {
    let base = number(row, "base");
    let (variant, demands) = (
        base * (1.0 + number(row, "rel_mde")),
        Demands { alpha: number(row, "alpha"), power: number(row, "power"), ratio: number(row, "ratio") },
    );
    named([
        ("n_control_cohen_h", units_for_rates_by_arcsine(base, variant, &demands).unwrap()),
        ("n_control_unpooled", units_for_rates(base, variant, &demands, NullVariance::Unpooled).unwrap()),
        ("n_control_pooled", units_for_rates(base, variant, &demands, NullVariance::Pooled).unwrap()),
    ])
}

fn corrections(row: &Value) -> Figures {
    let p = numbers(row, "p");
    let mut figures = list("bonferroni", bonferroni(&p));
    figures.extend(list("holm", holm(&p)));
    figures.extend(list("fdr_bh", benjamini_hochberg(&p)));
    figures.extend(list("fdr_by", benjamini_yekutieli(&p)));
    figures.extend(list("hommel", hommel(&p)));
    figures.extend(list("sidak", sidak(&p)));
    figures
}

fn sequence(row: &Value) -> Figures {
    let (units, alpha) = (number(row, "N"), number(row, "alpha"));
    let sequence = AsymptoticSequence::planned_for(number(row, "N_star"), alpha);
    let log_e = sequence.log_e(number(row, "z"), units);
    named([
        ("rho2", tuning_constant(alpha) / number(row, "N_star")),
        ("log_e", log_e),
        ("p", always_valid_p(log_e)),
        ("halfwidth_in_se", sequence.reach(units, alpha)),
    ])
}

fn fieller(row: &Value) -> Figures {
    let arm = |mean, variance| ArmEstimate {
        units: 100.0,
        mean: number(row, mean),
        variance: number(row, variance),
        variance_doubt: 0.0,
    };
    let (control, variant) = (arm("control_mean", "control_variance"), arm("variant_mean", "variant_variance"));
    let pair = PairEstimate { control, variant, covariance: number(row, "covariance"), adjustment: None };
    match lift_region(&pair, number(row, "reach")) {
        LiftRegion::Between { lower, upper } => named([("ends.0", lower), ("ends.1", upper)]),
        LiftRegion::Outside { below, above } => named([("ends.0", below), ("ends.1", above)]),
        other => panic!("{other:?} for {row}"),
    }
}

fn pre_period(row: &Value) -> Figures {
    let (mut control, mut variant) = (Values::default(), Values::default());
    let treated = row["treated"].as_array().unwrap();
    for ((pre, post), treated) in numbers(row, "pre").into_iter().zip(numbers(row, "post")).zip(treated) {
        let arm = if treated.as_bool().unwrap() { &mut variant } else { &mut control };
        arm.count(post, pre);
    }
    let strata = [beside(control, variant)];
    let (raw, adjusted) = (estimate_values(&strata).unwrap(), estimate_values_with_pre_period(&strata).unwrap());
    let (of_raw, of_adjusted) = (welch(&raw, 0.05).unwrap(), welch(&adjusted, 0.05).unwrap());
    named([
        ("theta_pooled_overall", adjusted.adjustment.unwrap().theta),
        ("diff_raw", of_raw.difference),
        ("t_raw", of_raw.t),
        ("p_raw", of_raw.p_value),
        ("diff_adj", of_adjusted.difference),
        ("t_adj", of_adjusted.t),
        ("p_adj", of_adjusted.p_value),
        ("variance_reduction", adjusted.adjustment.unwrap().variance_reduction),
    ])
}
