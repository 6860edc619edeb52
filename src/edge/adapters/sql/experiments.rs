//! Counting experiments: exposures, outcomes and their sums, in the transaction that writes the log.
//!
//! The engine says which unit and metric get how much; SQL only does the arithmetic against what the unit has so far. As in
//! `interactions`, `w` is a person `[user, expected revision, received at, [entry, …]]` and `e` one of the entries.

/// The rows `a` of units that an entry or a change names by `kind, unit, environment, test`. Index: the primary key.
macro_rules! assignment_of {
    ($kind:expr, $unit:expr, $environment:expr, $test:expr) => {
        concat!(
            "CROSS JOIN ab_test_assignments AS a ON a.unit_kind = ",
            $kind,
            " AND a.unit_id = ",
            $unit,
            " AND a.environment = ",
            $environment,
            " AND a.test_name = ",
            $test
        )
    };
}

/// Entries `[place, kind, unit, environment, test, variant, epoch, at, segments, pre, source, counts_as]`. Who is assigned
/// stays so. A row of a person is that person's, whoever went on as them since a login; of who was erased there is none, and
/// who goes on them names them no more.
pub(crate) const INSERT_EXPOSURES: &str = concat!(
    "INSERT INTO ab_test_assignments (unit_kind, unit_id, environment, test_name, user_id, variant, epoch, is_forced,
    assigned_at, segments, pre, source, counts_as, sequence)
SELECT e.value ->> 1, e.value ->> 2, e.value ->> 3, e.value ->> 4,
       CASE e.value ->> 1 WHEN 'user' THEN e.value ->> 2 ELSE w.value ->> 0 END, e.value ->> 5, e.value ->> 6,
       e.value ->> 10 = 'forced', e.value ->> 7, e.value ->> 8, e.value ->> 9, e.value ->> 10,
       iif(EXISTS (SELECT 1 FROM erasure_tombstones AS f WHERE f.user_id = e.value ->> 11), '', e.value ->> 11), ",
    last_sequence!(),
    " + (e.value ->> 0) ",
    guarded_people!(),
    " CROSS JOIN json_each(w.value, '$[3]') AS e
WHERE ",
    revision_holds!(),
    " AND (e.value ->> 1 <> 'user' OR e.value ->> 2 = w.value ->> 0
         OR NOT EXISTS (SELECT 1 FROM erasure_tombstones AS d WHERE d.user_id = e.value ->> 2))
ON CONFLICT (unit_kind, unit_id, environment, test_name) DO NOTHING"
);

/// The exposures among the entries of `INSERT_EXPOSURES` that this very batch added: two people of a batch may share a
/// device, and one may have been exposed before. Numbers are given out once, so no guard is asked again.
macro_rules! added_exposures {
    () => {
        concat!(
            "FROM json_each(?1) AS w CROSS JOIN json_each(w.value, '$[3]') AS e ",
            assignment_of!("e.value ->> 1", "e.value ->> 2", "e.value ->> 3", "e.value ->> 4"),
            " AND a.sequence = ",
            last_sequence!(),
            " + (e.value ->> 0)"
        )
    };
}

/// Units exposed, in each of their cells.
pub(crate) const COUNT_EXPOSURES: &str = concat!(
    "INSERT INTO ab_test_statistics (environment, test_name, epoch, variant, metric, segment, units, rows, total,
    total_squares, pre, pre_squares, total_pre)
SELECT a.environment, a.test_name, a.epoch, a.variant, 'exposure', g.value, COUNT(*), COUNT(*), 0, 0, SUM(a.pre),
       SUM(a.pre * a.pre), 0 ",
    added_exposures!(),
    " CROSS JOIN json_each(a.segments) AS g WHERE a.is_forced = 0 AND a.counts_as IS NULL
GROUP BY 1, 2, 3, 4, 6 ON CONFLICT (environment, test_name, epoch, variant, metric, segment) DO UPDATE SET
    units = units + excluded.units, rows = rows + excluded.rows, pre = pre + excluded.pre,
    pre_squares = pre_squares + excluded.pre_squares"
);

/// Units exposed, by the day of receipt.
pub(crate) const COUNT_EXPOSURES_BY_DAY: &str = concat!(
    "INSERT INTO ab_test_daily (environment, test_name, metric, day, epoch, variant, units, total, total_squares)
SELECT a.environment, a.test_name, 'exposure', (w.value ->> 2) / 86400000, a.epoch, a.variant, COUNT(*), 0, 0 ",
    added_exposures!(),
    " WHERE a.is_forced = 0 AND a.counts_as IS NULL
GROUP BY 1, 2, 4, 5, 6 ON CONFLICT (environment, test_name, metric, day, epoch, variant) DO UPDATE SET
    units = units + excluded.units"
);

/// Changes `[kind, unit, environment, test, metric, is_conversion, delta, rows]`, added up by unit and metric. `before` and
/// `after` are what the unit has: a conversion is had or not.
macro_rules! changed_totals {
    () => {
        concat!(
            "WITH c AS (
    SELECT e.value ->> 0 AS unit_kind, e.value ->> 1 AS unit_id, e.value ->> 2 AS environment, e.value ->> 3 AS test_name,
           e.value ->> 4 AS metric, MAX(e.value ->> 5) AS is_conversion, TOTAL(e.value ->> 6) AS delta,
           SUM(e.value ->> 7) AS rows, MIN(w.value ->> 2) / 86400000 AS day ",
            guarded_people!(),
            " CROSS JOIN json_each(w.value, '$[3]') AS e WHERE ",
            revision_holds!(),
            " GROUP BY 1, 2, 3, 4, 5),
x AS (
    SELECT c.*, a.epoch, a.variant, a.segments, a.pre, t.total IS NULL AS is_first, COALESCE(t.total, 0.0) AS before,
           CASE WHEN c.is_conversion THEN 1.0 ELSE COALESCE(t.total, 0.0) + c.delta END AS after
    FROM c ",
            assignment_of!("c.unit_kind", "c.unit_id", "c.environment", "c.test_name"),
            " LEFT JOIN ab_test_unit_totals AS t ON t.unit_kind = c.unit_kind AND t.unit_id = c.unit_id
        AND t.environment = c.environment AND t.test_name = c.test_name AND t.metric = c.metric
    WHERE a.is_forced = 0) "
        )
    };
}

/// What the changes add to each cell. The sum of squares is exact, since `before` is read where it is written.
pub(crate) const COUNT_OUTCOMES: &str = concat!(
    changed_totals!(),
    "INSERT INTO ab_test_statistics (environment, test_name, epoch, variant, metric, segment, units, rows, total,
    total_squares, pre, pre_squares, total_pre)
SELECT x.environment, x.test_name, x.epoch, x.variant, x.metric, g.value, SUM(x.is_first), SUM(x.rows),
       SUM(x.after - x.before), SUM(x.after * x.after - x.before * x.before), 0, 0, SUM((x.after - x.before) * x.pre)
FROM x CROSS JOIN json_each(x.segments) AS g WHERE true
GROUP BY 1, 2, 3, 4, 5, 6 ON CONFLICT (environment, test_name, epoch, variant, metric, segment) DO UPDATE SET
    units = units + excluded.units, rows = rows + excluded.rows, total = total + excluded.total,
    total_squares = total_squares + excluded.total_squares, total_pre = total_pre + excluded.total_pre"
);

/// The same by the day of receipt, for everybody, where a total moves.
pub(crate) const COUNT_OUTCOMES_BY_DAY: &str = concat!(
    changed_totals!(),
    "INSERT INTO ab_test_daily (environment, test_name, metric, day, epoch, variant, units, total, total_squares)
SELECT x.environment, x.test_name, x.metric, x.day, x.epoch, x.variant, SUM(x.is_first), SUM(x.after - x.before),
       SUM(x.after * x.after - x.before * x.before)
FROM x WHERE x.is_first OR x.after <> x.before
GROUP BY 1, 2, 3, 4, 5, 6 ON CONFLICT (environment, test_name, metric, day, epoch, variant) DO UPDATE SET
    units = units + excluded.units, total = total + excluded.total, total_squares = total_squares + excluded.total_squares"
);

/// Writes the units' new totals. It comes after those that read what they were.
pub(crate) const ADD_TOTALS: &str = concat!(
    changed_totals!(),
    "INSERT INTO ab_test_unit_totals (unit_kind, unit_id, environment, test_name, metric, total)
SELECT x.unit_kind, x.unit_id, x.environment, x.test_name, x.metric, x.after FROM x WHERE x.is_first OR x.after <> x.before
ON CONFLICT (unit_kind, unit_id, environment, test_name, metric) DO UPDATE SET total = excluded.total"
);

/// Entries `[id, kind, unit, environment, test, recommendation, outcome, at, context]`; the variant is the unit's.
pub(crate) const INSERT_TEST_OUTCOMES: &str = concat!(
    "INSERT INTO ab_test_outcomes (user_id, id, environment, test_name, unit_kind, unit_id, variant, recommendation_id,
    outcome, timestamp, context)
SELECT w.value ->> 0, e.value ->> 0, a.environment, a.test_name, a.unit_kind, a.unit_id, a.variant, e.value ->> 5,
       e.value ->> 6, e.value ->> 7, e.value ->> 8 ",
    guarded_people!(),
    " CROSS JOIN json_each(w.value, '$[3]') AS e ",
    assignment_of!("e.value ->> 1", "e.value ->> 2", "e.value ->> 3", "e.value ->> 4"),
    " AND a.is_forced = 0 WHERE ",
    revision_holds!(),
    " ON CONFLICT (user_id, id, environment, test_name) DO NOTHING"
);

/// Entries `[environment, test, name, count]`.
pub(crate) const COUNT_HEALTH: &str = concat!(
    "INSERT INTO ab_test_health (environment, test_name, name, count)
SELECT e.value ->> 0, e.value ->> 1, e.value ->> 2, SUM(e.value ->> 3) ",
    guarded_people!(),
    " CROSS JOIN json_each(w.value, '$[3]') AS e WHERE ",
    revision_holds!(),
    " GROUP BY 1, 2, 3 ON CONFLICT (environment, test_name, name) DO UPDATE SET count = count + excluded.count"
);

/// Recorded assignments of the units `[[kind, unit], …]` of `?2` in environment `?1`, with whose request each was.
/// Index: the primary key.
pub(crate) const ASSIGNMENTS: &str = "SELECT a.unit_kind, a.unit_id, a.test_name, a.variant, a.epoch, a.assigned_at,
    a.is_forced, a.counts_as
FROM json_each(?2) AS w CROSS JOIN ab_test_assignments AS a
    ON a.unit_kind = w.value ->> 0 AND a.unit_id = w.value ->> 1 AND a.environment = ?1";

/// The person's own: exposures, and those of the devices and sessions that they used. Indexes: the primary key,
/// ab_test_assignments_by_user.
pub(crate) const EXPORT_ASSIGNMENTS: &str = concat!(
    "SELECT json_object('environment', a.environment, 'test_name', a.test_name, 'unit_kind', a.unit_kind, 'unit_id', a.unit_id,
    'variant', a.variant, 'epoch', a.epoch, 'is_forced', a.is_forced, 'source', a.source, 'counts_as', a.counts_as,
    'segments', json(a.segments), 'pre', a.pre, 'assigned_at', ",
    shown_time!("a.assigned_at"),
    ") AS line
FROM (SELECT * FROM ab_test_assignments WHERE unit_kind = 'user' AND unit_id = ?1
      UNION ALL SELECT * FROM ab_test_assignments WHERE user_id = ?1 AND unit_kind <> 'user') AS a"
);

/// The person's own. Index: the primary key.
pub(crate) const EXPORT_TOTALS: &str = "SELECT json_object('environment', environment, 'test_name', test_name,
    'metric', metric, 'total', total) AS line
FROM ab_test_unit_totals WHERE unit_kind = 'user' AND unit_id = ?1";

/// The person's own. Index: the primary key.
pub(crate) const EXPORT_OUTCOMES: &str = concat!(
    "SELECT json_object('id', id, 'environment', environment, 'test_name', test_name, 'variant', variant,
    'recommendation_id', recommendation_id, 'outcome', outcome, 'context', json(context), 'timestamp', ",
    shown_time!("timestamp"),
    ") AS line
FROM ab_test_outcomes WHERE user_id = ?1"
);
