-- The log of interactions, and what the seeds keep beside it: feedback, outcomes and category preferences.
-- Read by: adapters/interactions_d1.rs (writes, history, rebuild, export), people_d1.rs (own export, erasure),
-- upkeep_d1.rs (retention, popularity, feature vectors).

-- One counter for everything that is exported, so that interactions, profiles and tombstones have one order.
CREATE TABLE export_sequence (
    name  TEXT NOT NULL PRIMARY KEY, -- always 'export'
    value INTEGER NOT NULL -- the greatest number given out, never given again
) STRICT;

CREATE TABLE user_interactions (
    sequence         INTEGER NOT NULL PRIMARY KEY, -- number in the export, ascending with the order of writing
    user_id          TEXT NOT NULL, -- UUID. personal: retained 365 days
    id               TEXT NOT NULL, -- UUID made by the client, unique for the person
    interaction_type TEXT NOT NULL, -- one of the closed list of event types
    target_id        TEXT, -- item, feature, goal or topic. personal: retained 365 days
    target_type      TEXT, -- what target_id is
    action           TEXT, -- what was done, or the direction of feedback
    context          TEXT, -- JSON of the situation, NULL is none. personal: retained 365 days
    session_id       TEXT, -- client session. personal: retained 365 days
    timestamp        INTEGER NOT NULL, -- ms UTC: when it happened
    device_type      TEXT, -- mobile, tablet, desktop
    device_id        TEXT, -- client device. personal: retained 365 days
    value            REAL, -- seconds, rating 1 to 5, money or count, as the type says
    reason           TEXT, -- why, a short code. personal: retained 365 days
    decision_id      TEXT, -- the decision it answers
    position         INTEGER, -- rank in that decision, from 1
    category         TEXT, -- category id of the target
    facts            TEXT NOT NULL, -- JSON of what the catalogue knew of the target
    received_at_ms   INTEGER NOT NULL, -- ms UTC: when the host took it
    UNIQUE (user_id, id)
) STRICT;

-- Serves: sql/interactions.rs PAGE and ALL, sql/upkeep.rs EXPIRING and the feature vectors.
CREATE INDEX user_interactions_by_user ON user_interactions (user_id, timestamp DESC);

-- Serves: sql/upkeep.rs EXPIRED_PEOPLE and the popularity counts.
CREATE INDEX user_interactions_by_type ON user_interactions (interaction_type, timestamp DESC);

CREATE TABLE recommendation_feedback (
    user_id           TEXT NOT NULL, -- UUID. personal: retained 365 days
    id                TEXT NOT NULL, -- UUID, that of the FEEDBACK interaction
    recommendation_id TEXT, -- item id, NULL is feedback on something else
    feedback_type     TEXT NOT NULL, -- one of the ten feedback types
    rating            INTEGER CHECK (rating BETWEEN 1 AND 5), -- 1 to 5
    feedback_text     TEXT, -- free text. personal: retained 365 days
    timestamp         INTEGER NOT NULL, -- ms UTC
    PRIMARY KEY (user_id, id)
) STRICT;

-- Serves: sql/people.rs FEEDBACK.
CREATE INDEX recommendation_feedback_by_user ON recommendation_feedback (user_id, timestamp DESC);

CREATE TABLE recommendation_outcomes (
    user_id                 TEXT NOT NULL, -- UUID. personal: retained 365 days
    id                      TEXT NOT NULL, -- UUID, that of the interaction
    recommendation_id       TEXT NOT NULL, -- item id
    outcome                 TEXT NOT NULL CHECK (outcome IN ('ACCEPTED', 'PARTIALLY_ACCEPTED', 'DISMISSED', 'IGNORED', 'EXPIRED')),
    outcome_date            INTEGER NOT NULL, -- ms UTC
    time_to_action_days     INTEGER, -- whole days from the first view in the log, NULL is not viewed
    actual_benefit_realized REAL, -- money, measured after the action, NULL is not measured
    notes                   TEXT, -- the reason given. personal: retained 365 days
    PRIMARY KEY (user_id, id)
) STRICT;

-- Serves: the outcomes of a person by kind, newest last (sql/upkeep.rs TIME_TO_ACTION).
CREATE INDEX recommendation_outcomes_by_user ON recommendation_outcomes (user_id, outcome, outcome_date);

CREATE TABLE category_preferences (
    user_id          TEXT NOT NULL, -- UUID. personal: retained until erasure
    category         TEXT NOT NULL, -- category id
    preference_score REAL NOT NULL, -- shrunk success rate, 0 to 1
    acceptance_count INTEGER NOT NULL, -- items taken up
    dismissal_count  INTEGER NOT NULL, -- items dismissed
    total_shown      INTEGER NOT NULL, -- items viewed
    last_interaction INTEGER NOT NULL, -- ms UTC
    PRIMARY KEY (user_id, category)
) STRICT, WITHOUT ROWID;

-- Serves: sql/people.rs EXPORT_PREFERENCES, best first.
CREATE INDEX category_preferences_by_score ON category_preferences (user_id, preference_score DESC);
