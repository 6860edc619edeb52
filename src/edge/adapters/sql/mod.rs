//! The texts of SQL that the adapters run, with the index that serves each. The tests ask SQLite for every plan.
//!
//! Sets of rows travel as one JSON parameter and are unfolded by `json_each`: D1 allows a hundred parameters, and a
//! statement costs far more than a row. `w` is always the unfolded parameter, an array for each person:
//! `[user, expected revision, received at, …]`.

/// People whose row still has the revision that the writer read, and who were not erased after the events were taken.
/// The revision of a person without a row is that of the tombstone, or 0.
macro_rules! guarded_people {
    () => {
        "FROM json_each(?1) AS w
         LEFT JOIN user_personalization_profiles AS p ON p.user_id = w.value ->> 0
         LEFT JOIN erasure_tombstones AS t ON t.user_id = w.value ->> 0"
    };
}

/// The condition of `guarded_people`.
macro_rules! revision_holds {
    () => {
        "COALESCE(p.revision, t.revision, 0) = w.value ->> 1 AND COALESCE(t.erased_at_ms, -1) < w.value ->> 2"
    };
}

/// The same for one person: `?1` is the user, `?2` the expected revision.
macro_rules! guarded_person {
    () => {
        "FROM (SELECT ?1 AS user_id) AS w
         LEFT JOIN user_personalization_profiles AS p ON p.user_id = w.user_id
         LEFT JOIN erasure_tombstones AS t ON t.user_id = w.user_id
         WHERE COALESCE(p.revision, t.revision, 0) = ?2"
    };
}

/// The last number of the export's order that was given out.
macro_rules! last_sequence {
    () => {
        "COALESCE((SELECT value FROM export_sequence WHERE name = 'export'), 0)"
    };
}

/// What a person must have said for their data to leave. Who was never asked did not say it.
macro_rules! shares {
    () => {
        "s.personalization_enabled = 1 AND s.data_sharing_consent = 1 AND s.privacy_mode = 0"
    };
}

/// A time as the API shows it; 0 is none.
macro_rules! shown_time {
    ($column:literal) => {
        concat!("strftime('%Y-%m-%dT%H:%M:%fZ', NULLIF(", $column, ", 0) / 1000.0, 'unixepoch')")
    };
}

/// An interaction `i` as the engine's JSON. Its `value` is read from its own column: SQLite prints 15 digits in JSON.
macro_rules! interaction_json {
    () => {
        "json_object('id', i.id, 'kind', i.interaction_type, 'target_type', i.target_type, 'target_id', i.target_id,
                     'action', i.action, 'reason', i.reason, 'session_id', i.session_id, 'device_id', i.device_id,
                     'device_type', i.device_type, 'decision_id', i.decision_id, 'position', i.position,
                     'context', json(COALESCE(i.context, '{}')), 'occurred_at_ms', i.timestamp, 'facts', json(i.facts),
                     'receipt', json(i.receipt))"
    };
}

pub(crate) mod dead_letters;
pub(crate) mod experiment_records;
pub(crate) mod experiments;
pub(crate) mod export;
pub(crate) mod figures;
pub(crate) mod interactions;
pub(crate) mod library;
pub(crate) mod models;
pub(crate) mod people;
pub(crate) mod upkeep;

/// Gives out numbers of the export's order: `?1` of them. Index: the primary key.
pub(crate) const ADVANCE_SEQUENCE: &str = "INSERT INTO export_sequence (name, value) VALUES ('export', ?1)
ON CONFLICT (name) DO UPDATE SET value = value + excluded.value";
