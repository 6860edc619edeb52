-- The admin's overview reads figures of days that are over from here, so that a look reads the log of today only. They are
-- made of people who share, in groups of twenty and more: a figure of fewer is NULL or has no row. Nothing personal: they
-- stay when a person goes.
-- Read by: adapters/figures_d1.rs (the overview), upkeep_d1.rs (retention).

-- What people did on a day with the items of a pack. Written by the nightly job, which writes the last three days anew.
CREATE TABLE overview_days (
    day             INTEGER NOT NULL, -- days UTC since 1970
    pack            TEXT NOT NULL, -- pack id
    active_people   INTEGER NOT NULL CHECK (active_people >= 20), -- different people with an event
    events          INTEGER, -- events of any kind, NULL where it would tell what fewer than twenty people did
    shown           INTEGER, -- items viewed, NULL is by fewer than twenty people
    accepted        INTEGER, -- items taken up, NULL is by fewer than twenty people
    dismissed       INTEGER, -- items dismissed, NULL is by fewer than twenty people
    items_shown     INTEGER, -- different items viewed, NULL where shown is
    catalogue_items INTEGER, -- items of the live catalogue when the day was closed, NULL is not known
    diversity       REAL, -- 0 to 1: Gini-Simpson index of the viewed categories that twenty people viewed, NULL is none
    PRIMARY KEY (day, pack)
) STRICT, WITHOUT ROWID;

-- What people chose, night after night; the newest says up to which day days are closed.
CREATE TABLE overview_people (
    day       INTEGER NOT NULL PRIMARY KEY, -- days UTC since 1970: all days before it are closed
    known     INTEGER, -- people with settings, NULL is fewer than twenty
    opted_out INTEGER -- of them those who said no, NULL where either side has fewer than twenty
) STRICT;

-- How recommendations were answered, counted in the memory of each isolate and added up here now and then.
CREATE TABLE service_days (
    day         INTEGER NOT NULL, -- days UTC since 1970
    environment TEXT NOT NULL CHECK (environment IN ('production', 'test')), -- whose requests
    -- latency, general and degraded count answers; people: the most different people that one isolate answered
    measure     TEXT NOT NULL CHECK (measure IN ('latency', 'general', 'degraded', 'people')),
    at_most_ms  INTEGER NOT NULL, -- ms: upper bound of a latency's bucket, 0 of other measures
    n           INTEGER NOT NULL CHECK (n >= 0), -- how many
    PRIMARY KEY (day, environment, measure, at_most_ms)
) STRICT, WITHOUT ROWID;

-- Events of people who share, as the overview counts them; whoever reads it names the times and types that it wants.
CREATE VIEW overview_events AS SELECT i.timestamp AS at_ms, i.interaction_type AS kind, i.timestamp / 86400000 AS day,
    COALESCE(i.facts ->> 'pack', '') AS pack, i.user_id AS person, i.target_id AS item, i.category AS category,
    CASE WHEN COALESCE(i.facts ->> 'is_item', 0) = 0 THEN 'other'
         WHEN i.interaction_type = 'RECOMMENDATION_VIEWED' THEN 'shown'
         WHEN i.interaction_type = 'RECOMMENDATION_DISMISSED' THEN 'dismissed'
         WHEN i.interaction_type IN ('RECOMMENDATION_ACCEPTED', 'RSVP', 'PURCHASED', 'INSTALLED', 'GOAL_COMPLETED')
         THEN 'accepted' ELSE 'other' END AS part -- one of four
FROM user_interactions AS i CROSS JOIN personalization_settings AS s ON s.user_id = i.user_id
WHERE s.personalization_enabled = 1 AND s.data_sharing_consent = 1 AND s.privacy_mode = 0;

-- The answers of a day as the overview shows them: nothing where no isolate answered twenty different people.
CREATE VIEW service_reports AS SELECT day, environment,
    json_object('day', date(day * 86400, 'unixepoch'), 'requests', iif(is_shown, total, NULL),
        'general_share', iif(is_shown, ROUND(general * 1.0 / total, 2), NULL),
        'degraded_share', iif(is_shown, ROUND(degraded * 1.0 / total, 2), NULL),
        'latency_ms', json_object('p50', iif(is_shown, p50, NULL), 'p95', iif(is_shown, p95, NULL),
            'p99', iif(is_shown, p99, NULL))) AS report -- JSON
FROM (
    SELECT day, environment, total,
        MIN(iif(is_latency AND upto >= total * 50, at_most_ms, NULL)) AS p50,
        MIN(iif(is_latency AND upto >= total * 95, at_most_ms, NULL)) AS p95,
        MIN(iif(is_latency AND upto >= total * 99, at_most_ms, NULL)) AS p99,
        SUM(iif(measure = 'general', n, 0)) AS general, SUM(iif(measure = 'degraded', n, 0)) AS degraded,
        SUM(iif(measure = 'people', n, 0)) >= 20 AS is_shown
    FROM (
        SELECT day, environment, measure, at_most_ms, n, measure = 'latency' AS is_latency,
            SUM(iif(measure = 'latency', n, 0)) OVER (PARTITION BY day, environment ORDER BY at_most_ms) * 100 AS upto,
            SUM(iif(measure = 'latency', n, 0)) OVER (PARTITION BY day, environment) AS total
        FROM service_days)
    GROUP BY day, environment);
