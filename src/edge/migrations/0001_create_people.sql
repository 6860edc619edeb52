-- A person in two rows: what they allow, and what they stated and what was learned. Both are read with the live
-- pointers in one statement on every personal request, so each is found by its primary key.
-- Read by: adapters/people_d1.rs (hot path), interactions_d1.rs (guards of every write), upkeep_d1.rs (retention).

CREATE TABLE personalization_settings (
    user_id                  TEXT NOT NULL PRIMARY KEY, -- UUID. personal: retained until erasure
    personalization_enabled  INTEGER CHECK (personalization_enabled IN (0, 1)), -- master switch, NULL is never asked
    behavioral               INTEGER NOT NULL CHECK (behavioral IN (0, 1)), -- purpose: learning from actions
    demographics             INTEGER NOT NULL CHECK (demographics IN (0, 1)), -- purpose: age, income
    location                 INTEGER NOT NULL CHECK (location IN (0, 1)), -- purpose: country and place
    experiments              INTEGER NOT NULL CHECK (experiments IN (0, 1)), -- purpose: taking part in experiments
    third_party              INTEGER NOT NULL CHECK (third_party IN (0, 1)), -- purpose: facts from others
    data_sharing_consent     INTEGER NOT NULL CHECK (data_sharing_consent IN (0, 1)), -- may leave for export and counts
    privacy_mode             INTEGER NOT NULL CHECK (privacy_mode IN (0, 1)), -- aggregates only
    retention_days           INTEGER, -- days, NULL is the default of the pack
    aggregate_retention_days INTEGER, -- days, NULL is the default of the pack
    hash_user_id             INTEGER NOT NULL CHECK (hash_user_id IN (0, 1)), -- exports carry a keyed hash
    aggregate_small_groups   INTEGER NOT NULL CHECK (aggregate_small_groups IN (0, 1)), -- counted in groups only
    tracking_since_ms        INTEGER NOT NULL, -- ms UTC: tracking is allowed since, 0 is always
    created_at_ms            INTEGER NOT NULL, -- ms UTC
    updated_at_ms            INTEGER NOT NULL  -- ms UTC
) STRICT;

-- Serves: sql/upkeep.rs EXPIRED_PEOPLE, the people who chose a retention of their own.
CREATE INDEX personalization_settings_own_retention
    ON personalization_settings (user_id, retention_days) WHERE retention_days IS NOT NULL;

-- The long texts come last: a guard that only asks for the revision never touches their pages.
CREATE TABLE user_personalization_profiles (
    user_id                  TEXT NOT NULL PRIMARY KEY, -- UUID. personal: retained until erasure
    revision                 INTEGER NOT NULL, -- count of writes of settings, statements and events
    -- 0 to 255, from the last byte of the UUID: which database holds the person once there are several
    shard                    INTEGER NOT NULL GENERATED ALWAYS AS (
                                 (instr('0123456789abcdef', substr(user_id, 35, 1)) - 1) * 16
                                 + instr('0123456789abcdef', substr(user_id, 36, 1)) - 1) VIRTUAL,
    export_sequence          INTEGER NOT NULL, -- number in the export, moves with every write
    created_at               INTEGER NOT NULL, -- ms UTC
    last_updated             INTEGER NOT NULL, -- ms UTC
    engagement_level         TEXT, -- LOW, MEDIUM, HIGH. personal: retained until erasure
    financial_literacy_score INTEGER CHECK (financial_literacy_score BETWEEN 1 AND 10), -- 1 to 10. personal: retained until erasure
    risk_tolerance           TEXT, -- LOW, MEDIUM, HIGH, as stated. personal: retained until erasure
    detail_preference        TEXT, -- CONCISE, MODERATE, DETAILED, as stated. personal: retained until erasure
    preferred_categories     TEXT, -- JSON array of category ids, as stated. personal: retained until erasure
    dismissed_categories     TEXT, -- JSON array of category ids. personal: retained until erasure
    communication_style      TEXT, -- as stated. personal: retained until erasure
    notification_frequency   TEXT, -- REAL_TIME, DAILY, WEEKLY, MONTHLY, as stated. personal: retained until erasure
    preferred_channels       TEXT, -- JSON array, as stated. personal: retained until erasure
    profile_completeness     REAL, -- per cent of known fields, 0 to 100
    checkpoint_before_ms     INTEGER, -- ms UTC: interactions from before it went into the checkpoint
    stated                   TEXT NOT NULL DEFAULT '{}', -- JSON of the stated facts. personal: retained until erasure
    state                    TEXT, -- JSON of the learned sums. personal: retained until erasure
    checkpoint               TEXT  -- JSON of the sums of interactions that are gone. personal: retained until erasure
) STRICT;

-- Serves: sql/export.rs SHARED_PROFILES.
CREATE INDEX user_personalization_profiles_by_sequence ON user_personalization_profiles (export_sequence);

-- Serves: sql/upkeep.rs ACTIVE_PEOPLE.
-- The user comes first, so that pages of people are read from the index alone.
CREATE INDEX user_personalization_profiles_by_update ON user_personalization_profiles (user_id, last_updated);
