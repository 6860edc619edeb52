-- A device or a session that several people used stays counted once when one of them is erased: its row goes to another who
-- did something there.
-- Read by: adapters/people_d1.rs (erasure).

-- Serves: sql/people.rs HAND_OVER.
CREATE INDEX ab_test_outcomes_by_unit ON ab_test_outcomes (unit_kind, unit_id, environment, test_name) WHERE unit_kind <> 'user';
