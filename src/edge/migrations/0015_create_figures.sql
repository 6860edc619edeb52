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
