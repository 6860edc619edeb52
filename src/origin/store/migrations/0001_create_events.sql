-- What happened, with which items, and who is gone: everything that training and evaluation read.
-- Read by: store/dataset.rs and export_events; written by store/writer.rs on behalf of import.

-- The columns are those of the edge's user_interactions, so that a query means the same in both places.
CREATE TABLE interactions (
    sequence         INTEGER NOT NULL PRIMARY KEY, -- order of importing into this store
    user_id          TEXT NOT NULL, -- as the source names the person, or the export's pseudonym. personal: retained until the tombstone
    id               TEXT NOT NULL, -- the source's id, else UUID v5 of the content; unique for the person
    interaction_type TEXT NOT NULL, -- one of the engine's closed list of event types
    target_id        TEXT, -- item, feature, goal or topic. personal: retained until the tombstone
    target_type      TEXT, -- what target_id is
    action           TEXT, -- what was done, or the direction of feedback
    context          TEXT, -- JSON of the situation, NULL is none. personal: retained until the tombstone
    session_id       TEXT, -- session, order or invoice: events that belong together. personal: retained until the tombstone
    timestamp        INTEGER NOT NULL, -- ms UTC: when it happened
    device_type      TEXT, -- mobile, tablet, desktop
    device_id        TEXT, -- client device. personal: retained until the tombstone
    value            REAL, -- seconds, rating 1 to 5, money or count, as the type says
    reason           TEXT, -- why, a short code. personal: retained until the tombstone
    decision_id      TEXT, -- the decision it answers
    position         INTEGER, -- rank in that decision, from 1
    category         TEXT, -- category id of the target
    facts            TEXT NOT NULL, -- JSON of what was known of the target when the event was taken
    received_at_ms   INTEGER NOT NULL, -- ms UTC: when the source took it, else when this store did
    source           TEXT NOT NULL, -- where it was read: edge:ADDRESS, d1:FILE or file:FILE
    pack             TEXT NOT NULL, -- pack id: the domain it belongs to
    UNIQUE (user_id, id)
) STRICT;

CREATE TABLE items (
    pack TEXT NOT NULL, -- pack id
    id   TEXT NOT NULL, -- item id
    item TEXT NOT NULL, -- JSON of what a catalogue or another source said of it last
    PRIMARY KEY (pack, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE profiles (
    user_id TEXT NOT NULL PRIMARY KEY, -- as in interactions. personal: retained until the tombstone
    profile TEXT NOT NULL, -- JSON line of the edge's export, without its sequence. personal: retained until the tombstone
    source  TEXT NOT NULL -- where it was read
) STRICT;

-- Who was erased: nothing that happened until then is taken in again.
CREATE TABLE tombstones (
    user_id      TEXT NOT NULL PRIMARY KEY, -- as in interactions
    erased_at_ms INTEGER NOT NULL, -- ms UTC
    source       TEXT NOT NULL -- where it was read
) STRICT;
