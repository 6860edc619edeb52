//! The log of interactions. One batch writes many people's events and states; every statement of it asks the same guard,
//! and the one that moves the revisions comes last.

/// Which pairs `[user, id]` of `?1` are in the log, or are outcomes, and of which test.
/// Indexes: user_interactions (user_id, id), the primary key of ab_test_outcomes.
pub(crate) const KNOWN: &str = "SELECT i.user_id, i.id, NULL, NULL FROM json_each(?1) AS w
CROSS JOIN user_interactions AS i ON i.user_id = w.value ->> 0 AND i.id = w.value ->> 1
UNION ALL SELECT a.user_id, a.id, a.environment, a.test_name FROM json_each(?1) AS w
CROSS JOIN ab_test_outcomes AS a ON a.user_id = w.value ->> 0 AND a.id = w.value ->> 1";

/// Events `[user, revision, received, [event, …]]`; an event begins with its place among all events of the batch, from 1.
pub(crate) const INSERT_EVENTS: &str = concat!(
    "INSERT INTO user_interactions (sequence, user_id, id, interaction_type, target_id, target_type, action, context,
    session_id, timestamp, device_type, device_id, value, reason, decision_id, position, category, facts, receipt, received_at_ms)
SELECT ", last_sequence!(), " + (e.value ->> 0), w.value ->> 0, e.value ->> 1, e.value ->> 2, e.value ->> 3, e.value ->> 4,
       e.value ->> 5, e.value ->> 6, e.value ->> 7, e.value ->> 8, e.value ->> 9, e.value ->> 10, e.value ->> 11,
       e.value ->> 12, e.value ->> 13, e.value ->> 14, e.value ->> 15, e.value ->> 16, e.value ->> 17, w.value ->> 2 ",
    guarded_people!(), " CROSS JOIN json_each(w.value, '$[3]') AS e
WHERE ", revision_holds!(), " ON CONFLICT (user_id, id) DO NOTHING"
);

/// Outcomes of the events that this very batch added: those behind the last number given out so far.
/// Index: the primary key of user_interactions; the plus keeps the planner from the index by type.
pub(crate) const INSERT_OUTCOMES: &str = concat!(
    "INSERT INTO recommendation_outcomes (user_id, id, recommendation_id, outcome, outcome_date, notes)
SELECT i.user_id, i.id, i.target_id,
       CASE i.interaction_type WHEN 'RECOMMENDATION_DISMISSED' THEN 'DISMISSED' ELSE 'ACCEPTED' END, i.timestamp, i.reason
FROM user_interactions AS i
WHERE i.sequence > ", last_sequence!(), " AND i.target_id IS NOT NULL
  AND (+i.interaction_type IN ('RECOMMENDATION_ACCEPTED', 'RECOMMENDATION_DISMISSED')
       OR (+i.interaction_type IN ('RSVP', 'PURCHASED', 'INSTALLED', 'GOAL_COMPLETED') AND i.facts ->> 'is_item'))
ON CONFLICT (user_id, id) DO NOTHING"
);

/// Feedback `[user, revision, received, [[id, item, type, rating, text, time], …]]`.
pub(crate) const INSERT_FEEDBACK: &str = concat!(
    "INSERT INTO recommendation_feedback (user_id, id, recommendation_id, feedback_type, rating, feedback_text, timestamp)
SELECT w.value ->> 0, e.value ->> 0, e.value ->> 1, e.value ->> 2, e.value ->> 3, e.value ->> 4, e.value ->> 5 ",
    guarded_people!(), " CROSS JOIN json_each(w.value, '$[3]') AS e
WHERE ", revision_holds!(), " ON CONFLICT (user_id, id) DO NOTHING"
);

/// Categories `[user, revision, received, [[category, score, accepted, dismissed, shown, last], …]]`.
pub(crate) const UPSERT_CATEGORIES: &str = concat!(
    "INSERT INTO category_preferences (user_id, category, preference_score, acceptance_count, dismissal_count, total_shown,
    last_interaction)
SELECT w.value ->> 0, e.value ->> 0, e.value ->> 1, e.value ->> 2, e.value ->> 3, e.value ->> 4, e.value ->> 5 ",
    guarded_people!(), " CROSS JOIN json_each(w.value, '$[3]') AS e
WHERE ", revision_holds!(),
    " ON CONFLICT (user_id, category) DO UPDATE SET
    preference_score = excluded.preference_score, acceptance_count = excluded.acceptance_count,
    dismissal_count = excluded.dismissal_count, total_shown = excluded.total_shown,
    last_interaction = excluded.last_interaction"
);

/// Removes a rebuilt person's categories, before those of the rebuilt state come in.
pub(crate) const CLEAR_CATEGORIES: &str = concat!(
    "DELETE FROM category_preferences WHERE user_id IN (SELECT w.value ->> 0 ",
    guarded_people!(),
    "
WHERE ",
    revision_holds!(),
    ")"
);

/// People `[user, revision, received, pack]` whose feedback makes a retraining of the pack worth while.
pub(crate) const LOG_SIGNIFICANT_FEEDBACK: &str = concat!(
    "INSERT INTO personalization_events_log (id, user_id, event_type, event_data, timestamp, processing_status)
SELECT (w.value ->> 0) || ':' || ((w.value ->> 1) + 1) || ':' || (w.value ->> 3), w.value ->> 0, 'SIGNIFICANT_FEEDBACK',
       json_object('pack', w.value ->> 3), w.value ->> 2, 'PENDING' ",
    guarded_people!(),
    " WHERE ",
    revision_holds!(),
    " ON CONFLICT (id) DO NOTHING"
);

/// People `[user, revision, received, place, engagement, literacy, dismissed categories, completeness, state]`.
/// Moves the revisions, so it comes after everything that is guarded; says who was written.
pub(crate) const WRITE_STATES: &str = concat!(
    "INSERT INTO user_personalization_profiles (user_id, revision, export_sequence, created_at, last_updated,
    engagement_level, financial_literacy_score, dismissed_categories, profile_completeness, state)
SELECT w.value ->> 0, (w.value ->> 1) + 1, ",
    last_sequence!(),
    " + (w.value ->> 3), w.value ->> 2, w.value ->> 2,
       w.value ->> 4, w.value ->> 5, w.value ->> 6, w.value ->> 7, w.value ->> 8 ",
    guarded_people!(),
    " WHERE ",
    revision_holds!(),
    " ON CONFLICT (user_id) DO UPDATE SET
    revision = excluded.revision, export_sequence = excluded.export_sequence,
    last_updated = MAX(last_updated, excluded.last_updated), engagement_level = excluded.engagement_level,
    financial_literacy_score = excluded.financial_literacy_score, dismissed_categories = excluded.dismissed_categories,
    profile_completeness = excluded.profile_completeness, state = excluded.state
RETURNING user_id"
);

/// A page of history from the newest. Index: user_interactions_by_user.
pub(crate) const FIRST_PAGE: &str = concat!(
    "SELECT i.sequence, i.value, ",
    interaction_json!(),
    "
FROM user_interactions AS i WHERE i.user_id = ?1
ORDER BY i.timestamp DESC, i.sequence DESC LIMIT ?2"
);

/// A page of history after a place: `?3` time, `?4` sequence. Index: user_interactions_by_user.
pub(crate) const PAGE: &str = concat!(
    "SELECT i.sequence, i.value, ",
    interaction_json!(),
    "
FROM user_interactions AS i WHERE i.user_id = ?1 AND (i.timestamp, i.sequence) < (?3, ?4)
ORDER BY i.timestamp DESC, i.sequence DESC LIMIT ?2"
);

/// Everything in the log, oldest first. Index: user_interactions_by_user.
pub(crate) const ALL: &str = concat!(
    "SELECT i.sequence AS sequence, i.value AS value, ",
    interaction_json!(),
    " AS event
FROM user_interactions AS i WHERE i.user_id = ?1 ORDER BY i.timestamp, i.sequence"
);

/// The checkpoint that a rebuild starts from. Index: the primary key.
pub(crate) const CHECKPOINT: &str = "SELECT checkpoint FROM user_personalization_profiles WHERE user_id = ?1";
