//! What scheduled jobs run: retention behind a checkpoint, feature vectors, popularity, purges.

/// People with interactions past their retention: `?1` default days, `?2` now, `?3` at most, `?4` all event types.
/// Indexes: user_interactions_by_type for the default, personalization_settings_own_retention and
/// user_interactions_by_user for people's own shorter choice.
pub(crate) const EXPIRED_PEOPLE: &str = "SELECT * FROM (
    SELECT DISTINCT i.user_id AS user_id, ?2 - 86400000 * MIN(?1, COALESCE(s.retention_days, ?1)) AS before_ms
    FROM json_each(?4) AS k
    CROSS JOIN user_interactions AS i ON i.interaction_type = k.value AND i.timestamp < ?2 - 86400000 * ?1
    LEFT JOIN personalization_settings AS s ON s.user_id = i.user_id
    LIMIT ?3)
UNION
SELECT * FROM (
    SELECT s.user_id, ?2 - 86400000 * s.retention_days
    FROM personalization_settings AS s INDEXED BY personalization_settings_own_retention
    WHERE s.retention_days IS NOT NULL AND s.retention_days < ?1
      AND EXISTS (SELECT 1 FROM user_interactions AS i
                  WHERE i.user_id = s.user_id AND i.timestamp < ?2 - 86400000 * s.retention_days)
    LIMIT ?3)
ORDER BY user_id LIMIT ?3";

/// The revision and the checkpoint of a person. Index: the primary key.
pub(crate) const EXPIRING_PROFILE: &str =
    "SELECT revision, checkpoint FROM user_personalization_profiles WHERE user_id = ?1";

/// A person's interactions from before `?2`, oldest first. Index: user_interactions_by_user.
pub(crate) const EXPIRING: &str = concat!(
    "SELECT i.sequence AS sequence, i.value AS value, ",
    interaction_json!(),
    " AS event
FROM user_interactions AS i WHERE i.user_id = ?1 AND i.timestamp < ?2 ORDER BY i.timestamp, i.sequence"
);

macro_rules! revision_of_person {
    () => {
        " AND EXISTS (SELECT 1 FROM user_personalization_profiles AS p WHERE p.user_id = ?1 AND p.revision = ?3)"
    };
}

/// Removes what a checkpoint holds: `?2` the time before which, `?3` the expected revision. The rows that are kept
/// beside the log go with it. Indexes: user_interactions_by_user, and the primary keys.
pub(crate) const REMOVE_EXPIRED: [&str; 4] = [
    concat!("DELETE FROM user_interactions WHERE user_id = ?1 AND timestamp < ?2", revision_of_person!()),
    concat!("DELETE FROM recommendation_outcomes WHERE user_id = ?1 AND outcome_date < ?2", revision_of_person!()),
    concat!("DELETE FROM recommendation_feedback WHERE user_id = ?1 AND timestamp < ?2", revision_of_person!()),
    concat!("DELETE FROM ab_test_outcomes WHERE user_id = ?1 AND timestamp < ?2", revision_of_person!()),
];

/// `?2` the time, `?3` the expected revision, `?4` the checkpoint. It comes after what it guards.
pub(crate) const WRITE_CHECKPOINT: &str = "UPDATE user_personalization_profiles
SET revision = revision + 1, checkpoint = ?4, checkpoint_before_ms = MAX(COALESCE(checkpoint_before_ms, 0), ?2)
WHERE user_id = ?1 AND revision = ?3 RETURNING revision";

/// People whose profile changed since `?1`, after `?2`, at most `?3`. Index: user_personalization_profiles_by_update.
pub(crate) const ACTIVE_PEOPLE: &str = "SELECT user_id FROM user_personalization_profiles
INDEXED BY user_personalization_profiles_by_update
WHERE user_id > ?2 AND last_updated >= ?1 ORDER BY user_id LIMIT ?3";

/// Feature vectors of the people `?1`, at `?2`; `?3` is what an open question means (1: yes). Aggregates over 30 days:
/// rates, counts, the hour and the device used most; a country only where location is allowed. A rate that nothing
/// tells is NULL. Index: user_interactions_by_user.
pub(crate) const WRITE_FEATURES: &str = "INSERT INTO user_feature_vectors (user_id, features, calculated_at)
SELECT w.value, json_object(
    'engagement_score', SUM(i.interaction_type = 'CONTENT_COMPLETED') * 1.0
        / NULLIF(SUM(i.interaction_type IN ('CONTENT_READ', 'CONTENT_COMPLETED')), 0),
    'notification_ctr', MIN(1.0, SUM(i.interaction_type = 'NOTIFICATION_OPENED') * 1.0
        / NULLIF(SUM(i.interaction_type = 'NOTIFICATION_SENT'), 0)),
    'session_count_7d', COUNT(DISTINCT CASE WHEN i.timestamp >= ?2 - 604800000 THEN i.session_id END),
    'session_count_30d', COUNT(DISTINCT i.session_id),
    'avg_session_duration_sec', (
        SELECT ROUND(AVG(seconds), 1) FROM (
            SELECT (MAX(n.timestamp) - MIN(n.timestamp)) / 1000.0 AS seconds FROM user_interactions AS n
            WHERE n.user_id = w.value AND n.timestamp BETWEEN ?2 - 2592000000 AND ?2 AND n.session_id IS NOT NULL
            GROUP BY n.session_id)),
    'preferred_time_slot', (
        SELECT CAST((n.timestamp + 60000 * (n.context ->> 'utc_offset_minutes')) / 3600000 AS INTEGER) % 24 AS slot
        FROM user_interactions AS n
        WHERE n.user_id = w.value AND n.timestamp BETWEEN ?2 - 2592000000 AND ?2
          AND n.context ->> 'utc_offset_minutes' IS NOT NULL
        GROUP BY slot ORDER BY COUNT(*) DESC, slot LIMIT 1),
    'device_type', (
        SELECT n.device_type FROM user_interactions AS n
        WHERE n.user_id = w.value AND n.timestamp BETWEEN ?2 - 2592000000 AND ?2 AND n.device_type IS NOT NULL
        GROUP BY n.device_type ORDER BY COUNT(*) DESC, n.device_type LIMIT 1),
    'country_code', CASE WHEN COALESCE(s.location, 1) = 1 THEN (
        SELECT n.context ->> 'country' AS country FROM user_interactions AS n
        WHERE n.user_id = w.value AND n.timestamp BETWEEN ?2 - 2592000000 AND ?2 AND n.context ->> 'country' IS NOT NULL
        GROUP BY country ORDER BY COUNT(*) DESC, country LIMIT 1) END,
    'timezone_offset', (
        SELECT (n.context ->> 'utc_offset_minutes') / 60.0 FROM user_interactions AS n
        WHERE n.user_id = w.value AND n.timestamp BETWEEN ?2 - 2592000000 AND ?2
          AND n.context ->> 'utc_offset_minutes' IS NOT NULL
        ORDER BY n.timestamp DESC LIMIT 1)), ?2
FROM json_each(?1) AS w
CROSS JOIN user_interactions AS i ON i.user_id = w.value AND i.timestamp BETWEEN ?2 - 2592000000 AND ?2
LEFT JOIN personalization_settings AS s ON s.user_id = w.value
WHERE COALESCE(s.personalization_enabled, ?3) = 1 AND COALESCE(s.behavioral, 1) = 1 AND COALESCE(s.privacy_mode, 0) = 0
GROUP BY w.value
ON CONFLICT (user_id) DO UPDATE SET features = excluded.features, calculated_at = excluded.calculated_at";

/// Days from the first view in the log to the outcome, for the last three days' outcomes of the people `?1`, at `?2`.
/// Indexes: recommendation_outcomes_by_user, user_interactions_by_user.
pub(crate) const TIME_TO_ACTION: &str = "UPDATE recommendation_outcomes AS o
SET time_to_action_days = (
    SELECT (o.outcome_date - MIN(i.timestamp)) / 86400000 FROM user_interactions AS i
    WHERE i.user_id = o.user_id AND i.timestamp <= o.outcome_date
      AND +i.interaction_type = 'RECOMMENDATION_VIEWED' AND i.target_id = o.recommendation_id)
WHERE o.user_id IN (SELECT value FROM json_each(?1)) AND o.outcome = 'ACCEPTED' AND o.outcome_date >= ?2 - 259200000
  AND o.time_to_action_days IS NULL";

macro_rules! acceptances {
    () => {
        concat!(
            "FROM user_interactions AS i CROSS JOIN personalization_settings AS s ON s.user_id = i.user_id
WHERE i.interaction_type IN ('RECOMMENDATION_ACCEPTED', 'RSVP', 'PURCHASED', 'INSTALLED', 'GOAL_COMPLETED')
  AND i.timestamp >= ?1 AND i.facts ->> 'is_item' = 1 AND i.target_id IS NOT NULL AND ",
            shares!()
        )
    };
}

/// Forgets the counts before they are made anew, in the same transaction.
pub(crate) const CLEAR_POPULARITY: &str = "DELETE FROM item_popularity";

/// Counts since `?1`, at `?2`, of items with at least `?3` people; country by country where it is known and allowed,
/// and all countries together. Index: user_interactions_by_type.
pub(crate) const COUNT_POPULARITY: [&str; 2] = [
    concat!("INSERT INTO item_popularity (pack, country, item_id, people, accepts, computed_at_ms)
SELECT COALESCE(i.facts ->> 'pack', ''), '', i.target_id, COUNT(DISTINCT i.user_id), COUNT(*), ?2 ", acceptances!(), " GROUP BY 1, 3 HAVING COUNT(DISTINCT i.user_id) >= ?3"),
    concat!("INSERT INTO item_popularity (pack, country, item_id, people, accepts, computed_at_ms)
SELECT COALESCE(i.facts ->> 'pack', '') AS pack, i.context ->> 'country' AS country, i.target_id, COUNT(DISTINCT i.user_id),
       COUNT(*), ?2 ", acceptances!(),
        " AND s.location = 1 AND i.context ->> 'country' IS NOT NULL GROUP BY 1, 2, 3 HAVING COUNT(DISTINCT i.user_id) >= ?3"),
];

/// A pack's counts. Index: the primary key.
pub(crate) const POPULARITY: &str =
    "SELECT pack, country, item_id, people, accepts FROM item_popularity WHERE pack = ?1";

/// Feature vectors older than `?2` days at `?1`, or than the person's own shorter choice. One row a person.
pub(crate) const PURGE_FEATURES: &str = "DELETE FROM user_feature_vectors
WHERE calculated_at < ?1 - 86400000 * MIN(?2, COALESCE(
    (SELECT s.aggregate_retention_days FROM personalization_settings AS s WHERE s.user_id = user_feature_vectors.user_id), ?2))";

/// The events log before `?1`. Index: personalization_events_log_by_status.
pub(crate) const PURGE_EVENTS_LOG: &str = "DELETE FROM personalization_events_log
WHERE processing_status IN ('PENDING', 'PROCESSED', 'FAILED') AND timestamp < ?1";

/// Dead letters before `?1`. Index: dead_letters_by_time.
pub(crate) const PURGE_DEAD_LETTERS: &str = "DELETE FROM dead_letters WHERE at_ms < ?1";

/// Tombstones before `?1`. Index: erasure_tombstones_by_time.
pub(crate) const PURGE_TOMBSTONES: &str = "DELETE FROM erasure_tombstones WHERE erased_at_ms < ?1";

/// Similar users of before `?1`. Index: similar_user_mappings_by_time.
pub(crate) const PURGE_SIMILAR_USERS: &str = "DELETE FROM similar_user_mappings WHERE calculated_at < ?1";

/// People's own models of before `?1`. Index: personalization_models_by_time.
pub(crate) const PURGE_USER_MODELS: &str = "DELETE FROM personalization_models WHERE training_date < ?1";

/// Evaluations of before `?1`. Index: personalization_eval_by_time.
pub(crate) const PURGE_EVALUATIONS: &str = "DELETE FROM personalization_eval WHERE evaluated_at_ms < ?1";

/// Figures of days before `?1`. Indexes: the primary keys.
pub(crate) const PURGE_DAYS: [&str; 3] = [
    "DELETE FROM overview_days WHERE day < ?1 / 86400000",
    "DELETE FROM overview_people WHERE day < ?1 / 86400000",
    "DELETE FROM service_days WHERE day < ?1 / 86400000",
];

/// The audit trail before `?1`. Index: audit_log_by_time.
pub(crate) const PURGE_AUDIT: &str = "DELETE FROM audit_log WHERE at_ms < ?1";
