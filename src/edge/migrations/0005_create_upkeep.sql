-- What scheduled jobs and the consumers of the queue write: feature vectors, the events log, dead letters and popularity.
-- Read by: adapters/upkeep_d1.rs, dead_letters_d1.rs, and people_d1.rs for the own export and the erasure.

CREATE TABLE user_feature_vectors (
    user_id       TEXT NOT NULL PRIMARY KEY, -- UUID. personal: retained 30 days
    features      TEXT NOT NULL, -- JSON of aggregates only: no text, no item, no place. personal: retained 30 days
    calculated_at INTEGER NOT NULL -- ms UTC
) STRICT;

-- What a later job is to look at, such as a person whose feedback makes a retraining worth while.
CREATE TABLE personalization_events_log (
    id                TEXT NOT NULL PRIMARY KEY, -- user id and revision, so that a repeated write is the same row
    user_id           TEXT NOT NULL, -- UUID. personal: retained 30 days
    event_type        TEXT NOT NULL, -- such as SIGNIFICANT_FEEDBACK
    event_data        TEXT NOT NULL, -- JSON
    timestamp         INTEGER NOT NULL, -- ms UTC
    processing_status TEXT NOT NULL CHECK (processing_status IN ('PENDING', 'PROCESSED', 'FAILED'))
) STRICT;

-- Serves: sql/upkeep.rs PURGE_EVENTS_LOG, and the training job that asks for what is PENDING.
CREATE INDEX personalization_events_log_by_status ON personalization_events_log (processing_status, timestamp);

-- Serves: sql/people.rs EXPORT_EVENTS_LOG, and the erasure.
CREATE INDEX personalization_events_log_by_user ON personalization_events_log (user_id);

-- What was acknowledged and could not be applied.
CREATE TABLE dead_letters (
    id       TEXT NOT NULL PRIMARY KEY, -- SHA-256 of the payload, so that a second delivery is the same row
    user_id  TEXT, -- UUID, NULL is several people or nobody known. personal: retained 30 days
    payload  TEXT NOT NULL, -- the message as it came. personal: retained 30 days
    reason   TEXT NOT NULL, -- why it was given up, without data
    attempts INTEGER NOT NULL, -- deliveries until then
    at_ms    INTEGER NOT NULL -- ms UTC
) STRICT;

-- Serves: sql/upkeep.rs PURGE_DEAD_LETTERS.
CREATE INDEX dead_letters_by_time ON dead_letters (at_ms);

-- Counts over people who share, in groups of ten and more. Nothing personal.
CREATE TABLE item_popularity (
    pack           TEXT NOT NULL, -- pack id
    country        TEXT NOT NULL, -- as events named it, empty is all countries together
    item_id        TEXT NOT NULL, -- item id
    people         INTEGER NOT NULL, -- different people
    accepts        INTEGER NOT NULL, -- times it was taken up
    computed_at_ms INTEGER NOT NULL, -- ms UTC
    PRIMARY KEY (pack, country, item_id)
) STRICT, WITHOUT ROWID;
