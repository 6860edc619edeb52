//! What is live, and the drafts of catalogues.

/// Every pointer. A handful of rows.
pub(crate) const POINTERS: &str = "SELECT json_group_object(name, value) FROM live_pointers";

/// `?1` changes as a JSON object, `?2` time, `?3` the admin. It runs before the pointers move.
pub(crate) const AUDIT_POINTERS: &str = "INSERT INTO audit_log (at_ms, actor_kind, actor_id, action, prior_value, new_value)
SELECT ?2, 'admin', ?3, 'pointers.moved',
       (SELECT json_group_object(l.name, l.value) FROM json_each(?1) AS w CROSS JOIN live_pointers AS l ON l.name = w.key), ?1";

/// `?1` changes as a JSON object, `?2` time. Index: the primary key.
pub(crate) const MOVE_POINTERS: &str = "INSERT INTO live_pointers (name, value, updated_at_ms)
SELECT w.key, w.value, ?2 FROM json_each(?1) AS w WHERE true
ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at_ms = excluded.updated_at_ms";

/// `?1` pack, `?2` items as a JSON array, `?3` time. Index: the primary key.
pub(crate) const UPSERT_DRAFT: &str = "INSERT INTO catalog_drafts (pack, id, item, updated_at_ms)
SELECT ?1, w.value ->> 'id', w.value, ?3 FROM json_each(?2) AS w WHERE true
ON CONFLICT (pack, id) DO UPDATE SET item = excluded.item, updated_at_ms = excluded.updated_at_ms";

/// `?1` pack, `?2` ids as a JSON array. Index: the primary key.
pub(crate) const REMOVE_FROM_DRAFT: &str =
    "DELETE FROM catalog_drafts WHERE pack = ?1 AND id IN (SELECT w.value FROM json_each(?2) AS w)";

/// `?1` time, `?2` the admin, `?3` pack, `?4` items put, `?5` items taken out.
pub(crate) const AUDIT_DRAFT: &str = "INSERT INTO audit_log (at_ms, actor_kind, actor_id, action, new_value)
VALUES (?1, 'admin', ?2, 'catalog.draft_changed',
        json_object('pack', ?3, 'items', CAST(?4 AS INTEGER), 'removed', CAST(?5 AS INTEGER)))";

/// How many items a draft holds. Index: the primary key.
pub(crate) const COUNT_DRAFT: &str = "SELECT COUNT(*) AS items FROM catalog_drafts WHERE pack = ?1";

/// A page of a draft: `?1` pack, `?2` the last id of the page before, `?3` rows. Index: the primary key.
pub(crate) const DRAFT_PAGE: &str =
    "SELECT id, item FROM catalog_drafts WHERE pack = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
