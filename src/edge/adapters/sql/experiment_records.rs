//! Definitions of tests, testers, and what an analysis reads. A change is one JSON parameter `?1`; the definition in it is
//! a text, so that it is stored to the letter.

/// Nobody changed a test of the environment since the change was decided on.
macro_rules! nobody_changed {
    () => {
        "COALESCE((SELECT value FROM live_pointers WHERE name = 'experiments/' || (?1 ->> 'environment')), '') = ?1 ->> 'expected'"
    };
}

/// A fact of the change.
macro_rules! fact {
    ($name:literal) => {
        concat!("?1 ->> '", $name, "'")
    };
}

/// The rows of testers that are taken back.
macro_rules! taken_back {
    () => {
        "unit_kind = 'user' AND is_forced = 1 AND environment = ?1 AND test_name = ?2
  AND unit_id IN (SELECT w.value ->> 0 FROM json_each(?3) AS w WHERE w.value ->> 1 IS NULL)"
    };
}

/// The statements of a change of one test. The pointer moves last, and says whether it did. Indexes: the primary keys.
pub(crate) const CHANGE_TEST: [&str; 5] = [
    concat!(
        "INSERT INTO ab_test_configurations (environment, test_name, description, hypothesis, start_date, end_date, active,
    status, variants, success_metric, minimum_sample_size, created_by, created_at, updated_at_ms, stopped_at_ms, epoch,
    unit, salt, hash_algorithm, definition)
SELECT ", fact!("environment"), ", ", fact!("test_name"), ", ", fact!("description"), ", ", fact!("hypothesis"), ", ",
        fact!("start_date"), ", ", fact!("end_date"), ", ", fact!("status"), " = 'ACTIVE', ", fact!("status"), ", ",
        fact!("variants"), ", ", fact!("success_metric"), ", ", fact!("minimum_sample_size"), ", ", fact!("actor"), ", ",
        fact!("at_ms"), ", ", fact!("at_ms"), ", ", fact!("stopped_at_ms"), ", ", fact!("epoch"), ", ", fact!("unit"), ", ",
        fact!("salt"), ", ", fact!("hash_algorithm"), ", ", fact!("definition"), " WHERE ", nobody_changed!(),
        " ON CONFLICT (environment, test_name) DO UPDATE SET
    description = excluded.description, hypothesis = excluded.hypothesis, start_date = excluded.start_date,
    end_date = excluded.end_date, active = excluded.active, status = excluded.status, variants = excluded.variants,
    success_metric = excluded.success_metric, minimum_sample_size = excluded.minimum_sample_size,
    updated_at_ms = excluded.updated_at_ms, stopped_at_ms = excluded.stopped_at_ms, epoch = excluded.epoch,
    unit = excluded.unit, salt = excluded.salt, hash_algorithm = excluded.hash_algorithm, definition = excluded.definition"
    ),
    concat!(
        "INSERT INTO ab_test_epochs (environment, test_name, epoch, opened_at_ms, actor, reason, action, stratum, definition)
SELECT ", fact!("environment"), ", ", fact!("test_name"), ", ", fact!("epoch"), ", ", fact!("at_ms"), ", ", fact!("actor"),
        ", ", fact!("reason"), ", ", fact!("action"), ", ", fact!("stratum"), ", ", fact!("definition"),
        " WHERE ", nobody_changed!()
    ),
    SAVE_ENVIRONMENT,
    AUDIT_CHANGE,
    MOVE_SET,
];

/// The statements of a change of the holdout alone.
pub(crate) const CHANGE_HOLDOUT: [&str; 3] = [SAVE_ENVIRONMENT, AUDIT_CHANGE, MOVE_SET];

/// The salt stays what the first change made it; the time is that of the present holdout.
const SAVE_ENVIRONMENT: &str = concat!(
    "INSERT INTO ab_test_environments (environment, salt, holdout_percentage, updated_at_ms)
SELECT ",
    fact!("environment"),
    ", ",
    fact!("environment_salt"),
    ", ",
    fact!("holdout_percentage"),
    ", ",
    fact!("at_ms"),
    " WHERE ",
    nobody_changed!(),
    " ON CONFLICT (environment) DO UPDATE SET
    updated_at_ms = iif(holdout_percentage = excluded.holdout_percentage, updated_at_ms, excluded.updated_at_ms),
    holdout_percentage = excluded.holdout_percentage"
);

const AUDIT_CHANGE: &str = concat!(
    "INSERT INTO audit_log (at_ms, actor_kind, actor_id, action, prior_value, new_value)
SELECT ",
    fact!("at_ms"),
    ", 'admin', ",
    fact!("actor"),
    ", 'experiment.' || (",
    fact!("action"),
    "),
       json_object('set', ",
    fact!("expected"),
    "),
       json_object('environment', ",
    fact!("environment"),
    ", 'test_name', ",
    fact!("test_name"),
    ", 'epoch', ",
    fact!("epoch"),
    ", 'reason', ",
    fact!("reason"),
    ", 'holdout_percentage', ",
    fact!("holdout_percentage"),
    ", 'set', ",
    fact!("version"),
    ") WHERE ",
    nobody_changed!()
);

const MOVE_SET: &str = concat!(
    "INSERT INTO live_pointers (name, value, updated_at_ms)
SELECT 'experiments/' || (",
    fact!("environment"),
    "), ",
    fact!("version"),
    ", ",
    fact!("at_ms"),
    " WHERE ",
    nobody_changed!(),
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at_ms = excluded.updated_at_ms RETURNING name"
);

/// Salt and holdout of environment `?1`. Index: the primary key.
pub(crate) const ENVIRONMENT: &str = "SELECT salt, holdout_percentage FROM ab_test_environments WHERE environment = ?1";

/// Definitions of what is not archived, by name. Index: the primary key.
pub(crate) const DEFINITIONS: &str = "SELECT definition FROM ab_test_configurations
WHERE environment = ?1 AND status <> 'ARCHIVED' ORDER BY test_name";

/// A report as it is at a time: what is past its end date has ended.
macro_rules! report_at {
    ($now:literal) => {
        concat!(
            "SELECT iif(status = 'ACTIVE' AND end_date <= ",
            $now,
            ", json_set(report, '$.status', 'ENDED', '$.active', json('false')), report)
FROM ab_test_reports WHERE environment = ?1"
        )
    };
}

/// The report of test `?2` at `?3`. Index: the primary key.
pub(crate) const REPORT: &str = concat!(report_at!("?3"), " AND test_name = ?2");

/// Reports of all tests at `?2`, by name. Index: the primary key.
pub(crate) const REPORTS: &str = concat!(report_at!("?2"), " ORDER BY test_name");

/// Takes testers back: of `?3` `[[user, variant or null], …]` in test `?2` of environment `?1` those without a variant. Who
/// was counted before goes on with what they saw; the others are nobody known to the counts. Who is no tester stays as they
/// are. Index: the primary key.
pub(crate) const TAKE_BACK: [&str; 2] = [
    concat!("DELETE FROM ab_test_assignments WHERE counted_variant IS NULL AND ", taken_back!()),
    concat!(
        "UPDATE ab_test_assignments SET is_forced = 0, variant = counted_variant, counted_variant = NULL WHERE ",
        taken_back!()
    ),
];

/// Makes testers of `?3` as above, at `?4`. What was counted of them stays. Index: the primary key.
pub(crate) const FORCE: &str =
    "INSERT INTO ab_test_assignments (unit_kind, unit_id, environment, test_name, user_id, variant, epoch, is_forced,
    assigned_at, source, segments, pre, sequence)
SELECT 'user', w.value ->> 0, c.environment, c.test_name, w.value ->> 0, w.value ->> 1, c.epoch, 1, ?4, 'forced', '[]', 0, 0
FROM json_each(?3) AS w CROSS JOIN ab_test_configurations AS c ON c.environment = ?1 AND c.test_name = ?2
WHERE w.value ->> 1 IS NOT NULL
ON CONFLICT (unit_kind, unit_id, environment, test_name) DO UPDATE SET
    counted_variant = iif(is_forced, counted_variant, variant), variant = excluded.variant, is_forced = 1";

/// `?1` environment, `?2` test, `?3` testers, `?4` time, `?5` the admin, `?6` why.
pub(crate) const AUDIT_TESTERS: &str = "INSERT INTO audit_log (at_ms, actor_kind, actor_id, action, new_value)
VALUES (?4, 'admin', ?5, 'experiment.testers', json_object('environment', ?1, 'test_name', ?2,
        'testers', json_array_length(?3), 'reason', ?6))";

/// The cells of test `?2` in environment `?1`: as many as there are variants, epochs, metrics and segments.
/// Index: the primary key.
pub(crate) const CELLS: &str =
    "SELECT epoch, variant, metric, segment, units, rows, total, total_squares, pre, pre_squares,
    total_pre FROM ab_test_statistics WHERE environment = ?1 AND test_name = ?2";

/// Exposures and the success metric by day. Index: the primary key.
pub(crate) const DAYS: &str = "SELECT d.metric, d.day, d.epoch, d.variant, d.units, d.total, d.total_squares
FROM ab_test_configurations AS c CROSS JOIN ab_test_daily AS d
    ON d.environment = c.environment AND d.test_name = c.test_name AND d.metric IN ('exposure', c.success_metric)
WHERE c.environment = ?1 AND c.test_name = ?2";

/// What could not be counted, of the test and of none that is known. Index: the primary key.
pub(crate) const HEALTH: &str =
    "SELECT name, count FROM ab_test_health WHERE environment = ?1 AND test_name IN ('', ?2)";

/// Rows of people in tests that were archived before `?1`; the sums stay. Indexes: the primary keys of the tests; the rows
/// are walked through, once a night.
pub(crate) const PURGE_ARCHIVED: [&str; 2] = [
    "DELETE FROM ab_test_assignments WHERE (environment, test_name) IN (
    SELECT environment, test_name FROM ab_test_configurations WHERE status = 'ARCHIVED' AND updated_at_ms < ?1)",
    "DELETE FROM ab_test_unit_totals WHERE (environment, test_name) IN (
    SELECT environment, test_name FROM ab_test_configurations WHERE status = 'ARCHIVED' AND updated_at_ms < ?1)",
];

/// The switches of a person let events be counted. Who was never asked was exposed because their pack asks nobody.
macro_rules! agrees {
    ($settings:literal) => {
        concat!(
            $settings,
            ".experiments IS NOT 0 AND ",
            $settings,
            ".behavioral IS NOT 0 AND COALESCE(",
            $settings,
            ".personalization_enabled, 1) = 1
  AND COALESCE(",
            $settings,
            ".privacy_mode, 0) = 0"
        )
    };
}

/// Units `a` that viewed what a running test showed them 7 to 14 days before `?1` and did nothing about it since. Only those
/// whose doings counted all the while: the people agree, nobody of them is a tester, and the holdout is that of the exposure;
/// who was held out in between only the hash knows. Each is found once: from then on it has the total. The rows are walked
/// through, once a night.
macro_rules! ignoring_units {
    () => {
        concat!(
            "FROM ab_test_assignments AS a CROSS JOIN ab_test_configurations AS c
    ON c.environment = a.environment AND c.test_name = a.test_name AND c.status = 'ACTIVE'
CROSS JOIN ab_test_environments AS h ON h.environment = a.environment
CROSS JOIN ab_test_unit_totals AS t ON t.unit_kind = a.unit_kind AND t.unit_id = a.unit_id
    AND t.environment = a.environment AND t.test_name = a.test_name AND t.metric = 'viewed'
LEFT JOIN personalization_settings AS s ON s.user_id = a.user_id
WHERE a.assigned_at >= ?1 - 1209600000 AND a.assigned_at < ?1 - 604800000 AND a.is_forced = 0 AND a.counts_as IS NULL
  AND (h.updated_at_ms <= a.assigned_at OR c.definition ->> '$.definition.in_holdout' = 0)
  AND COALESCE(s.tracking_since_ms, 0) <= a.assigned_at AND ",
            agrees!("s"),
            "
  AND NOT EXISTS (SELECT 1 FROM ab_test_assignments AS f WHERE f.unit_kind = 'user' AND f.unit_id = a.user_id
    AND f.environment = a.environment AND f.test_name = a.test_name AND f.is_forced = 1)
  AND (a.unit_kind, a.unit_id, a.environment, a.test_name) NOT IN (
    SELECT g.unit_kind, g.counts_as, g.environment, g.test_name FROM ab_test_assignments AS g
    CROSS JOIN personalization_settings AS r ON r.user_id = g.user_id
    WHERE g.counts_as IS NOT NULL AND NOT (",
            agrees!("r"),
            "))
  AND NOT EXISTS (SELECT 1 FROM ab_test_unit_totals AS o WHERE o.unit_kind = a.unit_kind AND o.unit_id = a.unit_id
    AND o.environment = a.environment AND o.test_name = a.test_name
    AND o.metric IN ('accepted', 'dismissed', 'completed', 'ignored'))"
        )
    };
}

/// Counts what was ignored, at `?1`: cells, and the day. Both ask for totals that `ADD_IGNORED` is to write.
pub(crate) const COUNT_IGNORED: [&str; 2] = [
    concat!(
        "INSERT INTO ab_test_statistics (environment, test_name, epoch, variant, metric, segment, units, rows, total,
    total_squares, pre, pre_squares, total_pre)
SELECT x.environment, x.test_name, x.epoch, x.variant, 'ignored', g.value, COUNT(*), COUNT(*), COUNT(*), COUNT(*), 0, 0, SUM(x.pre)
FROM (SELECT a.* ",
        ignoring_units!(),
        ") AS x CROSS JOIN json_each(x.segments) AS g WHERE true
GROUP BY 1, 2, 3, 4, 6 ON CONFLICT (environment, test_name, epoch, variant, metric, segment) DO UPDATE SET
    units = units + excluded.units, rows = rows + excluded.rows, total = total + excluded.total,
    total_squares = total_squares + excluded.total_squares, total_pre = total_pre + excluded.total_pre"
    ),
    concat!(
        "INSERT INTO ab_test_daily (environment, test_name, metric, day, epoch, variant, units, total, total_squares)
SELECT x.environment, x.test_name, 'ignored', CAST(?1 / 86400000 AS INTEGER), x.epoch, x.variant, COUNT(*), COUNT(*), COUNT(*)
FROM (SELECT a.* ",
        ignoring_units!(),
        ") AS x WHERE true
GROUP BY 1, 2, 5, 6 ON CONFLICT (environment, test_name, metric, day, epoch, variant) DO UPDATE SET
    units = units + excluded.units, total = total + excluded.total, total_squares = total_squares + excluded.total_squares"
    ),
];

/// Writes the totals of what was ignored, at `?1`, after it was counted.
pub(crate) const ADD_IGNORED: &str = concat!(
    "INSERT INTO ab_test_unit_totals (unit_kind, unit_id, environment, test_name, metric, total)
SELECT a.unit_kind, a.unit_id, a.environment, a.test_name, 'ignored', 1 ",
    ignoring_units!()
);
