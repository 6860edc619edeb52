-- The records of models: which versions are kept, what was done with them, what the origin job is asked to do, and how
-- models did. The models themselves are blobs; which one is live is a pointer, moved in one transaction with these rows.
-- Nothing personal. Read by: adapters/models_d1.rs.
--
-- What the origin job sends goes into its rows as it came, so the tables check it. Reports are views that make the API's
-- JSON: the Worker would carry their texts, and only passes on what they say.

CREATE TABLE model_versions (
    pack            TEXT NOT NULL, -- pack id
    version         TEXT NOT NULL, -- SHA-256 of the signed document, and its blob's name
    status          TEXT NOT NULL CHECK (status IN ('CANDIDATE', 'LIVE', 'CANARY', 'RETIRED')), -- as the pointers say
    size_bytes      INTEGER NOT NULL, -- bytes of the signed document
    trained_at_ms   INTEGER NOT NULL, -- ms UTC, as the document says
    data_window     TEXT NOT NULL, -- JSON: from and to in ms, and counts of interactions, people and items
    metrics         TEXT NOT NULL, -- JSON: name to number
    importance      TEXT NOT NULL, -- JSON: term to number
    gate            TEXT, -- JSON of the gate's verdicts at the last promotion, NULL is never promoted
    forced_reason   TEXT, -- why it was promoted though the gate said no, NULL is not forced
    uploaded_by     TEXT NOT NULL, -- UUID of the admin
    uploaded_at_ms  INTEGER NOT NULL, -- ms UTC
    promoted_at_ms  INTEGER, -- ms UTC: when it last became live by a promotion, NULL is never
    PRIMARY KEY (pack, version)
) STRICT;

-- Appended to, never changed.
CREATE TABLE model_log (
    id           INTEGER PRIMARY KEY AUTOINCREMENT, -- order of writing
    at_ms        INTEGER NOT NULL, -- ms UTC
    pack         TEXT NOT NULL, -- pack id
    action       TEXT NOT NULL CHECK (action IN ('uploaded', 'promoted', 'canary', 'rolled_back', 'retrained', 'refused')), -- what happened
    version      TEXT, -- the version that it happened to, NULL is none
    from_version TEXT, -- the version that was live before, NULL is none
    actor        TEXT NOT NULL, -- UUID of the admin
    reason       TEXT, -- why, as the admin says
    details      TEXT  -- JSON, as the job says
) STRICT;

-- Serves: sql/models.rs PERFORMANCE, the newest first.
CREATE INDEX model_log_by_pack ON model_log (pack, id);

CREATE TABLE retraining_requests (
    id              TEXT NOT NULL PRIMARY KEY, -- UUID
    pack            TEXT NOT NULL, -- pack id
    kind            TEXT NOT NULL CHECK (kind IN ('TRAIN', 'EVALUATE')), -- what is asked for
    requested_at_ms INTEGER NOT NULL, -- ms UTC
    requested_by    TEXT NOT NULL, -- UUID of the admin
    reason          TEXT, -- why, as the admin says
    status          TEXT NOT NULL CHECK (status IN ('PENDING', 'RUNNING', 'DONE', 'FAILED')), -- as the job says
    finished_at_ms  INTEGER, -- ms UTC, NULL is not finished
    result          TEXT  -- JSON, as the job says
) STRICT;

-- One open request a pack and kind: a second one is answered with the first. Serves: sql/models.rs REQUEST.
CREATE UNIQUE INDEX retraining_requests_pending ON retraining_requests (pack, kind) WHERE status = 'PENDING';

CREATE TABLE personalization_eval (
    pack            TEXT NOT NULL, -- pack id
    version         TEXT NOT NULL, -- of the model, or the name of a baseline
    kind            TEXT NOT NULL CHECK (kind IN ('nightly', 'weekly', 'gate', 'manual')), -- what made it
    evaluated_at_ms INTEGER NOT NULL, -- ms UTC
    data_window     TEXT NOT NULL, -- JSON: from and to of the test data
    metrics         TEXT NOT NULL CHECK (json_type(metrics) = 'object'), -- JSON: name to value and standard error
    segments        TEXT, -- JSON: the same by segment, NULL is not measured
    PRIMARY KEY (pack, version, kind, evaluated_at_ms)
) STRICT;

-- Serves: sql/upkeep.rs PURGE_EVALUATIONS, and the newest first in sql/models.rs.
CREATE INDEX personalization_eval_by_time ON personalization_eval (evaluated_at_ms);

-- Each live pack with what is said of its models.
CREATE VIEW model_reports AS SELECT
    substr(l.name, 6) AS pack,
    (SELECT value FROM live_pointers WHERE name = 'model/' || substr(l.name, 6)) AS live, -- the version that is live
    (SELECT value FROM live_pointers WHERE name = 'canary/' || substr(l.name, 6)) AS canary, -- version, colon, per cent
    (SELECT json_group_array(json(line)) FROM (
            SELECT json_object('version', version, 'status', status, 'size_bytes', size_bytes,
                'trained_at', strftime('%Y-%m-%dT%H:%M:%fZ', trained_at_ms / 1000.0, 'unixepoch'),
                'window', json(data_window), 'metrics', json(metrics), 'importance', json(importance),
                'gate', json(gate), 'forced_reason', forced_reason, 'uploaded_by', uploaded_by,
                'uploaded_at', strftime('%Y-%m-%dT%H:%M:%fZ', uploaded_at_ms / 1000.0, 'unixepoch'),
                'promoted_at', strftime('%Y-%m-%dT%H:%M:%fZ', promoted_at_ms / 1000.0, 'unixepoch')) AS line
            FROM model_versions WHERE pack = substr(l.name, 6) ORDER BY uploaded_at_ms DESC, version)) AS versions, -- JSON, newest first
    (SELECT json_group_array(json(line)) FROM (
        SELECT json_object('at', strftime('%Y-%m-%dT%H:%M:%fZ', at_ms / 1000.0, 'unixepoch'), 'action', action,
            'version', version, 'from_version', from_version, 'actor', actor, 'reason', reason,
            'details', json(details)) AS line
        FROM model_log WHERE pack = substr(l.name, 6) ORDER BY id DESC LIMIT 100)) AS log -- JSON, newest first
FROM live_pointers AS l WHERE l.name GLOB 'pack/*';

-- Evaluations as the API shows them.
CREATE VIEW evaluation_reports AS SELECT pack, evaluated_at_ms,
    json_object('pack', pack, 'version', version, 'kind', kind,
        'evaluated_at', strftime('%Y-%m-%dT%H:%M:%fZ', evaluated_at_ms / 1000.0, 'unixepoch'),
        'window', json(data_window), 'metrics', json(metrics), 'segments', json(segments)) AS report -- JSON
FROM personalization_eval;

-- Requests as the API shows them.
CREATE VIEW retraining_reports AS SELECT id, pack, kind, status, requested_at_ms,
    json_object('id', id, 'pack', pack, 'kind', kind, 'requested_at', strftime('%Y-%m-%dT%H:%M:%fZ', requested_at_ms / 1000.0, 'unixepoch'),
        'requested_by', requested_by, 'reason', reason, 'status', status,
        'finished_at', strftime('%Y-%m-%dT%H:%M:%fZ', finished_at_ms / 1000.0, 'unixepoch'), 'result', json(result)) AS report -- JSON
FROM retraining_requests;

-- For which reasons each live pack is due: AGE (no model was trained within 7 days), FEEDBACK (somebody gave much of it
-- since the last training).
CREATE VIEW retraining_due AS SELECT pack,
    json_object('pack', pack, 'last_trained_at', strftime('%Y-%m-%dT%H:%M:%fZ', trained_at_ms / 1000.0, 'unixepoch'), 'significant_feedback', feedback,
        'reasons', (SELECT json_group_array(reason) FROM (
            SELECT 'AGE' AS reason WHERE COALESCE(trained_at_ms, 0) <= (strftime('%s', 'now') - 604800) * 1000
            UNION ALL SELECT 'FEEDBACK' WHERE feedback > 0))) AS report -- JSON
FROM (SELECT substr(l.name, 6) AS pack,
        (SELECT MAX(trained_at_ms) FROM model_versions WHERE pack = substr(l.name, 6)) AS trained_at_ms,
        (SELECT COUNT(*) FROM personalization_events_log
         WHERE processing_status = 'PENDING' AND event_type = 'SIGNIFICANT_FEEDBACK') AS feedback
      FROM live_pointers AS l WHERE l.name GLOB 'pack/*');
