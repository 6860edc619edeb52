//! Figures of the overview. Every statement takes one parameter, the facts of the ask as a JSON object, and answers with
//! JSON. What fewer than twenty people did never leaves these statements, nor can it be told from two figures that do.

use nearside_engine::ports::FiguresAsk;

/// Today, as days UTC since 1970.
macro_rules! today {
    () => {
        "((?1 ->> 'at_ms') / 86400000)"
    };
}

/// The first day that a nightly job writes: the last three, those that no night has closed yet, at most ninety.
macro_rules! first_open_day {
    () => {
        concat!(
            "MAX(",
            today!(),
            " - 90, MIN(",
            today!(),
            " - 3, COALESCE((SELECT MAX(day) FROM overview_people), 0)))"
        )
    };
}

/// Until when today is counted: the last full hour, so that two looks do not show what one person did between them.
macro_rules! until_ms {
    () => {
        "((?1 ->> 'at_ms') / 3600000 * 3600000)"
    };
}

/// Rows of `overview_days` made of the log from `$from` until before `$until`.
///
/// `taken`: events of people who share, each in one of four parts. `persons`: what each did. `sums`: what all did; a part
/// of fewer than twenty people is NULL. `rest`: the people behind everything that no part shows: events less the parts that
/// are shown is theirs. Categories that fewer than twenty people viewed do not count towards the diversity.
/// Indexes: user_interactions_by_type, the primary key of personalization_settings.
macro_rules! counted {
    ($from:expr, $until:expr) => {
        concat!(
            "WITH RECURSIVE span AS (SELECT ", $from, " AS from_ms, ", $until, " AS until_ms),
taken AS MATERIALIZED (
    SELECT e.day, e.pack, person, item, category, part FROM span CROSS JOIN json_each(?1, '$.kinds') AS k
    CROSS JOIN overview_events AS e ON e.kind = k.value AND e.at_ms >= from_ms AND e.at_ms < until_ms),
persons AS MATERIALIZED (
    SELECT day, pack, person, COUNT(*) AS events, SUM(part = 'shown') AS shown, SUM(part = 'accepted') AS accepted,
        SUM(part = 'dismissed') AS dismissed, SUM(part = 'other') AS other
    FROM taken GROUP BY day, pack, person),
sums AS (
    SELECT day, pack, COUNT(*) AS active_people, SUM(events) AS events,
        iif(SUM(shown > 0) >= 20, SUM(shown), NULL) AS shown,
        iif(SUM(accepted > 0) >= 20, SUM(accepted), NULL) AS accepted,
        iif(SUM(dismissed > 0) >= 20, SUM(dismissed), NULL) AS dismissed
    FROM persons GROUP BY day, pack HAVING COUNT(*) >= 20),
rests AS (
    SELECT day, pack, SUM(q.other > 0 OR (u.shown IS NULL AND q.shown > 0) OR (u.accepted IS NULL AND q.accepted > 0)
        OR (u.dismissed IS NULL AND q.dismissed > 0)) AS rest
    FROM sums AS u JOIN persons AS q USING (day, pack) GROUP BY day, pack),
seen AS (
    SELECT day, pack, COUNT(DISTINCT item) AS items_shown FROM taken WHERE part = 'shown' GROUP BY day, pack),
mixed AS (
    SELECT day, pack, ROUND(1 - SUM(n * n) * 1.0 / (SUM(n) * SUM(n)), 4) AS diversity FROM (
        SELECT day, pack, COUNT(*) AS n FROM taken WHERE part = 'shown' GROUP BY day, pack, category
        HAVING COUNT(DISTINCT person) >= 20) GROUP BY day, pack),
counted AS (
    SELECT day, pack, active_people, iif(rest BETWEEN 1 AND 19, NULL, events) AS events, shown, accepted, dismissed,
        iif(shown IS NULL, NULL, items_shown) AS items_shown,
        NULLIF(?1 ->> ('$.\"pack/' || pack || '\"'), 0) AS catalogue_items,
        iif(shown IS NULL, NULL, diversity) AS diversity
    FROM sums JOIN rests USING (day, pack) LEFT JOIN seen USING (day, pack) LEFT JOIN mixed USING (day, pack))
"
        )
    };
}

/// Each night anew: all of it in one transaction, so that a second run finds and leaves the same rows. Days before the
/// first that is written stay as they are. Indexes: the primary keys, and those of `counted`.
const CLOSE: [&str; 3] = [
    concat!("DELETE FROM overview_days WHERE day >= ", first_open_day!(), " AND day < ", today!()),
    concat!(
        counted!(concat!("86400000 * ", first_open_day!()), concat!("86400000 * ", today!())),
        "INSERT INTO overview_days (day, pack, active_people, events, shown, accepted, dismissed, items_shown,
    catalogue_items, diversity) SELECT * FROM counted"
    ),
    concat!(
        "INSERT INTO overview_people (day, known, opted_out)
SELECT ",
        today!(),
        ", iif(known >= 20, known, NULL), iif(opted_out >= 20 AND known - opted_out >= 20, opted_out, NULL)
FROM (SELECT COUNT(*) AS known, COALESCE(SUM(s.personalization_enabled = 0), 0) AS opted_out
      FROM personalization_settings AS s) WHERE true
ON CONFLICT (day) DO UPDATE SET known = excluded.known, opted_out = excluded.opted_out"
    ),
];

/// The overview. Every day of every live pack has a row, whether anybody was there or not: a row that is missing would
/// say that nobody was. Indexes: the primary keys, and those of `counted`.
const SHOW: [&str; 1] = [concat!(
    counted!(concat!("86400000 * ", today!()), until_ms!()),
    ", calendar (day) AS (
    SELECT ",
    today!(),
    " - (?1 ->> 'days') + 1 UNION ALL SELECT day + 1 FROM calendar WHERE day < ",
    today!(),
    "),
known_days AS (
    SELECT * FROM overview_days WHERE day BETWEEN ",
    today!(),
    " - (?1 ->> 'days') + 1 AND ",
    today!(),
    " - 1
    UNION ALL SELECT * FROM counted)
SELECT json_object('least_people', 20, 'until', strftime('%Y-%m-%dT%H:%M:%fZ', ",
    until_ms!(),
    " / 1000.0, 'unixepoch'),
    'people', (SELECT json_object('day', date(MAX(day) * 86400, 'unixepoch'), 'known', known, 'opted_out', opted_out,
        'opt_out_rate', ROUND(opted_out * 1.0 / known, 4)) FROM overview_people),
    'days', (SELECT json_group_array(json(line)) FROM (
        SELECT json_object('day', date(d.day * 86400, 'unixepoch'), 'pack', substr(c.key, 6), 'events', events,
            'active_people', active_people, 'shown', shown, 'accepted', accepted, 'dismissed', dismissed,
            'acceptance_rate', ROUND(accepted * 1.0 / (accepted + dismissed), 4), 'items_shown', items_shown,
            'coverage', ROUND(MIN(1.0, items_shown * 1.0 / catalogue_items), 4), 'diversity', diversity) AS line
        FROM calendar AS d CROSS JOIN json_each(?1) AS c
        LEFT JOIN known_days AS r ON r.day = d.day AND r.pack = substr(c.key, 6) WHERE c.key GLOB 'pack/*' ORDER BY d.day, c.key)),
    'service', (SELECT json_group_array(json(report)) FROM (SELECT report FROM service_reports
        WHERE day BETWEEN ", today!(), " - (?1 ->> 'days') + 1 AND ", today!(), " AND environment = ?1 ->> 'environment'
        ORDER BY day)))"
)];

/// Adds what an isolate counted. Different people of two isolates may be the same, so the greater number stands.
/// Index: the primary key.
const ADD_ANSWERS: [&str; 1] = ["INSERT INTO service_days (day, environment, measure, at_most_ms, n)
SELECT ?1 ->> 'day', ?1 ->> 'environment', w.value ->> 0, w.value ->> 1, w.value ->> 2
FROM json_each(?1, '$.counts') AS w WHERE true
ON CONFLICT (day, environment, measure, at_most_ms)
DO UPDATE SET n = iif(measure = 'people', MAX(n, excluded.n), n + excluded.n)"];

/// The statements of an ask, in order.
pub(crate) fn statements_of(ask: FiguresAsk) -> &'static [&'static str] {
    match ask {
        FiguresAsk::Close => &CLOSE,
        FiguresAsk::Show => &SHOW,
        FiguresAsk::AddAnswers => &ADD_ANSWERS,
    }
}
