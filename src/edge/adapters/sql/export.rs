//! What leaves for the origin: interactions and profiles of people who share them, and tombstones, in one order.

/// Interactions and tombstones after `?1`, at most `?2`. Indexes: the primary keys of both, and of the settings.
pub(crate) const SHARED_INTERACTIONS: &str = concat!(
    "SELECT * FROM (
    SELECT i.sequence AS sequence, i.user_id, s.hash_user_id, 0 AS erased_at_ms, i.value, ",
    interaction_json!(),
    "
    FROM user_interactions AS i CROSS JOIN personalization_settings AS s ON s.user_id = i.user_id
    WHERE i.sequence > ?1 AND ",
    shares!(),
    "
    ORDER BY i.sequence LIMIT ?2)
UNION ALL
SELECT * FROM (
    SELECT t.sequence, t.user_id, t.hash_user_id, t.erased_at_ms, NULL, NULL
    FROM erasure_tombstones AS t WHERE t.sequence > ?1
    ORDER BY t.sequence LIMIT ?2)
ORDER BY sequence LIMIT ?2"
);

/// Stated facts without those whose purpose is switched off. What a pack declares may belong to any purpose.
macro_rules! stated_as_allowed {
    () => {
        "json_remove(p.stated,
             CASE s.demographics WHEN 1 THEN '$.none' ELSE '$.age' END,
             CASE s.demographics WHEN 1 THEN '$.none' ELSE '$.income_level' END,
             CASE s.demographics WHEN 1 THEN '$.none' ELSE '$.net_worth_level' END,
             CASE s.demographics WHEN 1 THEN '$.none' ELSE '$.risk_tolerance' END,
             CASE s.demographics + s.location + s.third_party WHEN 3 THEN '$.none' ELSE '$.attributes' END,
             CASE s.location WHEN 1 THEN '$.none' ELSE '$.country' END)"
    };
}

/// Profiles and tombstones after `?1`, at most `?2`. Indexes: user_personalization_profiles_by_sequence, the primary
/// key of the tombstones, and of the settings.
pub(crate) const SHARED_PROFILES: &str = concat!(
    "SELECT * FROM (
    SELECT p.export_sequence AS sequence, p.user_id, s.hash_user_id, json_object('last_updated', ",
    shown_time!("p.last_updated"),
    ",
        'stated', json(",
    stated_as_allowed!(),
    "),
        'state', CASE WHEN s.behavioral = 1 AND json_valid(p.state) THEN json(p.state) END)
    FROM user_personalization_profiles AS p CROSS JOIN personalization_settings AS s ON s.user_id = p.user_id
    WHERE p.export_sequence > ?1 AND ",
    shares!(),
    "
    ORDER BY p.export_sequence LIMIT ?2)
UNION ALL
SELECT * FROM (
    SELECT t.sequence, t.user_id, t.hash_user_id, json_object('erased_at', ",
    shown_time!("t.erased_at_ms"),
    ")
    FROM erasure_tombstones AS t WHERE t.sequence > ?1
    ORDER BY t.sequence LIMIT ?2)
ORDER BY sequence LIMIT ?2"
);
