//! A person's rows: read on every personal request, written under their revision, exported, erased.

use super::experiments;

/// The switches, in the order that `person_rows::settings` reads.
macro_rules! settings_columns {
    () => {
        "s.tracking_since_ms, s.personalization_enabled, s.behavioral, s.demographics, s.location, s.experiments,
         s.third_party, s.data_sharing_consent, s.privacy_mode, s.retention_days, s.aggregate_retention_days,
         s.hash_user_id, s.aggregate_small_groups, s.consented_under_signal"
    };
}

/// The person's recorded assignments, as `PersonRecord::assignments_json`; NULL where the switches say no to experiments.
/// Index: the primary key.
macro_rules! own_assignments {
    () => {
        "CASE WHEN s.experiments IS NOT 0 AND COALESCE(s.personalization_enabled, 1) = 1 AND COALESCE(s.privacy_mode, 0) = 0
            THEN (SELECT json_group_array(json_array(a.environment, a.test_name, a.variant, a.epoch, a.assigned_at,
                      a.is_forced, a.counts_as))
                  FROM ab_test_assignments AS a WHERE a.unit_kind = 'user' AND a.unit_id = w.user_id) END"
    };
}

/// A person, in the order that `person_rows::person` reads. Where the switches say no, the learned part stays unread.
macro_rules! person_columns {
    () => {
        concat!(
            "COALESCE(p.revision, t.revision, 0), p.user_id IS NOT NULL, p.stated,
             CASE WHEN s.personalization_enabled = 0 OR s.behavioral = 0 OR s.privacy_mode = 1 THEN NULL ELSE p.state END,
             t.erased_at_ms, ",
            own_assignments!(),
            ", ",
            settings_columns!()
        )
    };
}

/// The person's latest corrections of the ranking, as `PersonRecord::weights_json`; NULL where the switches say no.
macro_rules! own_weights {
    () => {
        "CASE WHEN s.personalization_enabled = 1 AND s.behavioral = 1 AND s.privacy_mode = 0 THEN
            (SELECT json_object('version', m.model_version, 'weights', json(m.model_data)) FROM personalization_models AS m
             WHERE m.user_id = ?1 AND m.model_type = 'RECOMMENDATION_RANKING' AND m.active = 1
             ORDER BY m.training_date DESC, m.model_version DESC LIMIT 1) END"
    };
}

macro_rules! person_joins {
    () => {
        "LEFT JOIN user_personalization_profiles AS p ON p.user_id = w.user_id
         LEFT JOIN personalization_settings AS s ON s.user_id = w.user_id
         LEFT JOIN erasure_tombstones AS t ON t.user_id = w.user_id"
    };
}

/// The hot path: everything that a personal request reads. Indexes: primary or unique keys, one row each.
pub(crate) const LOAD: &str = concat!(
    "SELECT ",
    person_columns!(),
    ", (SELECT json_group_object(name, value) FROM live_pointers), ",
    own_weights!(),
    "
FROM (SELECT ?1 AS user_id) AS w ",
    person_joins!()
);

/// The same, and which of the ids `?2` the log holds. Index: user_interactions (user_id, id).
pub(crate) const LOAD_WITH_IDS: &str = concat!(
    "SELECT ",
    person_columns!(),
    ", (SELECT json_group_object(name, value) FROM live_pointers), ",
    own_weights!(),
    ",
       (SELECT json_group_array(i.id) FROM json_each(?2) AS e
        CROSS JOIN user_interactions AS i ON i.user_id = ?1 AND i.id = e.value)
FROM (SELECT ?1 AS user_id) AS w ",
    person_joins!()
);

/// Several people: their places in `?1`, and the pointers with the first. Indexes: as `LOAD`.
pub(crate) const LOAD_MANY: &str = concat!(
    "SELECT w.place, ",
    person_columns!(),
    ",
       CASE w.place WHEN 0 THEN (SELECT json_group_object(name, value) FROM live_pointers) END
FROM (SELECT key AS place, value AS user_id FROM json_each(?1)) AS w ",
    person_joins!()
);

/// Several people's switches, as `LOAD_MANY`. Index: the primary key.
pub(crate) const CONSENTS: &str = concat!(
    "SELECT w.place, ",
    settings_columns!(),
    ",
       CASE w.place WHEN 0 THEN (SELECT json_group_object(name, value) FROM live_pointers) END
FROM (SELECT key AS place, value AS user_id FROM json_each(?1)) AS w
LEFT JOIN personalization_settings AS s ON s.user_id = w.user_id"
);

/// `?3` time, `?4` actor kind, `?5` actor id, `?6` the new switches. It runs before the switches change.
pub(crate) const AUDIT_SETTINGS: &str = concat!(
    "INSERT INTO audit_log (at_ms, actor_kind, actor_id, action, subject_user_id, prior_value, new_value)
SELECT ?3, ?4, ?5, 'settings.changed', ?1,
       (SELECT json_object(
            'personalization_enabled', personalization_enabled, 'behavioral', behavioral, 'demographics', demographics,
            'location', location, 'experiments', experiments, 'third_party', third_party,
            'data_sharing_consent', data_sharing_consent, 'privacy_mode', privacy_mode,
            'retention_days', retention_days, 'aggregate_retention_days', aggregate_retention_days,
            'hash_user_id', hash_user_id, 'aggregate_small_groups', aggregate_small_groups,
            'consented_under_signal', consented_under_signal, 'tracking_since_ms', tracking_since_ms)
        FROM personalization_settings WHERE user_id = ?1), ?6 ",
    guarded_person!()
);

/// `?3` the switches as JSON, `?4` time. Index: the primary key.
pub(crate) const SAVE_SETTINGS: &str = concat!(
    "INSERT INTO personalization_settings (user_id, personalization_enabled, behavioral, demographics, location, experiments,
    third_party, data_sharing_consent, privacy_mode, retention_days, aggregate_retention_days, hash_user_id,
    aggregate_small_groups, consented_under_signal, tracking_since_ms, created_at_ms, updated_at_ms)
SELECT ?1, ?3 ->> 'personalization_enabled', ?3 ->> 'behavioral', ?3 ->> 'demographics', ?3 ->> 'location',
       ?3 ->> 'experiments', ?3 ->> 'third_party', ?3 ->> 'data_sharing_consent', ?3 ->> 'privacy_mode',
       ?3 ->> 'retention_days', ?3 ->> 'aggregate_retention_days', ?3 ->> 'hash_user_id',
       ?3 ->> 'aggregate_small_groups', ?3 ->> 'consented_under_signal', ?3 ->> 'tracking_since_ms', ?4, ?4 ",
    guarded_person!(),
    " ON CONFLICT (user_id) DO UPDATE SET
    personalization_enabled = excluded.personalization_enabled, behavioral = excluded.behavioral,
    demographics = excluded.demographics, location = excluded.location, experiments = excluded.experiments,
    third_party = excluded.third_party, data_sharing_consent = excluded.data_sharing_consent,
    privacy_mode = excluded.privacy_mode, retention_days = excluded.retention_days,
    aggregate_retention_days = excluded.aggregate_retention_days, hash_user_id = excluded.hash_user_id,
    aggregate_small_groups = excluded.aggregate_small_groups,
    consented_under_signal = excluded.consented_under_signal, tracking_since_ms = excluded.tracking_since_ms,
    updated_at_ms = excluded.updated_at_ms"
);

/// Lets go what was learned from shared data, where the person does not share any more. It comes after the switches, and
/// asks what they are now. Indexes: the primary keys, similar_user_mappings_by_similar_user.
pub(crate) const WITHDRAW: [&str; 2] = [
    concat!(
        "DELETE FROM similar_user_mappings WHERE (user_id = ?1 OR similar_user_id = ?1)
  AND NOT EXISTS (SELECT 1 FROM personalization_settings AS s WHERE s.user_id = ?1 AND ",
        shares!(),
        ")"
    ),
    concat!(
        "DELETE FROM personalization_models WHERE user_id = ?1
  AND NOT EXISTS (SELECT 1 FROM personalization_settings AS s WHERE s.user_id = ?1 AND s.behavioral = 1 AND ",
        shares!(),
        ")"
    ),
];

/// Adds one to the revision, and makes the row that carries it; `?3` time. It comes after the statements that it guards.
pub(crate) const ADVANCE_REVISION: &str = concat!(
    "INSERT INTO user_personalization_profiles (user_id, revision, export_sequence, created_at, last_updated)
SELECT ?1, ?2 + 1, ",
    last_sequence!(),
    " + 1, ?3, ?3 ",
    guarded_person!(),
    " ON CONFLICT (user_id) DO UPDATE SET
    revision = excluded.revision, export_sequence = excluded.export_sequence,
    last_updated = MAX(last_updated, excluded.last_updated)
RETURNING revision"
);

/// What an admin changed of a person's statements: `?3` time, `?4` actor kind, `?5` actor id, `?6` the new ones.
pub(crate) const AUDIT_STATED: &str = concat!(
    "INSERT INTO audit_log (at_ms, actor_kind, actor_id, action, subject_user_id, prior_value, new_value)
SELECT ?3, ?4, ?5, 'preferences.changed', ?1, p.stated, ?6 ",
    guarded_person!()
);

/// `?3` the statements as JSON, `?4` time. The seeds' columns are copies of their parts. Index: the primary key.
pub(crate) const SAVE_STATED: &str = concat!(
    "INSERT INTO user_personalization_profiles (user_id, revision, export_sequence, created_at, last_updated, risk_tolerance,
    detail_preference, preferred_categories, communication_style, notification_frequency, preferred_channels, stated)
SELECT ?1, ?2 + 1, ", last_sequence!(), " + 1, ?4, ?4, ?3 ->> 'risk_tolerance', ?3 ->> 'detail_level_preference',
       ?3 ->> 'recommendation_categories_preferred', ?3 ->> 'communication_preference',
       ?3 ->> 'notification_frequency', ?3 ->> 'preferred_channels', ?3 ",
    guarded_person!(),
    " ON CONFLICT (user_id) DO UPDATE SET
    revision = excluded.revision, export_sequence = excluded.export_sequence,
    last_updated = MAX(last_updated, excluded.last_updated), risk_tolerance = excluded.risk_tolerance,
    detail_preference = excluded.detail_preference, preferred_categories = excluded.preferred_categories,
    communication_style = excluded.communication_style, notification_frequency = excluded.notification_frequency,
    preferred_channels = excluded.preferred_channels, stated = excluded.stated
RETURNING revision"
);

/// A person's feedback. Index: recommendation_feedback_by_user.
pub(crate) const FEEDBACK: &str = "SELECT id, recommendation_id, feedback_type, rating, feedback_text, timestamp
FROM recommendation_feedback WHERE user_id = ?1 ORDER BY timestamp DESC LIMIT ?2";

/// The person's own export: a table, and its rows as JSON objects. Each is served by an index that begins with the user.
pub(crate) const OWN_EXPORT: [(&str, &str); 14] = [
    ("user_personalization_profiles", EXPORT_PROFILE),
    ("personalization_settings", EXPORT_SETTINGS),
    ("user_interactions", EXPORT_INTERACTIONS),
    ("recommendation_feedback", EXPORT_FEEDBACK),
    ("recommendation_outcomes", EXPORT_OUTCOMES),
    ("category_preferences", EXPORT_PREFERENCES),
    ("user_feature_vectors", EXPORT_FEATURES),
    ("personalization_events_log", EXPORT_EVENTS_LOG),
    ("similar_user_mappings", EXPORT_SIMILAR_USERS),
    ("personalization_models", EXPORT_MODELS),
    ("ab_test_assignments", experiments::EXPORT_ASSIGNMENTS),
    ("ab_test_unit_totals", experiments::EXPORT_TOTALS),
    ("ab_test_outcomes", experiments::EXPORT_OUTCOMES),
    ("audit_log", EXPORT_AUDIT),
];

const EXPORT_PROFILE: &str = concat!(
    "SELECT json_object('user_id', user_id, 'revision', revision, 'shard', shard,
    'created_at', ",
    shown_time!("created_at"),
    ", 'last_updated', ",
    shown_time!("last_updated"),
    ", 'engagement_level', engagement_level,
    'financial_literacy_score', financial_literacy_score, 'risk_tolerance', risk_tolerance,
    'detail_preference', detail_preference, 'preferred_categories', json(preferred_categories),
    'dismissed_categories', json(dismissed_categories), 'communication_style', communication_style,
    'notification_frequency', notification_frequency, 'preferred_channels', json(preferred_channels),
    'profile_completeness', profile_completeness, 'checkpoint_before', ",
    shown_time!("checkpoint_before_ms"),
    ",
    'stated', json(stated), 'state', json(state), 'checkpoint', json(checkpoint)) AS line
FROM user_personalization_profiles WHERE user_id = ?1"
);

const EXPORT_SETTINGS: &str = concat!(
    "SELECT json_object('user_id', user_id, 'personalization_enabled', personalization_enabled,
    'behavioral', behavioral, 'demographics', demographics, 'location', location, 'experiments', experiments,
    'third_party', third_party, 'data_sharing_consent', data_sharing_consent, 'privacy_mode', privacy_mode,
    'retention_days', retention_days, 'aggregate_retention_days', aggregate_retention_days, 'hash_user_id', hash_user_id,
    'aggregate_small_groups', aggregate_small_groups, 'consented_under_signal', consented_under_signal,
    'tracking_since', ",
    shown_time!("tracking_since_ms"),
    ",
    'created_at', ",
    shown_time!("created_at_ms"),
    ", 'updated_at', ",
    shown_time!("updated_at_ms"),
    ") AS line
FROM personalization_settings WHERE user_id = ?1"
);

const EXPORT_INTERACTIONS: &str = concat!(
    "SELECT json_object('id', id, 'interaction_type', interaction_type, 'target_id', target_id,
    'target_type', target_type, 'action', action, 'context', json(context), 'session_id', session_id,
    'timestamp', ",
    shown_time!("timestamp"),
    ", 'device_type', device_type, 'device_id', device_id, 'value', value, 'reason', reason,
    'decision_id', decision_id, 'position', position, 'category', category, 'facts', json(facts),
    'receipt', json(receipt), 'received_at', ",
    shown_time!("received_at_ms"),
    ") AS line
FROM user_interactions WHERE user_id = ?1 ORDER BY timestamp DESC, sequence DESC"
);

const EXPORT_FEEDBACK: &str = concat!(
    "SELECT json_object('id', id, 'recommendation_id', recommendation_id,
    'feedback_type', feedback_type, 'rating', rating, 'feedback_text', feedback_text, 'timestamp', ",
    shown_time!("timestamp"),
    ") AS line
FROM recommendation_feedback WHERE user_id = ?1 ORDER BY timestamp DESC"
);

const EXPORT_OUTCOMES: &str = concat!(
    "SELECT json_object('id', id, 'recommendation_id', recommendation_id, 'outcome', outcome,
    'outcome_date', ",
    shown_time!("outcome_date"),
    ", 'time_to_action_days', time_to_action_days,
    'actual_benefit_realized', actual_benefit_realized, 'notes', notes) AS line
FROM recommendation_outcomes WHERE user_id = ?1 ORDER BY outcome, outcome_date"
);

const EXPORT_PREFERENCES: &str = concat!(
    "SELECT json_object('category', category, 'preference_score', preference_score,
    'acceptance_count', acceptance_count, 'dismissal_count', dismissal_count, 'total_shown', total_shown,
    'last_interaction', ",
    shown_time!("last_interaction"),
    ") AS line
FROM category_preferences WHERE user_id = ?1 ORDER BY preference_score DESC"
);

const EXPORT_FEATURES: &str = concat!(
    "SELECT json_object('features', json(features), 'calculated_at', ",
    shown_time!("calculated_at"),
    ") AS line
FROM user_feature_vectors WHERE user_id = ?1"
);

const EXPORT_EVENTS_LOG: &str = concat!(
    "SELECT json_object('id', id, 'event_type', event_type, 'event_data', json(event_data),
    'timestamp', ",
    shown_time!("timestamp"),
    ", 'processing_status', processing_status) AS line
FROM personalization_events_log WHERE user_id = ?1"
);

/// Who the other one is stays out: that is the other's.
const EXPORT_SIMILAR_USERS: &str = concat!(
    "SELECT json_object('similarity_score', similarity_score,
    'common_attributes', json(common_attributes), 'calculated_at', ",
    shown_time!("calculated_at"),
    ") AS line
FROM similar_user_mappings WHERE user_id = ?1 OR similar_user_id = ?1"
);

const EXPORT_MODELS: &str = concat!(
    "SELECT json_object('model_type', model_type, 'model_version', model_version,
    'model_data', json(model_data), 'training_date', ",
    shown_time!("training_date"),
    ", 'performance_metrics', json(performance_metrics),
    'feature_importance', json(feature_importance), 'active', active) AS line
FROM personalization_models WHERE user_id = ?1"
);

const EXPORT_AUDIT: &str = concat!(
    "SELECT json_object('at', ",
    shown_time!("at_ms"),
    ", 'actor_kind', actor_kind, 'action', action,
    'prior_value', json(prior_value), 'new_value', json(new_value)) AS line
FROM audit_log WHERE subject_user_id = ?1 ORDER BY at_ms"
);

/// The tombstone: `?2` time, `?3` receipt. It runs first, while the rows that it is made from are still there.
/// A clock that jumped back must not let older messages in again. Index: the unique user.
pub(crate) const BURY: &str = concat!(
    "INSERT INTO erasure_tombstones (sequence, user_id, erased_at_ms, revision, hash_user_id, receipt_id)
SELECT ",
    last_sequence!(),
    " + 1, w.user_id, ?2, COALESCE(p.revision, t.revision, 0) + 1,
       COALESCE(s.hash_user_id, t.hash_user_id, 1), ?3
FROM (SELECT ?1 AS user_id) AS w ",
    person_joins!(),
    " WHERE true
ON CONFLICT (user_id) DO UPDATE SET
    sequence = excluded.sequence, erased_at_ms = MAX(erased_at_ms, excluded.erased_at_ms),
    revision = excluded.revision, hash_user_id = excluded.hash_user_id, receipt_id = excluded.receipt_id"
);

/// What an erasure removes, by table. Each is served by an index that begins with the user, except for the dead letters,
/// which are few and searched for the id.
pub(crate) const ERASE: [(&str, &str); 17] = [
    ("user_personalization_profiles", "DELETE FROM user_personalization_profiles WHERE user_id = ?1"),
    ("personalization_settings", "DELETE FROM personalization_settings WHERE user_id = ?1"),
    ("user_interactions", "DELETE FROM user_interactions WHERE user_id = ?1"),
    ("recommendation_feedback", "DELETE FROM recommendation_feedback WHERE user_id = ?1"),
    ("recommendation_outcomes", "DELETE FROM recommendation_outcomes WHERE user_id = ?1"),
    ("category_preferences", "DELETE FROM category_preferences WHERE user_id = ?1"),
    ("user_feature_vectors", "DELETE FROM user_feature_vectors WHERE user_id = ?1"),
    ("personalization_events_log", "DELETE FROM personalization_events_log WHERE user_id = ?1"),
    ("similar_user_mappings", "DELETE FROM similar_user_mappings WHERE user_id = ?1 OR similar_user_id = ?1"),
    ("personalization_models", "DELETE FROM personalization_models WHERE user_id = ?1"),
    // Totals of devices and sessions are found by the assignments, so they go first.
    ("ab_test_unit_totals", "DELETE FROM ab_test_unit_totals WHERE unit_kind = 'user' AND unit_id = ?1"),
    (
        "ab_test_unit_totals",
        "DELETE FROM ab_test_unit_totals WHERE (unit_kind, unit_id, environment, test_name) IN (
    SELECT a.unit_kind, a.unit_id, a.environment, a.test_name FROM ab_test_assignments AS a
    WHERE a.user_id = ?1 AND a.unit_kind <> 'user')",
    ),
    ("ab_test_assignments", "DELETE FROM ab_test_assignments WHERE unit_kind = 'user' AND unit_id = ?1"),
    ("ab_test_assignments", "DELETE FROM ab_test_assignments WHERE user_id = ?1 AND unit_kind <> 'user'"),
    ("ab_test_outcomes", "DELETE FROM ab_test_outcomes WHERE user_id = ?1"),
    ("audit_log", "DELETE FROM audit_log WHERE subject_user_id = ?1 AND action <> 'person.erased'"),
    ("dead_letters", "DELETE FROM dead_letters WHERE user_id = ?1 OR instr(lower(payload), ?1) > 0"),
];

/// Takes a person's id out of the rows of those who go on this unit since a login: what they do counts for nobody from now
/// on. Index: ab_test_assignments_by_counts_as.
pub(crate) const FORGET_AS_UNIT: &str = "UPDATE ab_test_assignments SET counts_as = '' WHERE counts_as = ?1";

/// Gives the rows of devices and sessions that others used, too, to one of those: they are counted already, and are not to be
/// exposed again. What is nobody else's stays, and is erased. Indexes: ab_test_assignments_by_user, ab_test_outcomes_by_unit.
pub(crate) const HAND_OVER: &str = "UPDATE ab_test_assignments AS a SET user_id = COALESCE((
    SELECT MIN(o.user_id) FROM ab_test_outcomes AS o WHERE o.unit_kind = a.unit_kind AND o.unit_kind <> 'user'
        AND o.unit_id = a.unit_id AND o.environment = a.environment AND o.test_name = a.test_name AND o.user_id <> ?1), ?1)
WHERE a.user_id = ?1 AND a.unit_kind <> 'user'";

/// Takes a person's events out of messages that hold several people's. It runs before the dead letters that still name
/// the person go, so that others lose nothing where the message can be read.
pub(crate) const CUT_OUT_OF_DEAD_LETTERS: &str = "UPDATE dead_letters
SET payload = json_set(payload, '$.events', json((
    SELECT json_group_array(json(e.value)) FROM json_each(payload, '$.events') AS e
    WHERE COALESCE(lower(e.value ->> 'user'), '') <> ?1)))
WHERE user_id IS NULL AND instr(lower(payload), ?1) > 0
  AND CASE WHEN json_valid(payload) THEN json_type(payload, '$.events') END = 'array'
  AND CASE WHEN json_valid(payload) THEN
      NOT EXISTS (SELECT 1 FROM json_each(payload, '$.events') AS e WHERE e.type <> 'object') END";

/// The bare fact of an erasure: `?2` time, `?3` actor kind, `?4` actor id, `?5` receipt.
pub(crate) const AUDIT_ERASURE: &str =
    "INSERT INTO audit_log (at_ms, actor_kind, actor_id, action, subject_user_id, new_value)
VALUES (?2, ?3, ?4, 'person.erased', ?1, json_object('receipt_id', ?5))";
