-- What the origin job learned of single people: their neighbours, and their own corrections of the model. Only people who
-- share their data have rows here, and a row goes when either of its people takes that back.
-- Read by: adapters/neighbours_d1.rs, models_d1.rs (writes), people_d1.rs (own export, withdrawal, erasure), upkeep_d1.rs.

CREATE TABLE similar_user_mappings (
    user_id           TEXT NOT NULL, -- UUID. personal: retained 30 days
    similar_user_id   TEXT NOT NULL, -- UUID. personal: retained 30 days
    similarity_score  REAL NOT NULL CHECK (similarity_score BETWEEN 0 AND 1), -- 0 to 1
    common_attributes TEXT NOT NULL, -- JSON array of names. personal: retained 30 days
    calculated_at     INTEGER NOT NULL, -- ms UTC
    PRIMARY KEY (user_id, similar_user_id)
) STRICT, WITHOUT ROWID;

-- Serves: sql/people.rs, the rows in which a person is somebody else's neighbour.
CREATE INDEX similar_user_mappings_by_similar_user ON similar_user_mappings (similar_user_id);

-- Serves: sql/upkeep.rs PURGE_SIMILAR_USERS.
CREATE INDEX similar_user_mappings_by_time ON similar_user_mappings (calculated_at);

CREATE TABLE personalization_models (
    user_id             TEXT NOT NULL, -- UUID. personal: retained 30 days
    model_type          TEXT NOT NULL CHECK (model_type IN ('RECOMMENDATION_RANKING', 'CONTENT_PREFERENCE', 'TIMING_OPTIMIZATION')), -- what it corrects
    model_version       TEXT NOT NULL, -- the model that it is a correction of
    model_data          TEXT NOT NULL CHECK (json_type(model_data) = 'object'), -- JSON: term to weight. personal: retained 30 days
    training_date       INTEGER NOT NULL, -- ms UTC
    performance_metrics TEXT NOT NULL CHECK (json_type(performance_metrics) = 'object'), -- JSON: name to number, on held-out data
    feature_importance  TEXT, -- JSON: term to number, NULL is not measured. personal: retained 30 days
    active              INTEGER NOT NULL CHECK (active IN (0, 1)), -- 1 for the newest of the person and type
    PRIMARY KEY (user_id, model_type, model_version)
) STRICT, WITHOUT ROWID;

-- Serves: sql/upkeep.rs PURGE_USER_MODELS.
CREATE INDEX personalization_models_by_time ON personalization_models (training_date);
