//! The records of models. Every statement takes one parameter, the facts of the ask as a JSON object, and answers with
//! JSON. Reports come from views (migrations/0006_create_models.sql); rows of the origin job go in as they came, and the
//! tables check them.

use nearside_engine::ports::ModelAsk;

/// A fact of the body that the request came with.
macro_rules! body {
    ($name:literal) => {
        concat!("(?1 ->> 'body') ->> '", $name, "'")
    };
}

/// The body's time of this name in milliseconds; NULL where it is none.
macro_rules! body_time {
    ($name:literal) => {
        concat!("CAST(ROUND((julianday(", body!($name), ") - 2440587.5) * 86400000) AS INTEGER)")
    };
}

/// Appends to the log under a condition, and says so.
macro_rules! append_log {
    ($condition:expr) => {
        concat!(
            "INSERT INTO model_log (at_ms, pack, action, version, from_version, actor, reason, details)
SELECT ?1 ->> 'at_ms', ?1 ->> 'pack', ?1 ->> 'action', ?1 ->> 'version', NULLIF(?1 ->> 'was_live', ''), ?1 ->> 'actor',
       ?1 ->> 'reason', ?1 ->> 'details' WHERE ",
            $condition
        )
    };
}

macro_rules! pack_is_there {
    () => {
        "EXISTS (SELECT 1 FROM live_pointers WHERE name = 'pack/' || (?1 ->> 'pack'))"
    };
}

/// The pointers still are what the move was decided on, and the version that it leads to was not let go meanwhile.
macro_rules! nobody_moved {
    () => {
        "EXISTS (SELECT 1 FROM model_reports WHERE pack = ?1 ->> 'pack' AND COALESCE(live, '') = ?1 ->> 'was_live'
  AND COALESCE(canary, '') = ?1 ->> 'was_canary') AND (?1 ->> 'version' IS NULL OR EXISTS (
    SELECT 1 FROM model_versions WHERE pack = ?1 ->> 'pack' AND version = ?1 ->> 'version'))"
    };
}

/// What was live before the live one.
macro_rules! previous {
    () => {
        "(SELECT value FROM live_pointers WHERE name = 'previous/' || pack)"
    };
}

/// A pack's pointers and kept versions.
macro_rules! models_json {
    () => {
        concat!(
            "json_object('pack', pack, 'live', live, 'canary', canary, 'previous', ",
            previous!(),
            ", 'versions', json(versions))"
        )
    };
}

/// Indexes: the primary keys.
const ADD: [&str; 4] = [
    append_log!("NOT EXISTS (SELECT 1 FROM model_versions WHERE pack = ?1 ->> 'pack' AND version = ?1 ->> 'version')"),
    concat!(
        "INSERT INTO model_versions (pack, version, status, size_bytes, trained_at_ms, data_window, metrics, importance,
    uploaded_by, uploaded_at_ms)
SELECT ?1 ->> 'pack', ?1 ->> 'version', 'CANDIDATE', ?1 ->> 'size_bytes', ",
        body!("trained_at_ms"),
        ", ",
        body!("window"),
        ", ",
        body!("metrics"),
        ", ",
        body!("importance"),
        ", ?1 ->> 'actor', ?1 ->> 'at_ms' WHERE true ON CONFLICT (pack, version) DO NOTHING"
    ),
    "DELETE FROM model_versions WHERE pack = ?1 ->> 'pack' AND version IN (SELECT value FROM json_each(?1, '$.names'))
  AND NOT EXISTS (SELECT 1 FROM live_pointers AS l
    WHERE l.name IN ('model/' || pack, 'canary/' || pack, 'previous/' || pack)
      AND substr(l.value, 1, length(version)) = version)",
    "SELECT json_group_array(w.value) FROM json_each(?1, '$.names') AS w WHERE NOT EXISTS (
    SELECT 1 FROM model_versions WHERE pack = ?1 ->> 'pack' AND version = w.value)",
];

const LOG: [&str; 1] = [append_log!("true")];

/// What asked for a retraining of the pack is answered by one; what names no pack, by any.
/// Index: personalization_events_log_by_status.
const RETRAINED: [&str; 3] = [
    concat!(
        "UPDATE personalization_events_log SET processing_status = 'PROCESSED'
WHERE processing_status = 'PENDING' AND event_type = 'SIGNIFICANT_FEEDBACK'
  AND COALESCE(event_data ->> 'pack', ?1 ->> 'pack') = ?1 ->> 'pack' AND timestamp <= COALESCE(",
        body_time!("data_until"),
        ", ?1 ->> 'at_ms') AND ",
        pack_is_there!()
    ),
    concat!(
        "INSERT INTO model_log (at_ms, pack, action, version, actor, details)
SELECT ?1 ->> 'at_ms', ?1 ->> 'pack', CASE ",
        body!("action"),
        " WHEN 'retrained' THEN 'retrained' END, ",
        body!("version"),
        ", ?1 ->> 'actor', (?1 ->> 'body') -> 'details' WHERE ",
        pack_is_there!()
    ),
    MODELS_OF_PACK,
];

/// The pointers move last, since everything before asks whether they stand where they stood. An empty name is none.
/// A promotion is later than every earlier one, whatever the clock says: what came before it is found by that.
const MOVE: [&str; 6] = [
    concat!(
        "UPDATE model_versions SET
    status = CASE WHEN version = ?1 ->> 'live' THEN 'LIVE' WHEN version || ':' = substr(?1 ->> 'canary', 1, length(version) + 1) THEN 'CANARY'
                  WHEN status IN ('LIVE', 'CANARY') THEN 'RETIRED' ELSE status END,
    promoted_at_ms = CASE WHEN version = ?1 ->> 'live' AND ?1 ->> 'action' = 'promoted' AND status <> 'LIVE'
        THEN MAX(?1 ->> 'at_ms', COALESCE((SELECT MAX(m.promoted_at_ms) + 1 FROM model_versions AS m
                                           WHERE m.pack = ?1 ->> 'pack'), 0)) ELSE promoted_at_ms END,
    gate = CASE WHEN version = ?1 ->> 'version' THEN COALESCE(?1 ->> 'details', gate) ELSE gate END,
    forced_reason = CASE WHEN version = ?1 ->> 'version' AND ?1 ->> 'action' <> 'rolled_back' THEN ?1 ->> 'reason'
                         ELSE forced_reason END
WHERE pack = ?1 ->> 'pack' AND ",
        nobody_moved!()
    ),
    concat!(
        "DELETE FROM model_versions WHERE pack = ?1 ->> 'pack' AND version IN (SELECT value FROM json_each(?1, '$.names')) AND ",
        nobody_moved!()
    ),
    append_log!(nobody_moved!()),
    concat!(
        "INSERT INTO live_pointers (name, value, updated_at_ms)
SELECT w.key, w.value, ?1 ->> 'at_ms' FROM json_each(json_object('model/' || (?1 ->> 'pack'), ?1 ->> 'live',
    'canary/' || (?1 ->> 'pack'), ?1 ->> 'canary', 'previous/' || (?1 ->> 'pack'), COALESCE(?1 ->> 'previous', ''))) AS w
WHERE ",
        nobody_moved!(),
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at_ms = excluded.updated_at_ms"
    ),
    "DELETE FROM live_pointers WHERE value = ''
    AND name IN ('model/' || (?1 ->> 'pack'), 'canary/' || (?1 ->> 'pack'), 'previous/' || (?1 ->> 'pack'))",
    // Says nothing where somebody else moved.
    concat!(
        "SELECT ",
        models_json!(),
        " FROM model_reports WHERE pack = ?1 ->> 'pack' AND COALESCE(live, '') = ?1 ->> 'live'
  AND COALESCE(canary, '') = ?1 ->> 'canary'"
    ),
];

/// Indexes: the primary key, model_log_by_pack.
const STATE: [&str; 1] = [concat!(
    "SELECT json_object('live', COALESCE(live, ''), 'canary', COALESCE(canary, ''), 'previous', COALESCE(",
    previous!(),
    ", ''), 'versions', (
    SELECT json_group_array(json_object('version', version, 'promoted_at_ms', promoted_at_ms)) FROM (
        SELECT version, promoted_at_ms FROM model_versions WHERE pack = r.pack ORDER BY uploaded_at_ms DESC, version)),
    'moves', (SELECT json_group_array(json_object('is_promotion', json(iif(action = 'promoted', 'true', 'false')),
        'version', COALESCE(version, ''), 'from', COALESCE(from_version, ''))) FROM (
        SELECT * FROM (SELECT id, action, version, from_version FROM model_log
            WHERE pack = r.pack AND action IN ('promoted', 'rolled_back') ORDER BY id DESC LIMIT 100) ORDER BY id)))
FROM model_reports AS r WHERE pack = ?1 ->> 'pack'"
)];

const MODELS_OF_PACK: &str = concat!("SELECT ", models_json!(), " FROM model_reports WHERE pack = ?1 ->> 'pack'");

const MODELS: &str =
    concat!("SELECT json_object('packs', json_group_array(", models_json!(), ")) FROM model_reports WHERE ?1 <> ''");

/// Indexes: model_log_by_pack, and the primary key of personalization_eval.
const PERFORMANCE: &str = concat!(
    "SELECT json_object('packs', json_group_array(json_patch(",
    models_json!(),
    ", json_object('log', json(log),
    'evaluations', (SELECT json_group_array(json(report)) FROM (SELECT report FROM evaluation_reports AS e
        WHERE e.pack = r.pack ORDER BY evaluated_at_ms DESC, report LIMIT 20))))))
FROM model_reports AS r WHERE ?1 ->> 'pack' IN ('', pack)"
);

/// Index: retraining_requests_pending.
const REQUEST: [&str; 2] = [
    concat!(
        "INSERT OR IGNORE INTO retraining_requests (id, pack, kind, requested_at_ms, requested_by, reason, status)
SELECT ?1 ->> 'id', pack, ?1 ->> 'action', ?1 ->> 'at_ms', ?1 ->> 'actor', ",
        body!("reason"),
        ", 'PENDING' FROM model_reports WHERE pack = ",
        body!("pack")
    ),
    concat!(
        "SELECT report FROM retraining_reports WHERE kind = ?1 ->> 'action' AND status = 'PENDING' AND pack = ",
        body!("pack")
    ),
];

/// What is finished stays as it is.
const FINISH: [&str; 2] = [
    concat!(
        "UPDATE retraining_requests SET status = ",
        body!("status"),
        ", result = COALESCE((?1 ->> 'body') -> 'result', result),
    finished_at_ms = CASE WHEN ",
        body!("status"),
        " <> 'RUNNING' THEN ?1 ->> 'at_ms' END
WHERE id = ?1 ->> 'id' AND status IN ('PENDING', 'RUNNING')"
    ),
    "SELECT report FROM retraining_reports WHERE id = ?1 ->> 'id'",
];

/// Index: personalization_events_log_by_status.
const REQUESTS: &str = "SELECT json_object(
    'requests', (SELECT json_group_array(json(report)) FROM (SELECT report FROM retraining_reports
        WHERE status IN ('PENDING', 'RUNNING') ORDER BY requested_at_ms, id)),
    'due', (SELECT json_group_array(json(report)) FROM retraining_due)) WHERE ?1 <> ''";

const ADD_EVALUATIONS: [&str; 2] = [
    "INSERT INTO personalization_eval (pack, version, kind, evaluated_at_ms, data_window, metrics, segments)
SELECT w.value ->> 'pack', w.value ->> 'version', w.value ->> 'kind',
    CAST(ROUND((julianday(w.value ->> 'evaluated_at') - 2440587.5) * 86400000) AS INTEGER),
    w.value -> 'window', w.value -> 'metrics', w.value -> 'segments'
FROM json_each(?1 ->> 'body', '$.evaluations') AS w WHERE true
ON CONFLICT (pack, version, kind, evaluated_at_ms) DO UPDATE SET
    data_window = excluded.data_window, metrics = excluded.metrics, segments = excluded.segments",
    "SELECT json_object('written', json_array_length(?1 ->> 'body', '$.evaluations'), 'withheld', 0)",
];

const EVALUATIONS: &str = "SELECT json_object('evaluations', json_group_array(json(report))) FROM (
    SELECT report FROM evaluation_reports WHERE ?1 ->> 'pack' IN ('', pack)
    ORDER BY evaluated_at_ms DESC, report LIMIT 100)";

/// The hashed names in a body, in the order of their bytes.
const HASHED_NAMES: &str = "SELECT json_group_array(name) FROM (SELECT DISTINCT w.value AS name
    FROM json_tree(?1 ->> 'body') AS w WHERE w.key = 'user_id' AND length(w.value) = 64 ORDER BY w.value)";

/// A page of the people who share under a hashed name, after the id. Index: the primary key.
const HASHED_PEOPLE: &str = concat!(
    "SELECT json_group_array(user_id) FROM (SELECT s.user_id FROM personalization_settings AS s
    WHERE s.user_id > ?1 ->> 'id' AND s.hash_user_id = 1 AND ",
    shares!(),
    " ORDER BY s.user_id LIMIT 10000)"
);

/// `[name, id]` of those whose hashed names were found, indexed on the way by SQLite.
macro_rules! names {
    () => {
        "WITH names AS MATERIALIZED (SELECT value ->> 0 AS name, value ->> 1 AS id FROM json_each(?1, '$.found'))"
    };
}

/// The people `w` of a body, under their ids.
macro_rules! people {
    ($path:literal) => {
        concat!(
            "FROM json_each(?1 ->> 'body', '",
            $path,
            "') AS w LEFT JOIN names AS a ON a.name = w.value ->> 'user_id'"
        )
    };
}

/// Both sides must share now. Indexes: the primary keys.
const SIMILAR_USERS: [&str; 3] = [
    concat!(
        names!(),
        " DELETE FROM similar_user_mappings WHERE user_id IN (SELECT COALESCE(a.id, w.value ->> 'user_id') ",
        people!("$.people"),
        ")"
    ),
    concat!(
        names!(),
        ", pairs AS (SELECT COALESCE(a.id, w.value ->> 'user_id') AS one, COALESCE(b.id, x.value ->> 'user_id') AS other,
    x.value ->> 'score' AS score, COALESCE(x.value -> 'common_attributes', '[]') AS attributes ",
        people!("$.people"),
        " CROSS JOIN json_each(w.value, '$.similar') AS x LEFT JOIN names AS b ON b.name = x.value ->> 'user_id')
INSERT INTO similar_user_mappings (user_id, similar_user_id, similarity_score, common_attributes, calculated_at)
SELECT one, other, score, attributes, ",
        body_time!("calculated_at"),
        " FROM pairs WHERE one <> other
  AND EXISTS (SELECT 1 FROM personalization_settings AS s WHERE s.user_id = one AND ",
        shares!(),
        ")
  AND EXISTS (SELECT 1 FROM personalization_settings AS s WHERE s.user_id = other AND ",
        shares!(),
        ")
ON CONFLICT (user_id, similar_user_id) DO UPDATE SET similarity_score = excluded.similarity_score,
    common_attributes = excluded.common_attributes, calculated_at = excluded.calculated_at"
    ),
    concat!(
        names!(),
        " SELECT json_object('written', written, 'withheld', sent - written) FROM (SELECT
    (SELECT CAST(TOTAL(json_array_length(w.value, '$.similar')) AS INTEGER) FROM json_each(?1 ->> 'body', '$.people') AS w) AS sent,
    (SELECT COUNT(*) FROM similar_user_mappings WHERE user_id IN (SELECT COALESCE(a.id, w.value ->> 'user_id') ",
        people!("$.people"),
        ")) AS written)"
    ),
];

/// The person must share and be learned from now; weights that are no numbers are none, which the table does not take.
/// Index: the primary keys.
const USER_MODELS: [&str; 3] = [
    concat!(
        names!(),
        " UPDATE personalization_models SET active = 0
WHERE active = 1 AND user_id IN (SELECT COALESCE(a.id, w.value ->> 'user_id') ",
        people!("$.models"),
        ")"
    ),
    concat!(
        names!(),
        ", owners AS (SELECT COALESCE(a.id, w.value ->> 'user_id') AS owner, w.value AS model ",
        people!("$.models"),
        ")
INSERT INTO personalization_models (user_id, model_type, model_version, model_data, training_date,
    performance_metrics, feature_importance, active)
SELECT owner, model ->> 'model_type', model ->> 'model_version', CASE WHEN NOT EXISTS (SELECT 1
    FROM json_each(model, '$.weights') WHERE type NOT IN ('integer', 'real')) THEN model -> 'weights' END, ?1 ->> 'at_ms',
    model -> 'performance', model -> 'feature_importance', 1
FROM owners WHERE EXISTS (SELECT 1 FROM personalization_settings AS s WHERE s.user_id = owner AND s.behavioral = 1 AND ",
        shares!(),
        ")
ON CONFLICT (user_id, model_type, model_version) DO UPDATE SET model_data = excluded.model_data,
    training_date = excluded.training_date, performance_metrics = excluded.performance_metrics,
    feature_importance = excluded.feature_importance, active = 1"
    ),
    concat!(
        names!(),
        " SELECT json_object('written', written, 'withheld', json_array_length(?1 ->> 'body', '$.models') - written)
FROM (SELECT COUNT(*) AS written FROM personalization_models
      WHERE active = 1 AND training_date = ?1 ->> 'at_ms'
        AND user_id IN (SELECT COALESCE(a.id, w.value ->> 'user_id') ",
        people!("$.models"),
        "))"
    ),
];

/// The statements of an ask, in order.
pub(crate) fn statements_of(ask: ModelAsk) -> &'static [&'static str] {
    match ask {
        ModelAsk::Add => &ADD,
        ModelAsk::Log => &LOG,
        ModelAsk::Retrained => &RETRAINED,
        ModelAsk::Move => &MOVE,
        ModelAsk::State => &STATE,
        ModelAsk::Models => &[MODELS],
        ModelAsk::ModelsOfPack => &[MODELS_OF_PACK],
        ModelAsk::Performance => &[PERFORMANCE],
        ModelAsk::Request => &REQUEST,
        ModelAsk::Finish => &FINISH,
        ModelAsk::Requests => &[REQUESTS],
        ModelAsk::AddEvaluations => &ADD_EVALUATIONS,
        ModelAsk::Evaluations => &[EVALUATIONS],
        ModelAsk::HashedNames => &[HASHED_NAMES],
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
