-- What is live (names of immutable blobs, switches) and the drafts of catalogues that are not live yet. Nothing personal.
-- Read by: adapters/library_d1.rs, and people_d1.rs together with the person.

CREATE TABLE live_pointers (
    name          TEXT NOT NULL PRIMARY KEY, -- such as pack/finance, catalog/finance, personalization_enabled
    value         TEXT NOT NULL, -- hash of a blob, or the value of a switch
    updated_at_ms INTEGER NOT NULL -- ms UTC
) STRICT, WITHOUT ROWID;

CREATE TABLE catalog_drafts (
    pack          TEXT NOT NULL, -- pack id
    id            TEXT NOT NULL, -- item id
    item          TEXT NOT NULL, -- JSON of the item
    updated_at_ms INTEGER NOT NULL, -- ms UTC
    PRIMARY KEY (pack, id)
) STRICT;
