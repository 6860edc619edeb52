//! The results of a test: sums are read, compared and concluded on, and said in plain words.

use super::compared::{Compared, compared, finite, plan_of, segments_shown, shown};
use super::definition::{MetricKind, TestStatus};
use super::series::series;
use super::shown::{
    Counters, EpochShown, Health, Method, PerOutcome, Progress, RatioShown, ResultsAsk, TestResults,
    VariantPerformance, VerdictShown,
};
use super::sums::{Report, Sums};
use crate::analysis::{
    Advice, ArmCount, Better, CONCENTRATION, Evidence, GuardrailStanding, OutcomeCounts, SampleRatio, VariantEvidence,
    Verdict, Withheld, advice, days_left, highest_rate, lift_per_cent, per_cent, sample_ratio, significance, verdict,
};
use crate::flows::Host;
use crate::flows::refusal::Refusal;
use crate::math::{rounded, sort_list};
use crate::ports::{Experiments, TestStatistics, Unavailable};
use crate::types::{AdminScope, Environment};
use nearside_json::{PlainNumber, read_json};

/// The present rate is that of the last days with exposures.
const DAYS_OF_RATE: usize = 7;
const ROLL_OUT: &str = "Roll out winning variant to all users";
const CONTINUE: &str = "Continue testing or refine hypothesis";

/// Returns the results of a test.
///
/// # Errors
/// `NotFound` for an unknown test; a store that is down.
pub async fn results<H: Host>(
    host: &H,
    scope: AdminScope,
    environment: Environment,
    test: &str,
    ask: ResultsAsk,
) -> Result<TestResults, Refusal> {
    let read = Experiments::statistics_of_test(host, scope, environment, test).await?;
    if read.report_json.is_empty() {
        return Err(Refusal::not_found());
    }
    let report: Report = read_json(read.report_json.as_bytes())
        .map_err(|_| Unavailable { store: "d1", reason: "a test does not read" })?;
    Ok(analysed(environment, &report, &read, ask))
}

fn analysed(environment: Environment, report: &Report, read: &TestStatistics, ask: ResultsAsk) -> TestResults {
    let sums = Sums::new(report, &read.cells);
    let segment = ask.segment.as_deref().unwrap_or_default();
    let names = report.variants();
    let metric = &report.definition.success_metric;
    let of_variants: Vec<Vec<Compared>> = (1..names.len()).map(|place| compared(&sums, place, segment)).collect();
    let decisive: Vec<Option<&Compared>> =
        of_variants.iter().map(|of_variant| of_variant.iter().find(|compared| compared.metric == *metric)).collect();
    let ratio = ratio_of(&sums);
    let concluded = concluded(report, &ratio, &of_variants, metric);
    let p_of = |place: usize| {
        let found = decisive.get(place.checked_sub(1)?).copied().flatten()?.comparison.as_ref()?;
        Some(match ask.method {
            Method::AlwaysValid => found.always_valid.p_value,
            Method::Fixed => found.fixed.p_value,
        })
    };
    let mut metrics = shown(&sums, &of_variants, segment).into_iter();
    let performance = names.iter().enumerate().map(|(place, name)| {
        let exposed = sums.exposed(name, segment);
        let units = |metric: &str| sums.whole(name, metric, segment).units;
        VariantPerformance {
            variant_name: (*name).to_owned(),
            sample_size: exposed,
            acceptance_rate: per_cent(units("accepted"), exposed),
            dismissal_rate: per_cent(units("dismissed"), exposed),
            engagement_rate: per_cent(units("engaged"), exposed),
            statistical_significance: p_of(place).map(significance).and_then(finite),
            per_outcome: per_outcome(&sums, name, segment),
            metrics: metrics.next().unwrap_or_default(),
            segments: if segment.is_empty() { segments_shown(&sums, place, name) } else { Vec::new() },
        }
    });
    let performance: Vec<VariantPerformance> = performance.collect();
    let exposed: Vec<u64> = names.iter().map(|name| sums.exposed(name, "")).collect();
    let minimum = u64::from(report.definition.minimum_sample_size);
    let minimum_reached = exposed.iter().all(|units| *units >= minimum);
    // The rule asks for the variant with the highest rate; a harm is no success, however high its rate.
    let rates: Vec<Option<f64>> = names
        .iter()
        .map(|name| {
            let units = sums.exposed(name, segment);
            let mean = (units > 0).then(|| 100.0 * sums.whole(name, metric, segment).total / units as f64)?;
            finite(if better_of(metric) == Better::Higher { mean } else { -mean })
        })
        .collect();
    let winner = highest_rate(&rates);
    let rate = |place: usize| rates.get(place).copied().flatten().map(f64::abs);
    let lift = winner.and_then(|place| lift_per_cent(rate(place), rate(0)));
    // The seed's rule holds on top of the verdict, never against it.
    let may_advise = minimum_reached && !ratio.is_broken() && matches!(concluded, Verdict::VariantWins { .. });
    let is_sure = winner.filter(|place| *place > 0 && may_advise).and_then(p_of).map(significance);
    TestResults {
        test_name: report.test_name.clone(),
        environment,
        status: report.status.name(),
        epoch: report.epoch,
        success_metric: metric.clone(),
        method: ask.method,
        alpha: report.definition.alpha,
        winner: winner.and_then(|place| names.get(place)).map(|name| (*name).to_owned()),
        lift_over_control: lift.and_then(finite),
        recommendation: match advice(
            lift.map(|lift| if better_of(metric) == Better::Higher { lift } else { -lift }),
            is_sure,
        ) {
            Advice::RollOut => ROLL_OUT,
            Advice::ContinueTesting => CONTINUE,
        },
        verdict: said(report, concluded),
        health: Health {
            sample_ratio: RatioShown {
                e: finite(libm::exp(ratio.log_e.min(690.0))),
                p: finite(ratio.p_value),
                is_broken: ratio.is_broken(),
                expected: report.definition.variants.iter().map(|variant| variant.traffic_percentage / 100.0).collect(),
                observed: exposed.clone(),
            },
            counters: counters(read),
            minimum_reached,
        },
        progress: progress(&exposed, minimum, read),
        epochs: report.epochs.iter().map(epoch_shown).collect(),
        series: if segment.is_empty() { series(report, &read.days, &plan_of(&sums, metric)) } else { Vec::new() },
        variant_performance: performance,
        segment: ask.segment,
    }
}

fn ratio_of(sums: &Sums<'_>) -> SampleRatio {
    let counts = sums.arm_counts();
    sample_ratio(counts.iter().map(|arms: &Vec<ArmCount>| arms.as_slice()), CONCENTRATION)
}

fn better_of(metric: &str) -> Better {
    if matches!(metric, "dismissed" | "ignored") { Better::Lower } else { Better::Higher }
}

fn concluded(report: &Report, ratio: &SampleRatio, of_variants: &[Vec<Compared>], metric: &str) -> Verdict {
    let guardrails: Vec<Vec<GuardrailStanding>> = of_variants
        .iter()
        .map(|of_variant| of_variant.iter().filter_map(|compared| compared.guardrail).collect())
        .collect();
    let variants: Vec<VariantEvidence<'_>> = of_variants
        .iter()
        .zip(&guardrails)
        .map(|(of_variant, guardrails)| VariantEvidence {
            comparison: of_variant
                .iter()
                .find(|compared| compared.metric == *metric)
                .and_then(|compared| compared.comparison.as_ref()),
            guardrails,
        })
        .collect();
    verdict(&Evidence {
        has_started: report.epochs.iter().any(|epoch| epoch.action == "started"),
        sample_ratio: ratio,
        better: better_of(metric),
        alpha: report.definition.alpha,
        variants: &variants,
    })
}

/// One plain sentence, for the people who run the test.
fn said(report: &Report, concluded: Verdict) -> VerdictShown {
    let names = report.variants();
    let name = |variant: usize| names.get(variant + 1).copied().unwrap_or_default();
    let metric = &report.definition.success_metric;
    let is_over = report.status != TestStatus::Active;
    let (code, text) = match concluded {
        Verdict::Withheld { reason: Withheld::Inactive } => {
            ("inactive", "The test was never started, so there is nothing to conclude.".to_owned())
        }
        Verdict::Withheld { reason: Withheld::SampleRatioBroken } => (
            "sample_ratio",
            "The groups are not as large as their shares say, so no conclusion can be trusted until the cause is found."
                .to_owned(),
        ),
        Verdict::Withheld { reason: Withheld::MinimumSampleNotReached } => {
            ("too_early", "Too few have seen the test yet to say anything.".to_owned())
        }
        Verdict::GuardrailBreached { variant } => (
            "guardrail",
            format!("{} makes a metric worse that must not get worse, and no other variant has won.", name(variant)),
        ),
        Verdict::VariantWins { variant, lift: Some(lift) } if report.kind_of(metric) == MetricKind::Conversion => (
            "variant_wins",
            format!(
                "{} beats the control: {metric} is about {} % {}.",
                name(variant),
                PlainNumber(rounded(100.0 * lift.abs(), 0)),
                if lift < 0.0 { "lower" } else { "higher" },
            ),
        ),
        Verdict::VariantWins { variant, .. } => {
            ("variant_wins", format!("{} beats the control on {metric}.", name(variant)))
        }
        Verdict::ControlWins => ("control_wins", "The control has won: every variant does worse.".to_owned()),
        Verdict::NoDifferenceYet if is_over => {
            ("no_difference", "The test ended without a difference that the data can show.".to_owned())
        }
        Verdict::NoDifferenceYet => {
            ("running", "No variant is known to be better or worse yet; the test goes on.".to_owned())
        }
    };
    VerdictShown { code, text }
}

fn per_outcome(sums: &Sums<'_>, name: &str, segment: &str) -> PerOutcome {
    let rows = |metric: &str| sums.whole(name, metric, segment).rows;
    let (viewed, accepted, dismissed) = (rows("viewed"), rows("accepted"), rows("dismissed"));
    let outcomes = viewed + accepted + dismissed + rows("ignored") + rows("completed");
    let counts = OutcomeCounts { outcomes, accepted, dismissed, viewed };
    PerOutcome {
        sample_size: outcomes,
        acceptance_rate: counts.acceptance_rate(),
        dismissal_rate: counts.dismissal_rate(),
        engagement_rate: counts.engagement_rate(),
    }
}

fn counters(read: &TestStatistics) -> Counters {
    let count = |name: &str| read.health.iter().filter(|(known, _)| known == name).map(|(_, count)| count).sum();
    Counters {
        conflict: count("conflict"),
        unexposed: count("unexposed"),
        late: count("late"),
        bad_receipt: count("bad_receipt"),
    }
}

fn progress(exposed: &[u64], minimum: u64, read: &TestStatistics) -> Progress {
    let (units, target) = (exposed.iter().sum::<u64>(), minimum * exposed.len() as u64);
    let mut days: Vec<(i32, u64)> = Vec::new();
    for cell in read.days.iter().filter(|cell| cell.metric == super::judged::EXPOSURE) {
        match days.iter_mut().find(|(day, _)| *day == cell.day) {
            Some(known) => known.1 += cell.units,
            None => days.push((cell.day, cell.units)),
        }
    }
    sort_list(&mut days, |a, b| a.0.cmp(&b.0));
    let last: Vec<u64> = days.iter().rev().take(DAYS_OF_RATE).map(|(_, units)| *units).collect();
    let per_day = (!last.is_empty()).then(|| last.iter().sum::<u64>() as f64 / last.len() as f64);
    let left = per_day.and_then(|per_day| days_left(target as f64, units as f64, per_day));
    Progress { exposed: units, target, per_day, days_left: left.and_then(finite) }
}

fn epoch_shown(epoch: &super::sums::ReportEpoch) -> EpochShown {
    EpochShown {
        epoch: epoch.epoch,
        stratum: epoch.stratum,
        opened_at: epoch.opened_at.clone(),
        actor: epoch.actor.clone(),
        action: epoch.action.clone(),
        reason: epoch.reason.clone(),
    }
}
