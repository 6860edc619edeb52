//! How good foretold probabilities were: ranking, log-loss and calibration, each with its standard error.

use serde::Serialize;

/// How many shares of equal size the calibration is read in.
const CALIBRATION_SHARES: usize = 10;

/// What was foretold of an event, and what came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Foretold {
    /// Logarithm of the odds.
    pub(super) logit: f64,
    /// Chance of acceptance, 0 to 1.
    pub(super) probability: f64,
    /// Log-loss in nats.
    pub(super) loss: f64,
    pub(super) accepted: bool,
}

/// The figures of a stretch of events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct AcceptanceFigures {
    /// The first event, counted from 1.
    pub(super) from_row: usize,
    /// How many.
    pub(super) rows: usize,
    /// Of these, accepted.
    pub(super) accepted: usize,
    /// The chance that an accepted offer was ranked above a refused one. None when either is missing.
    pub(super) auc: Option<f64>,
    pub(super) auc_standard_error: Option<f64>,
    /// Mean log-loss in nats.
    pub(super) log_loss: f64,
    pub(super) log_loss_standard_error: f64,
    /// The log-loss of somebody who knows the rate of this stretch beforehand, and nothing else.
    pub(super) rate_log_loss: f64,
    /// Mean distance between foretold and observed rate over ten shares of equal size.
    pub(super) calibration_error: f64,
    pub(super) calibration: Vec<CalibrationShare>,
}

/// A tenth of the events, those with similar probabilities.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct CalibrationShare {
    pub(super) rows: usize,
    pub(super) foretold: f64,
    pub(super) observed: f64,
}

/// Measures the events from one (counted from 1) to the end.
pub(super) fn figures(all: &[Foretold], from_row: usize) -> AcceptanceFigures {
    let events = all.get(from_row.saturating_sub(1)..).unwrap_or_default();
    let rows = events.len();
    let accepted = events.iter().filter(|event| event.accepted).count();
    let auc = auc(events);
    let (log_loss, log_loss_standard_error) = mean_and_error(events.iter().map(|event| event.loss));
    let rate = ratio(accepted, rows);
    let entropy = |share: f64| if share > 0.0 { -share * share.ln() } else { 0.0 };
    let calibration = calibration(events);
    let distance = |share: &CalibrationShare| (share.foretold - share.observed).abs() * share.rows as f64;
    AcceptanceFigures {
        from_row,
        rows,
        accepted,
        auc: auc.map(|(auc, _)| auc),
        auc_standard_error: auc.map(|(_, error)| error),
        log_loss,
        log_loss_standard_error,
        rate_log_loss: entropy(rate) + entropy(1.0 - rate),
        calibration_error: calibration.iter().map(distance).sum::<f64>() / rows.max(1) as f64,
        calibration,
    }
}

/// The area under the ROC curve, ties counted half, and its standard error by DeLong, DeLong and Clarke-Pearson (1988),
/// from mid-ranks (Sun and Xu 2014). None without both answers.
fn auc(events: &[Foretold]) -> Option<(f64, f64)> {
    let (accepted, refused): (Vec<&Foretold>, Vec<&Foretold>) = events.iter().partition(|event| event.accepted);
    if accepted.is_empty() || refused.is_empty() {
        return None;
    }
    let sorted = |events: &[&Foretold]| {
        let mut logits: Vec<f64> = events.iter().map(|event| event.logit).collect();
        logits.sort_by(f64::total_cmp);
        logits
    };
    // The share of the other side that an event beats: below it, and half of those beside it.
    let shares = |own: &[f64], other: &[f64]| -> Vec<f64> {
        let beaten = |logit: &f64| {
            let below = other.partition_point(|value| value < logit);
            let not_above = other.partition_point(|value| value <= logit);
            (below + not_above) as f64 / 2.0 / other.len() as f64
        };
        own.iter().map(beaten).collect()
    };
    let (above, below) = (sorted(&accepted), sorted(&refused));
    let (mean, of_accepted) = mean_and_error(shares(&above, &below).into_iter());
    let (_, of_refused) = mean_and_error(shares(&below, &above).into_iter());
    Some((mean, of_accepted.hypot(of_refused)))
}

fn calibration(events: &[Foretold]) -> Vec<CalibrationShare> {
    let mut sorted: Vec<&Foretold> = events.iter().collect();
    // Stable, so equal probabilities stay in the order of time.
    sorted.sort_by(|one, other| one.probability.total_cmp(&other.probability));
    let end = |share: usize| sorted.len() * share / CALIBRATION_SHARES;
    let shares = (0..CALIBRATION_SHARES).filter_map(|share| sorted.get(end(share)..end(share + 1)));
    let filled = shares.filter(|share| !share.is_empty());
    filled
        .map(|share| CalibrationShare {
            rows: share.len(),
            foretold: share.iter().map(|event| event.probability).sum::<f64>() / share.len() as f64,
            observed: ratio(share.iter().filter(|event| event.accepted).count(), share.len()),
        })
        .collect()
}

/// The mean and its standard error, 0 for fewer than two values.
fn mean_and_error(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let count = values.clone().count();
    let mean = values.clone().sum::<f64>() / count.max(1) as f64;
    let squares: f64 = values.map(|value| (value - mean) * (value - mean)).sum();
    let error = if count > 1 { (squares / (count - 1) as f64 / count as f64).sqrt() } else { 0.0 };
    (mean, error)
}

fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fail loudly")]
mod tests {
    use super::*;

    fn events(rows: &[(f64, bool)]) -> Vec<Foretold> {
        let event = |&(probability, accepted): &(f64, bool)| Foretold {
            logit: (probability / (1.0 - probability)).ln(),
            probability,
            loss: -(if accepted { probability } else { 1.0 - probability }).ln(),
            accepted,
        };
        rows.iter().map(event).collect()
    }

    #[test]
    fn figures_are_those_worked_out_by_hand() {
        // Accepted 0.8 and 0.3, refused 0.3 and 0.1: three pairs in order and one tie.
        let found = figures(&events(&[(0.5, true), (0.8, true), (0.3, false), (0.3, true), (0.1, false)]), 2);
        assert_eq!((found.rows, found.accepted, found.auc), (4, 2, Some(0.875)));
        // Shares of the accepted 1 and 0.75, of the refused 0.25 and 0: each side has the error 0.125.
        assert!((found.auc_standard_error.unwrap() - 0.031_25_f64.sqrt()).abs() < 1e-12, "{found:?}");
        let loss = -(0.8_f64.ln() + 0.7_f64.ln() + 0.3_f64.ln() + 0.9_f64.ln()) / 4.0;
        assert!((found.log_loss - loss).abs() < 1e-12);
        assert!((found.rate_log_loss - 2.0_f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn one_answer_alone_has_no_auc() {
        let found = figures(&events(&[(0.5, true), (0.8, true)]), 1);
        assert_eq!((found.auc, found.rate_log_loss), (None, 0.0));
        assert_eq!(figures(&[], 1).rows, 0);
    }

    #[test]
    fn a_calibrated_forecast_has_a_small_error() {
        let rows: Vec<(f64, bool)> = (0..1_000).map(|index| (0.25, index % 4 == 0)).collect();
        let found = figures(&events(&rows), 1);
        assert!(found.calibration_error < 1e-9, "{found:?}");
        assert_eq!(found.calibration.len(), 10);
        assert!(found.calibration.iter().all(|share| share.rows == 100));
    }
}
