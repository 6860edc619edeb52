-- What stays of an erased person (a tombstone that keeps late messages out) and who changed what (the audit trail).
-- Read by: adapters/people_d1.rs (load, erasure), interactions_d1.rs (guards of every write, export), upkeep_d1.rs (purge).

CREATE TABLE erasure_tombstones (
    sequence      INTEGER NOT NULL PRIMARY KEY, -- number in the export, the same counter as user_interactions
    user_id       TEXT NOT NULL UNIQUE, -- UUID. personal: retained 365 days
    erased_at_ms  INTEGER NOT NULL, -- ms UTC: events taken until then are dropped
    revision      INTEGER NOT NULL, -- where revisions go on, so that no number ever means two rows
    hash_user_id  INTEGER NOT NULL CHECK (hash_user_id IN (0, 1)), -- exports carry a keyed hash
    receipt_id    TEXT NOT NULL -- UUID of the receipt
) STRICT;

-- Serves: sql/upkeep.rs PURGE_TOMBSTONES.
CREATE INDEX erasure_tombstones_by_time ON erasure_tombstones (erased_at_ms);

-- Appended to, never changed. The rows of a person go with the person, except the bare fact of the erasure.
CREATE TABLE audit_log (
    id              INTEGER PRIMARY KEY AUTOINCREMENT, -- order of writing
    at_ms           INTEGER NOT NULL, -- ms UTC
    actor_kind      TEXT NOT NULL CHECK (actor_kind IN ('own', 'admin', 'system')), -- who acted
    actor_id        TEXT, -- UUID of the admin, NULL is the person or a job
    action          TEXT NOT NULL, -- such as settings.changed or pointer.moved
    subject_user_id TEXT, -- UUID, NULL is nobody in particular. personal: retained 1095 days
    prior_value     TEXT, -- JSON before. personal: retained 1095 days
    new_value       TEXT  -- JSON after. personal: retained 1095 days
) STRICT;

-- Serves: sql/people.rs EXPORT_AUDIT, and the erasure.
CREATE INDEX audit_log_by_subject ON audit_log (subject_user_id, at_ms) WHERE subject_user_id IS NOT NULL;

-- Serves: sql/upkeep.rs PURGE_AUDIT.
CREATE INDEX audit_log_by_time ON audit_log (at_ms);
