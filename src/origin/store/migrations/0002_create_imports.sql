-- How far each source was read, and which of its rows were put aside with what reason.
-- Read by: store/writer.rs, so that an import goes on where it stopped and nothing is dropped silently.

CREATE TABLE imports (
    source         TEXT NOT NULL PRIMARY KEY, -- as in interactions; a second export of one server has a suffix
    cursor         INTEGER NOT NULL, -- last sequence of the edge, or last row of a file, that was committed
    cursor_sha256  TEXT, -- SHA-256 of the line at the cursor, NULL when nothing was read: another server has another line
    rows           INTEGER NOT NULL, -- rows that were new, over all runs
    started_at_ms  INTEGER NOT NULL, -- ms UTC: begin of the last run
    finished_at_ms INTEGER -- ms UTC: its end, NULL when it was broken off
) STRICT;

CREATE TABLE rejected_rows (
    source         TEXT NOT NULL, -- as in imports
    row_number     INTEGER NOT NULL, -- line of a text file, row of a table, sequence of the edge; 0 is unknown
    row_sha256     TEXT NOT NULL, -- SHA-256 of the row's bytes
    reason         TEXT NOT NULL, -- why, without data
    row_text       TEXT, -- the row, cut to 2 KB, if it stood in a file. personal: retained until the next import of the source
    rejected_at_ms INTEGER NOT NULL, -- ms UTC
    PRIMARY KEY (source, row_number, row_sha256)
) STRICT;
