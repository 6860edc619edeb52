//! An outcome that a client reports by itself: what the engine sees of interactions counts without it.

use serde::Serialize;

use super::asked::{VariantAsk, view};
use super::definition::StoredTest;
use super::exposed::row_of;
use super::happened::{AskedExposure, StatedOutcome};
use super::live::live_experiments;
use super::seals::{Echoed, Receipts};
use crate::flows::Host;
use crate::flows::apply::{PersonEvents, apply_events};
use crate::flows::person::Asker;
use crate::flows::refusal::Refusal;
use crate::math::is_exact;
use crate::ports::{ExposureSource, People, Pointers};
use crate::types::{
    CLOCK_TOLERANCE_MS, Context, DAY_MS, OutcomeKind, TimeMs, Unit, UnitKind, is_text_id, parse_rfc3339,
};
use crate::wire::OutcomeRequest;

/// As interactions: what is older is an import, and there is none of outcomes.
const OLDEST_MS: i64 = 30 * DAY_MS;

/// What became of an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutcomeReport {
    /// Counted now.
    pub accepted: u32,
    /// Counted before.
    pub duplicates: u32,
    /// Consent does not cover it.
    pub withheld: u32,
    /// Nothing was shown before it, or too long ago.
    pub unexposed: u32,
    /// What the unit sees; null where it was never exposed.
    pub variant: Option<String>,
}

/// Takes an outcome. A view is a use: it exposes.
///
/// # Errors
/// `NotFound` for an unknown test; `invalid-request` for an id, a time, a unit or a metric that do not fit; a store that is
/// down.
pub async fn record_outcome<H: Host>(
    host: &H,
    asker: &Asker,
    test_name: &str,
    request: OutcomeRequest,
) -> Result<OutcomeReport, Refusal> {
    let (environment, now_ms) = (host.environment(), host.now_ms());
    let pointers = People::load(host, asker.scope, &[]).await?.pointers;
    let live = live_experiments(host, environment, &pointers).await?;
    let test = live.definition(test_name).ok_or_else(Refusal::not_found)?;
    let mut stated = stated(host, asker, test, &request, now_ms)?;
    let mut person = PersonEvents::of(asker.scope, Vec::new(), now_ms);
    let shown = match request.receipt.as_deref() {
        Some(receipt) => receipt_exposure(host, asker, &pointers, &mut stated, receipt).await,
        None => None,
    };
    // What was seen in an earlier epoch than the present one, nobody knows.
    let is_of_epoch = stated.occurred_at_ms >= test.opened_at_ms - CLOCK_TOLERANCE_MS;
    person.asked = match shown {
        Some(shown) => vec![shown],
        None if request.outcome == OutcomeKind::Viewed && is_of_epoch => {
            let ask = VariantAsk {
                context: Context::default(),
                session_id: request.session_id,
                device_id: request.device_id,
                experiments_token: request.experiments_token,
            };
            let at_ms = stated.occurred_at_ms.max(test.opened_at_ms).min(now_ms);
            view(host, asker, test_name, ask, at_ms).await?
        }
        None => Vec::new(),
    };
    let unit = stated.unit.clone();
    person.outcomes.push(stated);
    let applied = apply_events(host, vec![person]).await?;
    let row = row_of(host, asker, &unit, environment, test_name).await;
    Ok(OutcomeReport {
        accepted: applied.applied,
        duplicates: applied.duplicates,
        withheld: applied.withheld,
        unexposed: applied.unexposed,
        variant: row.map(|row| row.variant),
    })
}

fn stated<H: Host>(
    host: &H,
    asker: &Asker,
    test: &StoredTest,
    request: &OutcomeRequest,
    now_ms: TimeMs,
) -> Result<StatedOutcome, Refusal> {
    let refuse = |detail: &str| Err(Refusal::invalid("invalid-request", detail));
    let occurred_at_ms = match request.occurred_at.as_deref() {
        None => Some(now_ms),
        Some(text) => {
            parse_rfc3339(text).filter(|at_ms| (now_ms - OLDEST_MS..=now_ms + CLOCK_TOLERANCE_MS).contains(at_ms))
        }
    };
    let Some(occurred_at_ms) = occurred_at_ms else {
        return refuse("occurred_at is RFC 3339, at most 30 days ago and not in the future");
    };
    let texts = [&request.id, &request.recommendation_id, &request.session_id, &request.device_id];
    if !texts.into_iter().flatten().all(|text| is_text_id(text)) {
        return refuse("an id has 1 to 128 bytes, no control characters and no outer spaces");
    }
    let id = match test.definition.unit {
        UnitKind::User => Some(asker.scope.user().to_string()),
        UnitKind::Session => request.session_id.clone(),
        UnitKind::Device => request.device_id.clone(),
    };
    let Some(id) = id else {
        return refuse("the test assigns sessions or devices, and the request names none");
    };
    // A number whose square is beyond all bounds would spoil the sums of everybody.
    if !request.value.is_none_or(is_exact) {
        return refuse("value is a finite number within 2^53");
    }
    let metric = match (&request.metric, request.value) {
        (None, None) => None,
        (Some(name), value) if test.definition.metrics.iter().any(|metric| metric.name == *name) => {
            Some((name.clone(), value.unwrap_or(1.0)))
        }
        _ => return refuse("metric is one of the test's own, and value stands with it"),
    };
    Ok(StatedOutcome {
        environment: host.environment(),
        test_name: test.test_name.clone(),
        id: request.id.clone().unwrap_or_else(|| host.fresh_id()),
        unit: Unit { kind: test.definition.unit, id },
        outcome: request.outcome,
        recommendation_id: request.recommendation_id.clone(),
        metric,
        occurred_at_ms,
        decided_at_ms: None,
        has_bad_receipt: false,
    })
}

/// The exposure that a receipt proves. One that does not verify, or is another unit's, proves nothing.
async fn receipt_exposure<H: Host>(
    host: &H,
    asker: &Asker,
    pointers: &Pointers,
    stated: &mut StatedOutcome,
    receipt: &str,
) -> Option<AskedExposure> {
    let receipts = Receipts::read(host, pointers).await?;
    // It is of no item of the list.
    let Unit { kind, id } = &stated.unit;
    let of = |wanted: UnitKind| Some(id.as_str()).filter(|_| *kind == wanted);
    let echoed = Echoed { session: of(UnitKind::Session), device: of(UnitKind::Device), ..Echoed::default() };
    let facts = receipts.verified(asker.scope.user(), receipt, echoed, host.now_ms());
    let named = facts.tests.into_iter().find(|named| named.test_name == stated.test_name);
    stated.decided_at_ms = named.as_ref().map(|_| facts.decided_at_ms);
    stated.has_bad_receipt = facts.is_refused || (facts.is_of_another && named.is_none());
    let named = named?;
    Some(AskedExposure {
        environment: stated.environment,
        test_name: named.test_name,
        unit: stated.unit.clone(),
        variant: named.variant,
        epoch: named.epoch,
        at_ms: facts.decided_at_ms,
        source: if named.counts_as.is_some() { ExposureSource::Merged } else { ExposureSource::Receipt },
        counts_as: named.counts_as,
        context: Context::default(),
    })
}
