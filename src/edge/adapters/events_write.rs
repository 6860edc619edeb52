//! The statements of one batch that writes many people's events and states, from the engine's nouns.

use nearside_engine::ports::PersonWrite;
use nearside_engine::types::{Context, Interaction};
use nearside_json::write_json;

use super::database::Statement;
use super::experiments_write::ExperimentBatch;
use super::sql::interactions as sql;
use super::store_d1::advance_sequence;

/// A batch under construction: each list is the inside of a JSON array.
#[derive(Debug, Default)]
pub(super) struct Batch {
    people: Vec<String>,
    events: Vec<String>,
    feedback: Vec<String>,
    categories: Vec<String>,
    significant: Vec<String>,
    experiments: ExperimentBatch,
    /// Numbers of the export's order that the batch uses: one for each event, each exposure and each person.
    numbers: usize,
    /// Bytes of the longest lists so far.
    pub(super) bytes: usize,
}

impl Batch {
    /// Adds a person.
    pub(super) fn add(&mut self, write: &PersonWrite) {
        let user = write.scope.user().to_string();
        let head = (user.as_str(), write.expected_revision, write.received_at_ms);
        let mut events = Vec::with_capacity(write.events.len());
        for event in &write.events {
            self.numbers += 1;
            events.push(event_json(self.numbers, event));
        }
        if !events.is_empty() {
            self.events.push(joined(&write_json(&head), &format!("[{}]", array(&events))));
        }
        if !write.feedback.is_empty() {
            let rows = write.feedback.iter().map(|row| {
                (&row.id, &row.recommendation_id, &row.feedback_type, row.rating, &row.feedback_text, row.timestamp)
            });
            let rows: Vec<_> = rows.collect();
            self.feedback.push(write_json(&(head.0, head.1, head.2, rows)));
        }
        if !write.snapshot.categories.is_empty() {
            let rows = write.snapshot.categories.iter().map(|row| {
                let (accepted, dismissed, shown) = (row.acceptance_count, row.dismissal_count, row.total_shown);
                (&row.category, row.preference_score, accepted, dismissed, shown, row.last_interaction)
            });
            let rows: Vec<_> = rows.collect();
            self.categories.push(write_json(&(head.0, head.1, head.2, rows)));
        }
        if write.snapshot.has_significant_feedback {
            self.significant.push(write_json(&head));
        }
        self.experiments.add(&write_json(&head), &write.experiments, &mut self.numbers);
        self.numbers += 1;
        self.people.push(person_json(self.numbers, write));
        let size = |list: &[String]| list.last().map_or(0, String::len);
        self.bytes += size(&self.people).max(size(&self.events)).max(self.experiments.last_bytes());
    }

    /// Returns the statements in order, and the place of the one that says who was written.
    pub(super) fn statements(self, clears_categories: bool) -> (Vec<Statement>, usize) {
        let people = array(&self.people);
        let mut statements = Vec::with_capacity(16);
        if !self.events.is_empty() {
            statements.push(Statement::new(sql::INSERT_EVENTS).text(array(&self.events)));
            statements.push(Statement::new(sql::INSERT_OUTCOMES));
        }
        if !self.feedback.is_empty() {
            statements.push(Statement::new(sql::INSERT_FEEDBACK).text(array(&self.feedback)));
        }
        if clears_categories {
            statements.push(Statement::new(sql::CLEAR_CATEGORIES).text(people.clone()));
        }
        if !self.categories.is_empty() {
            statements.push(Statement::new(sql::UPSERT_CATEGORIES).text(array(&self.categories)));
        }
        if !self.significant.is_empty() {
            statements.push(Statement::new(sql::LOG_SIGNIFICANT_FEEDBACK).text(array(&self.significant)));
        }
        self.experiments.append_to(&mut statements);
        let place = statements.len();
        statements.push(Statement::new(sql::WRITE_STATES).text(people));
        statements.push(advance_sequence(self.numbers));
        (statements, place)
    }
}

/// The person's part of `WRITE_STATES`.
fn person_json(number: usize, write: &PersonWrite) -> String {
    let snapshot = &write.snapshot;
    write_json(&(
        write.scope.user(),
        write.expected_revision,
        write.received_at_ms,
        number,
        snapshot.engagement_level,
        snapshot.financial_literacy_score,
        &snapshot.dismissed_categories,
        snapshot.profile_completeness,
        &write.state_json,
    ))
}

/// An event's part of `INSERT_EVENTS`.
fn event_json(number: usize, event: &Interaction) -> String {
    let context = (event.context != Context::default()).then_some(&event.context);
    // Two tuples in one array: serde stops at sixteen.
    let first = write_json(&(
        number,
        &event.id,
        event.kind,
        &event.target_id,
        &event.target_type,
        &event.action,
        context,
        &event.session_id,
        event.occurred_at_ms,
    ));
    let second = write_json(&(
        &event.device_type,
        &event.device_id,
        event.value,
        &event.reason,
        &event.decision_id,
        event.position,
        &event.facts.category,
        &event.facts,
        &event.receipt,
    ));
    joined(&first, &second)
}

/// Makes one array of two, as texts.
pub(super) fn joined(first: &str, second: &str) -> String {
    let first = first.strip_suffix(']').unwrap_or(first);
    let second = second.strip_prefix('[').unwrap_or(second);
    format!("{first},{second}")
}

/// Makes one array of its elements' texts.
pub(super) fn array(parts: &[String]) -> String {
    format!("[{}]", parts.join(","))
}
