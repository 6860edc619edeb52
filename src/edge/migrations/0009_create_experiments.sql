-- Experiments: what is tested, who saw what, and the sums that an analysis reads. A page of results reads as many rows as
-- it shows, whatever the traffic: cells are counted in the transaction that writes the log, behind the same revision, so
-- they are exact because the log is. All keys begin with what is searched first.
-- Read by: adapters/experiments_d1.rs (definitions, results), interactions_d1.rs (counting), people_d1.rs (assignments with
-- the person, own export, erasure), upkeep_d1.rs (retention).

-- An environment of tests; its row is made by the first change.
CREATE TABLE ab_test_environments (
    environment        TEXT NOT NULL PRIMARY KEY CHECK (environment IN ('production', 'test')), -- whose tests
    salt               TEXT NOT NULL, -- random: layers and the holdout derive theirs from it
    holdout_percentage REAL NOT NULL CHECK (holdout_percentage BETWEEN 0 AND 100), -- per cent of units that no test touches
    updated_at_ms      INTEGER NOT NULL -- ms UTC
) STRICT, WITHOUT ROWID;

CREATE TABLE ab_test_configurations (
    environment         TEXT NOT NULL CHECK (environment IN ('production', 'test')), -- whose test
    test_name           TEXT NOT NULL, -- unique in its environment
    description         TEXT NOT NULL, -- what is tested
    hypothesis          TEXT NOT NULL, -- what is expected, and why
    start_date          INTEGER, -- ms UTC: nobody takes part before, NULL is open
    end_date            INTEGER, -- ms UTC: nobody takes part from here on, NULL is open
    active              INTEGER NOT NULL CHECK (active = (status = 'ACTIVE')), -- 1 while it assigns
    status              TEXT NOT NULL CHECK (status IN ('DRAFT', 'ACTIVE', 'STOPPED', 'ARCHIVED')), -- where it stands
    variants            TEXT NOT NULL, -- JSON of {name, description, traffic_percentage, value}, the first is the control
    success_metric      TEXT NOT NULL, -- the metric that decides
    minimum_sample_size INTEGER NOT NULL CHECK (minimum_sample_size >= 1), -- exposed units of a variant before a verdict
    created_by          TEXT NOT NULL, -- the admin's id
    created_at          INTEGER NOT NULL, -- ms UTC
    updated_at_ms       INTEGER NOT NULL, -- ms UTC
    stopped_at_ms       INTEGER, -- ms UTC: outcomes from here on are late, NULL while it was never stopped
    epoch               INTEGER NOT NULL, -- changes so far, from 1
    unit                TEXT NOT NULL CHECK (unit IN ('user', 'session', 'device')), -- whose id is hashed
    salt                TEXT NOT NULL, -- what makes its hashes independent of other tests'
    hash_algorithm      TEXT NOT NULL, -- native, or the engine whose buckets are kept
    definition          TEXT NOT NULL, -- JSON of the whole, as the set's blob holds it
    PRIMARY KEY (environment, test_name)
) STRICT, WITHOUT ROWID;

-- Every change with who and why. Append-only.
CREATE TABLE ab_test_epochs (
    environment  TEXT NOT NULL, -- whose test
    test_name    TEXT NOT NULL, -- which
    epoch        INTEGER NOT NULL, -- from 1, without gaps
    opened_at_ms INTEGER NOT NULL, -- ms UTC
    actor        TEXT NOT NULL, -- the admin's id
    reason       TEXT NOT NULL, -- why, in the admin's words
    action       TEXT NOT NULL CHECK (action IN ('created', 'changed', 'started', 'stopped', 'archived')), -- what was done
    stratum      INTEGER NOT NULL, -- the epoch in which shares last changed: epochs of one stratum are analysed as one
    definition   TEXT NOT NULL, -- JSON of the test from then on
    PRIMARY KEY (environment, test_name, epoch)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER ab_test_epochs_stay_as_written BEFORE UPDATE ON ab_test_epochs
BEGIN SELECT RAISE(ABORT, 'constraint: epochs are append-only'); END;

CREATE TRIGGER ab_test_epochs_stay BEFORE DELETE ON ab_test_epochs
BEGIN SELECT RAISE(ABORT, 'constraint: epochs are append-only'); END;

-- A unit that was exposed to a test: exposure, assignment and unit of the analysis in one row, recorded once.
-- The primary key serves the person's own rows (sql/people.rs LOAD) and their erasure by its beginning.
CREATE TABLE ab_test_assignments (
    unit_kind   TEXT NOT NULL CHECK (unit_kind IN ('user', 'session', 'device')), -- whose id unit_id is
    unit_id     TEXT NOT NULL, -- of the unit; a user's is the user_id. personal: retained until erasure
    environment TEXT NOT NULL, -- whose test
    test_name   TEXT NOT NULL, -- which
    user_id     TEXT NOT NULL, -- UUID: whose request it was. personal: retained until erasure
    variant     TEXT NOT NULL, -- the variant's name
    epoch       INTEGER NOT NULL, -- of the first exposure
    is_forced   INTEGER NOT NULL CHECK (is_forced IN (0, 1)), -- a tester's: shown, never counted
    assigned_at INTEGER NOT NULL, -- ms UTC of the first exposure
    source      TEXT NOT NULL CHECK (source IN ('receipt', 'asked', 'interaction', 'forced', 'merged')), -- how it was known
    counts_as   TEXT, -- unit_id of the unit that this one goes on since a login, NULL is itself. personal: retained until erasure
    segments    TEXT NOT NULL, -- JSON of the cells that it is counted in, fixed at exposure; '' is everybody
    pre         REAL NOT NULL, -- what the unit did before its exposure, 0 is nothing or not asked for
    sequence    INTEGER NOT NULL, -- number of the write, so that a batch counts what it added
    PRIMARY KEY (unit_kind, unit_id, environment, test_name)
) STRICT, WITHOUT ROWID;

-- Serves: sql/people.rs ERASE, devices and sessions of a person.
CREATE INDEX ab_test_assignments_by_user ON ab_test_assignments (user_id) WHERE unit_kind <> 'user';

-- Serves: sql/people.rs FORGET_AS_UNIT, those who go on a person's unit since a login.
CREATE INDEX ab_test_assignments_by_counts_as ON ab_test_assignments (counts_as) WHERE counts_as IS NOT NULL;

-- What each unit has of each metric so far, so that the sum of squares can follow it.
CREATE TABLE ab_test_unit_totals (
    unit_kind   TEXT NOT NULL, -- as in ab_test_assignments
    unit_id     TEXT NOT NULL, -- of the unit. personal: retained until erasure
    environment TEXT NOT NULL, -- whose test
    test_name   TEXT NOT NULL, -- which
    metric      TEXT NOT NULL, -- the metric's name
    total       REAL NOT NULL, -- 0 or 1 for a conversion, else the sum of values
    PRIMARY KEY (unit_kind, unit_id, environment, test_name, metric)
) STRICT, WITHOUT ROWID;

CREATE TABLE ab_test_outcomes (
    user_id           TEXT NOT NULL, -- UUID. personal: retained 365 days
    id                TEXT NOT NULL, -- UUID, that of the interaction or of the client's report
    environment       TEXT NOT NULL, -- whose test
    test_name         TEXT NOT NULL, -- which
    unit_kind         TEXT NOT NULL, -- as in ab_test_assignments
    unit_id           TEXT NOT NULL, -- of the unit. personal: retained 365 days
    variant           TEXT NOT NULL, -- the variant that the unit has
    recommendation_id TEXT, -- item id, NULL where none was named
    outcome           TEXT NOT NULL CHECK (outcome IN ('VIEWED', 'ACCEPTED', 'DISMISSED', 'IGNORED', 'COMPLETED')), -- what came of it
    timestamp         INTEGER NOT NULL, -- ms UTC: when it happened
    context           TEXT, -- JSON, NULL is none. personal: retained 365 days
    PRIMARY KEY (user_id, id, environment, test_name)
) STRICT, WITHOUT ROWID;

-- Serves: the seeds' own question, a variant's outcomes of one kind.
CREATE INDEX ab_test_outcomes_by_outcome ON ab_test_outcomes (test_name, variant, outcome, environment);

-- Sufficient statistics. Nothing personal: they stay when a person goes.
CREATE TABLE ab_test_statistics (
    environment   TEXT NOT NULL, -- whose test
    test_name     TEXT NOT NULL, -- which
    epoch         INTEGER NOT NULL, -- of the units' first exposure
    variant       TEXT NOT NULL, -- the variant's name
    metric        TEXT NOT NULL, -- the metric's name; 'exposure' counts units
    segment       TEXT NOT NULL, -- such as country=GB; '' is everybody
    units         INTEGER NOT NULL, -- different units with an event of the metric; of 'exposure': units exposed
    rows          INTEGER NOT NULL, -- events and outcome rows, as the seed counts
    total         REAL NOT NULL, -- sum over units of their total
    total_squares REAL NOT NULL, -- sum over units of its square
    pre           REAL NOT NULL, -- sum over units of what they did before, of 'exposure' only
    pre_squares   REAL NOT NULL, -- sum over units of its square, of 'exposure' only
    total_pre     REAL NOT NULL, -- sum over units of total times pre
    PRIMARY KEY (environment, test_name, epoch, variant, metric, segment)
) STRICT, WITHOUT ROWID;

-- The same by the day of receipt, for charts; everybody only.
CREATE TABLE ab_test_daily (
    environment   TEXT NOT NULL, -- whose test
    test_name     TEXT NOT NULL, -- which
    metric        TEXT NOT NULL, -- the metric's name; 'exposure' counts units
    day           INTEGER NOT NULL, -- days UTC since 1970
    epoch         INTEGER NOT NULL, -- of the units' first exposure
    variant       TEXT NOT NULL, -- the variant's name
    units         INTEGER NOT NULL, -- units that were new on that day
    total         REAL NOT NULL, -- what the day added to the sum of totals
    total_squares REAL NOT NULL, -- what the day added to the sum of their squares
    PRIMARY KEY (environment, test_name, metric, day, epoch, variant)
) STRICT, WITHOUT ROWID;

-- What went wrong, counted: conflict, unexposed, late, bad_receipt.
CREATE TABLE ab_test_health (
    environment TEXT NOT NULL, -- whose test
    test_name   TEXT NOT NULL, -- which, '' where no test is known
    name        TEXT NOT NULL, -- what is counted
    count       INTEGER NOT NULL, -- how often
    PRIMARY KEY (environment, test_name, name)
) STRICT, WITHOUT ROWID;

-- Tests as the API shows them, without their salts.
CREATE VIEW ab_test_reports AS SELECT environment, test_name,
    json_object('test_name', test_name, 'environment', environment, 'status', status, 'epoch', epoch,
        'active', json(iif(active, 'true', 'false')), 'created_by', created_by,
        'created_at', strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch'),
        'updated_at', strftime('%Y-%m-%dT%H:%M:%fZ', updated_at_ms / 1000.0, 'unixepoch'),
        'stopped_at', strftime('%Y-%m-%dT%H:%M:%fZ', stopped_at_ms / 1000.0, 'unixepoch'),
        'definition', definition -> '$.definition',
        'epochs', (SELECT json_group_array(json(line)) FROM (
            SELECT json_object('epoch', e.epoch, 'stratum', e.stratum, 'actor', e.actor, 'action', e.action, 'reason', e.reason,
                'opened_at', strftime('%Y-%m-%dT%H:%M:%fZ', e.opened_at_ms / 1000.0, 'unixepoch'),
                'definition', e.definition -> '$.definition') AS line
            FROM ab_test_epochs AS e WHERE e.environment = c.environment AND e.test_name = c.test_name
            ORDER BY e.epoch))) AS report -- JSON
FROM ab_test_configurations AS c;
