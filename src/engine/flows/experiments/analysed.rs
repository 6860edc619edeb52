//! The results of a test: sums are read, compared and concluded on, and said in plain words.

use super::compared::{Compared, compared, finite, plan_of, segments_shown, shown};
use super::definition::{MetricKind, TestStatus};
use super::progress::{has_minimum, progress};
use super::series::series;
use super::shown::{
    Counters, EpochShown, Health, Method, PerOutcome, RatioShown, ResultsAsk, TestResults, VariantPerformance,
    VerdictShown,
};
use super::sums::{Report, Sums};
use crate::analysis::{
    Advice, ArmCount, Better, CONCENTRATIONS, Evidence, GuardrailStanding, OutcomeCounts, SampleRatio, VariantEvidence,
    Verdict, Withheld, advice, per_cent, sample_ratio, significance, verdict,
};
use crate::flows::Host;
use crate::flows::refusal::Refusal;
use crate::math::rounded;
use crate::ports::{Experiments, TestStatistics, Unavailable};
use crate::types::{AdminScope, Environment, TimeMs};
use nearside_json::{PlainNumber, read_json};

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
    let mut report: Report = read_json(read.report_json.as_bytes())
        .map_err(|_| Unavailable { store: "d1", reason: "a test does not read" })?;
    report.status = report.definition.status_at(report.status, host.now_ms());
    Ok(analysed(environment, &report, &read, ask, host.now_ms()))
}

fn analysed(
    environment: Environment,
    report: &Report,
    read: &TestStatistics,
    ask: ResultsAsk,
    now_ms: TimeMs,
) -> TestResults {
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
    let shown_units: Vec<u64> = performance.iter().map(|variant| variant.sample_size).collect();
    let minimum_reached = has_minimum(report, &shown_units);
    let better = better_of(metric);
    let mean_of = |name: &&str| {
        let units = sums.exposed(name, segment);
        (units > 0).then(|| sums.whole(name, metric, segment).total / units as f64)
    };
    let means: Vec<Option<f64>> = names.iter().map(mean_of).collect();
    let winner = winner_of(report, concluded, &decisive, &means);
    let lift = winner.and_then(|(_, lift)| lift).map(|lift| 100.0 * lift);
    // The seed's rule holds on top of the verdict, never against it.
    let is_won = winner.filter(|_| matches!(concluded, Verdict::VariantWins { .. }));
    let is_sure = is_won.and_then(|(place, _)| p_of(place)).map(significance);
    let gain = lift.map(|lift| if better == Better::Higher { lift } else { -lift });
    TestResults {
        test_name: report.test_name.clone(),
        environment,
        status: report.status.name(),
        epoch: report.epoch,
        success_metric: metric.clone(),
        method: ask.method,
        alpha: report.definition.alpha,
        winner: winner.and_then(|(place, _)| names.get(place)).map(|name| (*name).to_owned()),
        lift_over_control: lift.and_then(finite),
        recommendation: match advice(gain, is_sure) {
            Advice::RollOut => ROLL_OUT,
            Advice::ContinueTesting => CONTINUE,
        },
        verdict: said(report, concluded, minimum_reached),
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
        progress: progress(report, &exposed, &read.days, now_ms),
        epochs: report.epochs.iter().map(epoch_shown).collect(),
        series: if segment.is_empty() { series(report, &read.days, &plan_of(&sums, metric)) } else { Vec::new() },
        variant_performance: performance,
        segment: ask.segment,
    }
}

fn ratio_of(sums: &Sums<'_>) -> SampleRatio {
    let counts = sums.arm_counts();
    sample_ratio(counts.iter().map(|arms: &Vec<ArmCount>| arms.as_slice()), &CONCENTRATIONS)
}

fn better_of(metric: &str) -> Better {
    if matches!(metric, "dismissed" | "ignored") { Better::Lower } else { Better::Higher }
}

/// The place of the winner, and its lift as a part of the control's mean: the one that the verdict names, else the live one
/// with the best mean, by the same comparison that the verdict is read off. The control wins a tie. Where nobody saw the
/// control nothing is compared, and the plain means say which is best.
fn winner_of(
    report: &Report,
    concluded: Verdict,
    decisive: &[Option<&Compared>],
    means: &[Option<f64>],
) -> Option<(usize, Option<f64>)> {
    if let Verdict::VariantWins { variant, lift } = concluded {
        return Some((variant + 1, lift));
    }
    let sign = if better_of(&report.definition.success_metric) == Better::Higher { 1.0 } else { -1.0 };
    let control = means.first().copied().flatten();
    let mut winner = control.map(|mean| (0, (mean > 0.0).then_some(0.0)));
    let mut most = if control.is_some() { 0.0 } else { f64::NEG_INFINITY };
    for (place, mean) in means.iter().enumerate().skip(1).filter(|(place, _)| report.is_live(*place)) {
        let found = decisive.get(place - 1).copied().flatten().and_then(|compared| compared.comparison.as_ref());
        let gain = if control.is_some() { found.map(|found| found.difference) } else { *mean };
        if let Some(gain) = gain
            && sign * gain > most
        {
            winner = Some((place, found.and_then(|found| found.lift)));
            most = sign * gain;
        }
    }
    winner
}

fn concluded(report: &Report, ratio: &SampleRatio, of_variants: &[Vec<Compared>], metric: &str) -> Verdict {
    let guardrails: Vec<Vec<GuardrailStanding>> = of_variants
        .iter()
        .map(|of_variant| of_variant.iter().filter_map(|compared| compared.guardrail).collect())
        .collect();
    let variants: Vec<VariantEvidence<'_>> = of_variants
        .iter()
        .zip(&guardrails)
        .enumerate()
        .map(|(place, (of_variant, guardrails))| VariantEvidence {
            is_live: report.is_live(place + 1),
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
fn said(report: &Report, concluded: Verdict, minimum_reached: bool) -> VerdictShown {
    let names = report.variants();
    let name = |variant: usize| names.get(variant + 1).copied().unwrap_or_default();
    let metric = &report.definition.success_metric;
    let is_over = report.status != TestStatus::Active;
    let (code, text) = match concluded {
        Verdict::Withheld { reason: Withheld::Inactive } => {
            ("inactive", "The test was never started, so there is nothing to conclude.".to_owned())
        }
        Verdict::Withheld { reason: Withheld::NothingCompared } => {
            ("inactive", "No variant has a share of traffic, so there is nothing to compare with the control.".to_owned())
        }
        Verdict::Withheld { reason: Withheld::SampleRatioBroken } => (
            "sample_ratio",
            "The groups are not as large as their shares say, so no conclusion can be trusted until the cause is found."
                .to_owned(),
        ),
        Verdict::Withheld { reason: Withheld::MinimumSampleNotReached } if minimum_reached => (
            "too_early",
            format!("Enough have seen the test, but too few values of {metric} are known yet to say anything."),
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
        no_receipt: count("no_receipt"),
    }
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
