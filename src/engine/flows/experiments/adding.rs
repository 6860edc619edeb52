//! What outcomes add to the totals of their units. Whether they attach is in `counting`.

use super::counting::Counting;
use super::definition::MetricKind;
use super::happened::{Happened, outcome_of};
use crate::ports::{TestOutcome, TotalChange};
use crate::types::{Context, Interaction, OutcomeKind, TimeMs, Unit};
use nearside_json::write_json;

impl Counting<'_> {
    /// Adds up what attaches.
    pub(super) fn add_up(&mut self, happened: Happened<'_>) {
        for event in happened.events {
            let outcome = outcome_of(event);
            let own = self.own_metrics(event);
            if !self.is_of_pack(event) || (outcome.is_none() && own.is_empty()) {
                continue;
            }
            let Some(unit) = self.unit_of(event) else { continue };
            // A token says what was shown, and not when.
            let receipt = self.named_by(event).filter(|(_, receipt)| !receipt.is_carried);
            // An event of somebody who takes no part says nothing of the test.
            let moment = self.moment(event.occurred_at_ms, receipt.map(|(_, receipt)| receipt.decided_at_ms));
            let Some(counted) = self.attached(&unit, moment, false) else { continue };
            if let Some(outcome) = outcome {
                let item = event.target_id.clone();
                let context = (event.context != Context::default()).then(|| write_json(&event.context));
                self.count_outcome((&unit, &counted), outcome, (&event.id, item, event.occurred_at_ms, context));
            }
            for (metric, is_conversion, value) in own {
                self.add(&counted, &metric, is_conversion, value);
            }
        }
        for stated in happened.outcomes {
            if !self.is_named(stated.environment, &stated.test_name) {
                continue;
            }
            let moment = self.moment(stated.occurred_at_ms, stated.decided_at_ms);
            let Some(counted) = self.attached(&stated.unit, moment, true) else { continue };
            let item = stated.recommendation_id.clone();
            self.count_outcome(
                (&stated.unit, &counted),
                stated.outcome,
                (&stated.id, item, stated.occurred_at_ms, None),
            );
            let metrics = &self.test.definition.metrics;
            let own = stated.metric.as_ref().and_then(|(name, value)| {
                metrics.iter().find(|metric| metric.name == *name).map(|metric| (metric, *value))
            });
            if let Some((metric, value)) = own {
                let is_conversion = metric.kind == MetricKind::Conversion;
                self.add(
                    &counted,
                    &metric.name,
                    is_conversion,
                    if is_conversion { 1.0 } else { capped(value, metric.cap) },
                );
            }
        }
    }

    /// The test's own metrics that an event adds to: name, whether it is a conversion, value.
    fn own_metrics(&self, event: &Interaction) -> Vec<(String, bool, f64)> {
        let metrics = self.test.definition.metrics.iter().filter(|metric| metric.events.contains(&event.kind));
        let value = |kind: MetricKind, cap: Option<f64>| match kind {
            MetricKind::Conversion => Some(1.0),
            MetricKind::Value => event.value.map(|value| capped(value, cap)),
        };
        let added = metrics.filter_map(|metric| {
            let value = value(metric.kind, metric.cap)?;
            Some((metric.name.clone(), metric.kind == MetricKind::Conversion, value))
        });
        added.collect()
    }

    /// The record names the unit itself, the totals are of the one that it goes on: so that whoever is erased is in nobody
    /// else's rows.
    fn count_outcome(
        &mut self,
        (unit, counted): (&Unit, &Unit),
        outcome: OutcomeKind,
        (id, recommendation_id, occurred_at_ms, context_json): (&str, Option<String>, TimeMs, Option<String>),
    ) {
        self.add(counted, outcome.metric(), true, 1.0);
        if matches!(outcome, OutcomeKind::Viewed | OutcomeKind::Accepted) {
            self.add(counted, "engaged", true, 1.0);
        }
        self.write.outcomes.push(TestOutcome {
            id: id.to_owned(),
            environment: self.environment,
            test_name: self.test.test_name.clone(),
            unit: unit.clone(),
            recommendation_id,
            outcome,
            occurred_at_ms,
            context_json,
        });
    }

    fn add(&mut self, unit: &Unit, metric: &str, is_conversion: bool, delta: f64) {
        let test_name = &self.test.test_name;
        let is_known =
            |known: &&mut TotalChange| known.unit == *unit && known.metric == metric && known.test_name == *test_name;
        if let Some(known) = self.write.totals.iter_mut().find(is_known) {
            known.delta += delta;
            known.rows += 1;
            return;
        }
        self.write.totals.push(TotalChange {
            unit: unit.clone(),
            environment: self.environment,
            test_name: test_name.clone(),
            metric: metric.to_owned(),
            is_conversion,
            delta,
            rows: 1,
        });
    }
}

/// A value within its cap in both directions; what is no number is 0.
fn capped(value: f64, cap: Option<f64>) -> f64 {
    let value = if value.is_finite() { value } else { 0.0 };
    // Not `clamp`: it panics on a bound that is no number, and brings the standard library's printer of numbers for that.
    cap.map_or(value, |cap| value.min(cap.abs()).max(-cap.abs()))
}
