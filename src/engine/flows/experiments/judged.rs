//! What is wrong with a test: by itself, beside the others of its environment, and beside what it was. What decides who sees
//! what is judged by the room `experiments`; metrics, windows and words here.

use super::definition::{Definition, DefinitionSet, Guardrail, Metric, StoredTest, TestStatus};
use super::live::experiment_of;
use crate::experiments::{Algorithm, CONTROL, Experiment, MOST_TESTS, check_beside, check_change, check_experiment};
use crate::math::is_exact;
use crate::pack::{Finding, Pack};
use crate::types::parse_rfc3339;

/// The metrics that every test has; each is had by a unit or not.
pub(super) const BUILT_IN: [&str; 6] = ["viewed", "accepted", "dismissed", "ignored", "completed", "engaged"];
/// The metric under which exposed units are kept.
pub(super) const EXPOSURE: &str = "exposure";
/// Each segment is a row more for every exposure and outcome.
const MOST_SEGMENTS: usize = 3;
const MOST_METRICS: usize = 10;
const MOST_VARIANTS: usize = 10;
const MOST_WINDOW_DAYS: u16 = 365;
/// A rarer false alarm is asked for by nobody, and more than every second is none.
pub(super) const LEAST_ALPHA: f64 = 1e-6;
pub(super) const MOST_ALPHA: f64 = 0.5;
const COVARIATES: [&str; 2] = ["accepted_before", "interactions_before"];

/// Returns what is wrong with a test as it would be kept, by path and rule; the other tests are those of the set.
pub(super) fn findings_of(set: &DefinitionSet, test: &StoredTest, pack: Option<&Pack>) -> Vec<Finding> {
    let experiment = experiment_in(set, test);
    let mut findings = check_experiment(&experiment, pack);
    let others: Vec<Experiment> = set.tests.iter().map(|other| experiment_in(set, other)).collect();
    findings.extend(check_beside(&experiment, &others));
    // The allocation is made of the shares: it is wrong only where they are.
    let findings = findings.into_iter().filter(|finding| finding.rule != "allocation-share");
    let mut findings: Vec<Finding> = findings.map(in_our_words).collect();
    let definition = &test.definition;
    let mut add = |path: &str, rule: &'static str, is_wrong: bool| {
        if is_wrong {
            findings.push(Finding::new(path, rule, String::new()));
        }
    };
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    // A receipt holds no more, and without one nothing of an answer counts.
    let running = set.tests.iter().filter(|other| other.status == TestStatus::Active);
    let others = running.filter(|other| other.test_name != test.test_name).count();
    add("status", "count", test.status == TestStatus::Active && others >= MOST_TESTS);
    add("test_name", "text-id", test.test_name.is_empty() || !test.test_name.bytes().all(is_name));
    add("variants", "count", definition.variants.len() > MOST_VARIANTS);
    add("variants[0].name", "control", definition.variants.first().is_some_and(|variant| variant.name != CONTROL));
    for (index, variant) in definition.variants.iter().enumerate() {
        let is_name = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        add(&format!("variants[{index}].name"), "text-id", !variant.name.bytes().all(is_name));
    }
    for (path, date) in [("start_date", &definition.start_date), ("end_date", &definition.end_date)] {
        add(path, "date", date.as_deref().is_some_and(|date| parse_rfc3339(date).is_none()));
    }
    add("success_metric", "known-metric", !knows_metric(definition, &definition.success_metric));
    add("metrics", "count", definition.metrics.len() > MOST_METRICS);
    for (index, metric) in definition.metrics.iter().enumerate() {
        let path = |name: &str| format!("metrics[{index}].{name}");
        let is_taken = BUILT_IN.contains(&&*metric.name) || metric.name == EXPOSURE;
        let is_twice = definition.metrics.iter().take(index).any(|earlier| earlier.name == metric.name);
        add(&path("name"), "duplicate-name", is_taken || is_twice);
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let fits = (1..=50).contains(&metric.name.len()) && metric.name.bytes().all(is_name);
        add(&path("name"), "name", !fits);
        add(&path("events"), "count", metric.events.is_empty());
        add(&path("cap"), "range", metric.cap.is_some_and(|cap| cap <= 0.0 || !is_exact(cap)));
    }
    for (index, Guardrail { metric, margin, .. }) in definition.guardrails.iter().enumerate() {
        add(&format!("guardrails[{index}].metric"), "known-metric", !knows_metric(definition, metric));
        let is_twice = definition.guardrails.iter().take(index).any(|earlier| earlier.metric == *metric);
        add(&format!("guardrails[{index}].metric"), "duplicate-name", is_twice);
        let is_margin = margin.is_none_or(|margin| (0.0..1.0).contains(&margin));
        add(&format!("guardrails[{index}].margin"), "range", !is_margin);
    }
    add("guardrails", "count", definition.guardrails.len() > MOST_METRICS);
    add("segments", "count", definition.segments.len() > MOST_SEGMENTS);
    let mut segments = definition.segments.iter().enumerate();
    add(
        "segments",
        "duplicate-name",
        segments.any(|(index, one)| definition.segments.iter().take(index).any(|two| one == two)),
    );
    add("window_days", "range", !(1..=MOST_WINDOW_DAYS).contains(&definition.window_days));
    add("covariate", "known-value", definition.covariate.as_deref().is_some_and(|name| !COVARIATES.contains(&name)));
    add("minimum_sample_size", "range", definition.minimum_sample_size == 0);
    add("alpha", "range", !(LEAST_ALPHA..=MOST_ALPHA).contains(&definition.alpha));
    findings.extend(framing_findings(definition, pack));
    findings
}

/// A test of words needs words: the framing is the live pack's, and each variant is one of its.
fn framing_findings(definition: &Definition, pack: Option<&Pack>) -> Vec<Finding> {
    let Some(name) = &definition.framing else { return Vec::new() };
    let mut findings = Vec::new();
    let mut add = |path: &str, rule: &'static str| findings.push(Finding::new(path, rule, String::new()));
    match pack.map(|pack| pack.experiments.framing(name)) {
        None => add("pack", "needed-by-framing"),
        Some(None) => add("framing", "known-framing"),
        Some(Some(framing)) => {
            for (index, variant) in definition.variants.iter().enumerate() {
                if framing.variants.iter().all(|known| known.name != variant.name) {
                    add(&format!("variants[{index}].name"), "known-variant");
                }
            }
        }
    }
    findings
}

/// Returns what cannot change any more: whatever would assign anew, or make old counts mean something else.
pub(super) fn changed_findings(set: &DefinitionSet, known: &StoredTest, next: &StoredTest) -> Vec<Finding> {
    if known.started_at_ms.is_none() {
        return Vec::new();
    }
    let findings = check_change(&experiment_in(set, known), &experiment_in(set, next));
    let mut findings: Vec<Finding> = findings.into_iter().map(in_our_words).collect();
    let (before, after) = (&known.definition, &next.definition);
    let is_kept = |metric: &Metric| after.metrics.contains(metric);
    let fixed = [
        ("metrics", before.metrics.iter().all(is_kept)),
        ("segments", before.segments == after.segments),
        ("covariate", before.covariate == after.covariate),
        ("pack", before.pack == after.pack),
        ("framing", before.framing == after.framing),
        ("hash", before.hash == after.hash),
    ];
    for (path, _) in fixed.into_iter().filter(|(_, is_same)| !is_same) {
        findings.push(Finding::new(path, "means-another", String::new()));
    }
    findings
}

fn knows_metric(definition: &Definition, name: &str) -> bool {
    BUILT_IN.contains(&name) || definition.metrics.iter().any(|metric| metric.name == name)
}

/// A test as its room knows it. Other engines have no allocation of ours.
fn experiment_in(set: &DefinitionSet, test: &StoredTest) -> Experiment {
    let experiment = experiment_of(set, test);
    match test.definition.hash.algorithm {
        Algorithm::Native => experiment,
        _ => Experiment { allocation: None, ..experiment },
    }
}

/// The room's names of fields in the words of our own document.
fn in_our_words(finding: Finding) -> Finding {
    let names = [
        ("coverage", "traffic_percentage"),
        ("hashing", "hash"),
        ("start_at_ms", "start_date"),
        ("end_at_ms", "end_date"),
        ("allocation", "variants"),
    ];
    let renamed = names.iter().find_map(|(theirs, ours)| {
        let rest = finding.path.strip_prefix(theirs)?;
        Some([*ours, rest].concat())
    });
    Finding { path: renamed.unwrap_or(finding.path), ..finding }
}
