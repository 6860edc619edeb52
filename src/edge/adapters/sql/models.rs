//! The records of models. Every statement takes one parameter, the facts of the ask as a JSON object, and the reports are
//! written as JSON by the database: nothing decides by them on their way out.

use nearside_engine::ports::ModelAsk;

/// A time as the API shows it.
macro_rules! shown_time {
    ($column:literal) => {
        concat!("strftime('%Y-%m-%dT%H:%M:%fZ', ", $column, " / 1000.0, 'unixepoch')")
    };
}

/// Appends to the log under a condition.
macro_rules! append_log {
    ($condition:expr) => {
        concat!(
            "INSERT INTO model_log (at_ms, pack, action, version, from_version, actor, reason, details)
SELECT ?1 ->> 'at_ms', ?1 ->> 'pack', ?1 ->> 'action', ?1 ->> 'version', ?1 ->> 'from_version', ?1 ->> 'actor',
       ?1 ->> 'reason', ?1 ->> 'details' WHERE ",
            $condition,
            " RETURNING 'yes'"
        )
    };
}

macro_rules! pack_is_there {
    () => {
        "EXISTS (SELECT 1 FROM live_pointers WHERE name = 'pack/' || (?1 ->> 'pack'))"
    };
}

/// The pointers still are what the move was decided on.
macro_rules! nobody_moved {
    () => {
        "COALESCE((SELECT value FROM live_pointers WHERE name = 'model/' || (?1 ->> 'pack')), '') = ?1 ->> 'was_live'
  AND COALESCE((SELECT value FROM live_pointers WHERE name = 'canary/' || (?1 ->> 'pack')), '') = ?1 ->> 'was_canary'"
    };
}

/// Index: the primary key.
const ADD: [&str; 2] = [
    append_log!("NOT EXISTS (SELECT 1 FROM model_versions WHERE pack = ?1 ->> 'pack' AND version = ?1 ->> 'version')"),
    "INSERT INTO model_versions (pack, version, status, size_bytes, trained_at_ms, data_window, metrics, importance,
    uploaded_by, uploaded_at_ms)
SELECT ?1 ->> 'pack', ?1 ->> 'version', 'CANDIDATE', ?1 ->> 'size_bytes', ?1 ->> 'made_at_ms', ?1 ->> 'data_window',
       ?1 ->> 'metrics', ?1 ->> 'importance', ?1 ->> 'actor', ?1 ->> 'at_ms' WHERE true
ON CONFLICT (pack, version) DO NOTHING",
];

const LOG: [&str; 2] = [
    // What asked for a retraining is answered by one. Index: personalization_events_log_by_status.
    concat!(
        "UPDATE personalization_events_log SET processing_status = 'PROCESSED'
WHERE processing_status = 'PENDING' AND event_type = 'SIGNIFICANT_FEEDBACK' AND timestamp <= ?1 ->> 'made_at_ms'
  AND ?1 ->> 'action' = 'retrained' AND ",
        pack_is_there!()
    ),
    append_log!(pack_is_there!()),
];

/// The pointers move last, since everything before asks whether they stand where they stood. An empty name is none.
/// A promotion is later than every earlier one, whatever the clock says: what came before it is found by that.
const MOVE: [&str; 4] = [
    concat!(
        "UPDATE model_versions SET
    status = CASE WHEN version = ?1 ->> 'live' THEN 'LIVE' WHEN version = ?1 ->> 'canary_version' THEN 'CANARY'
                  WHEN status IN ('LIVE', 'CANARY') THEN 'RETIRED' ELSE status END,
    promoted_at_ms = CASE WHEN version = ?1 ->> 'live' AND ?1 ->> 'action' = 'promoted' AND status <> 'LIVE'
        THEN MAX(?1 ->> 'at_ms', COALESCE((SELECT MAX(m.promoted_at_ms) + 1 FROM model_versions AS m
                                           WHERE m.pack = ?1 ->> 'pack'), 0)) ELSE promoted_at_ms END,
    gate = CASE WHEN version = ?1 ->> 'version' THEN COALESCE(?1 ->> 'gate', gate) ELSE gate END,
    forced_reason = CASE WHEN version = ?1 ->> 'version' AND ?1 ->> 'gate' IS NOT NULL THEN ?1 ->> 'reason'
                         ELSE forced_reason END
WHERE pack = ?1 ->> 'pack' AND ",
        nobody_moved!()
    ),
    append_log!(nobody_moved!()),
    concat!(
        "INSERT INTO live_pointers (name, value, updated_at_ms)
SELECT w.key, w.value, ?1 ->> 'at_ms' FROM json_each(json_object('model/' || (?1 ->> 'pack'), ?1 ->> 'live',
    'canary/' || (?1 ->> 'pack'), ?1 ->> 'canary')) AS w
WHERE ",
        nobody_moved!(),
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at_ms = excluded.updated_at_ms"
    ),
    "DELETE FROM live_pointers
WHERE name IN ('model/' || (?1 ->> 'pack'), 'canary/' || (?1 ->> 'pack')) AND value = ''",
];

const VERSIONS: &str = "SELECT json_group_array(json_object('version', version, 'promoted_at_ms', promoted_at_ms)) FROM (
    SELECT version, promoted_at_ms FROM model_versions WHERE pack = ?1 ->> 'pack' ORDER BY uploaded_at_ms DESC, version)";

/// Says which of them are gone now.
const FORGET: [&str; 2] = [
    "DELETE FROM model_versions WHERE pack = ?1 ->> 'pack' AND status NOT IN ('LIVE', 'CANARY')
  AND version IN (SELECT value FROM json_each(?1, '$.names'))",
    "SELECT json_group_array(w.value) FROM json_each(?1, '$.names') AS w
WHERE NOT EXISTS (SELECT 1 FROM model_versions WHERE pack = ?1 ->> 'pack' AND version = w.value)",
];

/// A pack's pointers and kept versions, as members of an object.
macro_rules! pack_members {
    () => {
        concat!(
            "'pack', substr(l.name, 6),
    'live', (SELECT value FROM live_pointers WHERE name = 'model/' || substr(l.name, 6)),
    'canary', (SELECT value FROM live_pointers WHERE name = 'canary/' || substr(l.name, 6)),
    'versions', (SELECT json_group_array(json(line)) FROM (
        SELECT json_object('version', version, 'status', status, 'size_bytes', size_bytes,
            'trained_at', ",
            shown_time!("trained_at_ms"),
            ", 'window', json(data_window), 'metrics', json(metrics), 'importance', json(importance), 'gate', json(gate),
            'forced_reason', forced_reason, 'uploaded_by', uploaded_by, 'uploaded_at', ",
            shown_time!("uploaded_at_ms"),
            ", 'promoted_at', ",
            shown_time!("promoted_at_ms"),
            ") AS line
        FROM model_versions WHERE pack = substr(l.name, 6) ORDER BY uploaded_at_ms DESC, version))"
        )
    };
}

macro_rules! asked_packs {
    () => {
        " FROM live_pointers AS l
WHERE l.name GLOB 'pack/*' AND (?1 ->> 'pack' = '' OR l.name = 'pack/' || (?1 ->> 'pack'))"
    };
}

/// The newest evaluations, of the pack that an expression names.
macro_rules! evaluations {
    ($condition:literal, $limit:literal) => {
        concat!(
            "(SELECT json_group_array(json(line)) FROM (
        SELECT json_object('pack', pack, 'version', version, 'kind', kind, 'evaluated_at', ",
            shown_time!("evaluated_at_ms"),
            ", 'window', json(data_window), 'metrics', json(metrics), 'segments', json(segments)) AS line
        FROM personalization_eval WHERE ",
            $condition,
            " ORDER BY evaluated_at_ms DESC, pack, version, kind LIMIT ",
            $limit,
            "))"
        )
    };
}

const MODELS: &str = concat!("SELECT json_group_array(json_object(", pack_members!(), "))", asked_packs!());

/// The same with the log and the evaluations. Indexes: model_log_by_pack, and the primary key of personalization_eval.
const PERFORMANCE: &str = concat!(
    "SELECT json_group_array(json_object(",
    pack_members!(),
    ",
    'log', (SELECT json_group_array(json(line)) FROM (
        SELECT json_object('at', ",
    shown_time!("at_ms"),
    ", 'action', action, 'version', version, 'from_version', from_version, 'actor', actor, 'reason', reason,
            'details', json(details)) AS line
        FROM model_log WHERE pack = substr(l.name, 6) ORDER BY id DESC LIMIT 100)),
    'evaluations', ",
    evaluations!("pack = substr(l.name, 6)", "20"),
    "))",
    asked_packs!()
);

macro_rules! request_json {
    () => {
        concat!(
            "json_object('id', r.id, 'pack', r.pack, 'kind', r.kind, 'requested_at', ",
            shown_time!("r.requested_at_ms"),
            ", 'requested_by', r.requested_by, 'reason', r.reason, 'status', r.status, 'finished_at', ",
            shown_time!("r.finished_at_ms"),
            ", 'result', json(r.result))"
        )
    };
}

/// Index: retraining_requests_pending.
const REQUEST: [&str; 2] = [
    concat!(
        "INSERT OR IGNORE INTO retraining_requests (id, pack, kind, requested_at_ms, requested_by, reason, status)
SELECT ?1 ->> 'id', ?1 ->> 'pack', ?1 ->> 'action', ?1 ->> 'at_ms', ?1 ->> 'actor', ?1 ->> 'reason', 'PENDING' WHERE ",
        pack_is_there!()
    ),
    concat!(
        "SELECT ",
        request_json!(),
        " FROM retraining_requests AS r
WHERE r.pack = ?1 ->> 'pack' AND r.kind = ?1 ->> 'action' AND r.status = 'PENDING'"
    ),
];

/// What is finished stays as it is.
const FINISH: [&str; 2] = [
    "UPDATE retraining_requests SET status = ?1 ->> 'action', result = COALESCE(?1 ->> 'details', result),
    finished_at_ms = CASE WHEN ?1 ->> 'action' <> 'RUNNING' THEN ?1 ->> 'at_ms' END
WHERE id = ?1 ->> 'id' AND status IN ('PENDING', 'RUNNING')",
    concat!("SELECT ", request_json!(), " FROM retraining_requests AS r WHERE r.id = ?1 ->> 'id'"),
];

/// Requests that are open, and the packs with the reasons for which they are due: AGE (no model was trained within 7
/// days), FEEDBACK (somebody gave much of it since the last training). Index: personalization_events_log_by_status.
const REQUESTS: &str = concat!(
    "SELECT json_object(
    'requests', (SELECT json_group_array(json(line)) FROM (SELECT ",
    request_json!(),
    " AS line
        FROM retraining_requests AS r WHERE r.status IN ('PENDING', 'RUNNING') ORDER BY r.requested_at_ms, r.id)),
    'due', (SELECT json_group_array(json_object('pack', pack, 'last_trained_at', ",
    shown_time!("trained_at_ms"),
    ", 'significant_feedback', feedback, 'reasons', (SELECT json_group_array(reason) FROM (
                SELECT 'AGE' AS reason WHERE COALESCE(trained_at_ms, 0) <= (?1 ->> 'at_ms') - 604800000
                UNION ALL SELECT 'FEEDBACK' WHERE feedback > 0))))
        FROM (SELECT substr(l.name, 6) AS pack,
                (SELECT MAX(trained_at_ms) FROM model_versions WHERE pack = substr(l.name, 6)) AS trained_at_ms,
                (SELECT COUNT(*) FROM personalization_events_log
                 WHERE processing_status = 'PENDING' AND event_type = 'SIGNIFICANT_FEEDBACK') AS feedback
              FROM live_pointers AS l WHERE l.name GLOB 'pack/*' ORDER BY l.name)))"
);

const ADD_EVALUATIONS: &str =
    "INSERT INTO personalization_eval (pack, version, kind, evaluated_at_ms, data_window, metrics, segments)
SELECT w.value ->> 0, w.value ->> 1, w.value ->> 2, w.value ->> 3, w.value ->> 4, w.value ->> 5, w.value ->> 6
FROM json_each(?1 ->> 'rows') AS w WHERE true
ON CONFLICT (pack, version, kind, evaluated_at_ms) DO UPDATE SET
    data_window = excluded.data_window, metrics = excluded.metrics, segments = excluded.segments";

const EVALUATIONS: &str = concat!(
    "SELECT json_object('evaluations', ",
    evaluations!("(?1 ->> 'pack' = '' OR pack = ?1 ->> 'pack')", "100"),
    ")"
);

/// A page of the people who share under a hashed name, after the id. Index: the primary key.
const HASHED_PEOPLE: &str = concat!(
    "SELECT json_group_array(user_id) FROM (SELECT s.user_id FROM personalization_settings AS s
    WHERE s.user_id > ?1 ->> 'id' AND s.hash_user_id = 1 AND ",
    shares!(),
    " ORDER BY s.user_id LIMIT 10000)"
);

/// Rows `[person, neighbour, score, [attribute, …]]` of the people `names`; both must share now. Index: the primary keys.
const SIMILAR_USERS: [&str; 2] = [
    "DELETE FROM similar_user_mappings WHERE user_id IN (SELECT value FROM json_each(?1, '$.names'))",
    concat!(
        "INSERT INTO similar_user_mappings (user_id, similar_user_id, similarity_score, common_attributes, calculated_at)
SELECT w.value ->> 0, w.value ->> 1, w.value ->> 2, w.value ->> 3, ?1 ->> 'made_at_ms'
FROM json_each(?1 ->> 'rows') AS w
WHERE EXISTS (SELECT 1 FROM personalization_settings AS s WHERE s.user_id = w.value ->> 0 AND ",
        shares!(),
        ")
  AND EXISTS (SELECT 1 FROM personalization_settings AS s WHERE s.user_id = w.value ->> 1 AND ",
        shares!(),
        ")
ON CONFLICT (user_id, similar_user_id) DO UPDATE SET similarity_score = excluded.similarity_score,
    common_attributes = excluded.common_attributes, calculated_at = excluded.calculated_at"
    ),
];

/// Rows `[person, type, version, weights, performance, importance]`; the person must share and be learned from now.
/// Index: the primary keys.
const USER_MODELS: [&str; 2] = [
    "UPDATE personalization_models SET active = 0
WHERE active = 1 AND user_id IN (SELECT w.value ->> 0 FROM json_each(?1 ->> 'rows') AS w)
  AND model_type IN (SELECT w.value ->> 1 FROM json_each(?1 ->> 'rows') AS w)",
    concat!(
        "INSERT INTO personalization_models (user_id, model_type, model_version, model_data, training_date,
    performance_metrics, feature_importance, active)
SELECT w.value ->> 0, w.value ->> 1, w.value ->> 2, w.value ->> 3, ?1 ->> 'at_ms', w.value ->> 4, w.value ->> 5, 1
FROM json_each(?1 ->> 'rows') AS w
WHERE EXISTS (SELECT 1 FROM personalization_settings AS s WHERE s.user_id = w.value ->> 0 AND s.behavioral = 1 AND ",
        shares!(),
        ")
ON CONFLICT (user_id, model_type, model_version) DO UPDATE SET model_data = excluded.model_data,
    training_date = excluded.training_date, performance_metrics = excluded.performance_metrics,
    feature_importance = excluded.feature_importance, active = 1"
    ),
];

/// The statements of an ask, in order.
pub(crate) fn statements_of(ask: ModelAsk) -> &'static [&'static str] {
    match ask {
        ModelAsk::Add => &ADD,
        ModelAsk::Log => &LOG,
        ModelAsk::Move => &MOVE,
        ModelAsk::Versions => &[VERSIONS],
        ModelAsk::Forget => &FORGET,
        ModelAsk::Models => &[MODELS],
        ModelAsk::Performance => &[PERFORMANCE],
        ModelAsk::Request => &REQUEST,
        ModelAsk::Finish => &FINISH,
        ModelAsk::Requests => &[REQUESTS],
        ModelAsk::AddEvaluations => &[ADD_EVALUATIONS],
        ModelAsk::Evaluations => &[EVALUATIONS],
        ModelAsk::HashedPeople => &[HASHED_PEOPLE],
        ModelAsk::SimilarUsers => &SIMILAR_USERS,
        ModelAsk::UserModels => &USER_MODELS,
    }
}

/// What the 20 nearest neighbours of `?1` took up, and what the person has seen. Neighbours who no longer share are none.
/// Indexes: similar_user_mappings (user_id, …), recommendation_outcomes_by_user, user_interactions_by_user.
pub(crate) const NEIGHBOURS_CHOICES: &str = concat!(
    "WITH near AS (
    SELECT m.similar_user_id AS user_id, m.similarity_score AS score FROM similar_user_mappings AS m
    CROSS JOIN personalization_settings AS s ON s.user_id = m.similar_user_id
    WHERE m.user_id = ?1 AND ",
    shares!(),
    " ORDER BY m.similarity_score DESC, m.similar_user_id LIMIT 20),
taken AS (
    SELECT DISTINCT near.user_id, near.score, o.recommendation_id AS item FROM near
    CROSS JOIN recommendation_outcomes AS o ON o.user_id = near.user_id AND o.outcome = 'ACCEPTED')
SELECT json_object('similarity', (SELECT TOTAL(score) FROM near),
    'taken', (SELECT json_group_array(json_object('item', item, 'similarity', similarity, 'people', people)) FROM (
        SELECT item, SUM(score) AS similarity, COUNT(*) AS people FROM taken GROUP BY item)),
    'seen', (SELECT json_group_array(item) FROM (
        SELECT DISTINCT i.target_id AS item FROM user_interactions AS i
        WHERE i.user_id = ?1 AND i.target_id IS NOT NULL AND i.facts ->> 'is_item')))"
);
