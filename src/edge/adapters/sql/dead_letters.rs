//! Messages that were acknowledged and could not be applied.

/// `?1` letters `[id, user or null, payload, reason, attempts, time]`; a second delivery changes nothing.
/// Index: the primary key.
pub(crate) const INSERT: &str = "INSERT INTO dead_letters (id, user_id, payload, reason, attempts, at_ms)
SELECT w.value ->> 0, w.value ->> 1, w.value ->> 2, w.value ->> 3, w.value ->> 4, w.value ->> 5
FROM json_each(?1) AS w WHERE true ON CONFLICT (id) DO NOTHING";
